/** The words of the evidence page, copied by the build from the Python package's words/evidence. */
import { REVIEWS, type Review } from "../advice.js";
import { FALLBACK, primary } from "../byLanguage.js";
import { PAGES } from "../generated/evidenceWords.js";
import * as reading from "../reading.js";
import { MEDIA, type Media } from "../taxonomy.js";
import { LEVELS, type LevelLabel } from "../types.js";
import { CHOICES, FACTS, type FactName } from "./parts.js";

const LINES = [
  "title",
  "made",
  "source",
  "code_title",
  "code_note",
  "code_full",
  "how",
  "shows_title",
  "limits_title",
  "pictures_title",
  "yours_title",
  "facts_title",
  "messages_title",
  "number",
  "who",
  "said",
  "owner_mark",
  "no_text",
  "not_included",
  "file_name",
  "time_unknown",
  "zone_unknown",
  "left_out",
  "not_chosen",
  "noticed",
] as const;
export const LISTS = ["shows", "limits", "pictures", "yours"] as const;
const VALUES = [...new Set(Object.values(CHOICES).flat())];

/** One language. line: single phrases; lists: whole sentences; tables: by value. */
export interface PageWords {
  readonly language: string;
  readonly review: Review;
  readonly line: Readonly<Record<(typeof LINES)[number], string>>;
  readonly lists: Readonly<Record<(typeof LISTS)[number], readonly string[]>>;
  readonly facts: Readonly<Record<FactName, string>>;
  readonly choices: Readonly<Record<string, string>>;
  readonly media: Readonly<Record<Media, string>>;
  readonly levels: Readonly<Record<LevelLabel, string>>;
}

/** The languages that the page can be in. */
export function languages(): string[] {
  return Object.keys(PAGES).sort();
}

/** The words of a language ("fr", "fr-CA"), or of English where there are none. */
export function words(language: string): PageWords {
  const code = primary(language);
  return parse(Object.hasOwn(PAGES, code) ? code : FALLBACK);
}

function parse(code: string): PageWords {
  const where = `words/evidence/${code}.json`;
  const keys = [
    "language",
    "review",
    ...LINES,
    ...LISTS,
    "facts",
    "choices",
    "media",
    "levels",
  ] as const;
  const raw = reading.exactKeys(PAGES[code], keys, where);
  return {
    language: reading.oneOf(raw.language, [code], where),
    review: reading.oneOf(raw.review, REVIEWS, where),
    line: reading.eachKey(LINES, (key) => reading.text(raw[key], `${where}: ${key}`)),
    lists: reading.eachKey(LISTS, (key) =>
      reading
        .sequence(raw[key], `${where}: ${key}`, { least: 1, most: 6 })
        .map((entry) => reading.text(entry, `${where}: ${key}`)),
    ),
    facts: reading.texts(raw.facts, FACTS, `${where}: facts`),
    choices: reading.texts(raw.choices, VALUES, `${where}: choices`),
    media: reading.texts(raw.media, MEDIA, `${where}: media`),
    levels: reading.texts(raw.levels, LEVELS, `${where}: levels`),
  };
}
