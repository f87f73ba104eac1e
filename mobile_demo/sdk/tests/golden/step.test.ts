import { expect, test } from "vitest";
import { Graph } from "../../src/graph.js";
import { encodeUtf8 } from "../../src/unicode.js";
import { bytes, ort } from "../support.js";
import { vectors } from "./vectors.js";

const found = vectors("step.json", 44);
/** The graph is never asked for tokens here, but wants a tokenizer of its size. */
const pieces = Array.from({ length: found.vocabulary }, (_, i) =>
  i === 0 ? ["<unk>", 0] : [`\u2581${i}`, -2],
);
const tokenizer = {
  model: { type: "Unigram", unk_id: 0, vocab: pieces },
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
};

const NAMES = ["risks", "indicators", "cues", "languages", "state_out"] as const;
const graph = await Graph.load(
  new Map([
    ["model.onnx", await bytes("tests/vectors/step.onnx")],
    ["text.json", await bytes("model/safelight/bundle/text.json")],
    ["tokenizer.json", encodeUtf8(JSON.stringify(tokenizer))],
  ]),
  {
    stateSize: found.state_size,
    maxTokens: 64,
    maxChunks: 4,
    languages: ["en", "fr", "de", "it", "ja", "es", "pt"],
  },
  await ort(),
);

test("messages of several chunks: the highest of each output, the mean of the languages", async () => {
  let last = new Float32Array(found.state_size);
  for (const message of found.messages) {
    const { outputs, state } = await graph.stepTokens(message.chunks, {
      fromSelf: message.from_self,
      gapS: message.gap_s,
      state: last,
    });
    const answers = { ...outputs, state_out: state };
    for (const name of NAMES) expectClose(answers[name]!, message[name]);
    last = state;
  }
});

test("the seeded graph, message by message", async () => {
  let last = [new Float32Array(found.state_size)];
  for (const run of found.cases) {
    const states =
      run.state.length > 0 ? run.state.map((row: number[]) => Float32Array.from(row)) : last;
    last = [];
    for (const [row, ids] of run.input_ids.entries()) {
      const length = run.attention_mask[row].filter((one: number) => one === 1).length;
      const { outputs, state } = await graph.stepTokens([ids.slice(0, length)], {
        fromSelf: run.sender[row] === 0,
        gapS: run.gap_s[row],
        state: states[row],
      });
      const answers = { ...outputs, state_out: state };
      for (const name of NAMES) expectClose(answers[name]!, run[name][row]);
      last.push(state);
    }
  }
});

function expectClose(value: Float32Array, expected: number[]): void {
  expect(value.length).toBe(expected.length);
  const most = Math.max(...expected.map((number, i) => Math.abs(number - value[i]!)));
  expect(most).toBeLessThanOrEqual(found.tolerance);
}
