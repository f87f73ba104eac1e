/** Tables of each version, small ones: what a key does, what older ones lack, what is refused. */
import { describe, expect, test } from "vitest";
import { BundleError, type JsonObject } from "../../src/reading.js";
import { MEDIA } from "../../src/taxonomy.js";
import { PATTERNS, TABLE_VERSION, TextPreparer } from "../../src/text.js";

const NEVER = "()(?!)";
const apart = { pattern: "()[A-Z](?: [A-Z])+", letters: { " ": "" } };
const capitals = { pattern: "()[A-Z]{3,}", letters: { A: "a", B: "b", C: "c" } };
const leet = { pattern: "()[a-z]0", letters: { "0": "o" } };
const FIRST = {
  version: 1,
  max_chars: 100,
  invisible: [[0x200b, 0x200b]],
  word: "[A-Za-z\u0430\u0300-\u036f]+",
  latin: "[A-Za-z]",
  confusables: { "\u0430": "a" },
  reserved: { "<abc>": "(abc)" },
  patterns: Object.fromEntries(PATTERNS.map((name) => [name, NEVER])),
  tokens: Object.fromEntries([...MEDIA, ...PATTERNS].map((name) => [name, `<${name}>`])),
  empty: ["."],
};
const SECOND = { ...FIRST, version: 2, disguises: { apart, leet } };
const THIRD = {
  ...FIRST,
  version: 3,
  blanks: [
    [0x85, 0x85],
    [0x1160, 0x1160],
  ],
  marks: [[0x300, 0x36f]],
  disguises: { apart, capitals, leet },
};
const newest = new TextPreparer(THIRD);

describe("version 3", () => {
  test("what looks like a blank is one, before the normal form and after it", () => {
    const text = "a\u0085b\u200bc\uffa0d"; // the last one is U+1160 in its normal form
    expect(newest.prepare(text)).toBe("a bc d");
    expect(newest.folded(text)).toBe("a bc d");
  });

  test("marks are dropped, but for those that belong to a letter", () => {
    expect(newest.prepare("s\u0336e\u0336nd cafe\u0301 m\u0430\u0301")).toBe(
      "send caf\u00e9 m\u00e1",
    );
    expect(newest.folded("s\u0336e\u0336nd \u0430\u0301")).toBe("send \u00e1");
  });

  test("capitals come after letters set apart, and before the reserved words", () => {
    expect(newest.prepare("<A B C>")).toBe("(abc)");
    expect(newest.prepare("AB, ABC")).toBe("AB, abc");
  });
});

test("older tables undo less", () => {
  const text = "a\u0085b s\u0336 A B C d0";
  const [first, second] = [new TextPreparer(FIRST), new TextPreparer(SECOND)];
  expect(first.prepare(text)).toBe(text);
  expect(second.prepare(text)).toBe("a\u0085b s\u0336 ABC do");
  expect(newest.prepare(text)).toBe("a b s abc do");
});

describe("refused", () => {
  const { marks: _, ...unmarked } = THIRD;
  const cases: [string, JsonObject][] = [
    ["version 4 is newer than this safelight reads", { ...THIRD, version: TABLE_VERSION + 1 }],
    ["'blanks' is not known", { ...THIRD, version: 2 }],
    ["'disguises' is not known", { ...SECOND, version: 1 }],
    ["'marks' is missing", unmarked],
    ["disguises: 'capitals' is missing", { ...THIRD, disguises: SECOND.disguises }],
    ["disguises: 'capitals' is not known", { ...SECOND, disguises: THIRD.disguises }],
    ["blanks: must be a list", { ...THIRD, blanks: null }],
    ["marks: must lie between", { ...THIRD, marks: [[0, 0x110000]] }],
  ];
  test.each(cases)("%s", (fault, table) => {
    const made = () => new TextPreparer(table);
    expect(made).toThrow(BundleError);
    expect(made).toThrow(fault);
  });
});
