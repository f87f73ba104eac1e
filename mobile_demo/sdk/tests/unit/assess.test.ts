/** When a card is called for: a level that rises, or a stage that moves on. */
import { describe, expect, test } from "vitest";
import { moved, UNREAD } from "../../src/assess.js";
import { freshState } from "../../src/conversation.js";
import { parseManifest } from "../../src/manifest.js";
import type { PolicyState } from "../../src/policy.js";
import { Settings } from "../../src/settings.js";
import type { Indicator } from "../../src/taxonomy.js";
import { Level, Stage } from "../../src/types.js";
import { outputs } from "../golden/outputs.js";
import { bytes } from "../support.js";

const manifest = parseManifest(await bytes("model/safelight/bundle/manifest.json"));
const settings = new Settings();
const fresh = freshState(manifest.stateSize);

interface Said {
  readonly shows: readonly Indicator[];
  readonly risks?: number[];
  readonly muted?: boolean;
  readonly replay?: boolean;
}

/** What is shown of a message of a peer that surely shows these, in a chat that stood so. */
function seen(before: Partial<PolicyState>, said: Said) {
  const { shows, risks = [1, 1], muted = false, replay = false } = said;
  const old = { ...fresh, policy: { ...fresh.policy, raisedBy: ["peer"], ...before } };
  const indicators = Object.fromEntries(shows.map((name) => [name, 1]));
  const answer = { outputs: outputs({ risks, indicators }), state: fresh.hidden };
  const asked = { message: { sender: "peer", text: "hello" }, answer, muted, replay };
  return moved(old, asked, settings, manifest).fields;
}

const threatened = {
  level: Level.URGENT,
  stage: Stage.THREAT,
  reasons: [{ messageId: "m0", indicator: "share_threat" }],
} as const;
const inCrisis = { ...threatened, stage: Stage.CRISIS };

describe("a card is called for", () => {
  test("where the level rises", () => {
    const found = seen({}, { shows: ["share_threat"] });
    expect(found).toMatchObject({ level: Level.URGENT, changed: true, raised: true });
  });

  test("where the stage moves on, at the same level", () => {
    const found = seen({ ...threatened, stage: Stage.REQUEST }, { shows: ["share_threat"] });
    expect(found).toMatchObject({ stage: Stage.THREAT, changed: false, raised: true });
  });

  test("where somebody in a crisis is pushed to self-harm", () => {
    const found = seen(inCrisis, { shows: ["self_harm_push"] });
    expect(found).toMatchObject({ stage: Stage.CRISIS, changed: false, raised: true });
  });
});

describe("none is", () => {
  test("where nothing moves, or the stage goes back", () => {
    for (const before of [threatened, inCrisis]) {
      const found = seen(before, { shows: ["share_threat"] });
      expect(found).toMatchObject({ stage: Stage.THREAT, changed: false, raised: false });
    }
  });

  test("where the level falls", () => {
    const below = manifest.policies.standard.holdMessages - 1;
    const found = seen({ ...threatened, below }, { shows: [], risks: [0, 0] });
    expect(found).toMatchObject({ level: Level.WARNING, changed: true, raised: false });
  });

  test("where the stage of a notice moves on", () => {
    const [[notice], [warning]] = manifest.policies.standard.enter;
    const before = { level: Level.NOTICE, stage: Stage.TRUST };
    const risks = [(notice + warning) / 2, 0];
    const found = seen(before, { shows: ["image_request"], risks });
    expect(found).toMatchObject({ level: Level.NOTICE, stage: Stage.REQUEST, raised: false });
  });

  test("in a replay, while a mute hides the level, and while the guard is off", () => {
    expect(seen({}, { shows: ["share_threat"], replay: true }).raised).toBe(false);
    const warned = { level: Level.WARNING, stage: Stage.TRUST };
    const said: Said = { shows: ["image_request"], risks: [1, 0] };
    expect(seen(warned, said).raised).toBe(true);
    expect(seen(warned, { ...said, muted: true }).raised).toBe(false);
    expect(UNREAD.raised).toBe(false);
  });
});
