/**
 * Safelight: warns a young person, on their own device, when a chat shows signs of harm.
 *
 *     import { Guard } from "safelight/web"; // or "safelight/node"
 *     const chat = (await Guard.load()).conversation("chat-17");
 *     const seen = await chat.observe({ sender: "peer", text: "…" });
 *
 * This entry is the core: it reads no file and opens no address. It runs wherever an ONNX Runtime
 * is handed to it, such as that of React Native.
 */
import { type Files, openBundle, type Trust } from "./bundleFiles.js";
import { Graph } from "./graph.js";
import { Guard as LoadedGuard } from "./guard.js";
import type { Ort } from "./ort.js";

export * from "./public.js";

/** files: of the bundle, by name. ort: the module of an ONNX Runtime. */
export interface LoadOptions extends Trust {
  readonly files: Files;
  readonly ort: Ort;
}

/** See guard.ts. */
export class Guard extends LoadedGuard {
  /**
   * Check the files of a bundle and load them: that of this package, or another by its signature.
   *
   * BundleError if the bundle is refused; RangeError if the options do not go together.
   */
  static async load({ files, ort, ...trust }: LoadOptions): Promise<Guard> {
    const bundle = openBundle(files, trust);
    return new Guard(bundle, await Graph.load(bundle.files, bundle.manifest, ort));
  }
}
