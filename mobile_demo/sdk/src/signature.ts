/** The detached Ed25519 signature of a bundle that does not come with the package. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { fromBase64 } from "./base64.js";
import { concatBytes } from "./bytes.js";
import * as reading from "./reading.js";
import { BundleError } from "./reading.js";
import { encodeUtf8 } from "./unicode.js";

/** What is signed is this and then the bytes of manifest.json. */
export const DOMAIN = encodeUtf8("safelight-bundle-v1\0");
const KEY_BYTES = 32;
const WHERE = "manifest.sig";

/**
 * Verify manifest.sig over the bytes of manifest.json; return its sequence number.
 *
 * signature: the JSON of manifest.sig, {"key_id", "sequence", "signature" in base64}. key: 32
 * bytes, an Ed25519 public key (RangeError otherwise). keyId: if given, must be the one in the
 * file. BundleError if anything does not fit. The sequence in manifest.sig is not signed itself:
 * the caller must compare it with the manifest's.
 */
export function verify(
  manifest: Uint8Array,
  signature: Uint8Array,
  key: Uint8Array,
  keyId: string | null,
): number {
  if (key.length !== KEY_BYTES) {
    throw new RangeError("key must be the 32 bytes of an Ed25519 public key");
  }
  const found = reading.exactKeys(
    reading.parseJson(signature, WHERE),
    ["key_id", "sequence", "signature"],
    WHERE,
  );
  const named = reading.text(found.key_id, `${WHERE}: key_id`);
  if (keyId !== null && named !== keyId) {
    throw new BundleError(`${WHERE}: signed with another key id`);
  }
  const most = Number.MAX_SAFE_INTEGER;
  const sequence = reading.integer(found.sequence, `${WHERE}: sequence`, 1, most);
  const written = reading.text(found.signature, `${WHERE}: signature`);
  if (!fits(written, concatBytes(DOMAIN, manifest), key)) {
    throw new BundleError(`${WHERE}: the signature does not fit the manifest and the key`);
  }
  return sequence;
}

function fits(written: string, signed: Uint8Array, key: Uint8Array): boolean {
  try {
    // As RFC 8032 has it, without the looser rules that some other systems agreed on.
    return ed25519.verify(fromBase64(written), signed, key, { zip215: false });
  } catch {
    return false;
  }
}
