/**
 * Safelight on Node.js, by onnxruntime-node.
 *
 *     import { Guard } from "safelight/node";
 */
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Files, MAX_FILES, openBundle, type Trust } from "./bundleFiles.js";
import { Graph } from "./graph.js";
import { Guard as LoadedGuard } from "./guard.js";
import { FILE_NAME, MAX_FILE_BYTES } from "./manifest.js";
import type { Ort } from "./ort.js";
import { BundleError } from "./reading.js";

export * from "./public.js";

/** The bundle that the package carries. */
const SHIPPED = fileURLToPath(new URL("../bundle", import.meta.url));
/** The first version that collects usage data. */
const PHONES_HOME = [1, 29] as const;

/** See guard.ts. */
export class Guard extends LoadedGuard {
  /**
   * Load a bundle: the one in this package, or, with `path`, another folder.
   *
   * Another folder needs `key`, the 32 bytes of an Ed25519 public key that signed it (with
   * `keyId`, under that name), or allowUnsigned, for research. A sequence below `minSequence` is
   * refused. Files are read once. BundleError if the bundle is refused; RangeError if the
   * arguments do not go together.
   */
  static async load(path: string | null = null, trust: Trust = {}): Promise<Guard> {
    if (path === null && Object.keys(trust).length > 0) {
      throw new RangeError("the bundle of this package is pinned: give a path, or no options");
    }
    if (path !== null && trust.key === undefined && !trust.allowUnsigned) {
      throw new RangeError("a bundle from elsewhere needs key or allowUnsigned");
    }
    const bundle = openBundle(await readFolder(path ?? SHIPPED), trust);
    return new Guard(bundle, await Graph.load(bundle.files, bundle.manifest, await runtime()));
  }
}

async function runtime(): Promise<Ort> {
  process.env["ORT_DISABLE_TELEMETRY"] = "1"; // before the import: newer ones phone home from there
  let found: Ort;
  try {
    found = await import("onnxruntime-node");
  } catch {
    throw new Error("safelight/node needs: npm install 'onnxruntime-node@>=1.20 <1.29'");
  }
  warnOfTelemetry();
  return found;
}

function warnOfTelemetry(): void {
  const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json");
  const [major = 0, minor = 0] = String(version).split(".").map(Number);
  if (major > PHONES_HOME[0] || (major === PHONES_HOME[0] && minor >= PHONES_HOME[1])) {
    process.emitWarning(
      "onnxruntime-node 1.29 and later collect usage data; install onnxruntime-node<1.29",
    );
  }
}

/** Return name → bytes of every file in the folder, at most one folder deep. */
async function readFolder(folder: string): Promise<Files> {
  const found = new Map<string, Uint8Array>();
  try {
    for await (const name of names(folder)) {
      if (found.size >= MAX_FILES) {
        throw new BundleError("the bundle folder holds too many files");
      }
      found.set(name, await readFile(`${folder}/${name}`, name));
    }
  } catch (error) {
    if (error instanceof BundleError) throw error;
    // The system's own words name the path.
    const { code = "unknown" } = error as { code?: string };
    throw new BundleError(`the bundle folder cannot be read: ${code}`);
  }
  return found;
}

async function* names(folder: string, prefix = ""): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix + entry.name;
    if (!FILE_NAME.test(name)) {
      throw new BundleError("the bundle folder holds a file with a name that is not allowed");
    }
    if (entry.isDirectory() && !prefix) yield* names(`${folder}/${entry.name}`, `${name}/`);
    else yield name;
  }
}

async function readFile(path: string, name: string): Promise<Uint8Array> {
  if (!(await lstat(path)).isFile()) throw new BundleError(`${name}: not a plain file`);
  // Opened without following a link, so that a swap after the check above cannot lead elsewhere.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags);
  try {
    const { size } = await file.stat();
    if (size > MAX_FILE_BYTES) {
      throw new BundleError(`${name}: larger than ${MAX_FILE_BYTES} bytes`);
    }
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}
