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
/**
 * A phone that changed its network has a connection that looks open and is dead: so long an answer
 * that is due may take, and longer by what has to leave this phone first over a slow line.
 */
export interface Patience {
  readonly ms: number;
  readonly bytesPerMs: number;
}

const PATIENCE: Patience = { ms: 15_000, bytesPerMs: 8 };

export class Wire {
  readonly #address: string;
  readonly #events: WireEvents;
  #socket: WebSocket | undefined;
  #wait = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unanswered: ReturnType<typeof setTimeout> | undefined;
  /** The bytes of what the relay has not answered, by tag. */
  readonly #due = new Map<string, number>();
  readonly #patience: Patience;
  #closed = false;

  constructor(address: string, events: WireEvents, patience = PATIENCE) {
    this.#address = address;
    this.#events = events;
    this.#patience = patience;
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
      if (this.#socket !== socket) return; // given up; its successor gets the same
      try {
        this.#read(JSON.parse(String(data)));
      } catch {
        socket.close(); // not a relay
      }
      this.#expect();
    });
    socket.addEventListener("close", () => this.#lost(socket));
  }

  /** A dead connection never says that it is closed: it is left alone once it was given up. */
  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#due.clear();
    this.#expect();
    if (this.#closed) return;
    this.#events.changed(false);
    this.#timer = setTimeout(() => this.connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
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
    if (!this.online) return;
    this.#send({ do: "put", box, tag, data });
    this.#due.set(tag, data.length);
    if (this.#unanswered === undefined) this.#expect();
  }

  acknowledge(box: string, seq: number): void {
    this.#send({ do: "ack", box, seq });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#due.clear();
    this.#expect();
    this.#socket?.close();
  }

  /** Wait anew for what is due. */
  #expect(): void {
    clearTimeout(this.#unanswered);
    this.#unanswered = undefined;
    if (this.#due.size === 0) return;
    const { ms, bytesPerMs } = this.#patience;
    const bytes = [...this.#due.values()].reduce((sum, each) => sum + each, 0);
    const socket = this.#socket!;
    this.#unanswered = setTimeout(() => {
      socket.close();
      this.#lost(socket);
    }, ms + bytes / bytesPerMs);
  }

  /** Nothing where there is no connection: all that matters is said again once there is one. */
  #send(request: object): void {
    if (this.online) this.#socket!.send(JSON.stringify(request));
  }

  #read(answer: Record<string, any>): void {
    if (typeof answer["done"] === "string") {
      this.#due.delete(answer["done"]);
      this.#events.accepted(answer["done"]);
    } else if (typeof answer["refused"] === "string") {
      this.#due.delete(answer["refused"]);
      this.#events.refused(answer["refused"], answer["why"]);
    } else this.#arrived(answer["box"], answer["seq"], answer["data"]);
  }

  /** Whoever knows the name of a box may put anything into it: what is no ciphertext goes away. */
  #arrived(box: string, seq: number, data: string): void {
    let bytes: Bytes;
    try {
      bytes = fromBase64(data);
    } catch {
      return this.acknowledge(box, seq);
    }
    this.#events.arrived(box, seq, bytes);
  }
}

/** The name under which others put into the box of a secret; the relay computes the same. */
export async function boxOf(secret: string): Promise<string> {
  return toBase64(await sha256(fromBase64(secret)));
}
