import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { fromBase64 } from "../../src/base64.js";
import type { ChatState } from "../../src/conversation.js";
import type { PolicyState, Seen } from "../../src/policy.js";
import { SnapshotError, seal, unseal } from "../../src/snapshot.js";
import { decode, decodeChoices, encode } from "../../src/snapshotPayload.js";
import type { Indicator } from "../../src/taxonomy.js";
import { LEVELS, type Level, label } from "../../src/types.js";
import { fromHex, hexOf } from "../support.js";
import { byRule, type Case, vectors } from "./vectors.js";

const found = vectors("snapshot.json", 25);
const of = byRule(found.cases, ["seal", "damaged", "opened", "unreadable"]);
const key = fromHex(found.key);
const model = fromHex(found.model);
const bound = { chatId: found.chat_id, model, counter: found.counter };
const opening = { chatId: found.chat_id, model, stateSize: found.state_size };
const blob = fromBase64(found.blob);

function stateOf(value: Case): ChatState {
  const { policy } = value;
  const peers = new Map<string, Map<Indicator, Seen>>();
  for (const [peer, signs] of policy.peers) {
    const entries = new Map<Indicator, Seen>();
    for (const [name, tally, strong, messageId, at] of signs) {
      entries.set(name, { tally, strong, messageId, at });
    }
    peers.set(peer, entries);
  }
  const state: PolicyState = {
    level: LEVELS.indexOf(policy.level) as Level,
    stage: policy.stage,
    reasons: policy.reasons.map(([messageId, indicator]: [string, Indicator]) => ({
      messageId,
      indicator,
    })),
    below: policy.below,
    messages: policy.messages,
    peers,
    cues: new Map(policy.cues),
    raisedBy: policy.raised_by,
  };
  return {
    hidden: Float32Array.from(value.hidden),
    risks: value.risks,
    foreign: value.foreign,
    lastSentAt: value.sent_us === null ? null : BigInt(value.sent_us),
    messages: value.messages,
    policy: state,
  };
}

function jsonOf(state: ChatState): unknown {
  const { policy } = state;
  return {
    hidden: Array.from(state.hidden),
    risks: state.risks,
    foreign: state.foreign,
    sent_us: state.lastSentAt === null ? null : Number(state.lastSentAt),
    messages: state.messages,
    policy: {
      level: label(policy.level),
      stage: policy.stage,
      reasons: policy.reasons.map((reason) => [reason.messageId, reason.indicator]),
      below: policy.below,
      messages: policy.messages,
      peers: Array.from(policy.peers, ([peer, seen]) => [
        peer,
        Array.from(seen, ([name, one]) => [name, one.tally, one.strong, one.messageId, one.at]),
      ]),
      cues: [...policy.cues],
      raised_by: policy.raisedBy,
    },
  };
}

describe("seal", () => {
  test.each(of.seal)("$why", async ({ state, choices, payload, sha256: digest, restored }) => {
    const written = encode(stateOf(state), choices);
    expect(hexOf(written).replace(/(00)+$/, "")).toBe(payload);
    const sealed = await seal(stateOf(state), choices, key, bound, () => fromHex(found.nonce));
    expect(hexOf(sha256(sealed))).toBe(digest);
    const back = await unseal(sealed, key, opening);
    expect(back.choices).toEqual(choices);
    expect(jsonOf(back.state!)).toEqual(restored ?? state);
  });

  test("the blob of the file is that of the first case", () => {
    expect(hexOf(sha256(blob))).toBe(of.seal[0]!["sha256"]);
  });
});

describe("damaged", () => {
  test.each(of.damaged)("$why", async ({ set, length }) => {
    const data = Uint8Array.from(blob);
    for (const [at, value] of set) data[at < 0 ? data.length + at : at] = value;
    const cut = length === null ? data : data.slice(0, length);
    await expect(unseal(cut, key, opening)).rejects.toThrow(SnapshotError);
  });
});

describe("opened", () => {
  test.each(of.opened)("$why", async ({ with: other, choices, state, error }) => {
    const asked = unseal(blob, other.key ? fromHex(other.key) : key, {
      ...opening,
      chatId: other.chat_id ?? opening.chatId,
      model: other.model ? fromHex(other.model) : model,
      minCounter: other.min_counter ?? 0,
    });
    if (error) await expect(asked).rejects.toThrow(SnapshotError);
    else
      expect({ ...(await asked), state: (await asked).state !== null }).toEqual({ choices, state });
  });
});

describe("unreadable", () => {
  test.each(of.unreadable)("$why", ({ set }) => {
    const { state, choices } = of.seal[1]!;
    const payload = encode(stateOf(state), choices);
    for (const [at, value] of set) payload[at] = value;
    expect(decodeChoices(payload)).toEqual(choices);
    expect(() => decode(payload, found.state_size)).toThrow(RangeError);
  });
});
