import { CUES, INDICATORS } from "../../src/taxonomy.js";
import type { Outputs } from "../../src/types.js";

/** What the model says, of a line of policy.json: what is not named is 0. */
export function outputs(line: {
  risks?: number[];
  indicators?: Record<string, number>;
  cues?: Record<string, number>;
}): Outputs {
  const { risks = [0, 0], indicators = {}, cues = {} } = line;
  return {
    risks: Float32Array.from(risks),
    indicators: Float32Array.from(INDICATORS, (name) => indicators[name] ?? 0),
    cues: Float32Array.from(CUES, (name) => cues[name] ?? 0),
    languages: null,
  };
}
