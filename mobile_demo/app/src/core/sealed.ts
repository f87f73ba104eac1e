/** A value as JSON under AES-256-GCM, behind a random nonce; the name of its place is authenticated. */
import { fromUtf8, join, random, utf8, type Bytes } from "./bytes.ts";

const IV_BYTES = 12;

export async function sealValue(key: CryptoKey, name: string, value: unknown): Promise<Bytes> {
  const iv = random(IV_BYTES);
  const sealed = await crypto.subtle.encrypt(how(iv, name), key, utf8(JSON.stringify(value)));
  return join(iv, new Uint8Array(sealed));
}

/** An OperationError where it was changed, is of another place, or under another key. */
export async function openValue<Value>(key: CryptoKey, name: string, sealed: Bytes): Promise<Value> {
  const [iv, rest] = [sealed.slice(0, IV_BYTES), sealed.slice(IV_BYTES)];
  const plain = await crypto.subtle.decrypt(how(iv, name), key, rest);
  return JSON.parse(fromUtf8(new Uint8Array(plain)));
}

function how(iv: Bytes, name: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: utf8(name) };
}
