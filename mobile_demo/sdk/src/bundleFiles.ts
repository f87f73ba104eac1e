/** Decides whether to trust the files of a bundle. They are hashed, and loaded from those bytes. */
import { sha256 } from "@noble/hashes/sha2.js";
import { checkWords } from "./bundleWords.js";
import { bytesToHex } from "./bytes.js";
import { PINNED_MANIFEST_SHA256 } from "./generated/package.js";
import { FILE_NAME, type Manifest, MAX_FILE_BYTES, parseManifest } from "./manifest.js";
import { scan } from "./onnxScan.js";
import { BundleError } from "./reading.js";
import { verify } from "./signature.js";

const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.sig";
export const MAX_FILES = 128;

/** The files of a bundle: name, such as "advice/en.json" → content. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A trusted bundle. files: the very bytes that were hashed; the manifest is apart. */
export interface Bundle {
  readonly files: Files;
  readonly manifest: Manifest;
}

/**
 * Which bundle to take: that of this package where nothing is given.
 *
 * key: the 32 bytes of an Ed25519 public key that signed another bundle (with keyId, under that
 * name). minSequence: an older one is refused. allowUnsigned: for research.
 */
export interface Trust {
  readonly key?: Uint8Array;
  readonly keyId?: string;
  readonly minSequence?: number;
  readonly allowUnsigned?: boolean;
}

/** Check a bundle; BundleError if it is refused, RangeError if the options do not go together. */
export function openBundle(files: Files, trust: Trust = {}): Bundle {
  const { key, keyId = null, minSequence = 0, allowUnsigned = false } = trust;
  checkNames(files);
  const manifest = files.get(MANIFEST);
  if (manifest === undefined) throw new BundleError("manifest.json: missing");
  if (key !== undefined) return recent(openSigned(files, manifest, key, keyId), minSequence);
  if (allowUnsigned) return recent(checked(files, manifest), minSequence);
  if (keyId !== null || minSequence) {
    throw new RangeError("keyId and minSequence need key or allowUnsigned");
  }
  if (bytesToHex(sha256(manifest)) !== PINNED_MANIFEST_SHA256) {
    throw new BundleError("manifest.json: not the bundle that this version of safelight carries");
  }
  return checked(files, manifest);
}

function openSigned(
  files: Files,
  manifest: Uint8Array,
  key: Uint8Array,
  keyId: string | null,
): Bundle {
  const signature = files.get(SIGNATURE);
  if (signature === undefined) throw new BundleError("manifest.sig: missing");
  const sequence = verify(manifest, signature, key, keyId);
  const bundle = checked(files, manifest);
  if (sequence !== bundle.manifest.sequence) {
    throw new BundleError("manifest.sig: its sequence is not the manifest's");
  }
  return bundle;
}

function recent(bundle: Bundle, minSequence: number): Bundle {
  const { sequence } = bundle.manifest;
  if (sequence < minSequence) {
    throw new BundleError(`manifest.json: sequence ${sequence} is older than ${minSequence}`);
  }
  return bundle;
}

function checkNames(files: Files): void {
  if (files.size > MAX_FILES) throw new BundleError("the bundle folder holds too many files");
  for (const [name, data] of files) {
    if (!FILE_NAME.test(name)) {
      throw new BundleError("the bundle folder holds a file with a name that is not allowed");
    }
    if (data.length > MAX_FILE_BYTES) {
      throw new BundleError(`${name}: larger than ${MAX_FILE_BYTES} bytes`);
    }
  }
}

/** Compare what was read with what the manifest lists, then look into the words and the model. */
function checked(found: Files, manifestData: Uint8Array): Bundle {
  const manifest = parseManifest(manifestData);
  const files = new Map(found);
  files.delete(MANIFEST);
  files.delete(SIGNATURE);
  for (const name of files.keys()) {
    if (!manifest.files.has(name)) throw new BundleError(`${name}: not listed in the manifest`);
  }
  for (const [name, entry] of manifest.files) {
    const data = files.get(name);
    if (data === undefined) throw new BundleError(`${name}: missing`);
    if (data.length !== entry.bytes) {
      throw new BundleError(`${name}: has ${data.length} bytes, the manifest says ${entry.bytes}`);
    }
    if (bytesToHex(sha256(data)) !== entry.sha256) {
      throw new BundleError(`${name}: its sha256 is not the manifest's`);
    }
  }
  checkWords(files);
  scan(files.get("model.onnx") as Uint8Array);
  return { files, manifest };
}
