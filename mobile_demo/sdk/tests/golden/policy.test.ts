import { expect, test } from "vitest";
import { decide, EMPTY_POLICY } from "../../src/policy.js";
import { parsePolicy } from "../../src/policyConfig.js";
import { label, type Reason } from "../../src/types.js";
import { outputs } from "./outputs.js";
import { vectors } from "./vectors.js";

const { configs, cases } = vectors("policy.json", 60);

test.each(cases)("$config, $sensitivity: $why", ({ config, sensitivity, messages }) => {
  const policy = parsePolicy(configs[config], sensitivity);
  let state = EMPTY_POLICY;
  for (const line of messages) {
    state = decide(state, policy, line.sender, line.id, outputs(line));
    expect({
      level: label(state.level),
      stage: state.stage,
      reasons: state.reasons.map((reason: Reason) => [reason.messageId, reason.indicator]),
    }).toEqual({ level: line.level, stage: line.stage, reasons: line.reasons });
  }
});
