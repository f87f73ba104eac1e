/**
 * From the model's outputs to a level: one pure function, the same line by line as in Python.
 *
 * Only a peer's message carries indicators, only the owner's carries cues. Levels rise at once and
 * fall one at a time, after `holdMessages` messages in a row below the leave threshold.
 */
import { DIRECT, type PolicyConfig } from "./policyConfig.js";
import { CUES, type Cue, INDICATORS, type Indicator } from "./taxonomy.js";
import { Level, type Outputs, type Reason, SELF, Stage } from "./types.js";

export const MAX_REASONS = 6;
const THREAT: readonly Indicator[] = [
  "share_threat",
  "payment_demand",
  "deadline",
  "hacked_claim",
  "fabricated_image",
];
const REQUEST: readonly Indicator[] = ["image_request", "image_offer", "meet_request"];

/**
 * One indicator of one peer.
 *
 * tally: decayed, 0..1. strong: whether it was so at any time since it was last unseen.
 * messageId: of the latest message that showed it; at: that message's place in the chat.
 */
export interface Seen {
  readonly tally: number;
  readonly strong: boolean;
  readonly messageId: string;
  readonly at: number;
}

type Entries = ReadonlyMap<Indicator, Seen>;
type Peers = ReadonlyMap<string, Entries>;
type Cues = ReadonlyMap<Cue, number>;

/**
 * What the policy remembers of a chat: ids and numbers.
 *
 * below: messages in a row below the leave threshold of `level`. peers: name → indicator → Seen;
 * entries whose tally fell below tallyMin are gone. cues: cue → decayed tally, 1 when just seen.
 * raisedBy: the peers whose indicators raised the level.
 */
export interface PolicyState {
  readonly level: Level;
  readonly stage: Stage;
  readonly reasons: readonly Reason[];
  readonly below: number;
  readonly messages: number;
  readonly peers: Peers;
  readonly cues: Cues;
  readonly raisedBy: readonly string[];
}

/** The state of a chat in which nothing was said. */
export const EMPTY_POLICY: PolicyState = {
  level: Level.NONE,
  stage: Stage.NONE,
  reasons: [],
  below: 0,
  messages: 0,
  peers: new Map(),
  cues: new Map(),
  raisedBy: [],
};

/**
 * Return the state after one message; it shows its level, stage and reasons.
 *
 * sender: "self" or a peer's name. outputs: of this message's step. The reasons are of the peers
 * that raised the level, most recent first, at most six; critical ones are kept first.
 */
export function decide(
  state: PolicyState,
  config: PolicyConfig,
  sender: string,
  messageId: string,
  outputs: Outputs,
): PolicyState {
  const risks: readonly [number, number] = [outputs.risks[0] ?? 0, outputs.risks[1] ?? 0];
  const shown = shownIn(config, sender, outputs);
  const peers = talliedPeers(state, config, sender, messageId, shown);
  const cues = talliedCues(state, config, sender, outputs);
  const found = candidate(config, risks, peers, sender, shown);
  let raisedBy = found.level < state.level ? state.raisedBy : found.raisedBy;
  const { level, below } = moved(state, config, risks, peers, found.level);
  let { stage, reasons } = state;
  const seen = raisedBy.flatMap((peer) => [...(peers.get(peer) ?? [])]);
  if (level === Level.NONE) {
    stage = Stage.NONE;
    reasons = [];
    raisedBy = [];
  } else if (seen.length > 0) {
    // else everything has faded: what was shown stays until the level falls
    const clear = seen.filter(([name, entry]) => !faint(config, name, entry));
    const told = clear.length > 0 ? clear : seen;
    stage = stageOf(new Set(told.map(([name]) => name)), cues);
    reasons = reasonsOf(config, told);
  }
  return { level, stage, reasons, below, messages: state.messages + 1, peers, cues, raisedBy };
}

/**
 * Return the state after the person said that what was noticed so far was fine.
 *
 * The level falls to NONE at once, and every indicator of every peer is forgotten. From here on
 * `notice` needs an indicator that is not weak in a later message, `warning` the same (a progression
 * of later messages where the bundle asks for one), `urgent` a later critical indicator (a demand
 * again only beside a threat that is later too) or a later direct one: a new threat raises at once, whatever was said before. The
 * owner's cues stay: they raise nothing, and still pick the advice if something new does. The
 * risks of the model are not touched, so that new signs count with all that came before.
 */
export function thisWasFine(state: PolicyState): PolicyState {
  return { ...EMPTY_POLICY, messages: state.messages, cues: state.cues };
}

/** Return the indicators present in this message, with their probability. */
function shownIn(config: PolicyConfig, sender: string, outputs: Outputs): Map<Indicator, number> {
  const shown = new Map<Indicator, number>();
  if (sender === SELF) return shown;
  INDICATORS.forEach((name, i) => {
    const p = outputs.indicators[i] ?? 0;
    if (p >= config.present[name]) shown.set(name, p);
  });
  return shown;
}

function talliedPeers(
  state: PolicyState,
  config: PolicyConfig,
  sender: string,
  messageId: string,
  shown: ReadonlyMap<Indicator, number>,
): Peers {
  const peers = new Map<string, Map<Indicator, Seen>>();
  for (const [peer, entries] of state.peers) {
    const kept = new Map<Indicator, Seen>();
    for (const [name, seen] of entries) {
      const tally = seen.tally * config.tallyDecay;
      if (tally >= config.tallyMin) kept.set(name, { ...seen, tally });
    }
    if (kept.size > 0) peers.set(peer, kept);
  }
  for (const [name, p] of shown) {
    const old = peers.get(sender)?.get(name);
    const tally = old === undefined ? p : Math.max(old.tally, p);
    const strong = p >= config.strong[name] || (old?.strong ?? false);
    if (tally >= config.tallyMin) {
      const entries = peers.get(sender) ?? new Map<Indicator, Seen>();
      peers.set(sender, entries);
      entries.set(name, { tally, strong, messageId, at: state.messages });
    }
  }
  return peers;
}

function talliedCues(
  state: PolicyState,
  config: PolicyConfig,
  sender: string,
  outputs: Outputs,
): Cues {
  const cues = new Map<Cue, number>();
  for (const [name, tally] of state.cues) {
    if (tally * config.tallyDecay >= config.tallyMin) cues.set(name, tally * config.tallyDecay);
  }
  if (sender === SELF) {
    CUES.forEach((name, i) => {
      if ((outputs.cues[i] ?? 0) >= config.cues[name]) cues.set(name, 1);
    });
  }
  return cues;
}

interface Candidate {
  readonly level: Level;
  readonly raisedBy: readonly string[];
}

/** Return the highest level that this message would raise, and the peers that pass its gate. */
function candidate(
  config: PolicyConfig,
  risks: readonly [number, number],
  peers: Peers,
  sender: string,
  shown: ReadonlyMap<Indicator, number>,
): Candidate {
  const [notice, warning, urgent] = config.enter;
  const those = (gate: (seen: Entries) => boolean): string[] =>
    [...peers].filter(([, seen]) => gate(seen)).map(([peer]) => peer);
  const reached = (pair: readonly [number, number]): boolean =>
    risks[0] >= pair[0] || risks[1] >= pair[1];
  let passed = reached(urgent) ? those((seen) => criticalIn(config, seen).length > 0) : [];
  const direct = DIRECT.some((name) => (shown.get(name) ?? -1) >= config.direct[name]);
  if (direct && !passed.includes(sender)) passed = [...passed, sender];
  if (passed.length > 0) return { level: Level.URGENT, raisedBy: passed };
  const hinted = those((seen) => notWeak(config, seen));
  if (reached(warning)) {
    const gate = config.requireProgression ? progression : notWeak;
    passed = those((seen) => notWeak(config, seen) && gate(config, seen));
    if (passed.length > 0) return { level: Level.WARNING, raisedBy: passed };
  }
  if (hinted.length > 0 && reached(notice)) return { level: Level.NOTICE, raisedBy: hinted };
  return { level: Level.NONE, raisedBy: [] };
}

function notWeak(config: PolicyConfig, seen: Entries): boolean {
  return [...seen.keys()].some((name) => !config.weak.has(name));
}

/** Return the seen indicators that are critical here; some only beside a partner. */
function criticalIn(config: PolicyConfig, seen: Entries): Indicator[] {
  return [...seen.keys()].filter((name) => {
    const partners = config.criticalWith.get(name);
    const beside = partners === undefined || [...partners].some((partner) => seen.has(partner));
    return config.critical.has(name) && beside;
  });
}

/** Whether two indicators were seen, not both weak, or one critical one that was strong. */
function progression(config: PolicyConfig, seen: Entries): boolean {
  if (seen.size > 1 && notWeak(config, seen)) return true;
  return criticalIn(config, seen).some((name) => seen.get(name)?.strong);
}

/** Return the level now and the count of messages in a row below its leave threshold. */
function moved(
  state: PolicyState,
  config: PolicyConfig,
  risks: readonly [number, number],
  peers: Peers,
  found: Level,
): { level: Level; below: number } {
  // Of its own message too, whoever raised what is held.
  if (found >= state.level) return { level: found, below: 0 };
  if (holds(state, config, risks, peers)) return { level: state.level, below: 0 };
  if (state.below + 1 >= config.holdMessages) {
    return { level: (state.level - 1) as Level, below: 0 };
  }
  return { level: state.level, below: state.below + 1 };
}

function holds(
  state: PolicyState,
  config: PolicyConfig,
  risks: readonly [number, number],
  peers: Peers,
): boolean {
  const enter = config.enter[state.level - 1] as readonly [number, number];
  if (risks[0] >= config.leave * enter[0] || risks[1] >= config.leave * enter[1]) return true;
  if (state.level < Level.URGENT) return false;
  // What raised urgent without any risk also holds it, by the same rule on its tally.
  return state.raisedBy.some((peer) =>
    DIRECT.some((name) => {
      const seen = peers.get(peer)?.get(name);
      return seen !== undefined && seen.tally >= config.leave * config.direct[name];
    }),
  );
}

/**
 * Whether this is a task too faint to hold a level: beside clearer signs it picks no advice.
 *
 * Its advice would take the place of "do not pay". What pushes to self-harm is never too faint.
 */
function faint(config: PolicyConfig, name: Indicator, entry: Seen): boolean {
  return name === "coerced_task" && entry.tally < config.leave * config.direct[name];
}

function stageOf(seen: ReadonlySet<Indicator>, cues: Cues): Stage {
  const threat = THREAT.some((name) => seen.has(name));
  if (DIRECT.some((name) => seen.has(name)) || (threat && cues.has("distress"))) {
    return Stage.CRISIS;
  }
  if (cues.has("complied")) return Stage.AFTER;
  if (threat) return Stage.THREAT;
  return REQUEST.some((name) => seen.has(name)) ? Stage.REQUEST : Stage.TRUST;
}

function reasonsOf(config: PolicyConfig, seen: readonly [Indicator, Seen][]): Reason[] {
  const weight = (name: Indicator): number =>
    DIRECT.some((direct) => direct === name) ? 0 : config.critical.has(name) ? 1 : 2;
  const order = ([one, a]: [Indicator, Seen], [other, b]: [Indicator, Seen]): number =>
    b.at - a.at || INDICATORS.indexOf(one) - INDICATORS.indexOf(other);
  return [...seen]
    .sort((a, b) => weight(a[0]) - weight(b[0]) || order(a, b))
    .slice(0, MAX_REASONS)
    .sort(order)
    .map(([indicator, entry]) => ({ messageId: entry.messageId, indicator }));
}
