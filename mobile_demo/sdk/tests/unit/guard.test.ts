/** Guard and Conversation over the tiny bundle, as an app uses them: calls that overtake none. */
import { describe, expect, test } from "vitest";
import { openBundle } from "../../src/bundleFiles.js";
import type { Engine } from "../../src/engine.js";
import { Graph } from "../../src/graph.js";
import { Guard as LoadedGuard } from "../../src/guard.js";
import {
  BundleError,
  Form,
  Level,
  type Message,
  Settings,
  SnapshotError,
} from "../../src/index.js";
import { answers, fromHex, guard, messageOf, ort, tinyFiles } from "../support.js";

const tiny = await guard(await tinyFiles());
const python = await answers();
const story: Message[] = python["story"].map(messageOf);
const key = fromHex(python["key"]);

/** The tiny bundle and its model, to stand between them and a guard. */
async function opened() {
  const bundle = openBundle(await tinyFiles(), { allowUnsigned: true });
  return { bundle, graph: await Graph.load(bundle.files, bundle.manifest, await ort()) };
}

async function levels(messages: readonly Message[]): Promise<Level[]> {
  const chat = tiny.conversation("c");
  const found: Level[] = [];
  for (const message of messages) found.push((await chat.observe(message)).level);
  return found;
}

describe("order", () => {
  test("messages are taken in the order of the calls, waited for or not", async () => {
    const chat = tiny.conversation("c");
    const seen = await Promise.all(story.map((message) => chat.observe(message)));
    expect(seen.map((one) => one.level)).toEqual(await levels(story));
  });

  test("many chats at once answer as each alone", async () => {
    const chats = Array.from({ length: 5 }, (_, i) => tiny.conversation(`c${i}`));
    const alone = await levels(story);
    for (const [number, message] of story.entries()) {
      const batch = chats.map((chat) => [chat, message] as const);
      const seen = await tiny.step(batch);
      expect(seen.map((one) => one.level)).toEqual(chats.map(() => alone[number]));
    }
  });

  test("a wipe while a message is being read leaves that message alone in the chat", async () => {
    const { bundle, graph } = await opened();
    let whileReading = (): void => undefined;
    const step: Engine["step"] = async (batch) => {
      const answers = await graph.step(batch);
      whileReading();
      whileReading = () => undefined;
      return answers;
    };
    const watched = new LoadedGuard(bundle, { step, close: () => graph.close() });
    const chat = watched.conversation("a");
    for (const message of story.slice(0, 7)) await chat.observe(message);
    whileReading = () => chat.wipe();
    const seen = await chat.observe(story[7]!);
    const alone = await tiny.conversation("b").observe(story[7]!);
    expect([seen.risks, chat.messages]).toEqual([alone.risks, 1]);
  });

  test("a snapshot holds what was observed before it was asked for", async () => {
    const chat = tiny.conversation("c");
    void chat.observe(story[0]!);
    const again = await tiny.restore(await chat.snapshot(key), key, "c");
    expect(again.messages).toBe(1);
  });
});

describe("replay", () => {
  test("raises no old card, and goes on from the level that it reached", async () => {
    const chat = tiny.conversation("c");
    const seen = await tiny.replay(chat, story.slice(0, 8));
    expect([seen?.level, seen?.changed, seen?.raised]).toEqual([Level.URGENT, false, false]);
    const next = await chat.observe(story[8]!);
    expect([next.changed, next.raised]).toEqual([false, false]);
  });

  test("reads a history that comes bit by bit; none gives null", async () => {
    async function* history() {
      yield* story;
    }
    const chat = tiny.conversation("c");
    expect((await tiny.replay(chat, history()))?.level).toBe((await levels(story)).at(-1));
    expect(await tiny.replay(tiny.conversation("d"), [])).toBeNull();
  });

  test("a faulty message leaves the chat as before", async () => {
    const chat = tiny.conversation("c");
    await chat.observe(story[0]!);
    const before = chat.state;
    await expect(tiny.replay(chat, [story[1]!, { sender: "" }])).rejects.toThrow(RangeError);
    expect(chat.state).toBe(before);
  });
});

describe("refused", () => {
  const cases: [string, object][] = [
    ["no sender", { sender: "" }],
    ["a text that is none", { sender: "peer", text: 7 }],
    ["an unknown medium", { sender: "peer", media: "hologram" }],
    ["an empty id", { sender: "peer", id: "" }],
    ["a time that is none", { sender: "peer", sentAt: new Date(Number.NaN) }],
    ["a time as a text", { sender: "peer", sentAt: "2026-01-31" }],
  ];
  test.each(cases)("%s; the error holds no text", async (_, message) => {
    const chat = tiny.conversation("c");
    const given = { text: "sesame", ...message } as Message;
    const fault = await chat.observe(given).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(RangeError);
    expect(String(fault)).not.toContain("sesame");
    expect(chat.messages).toBe(0);
  });

  test("a chat twice in a batch, and one of another guard", async () => {
    const chat = tiny.conversation("c");
    const other = (await guard(await tinyFiles())).conversation("d");
    const message = story[0]!;
    await expect(
      tiny.step([
        [chat, message],
        [chat, message],
      ]),
    ).rejects.toThrow(/twice/);
    await expect(tiny.step([[other, message]])).rejects.toThrow(/another guard/);
  });

  test("settings that are none", () => {
    expect(() => new Settings({ sensitivity: "loud" as never })).toThrow(RangeError);
    expect(() => new Settings({ on: 1 as never })).toThrow(RangeError);
    expect(() => new Settings({ locked: true } as never)).toThrow(RangeError);
    expect(() => void (tiny.settings = { on: false } as Settings)).toThrow(RangeError);
  });

  test("words that are asked for by unknown names", async () => {
    const seen = await tiny.conversation("c").observe(story[0]!);
    expect(() => tiny.guide("before" as never, "en")).toThrow(RangeError);
    expect(() => tiny.conversation("c").beforeSend("soul" as never)).toThrow(RangeError);
    expect(() => seen.advice("en", { audience: "old" as never })).toThrow(RangeError);
    expect(() => seen.advice("en", { today: "2026-02-30" })).toThrow(RangeError);
  });
});

describe("what changes meanwhile", () => {
  test("a message is what it was when it was handed over", async () => {
    const [chat, plain] = [tiny.conversation("c"), tiny.conversation("c")];
    const sentAt = new Date(0);
    const message = { sender: "peer", text: "keep the match", sentAt };
    const seen = chat.observe(message);
    message.text = "hello";
    sentAt.setTime(1e12);
    const expected = await plain.observe({
      ...message,
      text: "keep the match",
      sentAt: new Date(0),
    });
    expect((await seen).risks).toEqual(expected.risks);
    expect(chat.state.lastSentAt).toBe(0n);
  });

  test("a chat that is wiped during a replay stays so where the replay fails", async () => {
    const chat = tiny.conversation("c");
    await chat.observe(story[0]!);
    async function* history() {
      yield story[1]!;
      chat.wipe();
      yield story[2]!;
      yield { sender: "" };
    }
    await expect(tiny.replay(chat, history())).rejects.toThrow(RangeError);
    expect(chat.messages).toBe(0);
  });
});

describe("choices", () => {
  test("are kept as JSON and given back", () => {
    const chosen = new Settings({ sensitivity: "low", discreet: true });
    expect(new Settings(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen);
    expect(Object.isFrozen(chosen)).toBe(true);
  });

  test("off reads nothing: the form is off, and the chat stays as it was", async () => {
    const chat = tiny.conversation("c");
    tiny.off();
    const seen = await chat.observe(story[7]!);
    tiny.on();
    expect([seen.form, seen.level, seen.raised]).toEqual([Form.OFF, Level.NONE, false]);
    expect(chat.messages).toBe(0);
  });
});

describe("keys", () => {
  test("a CryptoKey that nobody can read out seals and opens the same", async () => {
    const web = await crypto.subtle.importKey("raw", key as BufferSource, "HKDF", false, [
      "deriveBits",
    ]);
    const chat = tiny.conversation("c");
    await chat.observe(story[0]!);
    const sealed = await chat.snapshot(web, { counter: 2 });
    const opened = await tiny.restore(sealed, key, "c", { minCounter: 2 });
    expect(opened.messages).toBe(1);
    expect((await tiny.restore(await chat.snapshot(key), web, "c")).messages).toBe(1);
    const blocked = await tiny.recontact(web);
    blocked.add("chat-1", { handle: "river.fox88" });
    const again = await tiny.recontact(key, blocked.toBytes());
    expect(again.hints({ handle: "river_fox88" })).toEqual(["name"]);
  });

  test("no key, a short one, and one for another use", async () => {
    const chat = tiny.conversation("c");
    const aes = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
    ]);
    for (const wrong of [key.subarray(1), aes, null as never]) {
      await expect(chat.snapshot(wrong)).rejects.toThrow(RangeError);
    }
  });

  test("another key, and a counter that went back", async () => {
    const chat = tiny.conversation("c");
    const sealed = await chat.snapshot(key, { counter: 4 });
    await expect(tiny.restore(sealed, new Uint8Array(32), "c")).rejects.toThrow(SnapshotError);
    const late = tiny.restore(sealed, key, "c", { minCounter: 5 });
    await expect(late).rejects.toThrow(SnapshotError);
  });

  test("after a new model the choices are kept and a replay is asked for", async () => {
    const chat = tiny.conversation("c");
    chat.mute();
    await chat.observe(story[0]!);
    const other = await guard();
    const opened = await other.restore(await chat.snapshot(key), key, "c");
    expect([opened.muted, opened.messages, opened.needsReplay]).toEqual([true, 0, true]);
    const again = await other.restore(await opened.snapshot(key), key, "c"); // not replayed yet
    expect(again.needsReplay).toBe(true);
    again.wipe();
    expect(again.needsReplay).toBe(false);
    const wiped = await other.restore(await again.snapshot(key), key, "c");
    expect([wiped.muted, wiped.needsReplay]).toEqual([true, false]);
  });

  test("a time that no clock shows counts as unknown, so that the chat can be restored", async () => {
    const chat = tiny.conversation("c");
    for (const time of [8.64e15, -8.64e15]) {
      await chat.observe({ sender: "peer", text: "hi", sentAt: new Date(time) });
      expect(chat.state.lastSentAt).toBeNull();
    }
    expect((await tiny.restore(await chat.snapshot(key), key, "c")).messages).toBe(2);
  });
});

test("a text of any length and kind is read", async () => {
  const chat = tiny.conversation("c");
  for (const text of ["", " ", "\ud83e", "\0\u200b", "é".repeat(100_000), "🦊 ".repeat(20_000)]) {
    expect((await chat.observe({ sender: "peer", text })).level).toBe(Level.NONE);
  }
});

test("errors of the package are told apart by their class and name", () => {
  expect(new BundleError("x").name).toBe("BundleError");
  expect(new SnapshotError("x").name).toBe("SnapshotError");
});
