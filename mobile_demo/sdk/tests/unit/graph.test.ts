/** A message of several chunks, by the tiny bundle's own model. */
import { expect, test } from "vitest";
import { openBundle } from "../../src/bundleFiles.js";
import { Graph } from "../../src/graph.js";
import type { Outputs } from "../../src/types.js";
import { ort, tinyFiles } from "../support.js";

test("of several chunks the risks are the highest, and the state is that of the last", async () => {
  const { files, manifest } = openBundle(await tinyFiles(), { allowUnsigned: true });
  const graph = await Graph.load(files, manifest, await ort());
  const chunks = graph.encode(`${"keep ".repeat(16)}${"hello ".repeat(16)}picture`);
  expect(chunks.map(({ length }) => length)).toEqual([16, 16, 1]);
  const first = { fromSelf: false, gapS: 5, state: new Float32Array(manifest.stateSize) };
  const parts: Outputs[] = [];
  let step = first;
  for (const chunk of chunks) {
    const part = await graph.stepTokens([chunk], step);
    parts.push(part.outputs);
    step = { ...first, gapS: 0, state: Float32Array.from(part.state) };
  }
  const { outputs, state } = await graph.stepTokens(chunks, first);
  for (const name of ["risks", "indicators", "cues"] as const) {
    const highest = parts[0]![name].map((_, i) => Math.max(...parts.map((part) => part[name][i]!)));
    expect(outputs[name]).toEqual(highest);
  }
  expect(state).toEqual(step.state);
  const last = parts.at(-1)!;
  expect(outputs.risks.some((risk, i) => risk > last.risks[i]!)).toBe(true);
  expect(outputs.indicators.some((p, i) => p > last.indicators[i]!)).toBe(true);
});
