/** What has yet to reach the relay: kept in the vault, sent again until the relay has it. */
import { randomName, toBase64 } from "./bytes.ts";
import { record, type Outgoing } from "./chats.ts";
import type { Vault } from "./vault.ts";
import type { Wire } from "./wire.ts";

const RETRY_MS = 1_000;

export class Outbox {
  readonly #vault: Vault;
  readonly #wire: Wire;
  readonly #waiting = new Map<string, Outgoing>();
  #place = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(vault: Vault, wire: Wire) {
    this.#vault = vault;
    this.#wire = wire;
  }

  async load(): Promise<void> {
    for (const each of await this.#vault.list<Outgoing>("out/")) {
      this.#waiting.set(each.tag, each);
      this.#place = each.place + 1;
    }
  }

  /** The next in order. It must be written to the vault before `send`. number: of a message. */
  next(chat: string, box: string, data: Uint8Array, number?: number): Outgoing {
    const out = { place: this.#place++, tag: randomName(), box, data: toBase64(data), chat };
    return number === undefined ? out : { ...out, number };
  }

  send(out: Outgoing): void {
    this.#waiting.set(out.tag, out);
    this.#wire.put(out.box, out.tag, out.data);
  }

  /** Everything once more, in order; the relay stores none of it twice. */
  flush(): void {
    for (const { box, tag, data } of this.#waiting.values()) this.#wire.put(box, tag, data);
  }

  get(tag: string): Outgoing | undefined {
    return this.#waiting.get(tag);
  }

  of(chat: string): Outgoing[] {
    return [...this.#waiting.values()].filter((each) => each.chat === chat);
  }

  /** Forget what was taken away from the vault. */
  drop({ tag }: Outgoing): void {
    this.#waiting.delete(tag);
  }

  /** Too much at once, or a full box: that passes. What is too large never fits. */
  async refused(tag: string, why: "rate" | "full" | "size"): Promise<void> {
    const out = this.#waiting.get(tag);
    if (out === undefined) return;
    if (why === "size") {
      // Its message stays in the history, marked as not sent.
      await this.#vault.write([[record.out(out.place), undefined]]);
      this.drop(out);
      return;
    }
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.flush(), RETRY_MS);
  }

  close(): void {
    clearTimeout(this.#retry);
  }
}
