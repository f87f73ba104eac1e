/** A message of several chunks, by a stand-in for the runtime that says what each run answers. */
import { expect, test } from "vitest";
import { Graph } from "../../src/graph.js";
import type { Ort, OrtTensor } from "../../src/ort.js";
import { CUES, INDICATORS } from "../../src/taxonomy.js";
import { encodeUtf8 } from "../../src/unicode.js";
import { bytes } from "../support.js";

const STATE = 1;
const tokenizer = {
  model: {
    type: "Unigram",
    unk_id: 0,
    vocab: [
      ["<unk>", 0],
      ["\u2581.", -2],
    ],
  },
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
};

class Tensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];

  constructor(type: string, data: unknown, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

function row(values: ArrayLike<number>): OrtTensor {
  const data = Float32Array.from(values);
  return new Tensor("float32", data, [1, data.length]);
}

/** A runtime whose runs answer these, in turn. value: of all indicators, cues and the state. */
function saying(turns: { risks: [number, number]; value: number }[]): Ort {
  const session = {
    inputNames: ["attention_mask", "gap_s", "input_ids", "sender", "state"],
    outputNames: ["risks", "indicators", "cues", "state_out"],
    run: async () => {
      const { risks, value } = turns.shift()!;
      const all = (length: number) => row(Array(length).fill(value));
      return {
        risks: row(risks),
        indicators: all(INDICATORS.length),
        cues: all(CUES.length),
        state_out: all(STATE),
      };
    },
  };
  return { InferenceSession: { create: async () => session }, Tensor };
}

test("of several chunks the risks are the highest, and the state is that of the last", async () => {
  const quiet = { risks: [0, 0] as [number, number], value: 0 };
  const ort = saying([
    quiet, // the first step, which checks the model
    { risks: [0.75, 0.125], value: 0.5 },
    { risks: [0.25, 0.5], value: 0.25 },
    { risks: [0.5, 0.25], value: 0.125 },
  ]);
  const files = new Map([
    ["model.onnx", new Uint8Array()],
    ["text.json", await bytes("model/safelight/bundle/text.json")],
    ["tokenizer.json", encodeUtf8(JSON.stringify(tokenizer))],
  ]);
  const sizes = { stateSize: STATE, maxTokens: 4, maxChunks: 4, languages: ["en"] };
  const graph = await Graph.load(files, sizes, ort);
  const step = { fromSelf: false, gapS: -1, state: new Float32Array(STATE) };
  const { outputs, state } = await graph.stepTokens([[1], [1], [1]], step);
  expect([...outputs.risks]).toEqual([0.75, 0.5]);
  expect([outputs.indicators[0], outputs.cues[0], state[0]]).toEqual([0.5, 0.5, 0.125]);
});
