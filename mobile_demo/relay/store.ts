/**
 * Boxes of ciphertext in one append-only file.
 *
 * A message is accepted once it is on the disk, and stays until its reader has acknowledged it or
 * it is too old. The file is written anew without what is gone: at the start, and whenever it has
 * grown to several times of what is kept.
 */
import { open, rename, type FileHandle } from "node:fs/promises";
import type { Limits } from "./limits.ts";

/** seq: from 1, growing over all boxes. tag: the sender's own, so that a repeat is stored once. */
export interface Item {
  readonly seq: number;
  readonly tag: string;
  readonly at: number;
  readonly data: string;
}

export type Refusal = "size" | "full" | "rate";

type Line = readonly ["put", string, number, string, number, string] | readonly ["ack", string, number];

/** How many times the size of what is kept the file may grow to, beside a least size in bytes. */
const GROWTH = 3;
const LEAST = 1_000_000;

interface Box {
  bytes: number;
  items: Item[];
}

export class Store {
  readonly #path: string;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #boxes = new Map<string, Box>();
  #total = 0;
  #last = 0;
  #file!: FileHandle;
  /** Bytes of the file. */
  #length = 0;
  /** A write failed, and may have left half a line behind. */
  #torn = false;
  /** Lines wait here while the disk is busy: one write and one sync carry them all. */
  #waiting: { text: string; done: () => void; failed: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;

  private constructor(path: string, limits: Limits, now: () => number) {
    this.#path = path;
    this.#limits = limits;
    this.#now = now;
  }

  /** now: seconds since 1970. */
  static async open(path: string, limits: Limits, now = () => Date.now() / 1000): Promise<Store> {
    const store = new Store(path, limits, now);
    await store.#read();
    await store.#rewrite();
    return store;
  }

  /** Store a message and say so once it is on the disk. */
  async put(name: string, tag: string, data: string): Promise<Refusal | undefined> {
    if (data.length > this.#limits.messageBytes) return "size";
    this.#expire(name);
    const box = this.#boxes.get(name) ?? { bytes: 0, items: [] };
    if (box.items.some((item) => item.tag === tag)) {
      await this.#writing;
      return undefined;
    }
    const full =
      box.items.length >= this.#limits.boxMessages ||
      box.bytes + data.length > this.#limits.boxBytes ||
      this.#total + data.length > this.#limits.totalBytes;
    if (full) return "full";
    const item = { seq: this.#last + 1, tag, at: Math.floor(this.#now()), data };
    this.#add(name, item);
    try {
      await this.#append(["put", name, item.seq, tag, item.at, data]);
    } catch (error) {
      this.#drop(name, ({ seq }) => seq === item.seq);
      throw error;
    }
    return undefined;
  }

  /** The messages of a box after one, in order. */
  after(name: string, seq: number): readonly Item[] {
    this.#expire(name);
    return this.#boxes.get(name)?.items.filter((item) => item.seq > seq) ?? [];
  }

  /** Forget one message of a box: one alone, since its reader may keep an earlier one waiting. */
  async acknowledge(name: string, seq: number): Promise<void> {
    if (!this.#boxes.get(name)?.items.some((item) => item.seq === seq)) return;
    this.#drop(name, (item) => item.seq === seq);
    await this.#append(["ack", name, seq]);
  }

  /** Forget what is too old. */
  sweep(): void {
    for (const name of this.#boxes.keys()) this.#expire(name);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #add(name: string, item: Item): void {
    const box = this.#boxes.get(name) ?? { bytes: 0, items: [] };
    this.#boxes.set(name, box);
    box.items.push(item);
    this.#last = Math.max(this.#last, item.seq);
    box.bytes += item.data.length;
    this.#total += item.data.length;
  }

  #drop(name: string, gone: (item: Item) => boolean): void {
    const box = this.#boxes.get(name);
    if (box === undefined) return;
    const bytes = box.items.filter(gone).reduce((sum, item) => sum + item.data.length, 0);
    box.items = box.items.filter((item) => !gone(item));
    box.bytes -= bytes;
    this.#total -= bytes;
    if (box.items.length === 0) this.#boxes.delete(name);
  }

  #expire(name: string): void {
    const oldest = this.#now() - this.#limits.ageSeconds;
    if (this.#boxes.get(name)?.items.some((item) => item.at < oldest)) {
      this.#drop(name, (item) => item.at < oldest);
    }
  }

  async #read(): Promise<void> {
    const file = await open(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    // Line by line: the whole may be longer than a string can be.
    for await (const text of file?.readLines() ?? []) this.#take(text);
    this.sweep();
  }

  /** A line that was cut, by a crash or a full disk, is of a message that nobody was told is kept. */
  #take(text: string): void {
    let entry: Line;
    try {
      entry = JSON.parse(text) as Line;
    } catch {
      return;
    }
    const [kind, name, seq, tag, at, data] = entry;
    if (kind === "ack") this.#drop(name, (item) => item.seq === seq);
    else if (!this.#boxes.get(name)?.items.some((item) => item.seq === seq)) {
      this.#add(name, { seq, tag, at, data });
    }
  }

  async #rewrite(): Promise<void> {
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, "w", 0o600);
    for (const [name, { items }] of this.#boxes) {
      for (const { seq, tag, at, data } of items) {
        await file.appendFile(line(["put", name, seq, tag, at, data]));
      }
    }
    await file.datasync();
    await file.close();
    await rename(fresh, this.#path);
    await this.#file?.close();
    this.#file = await open(this.#path, "a", 0o600);
    this.#length = (await this.#file.stat()).size;
    this.#torn = false;
  }

  #append(entry: Line): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ text: line(entry), done, failed });
      this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#put(batch.map(({ text }) => text).join(""));
        for (const { done } of batch) done();
      } catch (error) {
        this.#torn = true;
        for (const { failed } of batch) failed(error);
      }
      // What waits meanwhile is written twice, and read once.
      const most = Math.max(LEAST, GROWTH * this.#total);
      if (this.#length > most) await this.#rewrite().catch(() => undefined);
    }
  }

  async #put(lines: string): Promise<void> {
    const text = this.#torn ? `\n${lines}` : lines; // a line of its own, whatever stands before
    await this.#file.appendFile(text);
    await this.#file.datasync();
    this.#torn = false;
    this.#length += text.length;
  }
}

function line(entry: Line): string {
  return `${JSON.stringify(entry)}\n`;
}
