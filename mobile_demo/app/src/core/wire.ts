/**
 * The connection to the relay. It keeps nothing: what has to survive is in the vault.
 *
 * Nothing here knows of a level or a card; what goes over it follows from what people do.
 */
import { fromBase64, sha256, toBase64, type Bytes } from "./bytes.ts";

export interface WireEvents {
  /** Connected or not. */
  readonly changed: (online: boolean) => void;
  /** Something for a box of ours; `acknowledge` once it is kept. */
  readonly arrived: (box: string, seq: number, data: Bytes) => void;
  /** The relay has it on its disk. */
  readonly accepted: (tag: string) => void;
  /** "rate" and "full" pass; "size" does not. */
  readonly refused: (tag: string, why: "rate" | "full" | "size") => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** A phone that changed its network has a connection that looks open and is dead. */
const UNANSWERED_MS = 15_000;

export class Wire {
  readonly #address: string;
  readonly #events: WireEvents;
  #socket: WebSocket | undefined;
  #wait = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unanswered: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(address: string, events: WireEvents) {
    this.#address = address;
    this.#events = events;
  }

  get online(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  connect(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#socket !== undefined) return;
    const socket = (this.#socket = new WebSocket(this.#address));
    socket.addEventListener("open", () => {
      this.#wait = FIRST_WAIT_MS;
      this.#events.changed(true);
    });
    socket.addEventListener("message", ({ data }) => {
      this.#answered();
      try {
        this.#read(JSON.parse(String(data)));
      } catch {
        socket.close(); // not a relay
      }
    });
    socket.addEventListener("close", () => {
      this.#socket = undefined;
      this.#answered();
      if (this.#closed) return;
      this.#events.changed(false);
      this.#timer = setTimeout(() => this.connect(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    });
  }

  /** Do not wait: the phone says that it has a network again. */
  hurry(): void {
    this.#wait = FIRST_WAIT_MS;
    this.connect();
  }

  open(secret: string): void {
    this.#send({ do: "open", secret });
  }

  put(box: string, tag: string, data: string): void {
    this.#unanswered ??= setTimeout(() => this.#socket?.close(), UNANSWERED_MS);
    this.#send({ do: "put", box, tag, data });
  }

  acknowledge(box: string, seq: number): void {
    this.#send({ do: "ack", box, seq });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#answered();
    this.#socket?.close();
  }

  #answered(): void {
    clearTimeout(this.#unanswered);
    this.#unanswered = undefined;
  }

  /** Nothing where there is no connection: all that matters is said again once there is one. */
  #send(request: object): void {
    if (this.online) this.#socket!.send(JSON.stringify(request));
  }

  #read(answer: Record<string, any>): void {
    if (typeof answer["done"] === "string") this.#events.accepted(answer["done"]);
    else if (typeof answer["refused"] === "string") this.#events.refused(answer["refused"], answer["why"]);
    else this.#events.arrived(answer["box"], answer["seq"], fromBase64(answer["data"]));
  }
}

/** The name under which others put into the box of a secret; the relay computes the same. */
export async function boxOf(secret: string): Promise<string> {
  return toBase64(await sha256(fromBase64(secret)));
}
