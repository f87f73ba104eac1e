/** The policy where golden vectors do not look closely: what picks the advice. */
import { expect, test } from "vitest";
import { decide, EMPTY_POLICY } from "../../src/policy.js";
import { parsePolicy } from "../../src/policyConfig.js";
import type { Indicator } from "../../src/taxonomy.js";
import { Stage } from "../../src/types.js";
import { outputs } from "../golden/outputs.js";
import { vectors } from "../golden/vectors.js";

/** Present from 0.5; a task holds a level from half of 0.9375 on, and fades below it at once. */
const config = { ...parsePolicy(vectors("policy.json", 60).configs.plain), tallyDecay: 0.8 };
const RISKS = [0, 1];

/** After a message with these indicators, and one with the others. */
function after(first: object, then: object) {
  const before = decide(
    EMPTY_POLICY,
    config,
    "peer",
    "m0",
    outputs({ risks: RISKS, indicators: { ...first } }),
  );
  return decide(before, config, "peer", "m1", outputs({ risks: RISKS, indicators: { ...then } }));
}

test("a task too faint to hold a level picks no advice beside clearer signs", () => {
  const { stage, reasons } = after({ coerced_task: 0.5 }, { share_threat: 1 });
  expect([stage, reasons]).toEqual([
    Stage.THREAT,
    [{ messageId: "m1", indicator: "share_threat" }],
  ]);
});

test("alone, or clear, it does", () => {
  const alone = after({ coerced_task: 0.5 }, {});
  const clear = after({ coerced_task: 0.9 }, { share_threat: 1 });
  const named: Indicator[][] = [alone, clear].map(({ reasons }) => reasons.map((r) => r.indicator));
  expect([alone.stage, clear.stage]).toEqual([Stage.CRISIS, Stage.CRISIS]);
  expect(named).toEqual([["coerced_task"], ["share_threat", "coerced_task"]]);
});

test("what pushes to self-harm is never too faint", () => {
  const { stage, reasons } = after({ self_harm_push: 0.5 }, { share_threat: 1 });
  expect([stage, reasons.length]).toEqual([Stage.CRISIS, 2]);
});
