/** Keys of single uses, derived from the one that the app keeps. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

export const KEY_BYTES = 32;

/** The part of a web CryptoKey that tells it apart. */
export interface WebKey {
  readonly type: "secret" | "public" | "private";
  readonly algorithm: { readonly name: string };
}

/**
 * The app's key: 32 bytes, or a CryptoKey for HKDF with the usage "deriveBits", which a browser
 * can keep so that nobody reads it out:
 *
 *     crypto.subtle.importKey("raw", random, "HKDF", false, ["deriveBits"])
 */
export type AppKey = Uint8Array | WebKey;

interface Subtle {
  deriveBits(algorithm: object, key: WebKey, bits: number): Promise<ArrayBuffer>;
}

/**
 * Return the 32 bytes for the use that `info` names (HKDF-SHA256, RFC 5869, no salt).
 *
 * RangeError for a key of another length or kind.
 */
export async function subkey(key: AppKey, info: Uint8Array): Promise<Uint8Array> {
  if (key instanceof Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`key must be ${KEY_BYTES} bytes`);
    return hkdf(sha256, key, undefined, info, KEY_BYTES);
  }
  if (key?.algorithm?.name !== "HKDF") {
    throw new RangeError(`key must be ${KEY_BYTES} bytes or a CryptoKey for HKDF`);
  }
  const { subtle } = (globalThis as unknown as { crypto: { subtle: Subtle } }).crypto;
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 8 * KEY_BYTES));
}
