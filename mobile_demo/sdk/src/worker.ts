/**
 * The worker of safelight/web: the bundle is checked, and the model runs, away from the page.
 *
 * It asks for nothing over the network: the bundle and the WebAssembly come as bytes, so that it
 * may be served with `connect-src 'none'`.
 */
import * as ort from "onnxruntime-web/wasm";
import { type Files, openBundle } from "./bundleFiles.js";
import type { Answer, Calls, Content, Fault, Name, Request } from "./channel.js";
import { Graph } from "./graph.js";
import { BundleError } from "./reading.js";

/** What only the model needs; everything else goes back to the page. */
const OWN: readonly string[] = ["model.onnx", "tokenizer.json"];

let graph: Graph | null = null;

const calls: { [Call in Name]: (given: Calls[Call][0]) => Promise<Calls[Call][1]> } = {
  async load({ files: given, trust, wasm }) {
    const entries = [...given].map(async ([name, file]) => [name, await read(file)] as const);
    const files = new Map(await Promise.all(entries));
    const bundle = openBundle(files, trust);
    ort.env.wasm.numThreads = 1; // more need headers that many sites cannot send
    ort.env.wasm.wasmBinary = (await read(wasm)) as Uint8Array<ArrayBuffer>;
    graph = await Graph.load(bundle.files, bundle.manifest, ort);
    return pageFiles(files);
  },
  async step(batch) {
    if (graph === null) throw new Error("no model is loaded");
    return graph.step(batch);
  },
};

async function read(file: Content): Promise<Uint8Array> {
  return file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
}

function pageFiles(files: Files): Files {
  return new Map([...files].filter(([name]) => !OWN.includes(name)));
}

self.onmessage = async ({ data }: MessageEvent<Request>): Promise<void> => {
  const { id, name, given } = data;
  let answer: Answer;
  try {
    answer = { id, result: await calls[name](given as never) };
  } catch (error) {
    answer = { id, fault: faultOf(error) };
  }
  self.postMessage(answer);
};

function faultOf(error: unknown): Fault {
  if (error instanceof BundleError) return { name: "BundleError", message: error.message };
  if (error instanceof RangeError) return { name: "RangeError", message: error.message };
  return { name: "Error", message: "the model could not be run" };
}
