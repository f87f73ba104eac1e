/** The fixed words of hints, copied by the build from words/recontact.json of the Python package. */
import { REVIEWS } from "./advice.js";
import { forLanguage, parseLanguages } from "./byLanguage.js";
import { HINTS } from "./generated/hintWords.js";
import * as reading from "./reading.js";

const FORMAT = 1;
const WHERE = "words/recontact.json";

/** Why a new contact looks like a blocked one; never which one. */
export const Hint = {
  NAME: "name",
  PAYMENT: "payment",
  CONTACT: "contact",
  LINK: "link",
} as const;
export type Hint = (typeof Hint)[keyof typeof Hint];
export const KINDS = Object.values(Hint);

let book: ReturnType<typeof parse> | null = null;

/** Return a sentence to show, in English where the language has none. It accuses nobody. */
export function hintWords(hint: Hint, language: string): string {
  book ??= parse(HINTS);
  return forLanguage(book, language)[hint];
}

function parse(value: unknown): ReadonlyMap<string, Readonly<Record<Hint, string>>> {
  return parseLanguages(value, FORMAT, WHERE, (entry, where) => {
    const { review, ...said } = reading.texts(entry, ["review", ...KINDS], where);
    reading.oneOf(review, REVIEWS, `${where}.review`);
    return said;
  });
}
