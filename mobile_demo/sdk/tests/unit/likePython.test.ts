/** The whole package beside the Python runtime: the same chats, choices, words and files. */
import { describe, expect, test } from "vitest";
import { fromBase64 } from "../../src/base64.js";
import { caseFold } from "../../src/caseFold.js";
import type { Conversation } from "../../src/conversation.js";
import { languages, parse, render, words } from "../../src/evidence/index.js";
import { beforeSend, type Kind, onArrival, SENDING } from "../../src/friction.js";
import { askWords } from "../../src/frictionWords.js";
import type { Guard } from "../../src/guard.js";
import { GUIDES } from "../../src/guides.js";
import { Hint, hintWords } from "../../src/hintWords.js";
import { Settings } from "../../src/settings.js";
import { INDICATORS } from "../../src/taxonomy.js";
import { Level, Stage } from "../../src/types.js";
import { encodeUtf8 } from "../../src/unicode.js";
import { vectors } from "../golden/vectors.js";
import { answers, expectLike, fromHex, guard, messageOf, tinyFiles } from "../support.js";

const python = await answers();
const tiny = await guard(await tinyFiles());
const shipped = await guard();
const story = python["story"].map(messageOf);
const kinds = Object.keys(SENDING) as Kind[];
/** Of an fp32 graph, and of the shipped one, whose int8 part differs between processors. */
const EXACT = 1e-4;
const NEAR = 1e-2;

type Change = (guard: Guard, chat: Conversation) => void;
/** What the person does after so many messages, as in write_answers.py. */
const CHOICES: Record<string, Record<number, Change>> = {
  "nothing chosen": {},
  muted: { 0: (_, chat) => chat.mute(), 9: (_, chat) => chat.unmute() },
  discreet: { 3: (guard) => void (guard.discreet = true) },
  low: { 0: (guard) => void (guard.sensitivity = "low") },
  high: { 0: (guard) => void (guard.sensitivity = "high") },
  "off, then on": { 3: (guard) => guard.off(), 6: (guard) => guard.on() },
  "no friction": { 0: (guard) => void (guard.friction = false) },
  "this was fine": { 6: (_, chat) => chat.thisWasFine() },
  wiped: { 6: (_, chat) => chat.wipe() },
};

test("the choices are those that Python tried", () => {
  expect(Object.keys(CHOICES)).toEqual(Object.keys(python["courses"]));
});

test.each(Object.keys(CHOICES))("a chat: %s", async (why) => {
  tiny.settings = new Settings();
  const chat = tiny.conversation("chat-17");
  for (const [number, expected] of python["courses"][why].entries()) {
    CHOICES[why]?.[number]?.(tiny, chat);
    const seen = await chat.observe(story[number]);
    const options = { country: "AA", today: python["today"], audience: "adult" } as const;
    expectLike(seen, expected.seen, EXACT);
    expect(seen.advice("en", options)).toEqual(expected.advice);
    const asked = kinds.map((kind) => [
      kind,
      [chat.beforeSend(kind, "ja"), chat.onArrival(kind, "ja")],
    ]);
    expect(Object.fromEntries(asked)).toEqual(expected.asked);
    expect(tiny.line("en", { inChat: true })).toBe(expected.line);
  }
  tiny.settings = new Settings();
});

test("a snapshot that Python sealed is restored, and the chat goes on the same", async () => {
  const { blob, after, counter } = python["restored"];
  const key = fromHex(python["key"]);
  const chat = await tiny.restore(fromBase64(blob), key, "chat-17", { minCounter: counter });
  expect([chat.messages, chat.muted, chat.needsReplay]).toEqual([7, true, false]);
  for (const [number, expected] of after.entries()) {
    expectLike(await chat.observe(story[7 + number]), expected, EXACT);
  }
});

test("why a level is what it is", async () => {
  expectLike(await tiny.why(story), python["why"], 0.005);
});

test("why a level is what it is after the person said that all was fine", async () => {
  const after = python["why_after_fine"];
  expect(new Set(after.map((found: unknown) => found === null))).toEqual(new Set([true, false]));
  for (const [place, expected] of after.entries()) {
    expectLike(await tiny.why(story, [place]), expected, 0.005);
  }
});

test("the sample chats by the shipped weights", async () => {
  for (const { messages, seen, why } of python["samples"]) {
    const chat = shipped.conversation("c");
    const told = messages.map(messageOf);
    for (const [number, message] of told.entries()) {
      expectLike(await chat.observe(message), seen[number], NEAR);
    }
    expectLike(await shipped.why(told), why, 0.1);
  }
});

test("all advice: stages, languages, countries, audiences", () => {
  for (const { stage, reasons, language, country, audience, advice } of python["advice"]) {
    const level = stage === Stage.NONE ? Level.NONE : Level.WARNING;
    const assessment = { level, stage, reasons };
    const options = { country, audience, today: python["today"] };
    expect(shipped.book.advice(assessment, language, options)).toEqual(advice);
  }
});

describe("fixed words", () => {
  test.each(Object.keys(python["texts"]))("%s", (language) => {
    const expected = python["texts"][language];
    const asked = askWords(language);
    const facts = INDICATORS.map((name) => shipped.indicators[name]);
    expect({
      // Python tells the sources of a page by a property, which is no field.
      guides: GUIDES.map((id) => {
        const { sources: _, ...guide } = shipped.guide(id, language);
        return guide;
      }),
      hints: Object.values(Hint).map((hint) => hintWords(hint, language)),
      lines: [shipped.line(language), shipped.line(language, { inChat: true })],
      indicators: facts.map((one) => [one.name(language), one.description(language)]),
      asked: kinds.map((kind) => [
        beforeSend(asked, kind, Level.URGENT, Stage.THREAT, false),
        onArrival(asked, kind, Level.URGENT, Stage.THREAT, false),
      ]),
    }).toEqual(expected);
  });
});

test("evidence pages, in every language", () => {
  const made = vectors("evidence.json", 60).cases.filter(({ rule }) => rule === "make");
  for (const [number, { file }] of made.entries()) {
    const evidence = parse(encodeUtf8(JSON.stringify(file)));
    for (const language of languages()) {
      const names = INDICATORS.map((name) => [name, shipped.indicators[name].name(language)]);
      const page = render(evidence, words(language), Object.fromEntries(names));
      expect(page).toBe(python["pages"][`${number} ${language}`]);
    }
  }
});

test("letters without their case", () => {
  for (const [letter, folded] of Object.entries(python["folded"])) {
    expect(caseFold(letter)).toBe(folded);
  }
});
