/** Little-endian bytes, written into and read from a buffer of a fixed size. */
import { decodeUtf8, encodeUtf8 } from "./unicode.js";

export class Writer {
  readonly data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** size: bytes in all; what is not written stays zero. RangeError past the end. */
  constructor(size: number) {
    this.data = new Uint8Array(size);
    this.#view = new DataView(this.data.buffer);
  }

  u8(...values: readonly number[]): void {
    for (const value of values) this.#view.setUint8(this.#take(1), value);
  }

  u64(value: number): void {
    this.#view.setBigUint64(this.#take(8), BigInt(value), true);
  }

  i64(value: bigint): void {
    this.#view.setBigInt64(this.#take(8), value, true);
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#take(8), value, true);
  }

  /** Two bytes of length and the bytes. */
  block(data: Uint8Array): void {
    this.#view.setUint16(this.#take(2), data.length, true);
    this.data.set(data, this.#take(data.length));
  }

  /** A block of 32-bit floats. */
  floats(values: Float32Array): void {
    const data = new Uint8Array(4 * values.length);
    const view = new DataView(data.buffer);
    values.forEach((value, i) => view.setFloat32(4 * i, value, true));
    this.block(data);
  }

  /** A byte of length and UTF-8. */
  text(text: string): void {
    const data = encodeUtf8(text);
    this.u8(data.length);
    this.data.set(data, this.#take(data.length));
  }

  #take(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }
}

/** Every method throws a RangeError where the bytes end, or hold no finite or safe number. */
export class Reader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u64(): number {
    const value = Number(this.#view.getBigUint64(this.#take(8), true));
    if (!Number.isSafeInteger(value)) throw new RangeError("number");
    return value;
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  f64(): number {
    return finite(this.#view.getFloat64(this.#take(8), true));
  }

  block(): Uint8Array {
    return this.#bytes(this.#view.getUint16(this.#take(2), true));
  }

  floats(): Float32Array {
    const data = this.block();
    if (data.length % 4 !== 0) throw new RangeError("floats");
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return Float32Array.from({ length: data.length / 4 }, (_, i) =>
      finite(view.getFloat32(4 * i, true)),
    );
  }

  /** A byte of length, at most `most`, and UTF-8. */
  text(most: number): string {
    return decodeUtf8(this.#bytes(this.count(most)), true);
  }

  /** A byte that is at most `most`. */
  count(most: number): number {
    const found = this.u8();
    if (found > most) throw new RangeError("count");
    return found;
  }

  /** A byte that says how many, and what `read` gives so often. */
  many<Item>(most: number, read: () => Item): Item[] {
    return Array.from({ length: this.count(most) }, read);
  }

  rest(): Uint8Array {
    return this.#data.subarray(this.#at);
  }

  #bytes(length: number): Uint8Array {
    const at = this.#take(length);
    if (this.#at > this.#data.length) throw new RangeError("too short");
    return this.#data.subarray(at, this.#at);
  }

  #take(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError("number");
  return value;
}
