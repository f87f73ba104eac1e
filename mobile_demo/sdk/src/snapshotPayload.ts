/**
 * What a snapshot holds, as bytes of a fixed size: choices, the model's state, the policy's. Pure.
 *
 * All numbers are little-endian; floats of the policy have 64 bits, so that nothing is rounded. A
 * text is a byte of length and UTF-8. docs/formats.md lists the fields in order.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { Reader, Writer } from "./binary.js";
import { bytesToHex } from "./bytes.js";
import type { ChatChoices, ChatState } from "./conversation.js";
import { canonicalJson } from "./json.js";
import { MAX_REASONS, type PolicyState, type Seen } from "./policy.js";
import { parseJson } from "./reading.js";
import { CUES, INDICATORS, type Indicator, RISKS } from "./taxonomy.js";
import { LEVELS, type Level, Stage } from "./types.js";
import { encodeUtf8 } from "./unicode.js";

/** Bytes of an id or a name that are kept as they are; of a longer one, its hash is. */
const MAX_TEXT_BYTES = 64;
/** Peers and their indicators that fit. A chat between two has one peer and at most 21. */
const MAX_PEERS = 32;
const MAX_SEEN = 64;
const MAX_CHOICES_BYTES = 1024;
/** Bytes of a payload but for the model's state. */
const REST = 9 * 1024;
const UNKNOWN_TIME = -(2n ** 63n);
/** The years that Python's times can hold, in microseconds since 1970, and a day more. */
const FIRST_TIME = -62_135_596_800_000_000n;
const LAST_TIME = 253_402_300_799_999_999n;
const DAY = 86_400_000_000n;
const STAGES = Object.values(Stage);

/** A peer of the chat and one indicator that it showed. */
interface Entry {
  readonly peer: string;
  readonly name: Indicator;
  readonly seen: Seen;
}

/** Return `text`, or, where its UTF-8 has over 64 bytes, "sha256:" and 32 hex digits. */
export function short(text: string): string {
  const data = encodeUtf8(text);
  return data.length <= MAX_TEXT_BYTES ? text : `sha256:${bytesToHex(sha256(data)).slice(0, 32)}`;
}

/** Bytes of every payload for a model with a state of `stateSize` floats. */
export function payloadSize(stateSize: number): number {
  return REST + 4 * stateSize;
}

/**
 * Return the payload, payloadSize(state.hidden.length) bytes whatever the chat.
 *
 * Of a group that shows more than fits, the indicators of peers that raised the level are kept
 * first, then those of the largest tallies. choices: JSON values, at most 1,024 bytes as JSON
 * (RangeError otherwise).
 */
export function encode(state: ChatState, choices: ChatChoices): Uint8Array {
  const written = encodeUtf8(canonicalJson(choices));
  if (written.length > MAX_CHOICES_BYTES) {
    throw new RangeError(`choices must have at most ${MAX_CHOICES_BYTES} bytes as JSON`);
  }
  const out = new Writer(payloadSize(state.hidden.length));
  out.block(written);
  out.floats(state.hidden);
  for (const risk of state.risks) out.f64(risk);
  out.f64(state.foreign);
  out.i64(state.lastSentAt ?? UNKNOWN_TIME);
  out.u64(state.messages);
  writePolicy(out, state.policy);
  return out.data;
}

/** Return the choices, which any model understands; throws on any fault. */
export function decodeChoices(payload: Uint8Array): ChatChoices {
  return parseJson(new Reader(payload).block(), "choices");
}

/** Return the state that `encode` was given, short ids; throws on any fault. */
export function decode(payload: Uint8Array, stateSize: number): ChatState {
  if (payload.length !== payloadSize(stateSize)) throw new RangeError("size");
  const found = new Reader(payload);
  found.block();
  const state = {
    hidden: found.floats(),
    risks: RISKS.map(() => found.f64()),
    foreign: found.f64(),
    lastSentAt: checkedTime(found.i64()),
    messages: found.u64(),
    policy: readPolicy(found),
  };
  if (state.hidden.length !== stateSize || found.rest().some((byte) => byte !== 0)) {
    throw new RangeError("content");
  }
  return state;
}

function checkedTime(time: bigint): bigint | null {
  if (time === UNKNOWN_TIME) return null;
  // A time zone can reach past the years that fit in UTC, by less than a day.
  if (time <= FIRST_TIME - DAY || time >= LAST_TIME + DAY) throw new RangeError("time");
  return time < FIRST_TIME ? FIRST_TIME : time > LAST_TIME ? LAST_TIME : time;
}

/** Return the peers and the entries that are kept, in the order of the policy. */
function thatFit(policy: PolicyState): { peers: string[]; entries: Entry[] } {
  const entries = [...policy.peers].flatMap(([peer, found]) =>
    [...found].map(([name, seen]) => ({ peer, name, seen })),
  );
  const late = ({ peer }: Entry): number => Number(!policy.raisedBy.includes(peer));
  const chosen = new Set<Entry>();
  const peers = new Set<string>();
  const weighed = [...entries].sort(
    (a, b) => late(a) - late(b) || b.seen.tally - a.seen.tally || b.seen.at - a.seen.at,
  );
  for (const entry of weighed) {
    if (chosen.size < MAX_SEEN && (peers.has(entry.peer) || peers.size < MAX_PEERS)) {
      chosen.add(entry);
      peers.add(entry.peer);
    }
  }
  const faded = [...new Set(policy.raisedBy)].filter((peer) => !peers.has(peer));
  const kept = [...policy.peers.keys()].filter((peer) => peers.has(peer));
  return {
    peers: [...kept, ...faded].slice(0, MAX_PEERS),
    entries: entries.filter((entry) => chosen.has(entry)),
  };
}

function writePolicy(out: Writer, policy: PolicyState): void {
  const { peers, entries } = thatFit(policy);
  const raisedBy = [...new Set(policy.raisedBy)].filter((peer) => peers.includes(peer));
  const reasons = policy.reasons.slice(0, MAX_REASONS);
  out.u8(policy.level, STAGES.indexOf(policy.stage));
  out.u64(policy.below);
  out.u64(policy.messages);
  out.u8(peers.length);
  for (const peer of peers) out.text(short(peer));
  out.u8(raisedBy.length, ...raisedBy.map((peer) => peers.indexOf(peer)));
  out.u8(entries.length);
  for (const { peer, name, seen } of entries) {
    out.u8(peers.indexOf(peer), INDICATORS.indexOf(name), Number(seen.strong));
    out.f64(seen.tally);
    out.u64(seen.at);
    out.text(short(seen.messageId));
  }
  out.u8(policy.cues.size);
  for (const [name, tally] of policy.cues) {
    out.u8(CUES.indexOf(name));
    out.f64(tally);
  }
  out.u8(reasons.length);
  for (const reason of reasons) {
    out.u8(INDICATORS.indexOf(reason.indicator));
    out.text(short(reason.messageId));
  }
}

function readPolicy(found: Reader): PolicyState {
  const level = found.count(LEVELS.length - 1) as Level;
  const stage = pick(STAGES, found.u8());
  const below = found.u64();
  const messages = found.u64();
  const names = found.many(MAX_PEERS, () => found.text(MAX_TEXT_BYTES));
  const raisedBy = found.many(MAX_PEERS, () => pick(names, found.u8()));
  const peers = new Map<string, Map<Indicator, Seen>>();
  found.many(MAX_SEEN, () => {
    const peer = pick(names, found.u8());
    const name = pick(INDICATORS, found.u8());
    const strong = found.u8() !== 0;
    const tally = found.f64();
    const at = found.u64();
    const entries = peers.get(peer) ?? new Map<Indicator, Seen>();
    peers.set(
      peer,
      entries.set(name, { tally, strong, at, messageId: found.text(MAX_TEXT_BYTES) }),
    );
  });
  const cues = new Map(
    found.many(CUES.length, () => [pick(CUES, found.u8()), found.f64()] as const),
  );
  const reasons = found.many(MAX_REASONS, () => ({
    indicator: pick(INDICATORS, found.u8()),
    messageId: found.text(MAX_TEXT_BYTES),
  }));
  return { level, stage, reasons, below, messages, peers, cues, raisedBy };
}

function pick<Item>(items: readonly Item[], index: number): Item {
  if (index >= items.length) throw new RangeError("index");
  return items[index] as Item;
}
