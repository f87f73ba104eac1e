import { describe, expect, test } from "vitest";
import { arriving, type Kind, SENDING, sending } from "../../src/friction.js";
import { decide, EMPTY_POLICY, thisWasFine } from "../../src/policy.js";
import { parsePolicy } from "../../src/policyConfig.js";
import { askingLevel, Settings, shown } from "../../src/settings.js";
import { LEVELS, type Level, type LevelLabel, label } from "../../src/types.js";
import { outputs } from "./outputs.js";
import { byRule, vectors } from "./vectors.js";

const { config, cases } = vectors("friction.json", 80);
const of = byRule(cases, ["shown", "friction", "fine"]);
const levelOf = (name: LevelLabel): Level => LEVELS.indexOf(name) as Level;

describe("shown", () => {
  test.each(of.shown)("$found $settings muted: $muted", (line) => {
    const settings = new Settings(line.settings);
    const [level, form] = shown(levelOf(line.found), settings, line.muted);
    const asking = askingLevel(levelOf(line.found), settings, line.muted);
    expect([label(level), form, label(asking)]).toEqual([line.level, line.form, line.asking]);
  });
});

describe("friction", () => {
  test.each(of.friction)("$level $stage", ({ level, stage, send, arrive }) => {
    expect(Object.keys(SENDING)).toEqual(Object.keys(send));
    for (const kind of Object.keys(SENDING) as Kind[]) {
      expect(sending(kind, levelOf(level), stage)).toBe(send[kind]);
      expect(arriving(kind, levelOf(level), stage)).toBe(arrive[kind]);
    }
  });
});

describe("this was fine", () => {
  const policy = parsePolicy(config);

  test.each(of.fine)("$why", ({ steps }) => {
    let state = EMPTY_POLICY;
    for (const step of steps) {
      state = step.fine
        ? thisWasFine(state)
        : decide(state, policy, step.sender, step.id, outputs(step));
      const reasons = state.reasons.map((reason) => [reason.messageId, reason.indicator]);
      expect([label(state.level), state.stage]).toEqual([step.level, step.stage]);
      expect(reasons).toEqual(step.reasons ?? []);
    }
  });
});
