import { expect, test } from "vitest";
import { parseJson } from "../../src/reading.js";
import { TABLE_VERSION, TextPreparer } from "../../src/text.js";
import { bytes } from "../support.js";
import { vectors } from "./vectors.js";

const { cases } = vectors("text.json", 200);
const table = parseJson(await bytes("model/safelight/bundle/text.json"), "text.json");
const { disguises: _, blanks: __, marks: ___, ...rest } = table;
/** What only newer tables turn into a blank or a small letter, or drop. */
const LATER = /\p{Lu}{2}|[\p{Mn}\x85\u1680\u2028\u2029\u2800\u3164\uffa0]/u;

test.each(cases)("$rule $#", ({ text, media, prepared }) => {
  expect(new TextPreparer(table).prepare(text, media)).toBe(prepared);
});

test("a table of version 1 undoes no disguises, and does everything else", () => {
  const first = new TextPreparer({ ...rest, version: 1 });
  for (const { rule, text, media, prepared } of cases) {
    if (rule === "disguises")
      expect(first.prepare("p i c s, s3nd", media)).toContain("p i c s, s3nd");
    else if (LATER.test(text + text.normalize("NFKC")))
      expect(first.prepare(text, media)).toBeTypeOf("string");
    else if (["nfkc", "zero_width", "bidi", "reserved", "medium"].includes(rule)) {
      expect(first.prepare(text, media)).toBe(prepared);
    }
  }
});

test("a newer table is refused", () => {
  expect(() => new TextPreparer({ ...table, version: TABLE_VERSION + 1 })).toThrow(/newer/);
});
