/** Loads Safelight: the page fetches the files, the worker, which may fetch nothing, takes them. */
import { BundleError, Settings, type Choices } from "safelight";
import { Guard } from "safelight/web";

export type Loaded = { guard: Guard } | { failed: "altered" | "unavailable" };

export async function loadGuard(choices: Partial<Choices>): Promise<Loaded> {
  try {
    const guard = await Guard.load();
    guard.settings = new Settings(choices);
    return { guard };
  } catch (error) {
    return { failed: error instanceof BundleError ? "altered" : "unavailable" };
  }
}
