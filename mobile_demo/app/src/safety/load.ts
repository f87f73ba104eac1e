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

/** Served by headers of its own, which let it talk to nobody. */
function classifier(): Worker {
  return new Worker(new URL("../../node_modules/safelight/dist/worker.js", import.meta.url), { type: "module" });
}
