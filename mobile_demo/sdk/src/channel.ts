/** What the page and the worker say to each other: one answer to each request, by its number. */
import type { Files, Trust } from "./bundleFiles.js";
import type { Step, Stepped } from "./engine.js";

/** A file, or the browser's hold on one: reading 30 MB would hold up the page. */
export type Content = Uint8Array | Blob;

/** Of what the worker is asked, the name → what it is given and what it answers. */
export interface Calls {
  /** Check the bundle and load its model; gives back all files that the page needs. */
  load: [{ files: ReadonlyMap<string, Content>; trust: Trust; wasm: Content }, Files];
  step: [readonly Step[], readonly Stepped[]];
}

export type Name = keyof Calls;

export interface Request<Call extends Name = Name> {
  readonly id: number;
  readonly name: Call;
  readonly given: Calls[Call][0];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: Fault };

/** An error by the class that the page knows it by; only those of Safelight keep their words. */
export interface Fault {
  readonly name: "BundleError" | "RangeError" | "Error";
  readonly message: string;
}
