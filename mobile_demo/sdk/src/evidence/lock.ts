/**
 * An evidence file under a passphrase: scrypt gives the key, AES-256-GCM encrypts.
 *
 * Everything that is not encrypted (format, version, parameters) is authenticated with it.
 */
import { gcm } from "@noble/ciphers/aes.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { fromBase64, toBase64 } from "../base64.js";
import { bigEndian64, bytesToHex, hexToBytes } from "../bytes.js";
import * as reading from "../reading.js";
import { BundleError } from "../reading.js";
import { encodeUtf8, length } from "../unicode.js";
import { encode } from "./evidence.js";
import { EvidenceError, jsonBytes, MAX_FILE } from "./file.js";

const KIND = "safelight-evidence-locked";
const FORMAT = 1;
/**
 * scrypt with N = 2**17, r = 8, p = 1: 128 MiB of memory for each try, as OWASP's Password Storage
 * Cheat Sheet has it. A file may ask for 2**14 to 2**18.
 */
const LOG_N = 17;
const LEAST_LOG_N = 14;
const MOST_LOG_N = 18;
const R = 8;
const P = 1;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const LEAST_CHARACTERS = 8;
const FIELDS = ["kind", "format", "log_n", "salt", "nonce", "data"] as const;
const WHERE = "locked evidence";

/** logN: the work, by default 17. newBytes: so many bytes that never come twice. */
export interface LockOptions {
  readonly logN?: number;
  readonly newBytes?: (size: number) => Uint8Array;
}

/** Encrypt a file. RangeError for a passphrase that is too short. */
export async function lock(
  plain: Uint8Array,
  passphrase: string,
  { logN = LOG_N, newBytes = randomBytes }: LockOptions = {},
): Promise<Uint8Array> {
  if (length(passphrase) < LEAST_CHARACTERS) {
    throw new RangeError(`a passphrase has at least ${LEAST_CHARACTERS} characters`);
  }
  const salt = newBytes(SALT_BYTES);
  const nonce = newBytes(NONCE_BYTES);
  const key = await deriveKey(passphrase, salt, logN);
  const data = gcm(key, nonce, bound(FORMAT, logN, salt)).encrypt(plain);
  return jsonBytes({
    kind: KIND,
    format: FORMAT,
    log_n: logN,
    salt: bytesToHex(salt),
    nonce: bytesToHex(nonce),
    data: toBase64(data),
  });
}

/** True if the bytes are meant to be a locked file. */
export function isLocked(data: Uint8Array): boolean {
  if (data.length > 2 * MAX_FILE) return false;
  try {
    return reading.parseJson(data, WHERE)["kind"] === KIND;
  } catch {
    return false;
  }
}

/** Decrypt a file. EvidenceError if it is no locked file, or for a wrong passphrase. */
export async function unlock(data: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const { format, logN, salt, nonce, sealed } = parseLocked(data);
  const key = await deriveKey(passphrase, salt, logN);
  try {
    return gcm(key, nonce, bound(format, logN, salt)).decrypt(sealed);
  } catch {
    throw new EvidenceError("wrong passphrase, or the file was changed");
  }
}

interface Locked {
  readonly format: number;
  readonly logN: number;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

function parseLocked(data: Uint8Array): Locked {
  try {
    const raw = reading.parseJson(data, WHERE);
    reading.checkFormat(raw, FORMAT, WHERE);
    const found = reading.exactKeys(raw, FIELDS, WHERE);
    reading.oneOf(found.kind, [KIND], `${WHERE}: kind`);
    return {
      format: reading.integer(found.format, `${WHERE}: format`, 1, FORMAT),
      logN: reading.integer(found.log_n, `${WHERE}: log_n`, LEAST_LOG_N, MOST_LOG_N),
      salt: bytesOf(found.salt, SALT_BYTES),
      nonce: bytesOf(found.nonce, NONCE_BYTES),
      sealed: fromBase64(String(found.data)),
    };
  } catch (error) {
    const known = error instanceof BundleError;
    throw new EvidenceError(known ? error.message : `${WHERE}: not well formed`);
  }
}

function bytesOf(value: unknown, size: number): Uint8Array {
  const digits = new RegExp(`^[0-9a-fA-F]{${2 * size}}$`);
  return hexToBytes(reading.matching(digits, value, `${WHERE}: not well formed`));
}

function deriveKey(passphrase: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  // NFC: the same letters, typed on another system, are the same passphrase.
  const spelled = encodeUtf8(passphrase.normalize("NFC"));
  const maxmem = 2 ** (MOST_LOG_N + 11);
  return scryptAsync(spelled, salt, { N: 2 ** logN, r: R, p: P, dkLen: KEY_BYTES, maxmem });
}

/** What is authenticated beside the data; GCM binds the nonce itself. */
function bound(format: number, logN: number, salt: Uint8Array): Uint8Array {
  const numbers = [format, logN, R, P].map(bigEndian64);
  return encode(encodeUtf8(KIND), encodeUtf8("scrypt"), ...numbers, salt);
}
