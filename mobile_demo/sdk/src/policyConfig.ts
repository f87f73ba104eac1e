/** The numbers and lists of the policy, read and checked from a manifest. */
import * as reading from "./reading.js";
import { BundleError } from "./reading.js";
import { CUES, type Cue, INDICATORS, type Indicator } from "./taxonomy.js";

export const SENSITIVITIES = ["low", "standard", "high"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];
/** The indicators that raise `urgent` by a threshold of their own. */
export const DIRECT = ["self_harm_push", "coerced_task"] as const;
const POLICY_KEYS = [
  "weak",
  "critical",
  "critical_with",
  "direct",
  "require_progression",
  "tally_decay",
  "tally_min",
  "hold_messages",
] as const;

/** Thresholds of (grooming, sextortion). */
export type Pair = readonly [number, number];

/**
 * One sensitivity's policy. All probabilities are calibrated, 0..1.
 *
 * present, strong: per indicator. cues: per cue. enter: for notice, warning and urgent, in this
 * order; infinity where a risk cannot raise a level. leave: factor on `enter` below which a level
 * is left.
 */
export interface PolicyConfig {
  readonly present: Readonly<Record<Indicator, number>>;
  readonly strong: Readonly<Record<Indicator, number>>;
  readonly cues: Readonly<Record<Cue, number>>;
  readonly enter: readonly [Pair, Pair, Pair];
  readonly leave: number;
  readonly weak: ReadonlySet<Indicator>;
  readonly critical: ReadonlySet<Indicator>;
  readonly criticalWith: ReadonlyMap<Indicator, ReadonlySet<Indicator>>;
  readonly direct: Readonly<Record<(typeof DIRECT)[number], number>>;
  readonly requireProgression: boolean;
  readonly tallyDecay: number;
  readonly tallyMin: number;
  readonly holdMessages: number;
}

/** Read `thresholds` and `policy` of a manifest; BundleError on any fault. */
export function parsePolicy(
  manifest: reading.JsonObject,
  sensitivity: Sensitivity = "standard",
): PolicyConfig {
  const where = "manifest.json: thresholds";
  const thresholds = reading.exactKeys(
    reading.field(manifest, "thresholds", "manifest.json"),
    ["indicators", "cues", "levels"],
    where,
  );
  const { present, strong } = indicatorThresholds(thresholds.indicators, `${where}.indicators`);
  const levels = reading.exactKeys(thresholds.levels, SENSITIVITIES, `${where}.levels`);
  return {
    present,
    strong,
    cues: probabilities(thresholds.cues, CUES, `${where}.cues`),
    ...levelThresholds(levels[sensitivity], `${where}.levels.${sensitivity}`),
    ...policyNumbers(reading.field(manifest, "policy", "manifest.json"), present),
  };
}

function probability(value: unknown, where: string): number {
  return reading.number(value, where, 0, 1);
}

function probabilities<Name extends string>(
  value: unknown,
  names: readonly Name[],
  where: string,
): Readonly<Record<Name, number>> {
  const numbers = reading.sequence(value, where, { least: names.length, most: names.length });
  return reading.eachKey(names, (name) =>
    probability(numbers[names.indexOf(name)], `${where}: ${name}`),
  );
}

function indicatorThresholds(
  value: unknown,
  where: string,
): Pick<PolicyConfig, "present" | "strong"> {
  const found = reading.exactKeys(value, ["present", "strong"], where);
  const present = probabilities(found.present, INDICATORS, `${where}.present`);
  const strong = probabilities(found.strong, INDICATORS, `${where}.strong`);
  const below = INDICATORS.find((name) => strong[name] < present[name]);
  if (below !== undefined) {
    throw new BundleError(`${where}: strong is below present for ${below}`);
  }
  return { present, strong };
}

function levelThresholds(value: unknown, where: string): Pick<PolicyConfig, "enter" | "leave"> {
  const found = reading.exactKeys(value, ["grooming", "sextortion", "leave"], where);
  const first = rising(found.grooming, ["notice", "warning"], `${where}.grooming`);
  const second = rising(found.sextortion, ["notice", "warning", "urgent"], `${where}.sextortion`);
  return {
    enter: [
      [first.notice, second.notice],
      [first.warning, second.warning],
      [Number.POSITIVE_INFINITY, second.urgent],
    ],
    leave: reading.number(found.leave, `${where}.leave`, 0.01, 1),
  };
}

function rising<Name extends string>(
  value: unknown,
  names: readonly Name[],
  where: string,
): Readonly<Record<Name, number>> {
  const found = reading.entries(value, names, where, probability);
  let before = 0;
  for (const name of names) {
    if (found[name] < before) {
      throw new BundleError(`${where}: a higher level has a lower threshold`);
    }
    before = found[name];
  }
  return found;
}

function indicatorNames(value: unknown, where: string): ReadonlySet<Indicator> {
  const entries = reading.sequence(value, where, { most: INDICATORS.length });
  return new Set(entries.map((entry) => reading.oneOf(entry, INDICATORS, where)));
}

function policyNumbers(
  value: unknown,
  present: PolicyConfig["present"],
): Omit<PolicyConfig, "present" | "strong" | "cues" | "enter" | "leave"> {
  const where = "manifest.json: policy";
  const policy = reading.exactKeys(value, POLICY_KEYS, where);
  const critical = indicatorNames(policy.critical, `${where}.critical`);
  const tallyMin = probability(policy.tally_min, `${where}.tally_min`);
  return {
    weak: indicatorNames(policy.weak, `${where}.weak`),
    critical,
    criticalWith: partners(policy.critical_with, critical, `${where}.critical_with`),
    direct: reading.entries(policy.direct, DIRECT, `${where}.direct`, (p, place, name) =>
      reading.number(p, place, Math.max(present[name], tallyMin), 1),
    ),
    requireProgression: reading.flag(policy.require_progression, `${where}.require_progression`),
    tallyDecay: probability(policy.tally_decay, `${where}.tally_decay`),
    tallyMin,
    holdMessages: reading.integer(policy.hold_messages, `${where}.hold_messages`, 1, 1000),
  };
}

function partners(
  value: unknown,
  critical: ReadonlySet<Indicator>,
  where: string,
): PolicyConfig["criticalWith"] {
  const found = new Map<Indicator, ReadonlySet<Indicator>>();
  for (const [key, entry] of Object.entries(reading.mapping(value, where))) {
    const name = [...critical].find((known) => known === key);
    if (name === undefined) throw new BundleError(`${where}: '${key}' is not critical`);
    found.set(name, indicatorNames(entry, `${where}.${name}`));
  }
  return found;
}
