/** One step of the model: a message and the state in, probabilities and the state out. */
import { Tokenizer } from "@huggingface/tokenizers";
import type { Files } from "./bundleFiles.js";
import type { Engine, Step, Stepped } from "./engine.js";
import type { Manifest } from "./manifest.js";
import type { Ort, OrtSession, OrtTensor } from "./ort.js";
import { BundleError, parseJson } from "./reading.js";
import { CUES, INDICATORS, type Media, RISKS } from "./taxonomy.js";
import { splitChunks, TextPreparer } from "./text.js";
import type { Outputs } from "./types.js";
import { decodeUtf8 } from "./unicode.js";

const INPUTS = ["attention_mask", "gap_s", "input_ids", "sender", "state"];
/** The new state has a name of its own: ONNX lets no output share the name of an input. */
const OUTPUTS = ["risks", "indicators", "cues", "state_out"] as const;
/** Graphs with a language head have it too. */
const LANGUAGES = "languages";

/** What the graph needs of a manifest. */
export type Sizes = Pick<Manifest, "stateSize" | "maxTokens" | "maxChunks" | "languages">;

type Found = Readonly<Record<(typeof OUTPUTS)[number], Float32Array>> & {
  readonly languages: Float32Array | null;
};

/** A loaded model with its text preparation and tokenizer. Keeps nothing of a chat. */
export class Graph implements Engine {
  readonly #preparer: TextPreparer;
  readonly #tokenizer: Tokenizer;
  readonly #session: OrtSession;
  readonly #ort: Ort;
  readonly #sizes: Sizes;
  readonly #outputs: readonly string[];
  readonly #emptyId: number;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(files: Files, sizes: Sizes, ort: Ort, session: OrtSession) {
    this.#preparer = new TextPreparer(parseJson(files.get("text.json") as Uint8Array, "text.json"));
    this.#tokenizer = loadTokenizer(files.get("tokenizer.json") as Uint8Array);
    this.#session = session;
    this.#ort = ort;
    this.#sizes = sizes;
    const spoken = session.outputNames.includes(LANGUAGES);
    this.#outputs = spoken ? [...OUTPUTS, LANGUAGES] : OUTPUTS;
    this.#emptyId = this.#findEmptyId();
  }

  /** Load the parts of a bundle; BundleError if one cannot be, or they do not fit each other. */
  static async load(files: Files, sizes: Sizes, ort: Ort): Promise<Graph> {
    const session = await createSession(files.get("model.onnx") as Uint8Array, ort);
    const graph = new Graph(files, sizes, ort, session);
    await graph.#checkSignature();
    return graph;
  }

  /** Return 1 to maxChunks chunks of 1 to maxTokens token ids, in reading order. */
  encode(text: string, media: Media | null = null): number[][] {
    // Framed by <s> and </s>, where the tokenizer says so. Preparation leaves NFKC.
    const { ids } = this.#tokenizer.encode(this.#preparer.prepare(text, media));
    const { maxTokens, maxChunks } = this.#sizes;
    return splitChunks(ids.length > 0 ? ids : [this.#emptyId], maxTokens, maxChunks);
  }

  async step(batch: readonly Step[]): Promise<Stepped[]> {
    // One run a message: the int8 graph scales its activations over all that a run holds, so a
    // message would be judged differently in other company.
    const found: Stepped[] = [];
    for (const step of batch) {
      found.push(await this.stepTokens(this.encode(step.text, step.media), step));
    }
    return found;
  }

  /**
   * Feed the chunks of one message.
   *
   * Of several chunks, risks, indicators and cues are the maximum, so that what follows in one
   * message hides nothing; languages are the mean, and the state is that after the last.
   */
  async stepTokens(
    chunks: readonly (readonly number[])[],
    step: Pick<Step, "fromSelf" | "gapS" | "state">,
  ): Promise<Stepped> {
    let { state } = step;
    const risks = new Float32Array(RISKS.length);
    const indicators = new Float32Array(INDICATORS.length);
    const cues = new Float32Array(CUES.length);
    const spoken: Float32Array[] = [];
    for (const [turn, chunk] of chunks.entries()) {
      const found = await this.#run(chunk, step.fromSelf, turn === 0 ? step.gapS : 0, state);
      state = found.state_out;
      raise(risks, found.risks);
      raise(indicators, found.indicators);
      raise(cues, found.cues);
      if (found.languages !== null) spoken.push(found.languages);
    }
    const outputs: Outputs = { risks, indicators, cues, languages: mean(spoken) };
    return { outputs, state };
  }

  async close(): Promise<void> {
    await this.#session.release?.();
  }

  /** One run after the other: some runtimes refuse a second one while the first is going on. */
  #run(
    chunk: readonly number[],
    fromSelf: boolean,
    gapS: number,
    state: Float32Array,
  ): Promise<Found> {
    const { Tensor } = this.#ort;
    const tokens = [1, chunk.length];
    const feeds = {
      input_ids: new Tensor("int64", BigInt64Array.from(chunk, BigInt), tokens),
      attention_mask: new Tensor("int64", new BigInt64Array(chunk.length).fill(1n), tokens),
      sender: new Tensor("int64", BigInt64Array.of(fromSelf ? 0n : 1n), [1]),
      gap_s: new Tensor("float32", Float32Array.of(gapS), [1]),
      state: new Tensor("float32", state, [1, state.length]),
    };
    const run = this.#turn.then(() => this.#session.run(feeds, this.#outputs));
    this.#turn = run.catch(() => undefined);
    return run.then(checkFinite);
  }

  #findEmptyId(): number {
    for (const token of this.#preparer.empty) {
      const found = this.#tokenizer.token_to_id(token);
      if (found !== undefined) return found;
    }
    throw new BundleError("tokenizer.json: knows no token for a message without any");
  }

  async #checkSignature(): Promise<void> {
    if ([...this.#session.inputNames].sort().join() !== INPUTS.join()) {
      throw new BundleError("model.onnx: its inputs are not those of format 1");
    }
    if (!OUTPUTS.every((name) => this.#session.outputNames.includes(name))) {
      throw new BundleError("model.onnx: its outputs are not those of format 1");
    }
    const { stateSize, languages } = this.#sizes;
    let last = 0; // fails below if the model is too small for it
    for (const id of this.#tokenizer.get_vocab(true).values()) last = Math.max(last, id);
    let found: Found;
    try {
      found = await this.#run([this.#emptyId, last], true, -1, new Float32Array(stateSize));
    } catch {
      throw new BundleError("model.onnx: cannot run a first step");
    }
    const sizes = [found.risks, found.indicators, found.cues, found.state_out].map((x) => x.length);
    const expected = [RISKS.length, INDICATORS.length, CUES.length, stateSize];
    const spoken = found.languages?.length ?? languages.length + 1;
    if (sizes.join() !== expected.join() || spoken !== languages.length + 1) {
      throw new BundleError("model.onnx: its outputs do not fit the manifest");
    }
  }
}

/** Take the rows out of the tensors; throws if one is not of finite 32-bit floats. */
function checkFinite(found: Readonly<Record<string, OrtTensor>>): Found {
  const row = (name: string): Float32Array => {
    const tensor = found[name];
    const { data, dims } = tensor ?? { data: null, dims: [] };
    if (!(data instanceof Float32Array) || dims.length !== 2 || !data.every(Number.isFinite)) {
      throw new Error("the model gave a value that is not a finite number");
    }
    return Float32Array.from(data); // the runtime may use its memory again
  };
  return {
    risks: row("risks"),
    indicators: row("indicators"),
    cues: row("cues"),
    state_out: row("state_out"),
    languages: LANGUAGES in found ? row(LANGUAGES) : null,
  };
}

function raise(most: Float32Array, found: Float32Array): void {
  found.forEach((value, i) => {
    most[i] = Math.max(most[i] ?? 0, value);
  });
}

function mean(rows: readonly Float32Array[]): Float32Array | null {
  const [first] = rows;
  if (first === undefined) return null;
  return first.map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length);
}

function loadTokenizer(data: Uint8Array): Tokenizer {
  let raw: { truncation?: unknown; padding?: unknown };
  let tokenizer: Tokenizer;
  try {
    raw = JSON.parse(decodeUtf8(data));
    tokenizer = new Tokenizer(raw, {});
  } catch {
    throw new BundleError("tokenizer.json: cannot be loaded");
  }
  if ((raw.truncation ?? null) !== null || (raw.padding ?? null) !== null) {
    throw new BundleError("tokenizer.json: must not truncate or pad");
  }
  return tokenizer;
}

async function createSession(model: Uint8Array, ort: Ort): Promise<OrtSession> {
  try {
    return await ort.InferenceSession.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch {
    throw new BundleError("model.onnx: cannot be loaded");
  }
}
