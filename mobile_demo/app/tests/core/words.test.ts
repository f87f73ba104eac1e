import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fill, LANGUAGES, preferred } from "../../src/app/words.ts";
import { partsOf } from "../../src/app/links.ts";
import { routeOf } from "../../src/app/route.ts";

const FOLDER = new URL("../../src/words/", import.meta.url);
const read = (code: string): Record<string, string> => JSON.parse(readFileSync(new URL(`${code}.json`, FOLDER), "utf-8"));
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
const english = read("en");

test("there is one file a language, and no other", () => {
  expect(readdirSync(FOLDER).map((name) => name.slice(0, 2)).sort()).toEqual(Object.keys(LANGUAGES).sort());
});

test.each(Object.keys(LANGUAGES))("%s: every word is there, with the same places to fill", (code) => {
  const words = read(code);
  expect(Object.keys(words)).toEqual(Object.keys(english));
  for (const [key, text] of Object.entries(words)) {
    expect(text.trim(), key).toBe(text);
    expect(text, key).not.toBe("");
    expect(places(text), key).toEqual(places(english[key]!));
    if (code !== "en" && english[key]!.length > 25) expect(text, key).not.toBe(english[key]);
  }
});

// Content policy: nobody is accused or blamed.
test.each(Object.keys(LANGUAGES))("%s: accuses and blames nobody", (code) => {
  expect(Object.values(read(code)).join("\n")).not.toMatch(/predator|groomer|pédophile|should not have|your fault|Täter|加害者/i);
});

test.each([
  [["de-CH", "fr"], "de"], [["sv", "pt-BR"], "pt"], [["sv"], "en"], [["ja-JP"], "ja"],
])("a phone that prefers %j gets %s", (wanted, code) => expect(preferred(wanted)).toBe(code));

test("values are put into their places", () => {
  expect(fill("{name}, {count} {name} {other}", { name: "A", count: 2 })).toBe("A, 2 A {other}");
});

test.each([
  ["see https://example.com/a?b=1.", ["see ", "https://example.com/a?b=1", "."]],
  ["(http://example.com)", ["(", "http://example.com", ")"]],
  ["no link: javascript:alert(1)", ["no link: javascript:alert(1)"]],
  ["", []],
])("links of %j", (text, parts) => {
  expect(partsOf(text).map((part) => part.text)).toEqual(parts);
  expect(partsOf(text).every(({ link }) => link === undefined || /^https?:/.test(link))).toBe(true);
});

test.each([
  ["", { at: "list" }], ["#/settings", { at: "settings" }], ["#/chat/a-b", { at: "chat", id: "a-b" }],
  ["#/chat/", { at: "list" }], ["#/nowhere", { at: "list" }], ["#join=x", { at: "join", invitation: undefined }],
])("the address %j", (hash, route) => expect(routeOf(hash)).toEqual(route));
