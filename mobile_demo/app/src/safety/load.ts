/** Loads Safelight: the page fetches the files, the worker, which may fetch nothing, takes them. */
import { BundleError, Settings, type Choices } from "safelight";
import { Guard } from "safelight/web";

export type Loaded = { guard: Guard } | { failed: "altered" | "unavailable" };

export async function loadGuard(choices: Partial<Choices>): Promise<Loaded> {
  try {
    const guard = await Guard.load({ worker: classifier() });
    guard.settings = new Settings(choices);
    return { guard };
  } catch (error) {
    return { failed: error instanceof BundleError ? "altered" : "unavailable" };
  }
}

/** A worker that is given the large files, not copies of them: copying 30 MB would block the page. */
function classifier(): Worker {
  const worker = new Worker(new URL("../../node_modules/safelight/dist/worker.js", import.meta.url), { type: "module" });
  const post = worker.postMessage.bind(worker);
  worker.postMessage = (message: unknown) => post(message, buffersOf(message));
  return worker;
}

/** The memory of the bytes in what loads the model; none of a step, whose state the page keeps. */
function buffersOf(message: unknown): ArrayBuffer[] {
  const { name, given } = message as { name: string; given: { files: ReadonlyMap<string, Uint8Array>; wasm: Uint8Array } };
  if (name !== "load") return [];
  return [given.wasm, ...given.files.values()].map(({ buffer }) => buffer as ArrayBuffer);
}
