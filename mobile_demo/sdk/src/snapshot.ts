/**
 * A chat's state as an opaque blob under a key that the app holds: encrypted, of one length.
 *
 * AES-256-GCM with a random nonce; the key of each chat is derived from the app's (HKDF-SHA256),
 * and what the blob belongs to is authenticated: format, model, counter and chat. In the clear
 * stand the format, the hash of the model, the counter and the nonce, so a counter should say
 * nothing but the order. Snapshots are an optimisation: an app that loses one, or has one refused,
 * replays its history.
 */
import { gcm } from "@noble/ciphers/aes.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, sameBytes } from "./bytes.js";
import type { ChatChoices, ChatState } from "./conversation.js";
import { decode, decodeChoices, encode, payloadSize } from "./snapshotPayload.js";
import { type AppKey, subkey } from "./subkey.js";
import { encodeUtf8 } from "./unicode.js";

const FORMAT = 1;
const MAGIC = encodeUtf8("SFLS");
const DOMAIN = encodeUtf8("safelight-snapshot-v1\0");
/** What is authenticated in the clear: magic, format, sha256 of model.onnx, counter. */
const MODEL_AT = 5;
const COUNTER_AT = 37;
const HEAD_BYTES = 45;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** No snapshot is larger: the largest state that a manifest may ask for. */
export const MAX_BYTES = HEAD_BYTES + NONCE_BYTES + payloadSize(4096) + TAG_BYTES;

/**
 * A snapshot was refused; one line, no id and no text.
 *
 * A chat whose snapshot is refused starts afresh and is replayed from the app's own history.
 */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** What a snapshot held. state: null where it was made with another model. */
export interface Opened {
  readonly state: ChatState | null;
  readonly choices: ChatChoices;
}

/** What a snapshot belongs to. model: sha256 of model.onnx, 32 bytes. */
interface Bound {
  readonly chatId: string;
  readonly model: Uint8Array;
}

/**
 * Return the snapshot of a chat; its length depends on the model alone.
 *
 * RangeError if the key or the counter is faulty. newNonce: gives 12 bytes that never come twice.
 */
export async function seal(
  state: ChatState,
  choices: ChatChoices,
  key: AppKey,
  { chatId, model, counter }: Bound & { readonly counter: number },
  newNonce: (size: number) => Uint8Array = randomBytes,
): Promise<Uint8Array> {
  if (!Number.isSafeInteger(counter) || counter < 0) {
    throw new RangeError("counter must be a whole number from 0 to 2**53 - 1");
  }
  const derived = await chatKey(key, chatId);
  const head = new Uint8Array(HEAD_BYTES);
  head.set(MAGIC);
  head[MAGIC.length] = FORMAT;
  head.set(model, MODEL_AT);
  new DataView(head.buffer).setBigUint64(COUNTER_AT, BigInt(counter), true);
  const nonce = newNonce(NONCE_BYTES);
  const cipher = gcm(derived, nonce, concatBytes(head, encodeUtf8(chatId)));
  return concatBytes(head, nonce, cipher.encrypt(encode(state, choices)));
}

/**
 * Return what `seal` was given; only the choices where `model` is another one than then.
 *
 * SnapshotError if the blob was changed or cut, is of another chat or key, of a newer format, or
 * has a counter below `minCounter`. RangeError if the key is none.
 */
export async function unseal(
  blob: Uint8Array,
  key: AppKey,
  bound: Bound & { readonly stateSize: number; readonly minCounter?: number },
): Promise<Opened> {
  const { chatId, model, stateSize, minCounter = 0 } = bound;
  const derived = await chatKey(key, chatId);
  const least = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;
  const known = sameBytes(blob.subarray(0, MAGIC.length), MAGIC);
  if (!known || blob.length <= least || blob.length > MAX_BYTES) {
    throw new SnapshotError("not a snapshot");
  }
  if (blob[MAGIC.length] !== FORMAT) {
    throw new SnapshotError("the snapshot has a format that this version does not read");
  }
  const plain = decrypted(derived, blob, chatId);
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (view.getBigUint64(COUNTER_AT, true) < BigInt(minCounter)) {
    throw new SnapshotError("the snapshot is older than the one asked for");
  }
  try {
    const choices = decodeChoices(plain);
    const same = sameBytes(blob.subarray(MODEL_AT, COUNTER_AT), model);
    return { state: same ? decode(plain, stateSize) : null, choices };
  } catch {
    throw new SnapshotError("the snapshot holds what this version cannot read");
  }
}

function decrypted(key: Uint8Array, blob: Uint8Array, chatId: string): Uint8Array {
  const head = blob.subarray(0, HEAD_BYTES);
  const nonce = blob.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
  const cipher = gcm(key, nonce, concatBytes(head, encodeUtf8(chatId)));
  try {
    return cipher.decrypt(blob.subarray(HEAD_BYTES + NONCE_BYTES));
  } catch {
    throw new SnapshotError("the snapshot is damaged, or of another chat or key");
  }
}

function chatKey(key: AppKey, chatId: string): Promise<Uint8Array> {
  if (typeof chatId !== "string") throw new RangeError("the id of a chat must be a string");
  return subkey(key, concatBytes(DOMAIN, encodeUtf8(chatId)));
}
