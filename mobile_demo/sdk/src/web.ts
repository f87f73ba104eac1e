/**
 * Safelight in a browser, by onnxruntime-web in a worker.
 *
 *     import { Guard } from "safelight/web";
 */
import type { Bundle, Files, Trust } from "./bundleFiles.js";
import type { Answer, Calls, Content, Name } from "./channel.js";
import type { Engine, Step, Stepped } from "./engine.js";
import { BUNDLE_URLS } from "./generated/bundleUrls.js";
import { Guard as LoadedGuard } from "./guard.js";
import { parseManifest } from "./manifest.js";
import { BundleError } from "./reading.js";

export * from "./public.js";

/**
 * files: of the bundle, by name; by default that of this package, fetched from beside it. wasm:
 * the bytes of `safelight/ort.wasm`, fetched in the same way. worker: one that runs
 * `safelight/worker.js`, for a page that serves it by its own headers.
 */
export interface WebOptions extends Trust {
  readonly files?: Files;
  readonly wasm?: Uint8Array;
  readonly worker?: Worker;
}

/** See guard.ts. */
export class Guard extends LoadedGuard {
  /**
   * Load a bundle in a worker: that of this package, or another by its signature.
   *
   * BundleError if the bundle is refused; RangeError if the options do not go together.
   */
  static async load(options: WebOptions = {}): Promise<Guard> {
    const { files, wasm, worker, ...trust } = options;
    const engine = new WorkerEngine(
      worker ?? new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
    );
    try {
      const [given, binary] = await Promise.all([
        files ?? fetchAll(BUNDLE_URLS),
        wasm ?? fetchFile(new URL("./ort-wasm-simd-threaded.wasm", import.meta.url)),
      ]);
      const checked = await engine.ask("load", { files: given, trust, wasm: binary });
      return new Guard(opened(checked), engine);
    } catch (error) {
      await engine.close();
      throw error;
    }
  }
}

/** The bundle as far as the page needs it, of files that the worker has checked. */
function opened(files: Files): Bundle {
  return { files, manifest: parseManifest(files.get("manifest.json") as Uint8Array) };
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Seconds in which a worker gives an answer, seconds in which the page itself stands still aside. */
const PATIENCE = 60;

/** A model in a worker. */
class WorkerEngine implements Engine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #silent = 0;
  #clock: ReturnType<typeof setInterval> | undefined;
  /** Why nothing more is answered. */
  #ended: Error | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    worker.onerror = () => this.#end(new Error("the worker of safelight could not be started"));
    worker.onmessageerror = () =>
      this.#end(new Error("the worker of safelight was not understood"));
  }

  ask<Call extends Name>(name: Call, given: Calls[Call][0]): Promise<Calls[Call][1]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, given });
      this.#clock ??= setInterval(() => this.#tick(), 1000);
    });
  }

  /** A worker that a browser has ended says nothing of it. Ticks count, not the time of day: a page
   * that was frozen for an hour has waited no longer than its worker has. */
  #tick(): void {
    this.#silent += 1;
    if (this.#silent < PATIENCE) return;
    this.#worker.terminate();
    this.#end(new Error("the worker of safelight does not answer"));
  }

  #rest(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  step(batch: readonly Step[]): Promise<readonly Stepped[]> {
    return this.ask("step", batch);
  }

  async close(): Promise<void> {
    this.#worker.terminate();
    this.#end(new Error("the guard was closed"));
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#silent = 0;
    if (this.#waiting.size === 0) this.#rest();
    if ("result" in answer) waiting?.resolve(answer.result as never);
    else waiting?.reject(errorOf(answer.fault));
  }

  #end(error: Error): void {
    this.#ended = error;
    this.#rest();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorOf({ name, message }: { name: string; message: string }): Error {
  if (name === "BundleError") return new BundleError(message);
  return name === "RangeError" ? new RangeError(message) : new Error(message);
}

async function fetchAll(urls: ReadonlyMap<string, URL>): Promise<ReadonlyMap<string, Content>> {
  const entries = [...urls].map(async ([name, url]) => [name, await fetchFile(url)] as const);
  return new Map(await Promise.all(entries));
}

/** Fetched on the page, read in the worker, which may fetch nothing. */
async function fetchFile(url: URL): Promise<Blob> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error("a file of safelight could not be fetched");
  return answer.blob();
}
