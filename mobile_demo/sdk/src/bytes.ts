/** Bytes: hexadecimal, comparison, joining. */
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";

export { bytesToHex, concatBytes, hexToBytes };

/** Whether two runs of bytes are the same, in a time that does not tell where they differ. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) {
    difference |= (one[at] as number) ^ (other[at] as number);
  }
  return difference === 0;
}

/** Return a whole number as 8 bytes, the largest first. */
export function bigEndian64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}
