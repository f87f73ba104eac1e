/** Bytes as text and back, and what hides their length. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Base64 for addresses: no padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces, since a call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** RangeError for what is no base64. */
export function fromBase64(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new RangeError("not base64");
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function randomName(length = 16): string {
  return toBase64(random(length));
}

export async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
}

export function join(...parts: Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

const SMALL = 256;
const SMALL_UP_TO = 2048;

/**
 * Fill up with zeros behind four bytes of length: to a multiple of 256 bytes, from 2 kB on to a
 * power of two, so that a size says little about what was written.
 */
export function pad(bytes: Uint8Array): Bytes {
  const needed = bytes.length + 4;
  const length =
    needed <= SMALL_UP_TO
      ? Math.ceil(needed / SMALL) * SMALL
      : 2 ** Math.ceil(Math.log2(needed));
  const padded = new Uint8Array(length);
  new DataView(padded.buffer).setUint32(0, bytes.length);
  padded.set(bytes, 4);
  return padded;
}

/** RangeError for what `pad` did not give. */
export function unpad(padded: Uint8Array): Bytes {
  const view = new DataView(padded.buffer, padded.byteOffset, padded.byteLength);
  const length = view.getUint32(0);
  if (length > padded.length - 4) throw new RangeError("cut");
  return padded.slice(4, 4 + length);
}
