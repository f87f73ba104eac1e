/** Text preparation: the one function that every port and training share, driven by text.json. */
import * as reading from "./reading.js";
import { BundleError } from "./reading.js";
import { MEDIA, type Media } from "./taxonomy.js";
import { SURROGATES } from "./unicode.js";

/** The newest version of text.json that this code reads. */
export const TABLE_VERSION = 3;
/** What the patterns replace, in the order in which they run. */
export const PATTERNS = ["link", "phone", "handle", "money"] as const;
export type PatternName = (typeof PATTERNS)[number];
/** How words are disguised: letters set apart, a text in capitals, digits and signs for letters. */
const DISGUISES = ["apart", "capitals", "leet"] as const;
type Disguise = (typeof DISGUISES)[number];
const KEYS = [
  "version",
  "max_chars",
  "invisible",
  "word",
  "latin",
  "confusables",
  "reserved",
  "patterns",
  "tokens",
  "empty",
] as const;
/** What tables have only since a version: older ones undo less. */
const SINCE = { disguises: 2, blanks: 3, marks: 3 } as const;
const DISGUISED_SINCE: Readonly<Record<Disguise, number>> = { apart: 2, capitals: 3, leet: 2 };
const WHERE = "text.json";

type Change = (text: string) => string;

/** Turns a message into the text that the tokenizer reads. Immutable; pure. */
export class TextPreparer {
  /** Tokens that may stand for a message without any, the preferred first. */
  readonly empty: readonly string[];
  readonly #maxChars: number;
  readonly #invisible: RegExp;
  readonly #blanks: RegExp;
  readonly #marks: RegExp;
  readonly #word: RegExp;
  readonly #latin: RegExp;
  readonly #confusables: ReadonlyMap<string, string>;
  readonly #reserved: ReadonlyMap<string, string>;
  readonly #patterns: Readonly<Record<PatternName, RegExp>>;
  readonly #tokens: Readonly<Record<Media | PatternName, string>>;
  readonly #undo: Readonly<Record<Disguise, Change>>;

  /** table: the content of text.json. BundleError if it is malformed. */
  constructor(table: reading.JsonObject) {
    const version = reading.integer(table["version"], `${WHERE}: version`, 1, 1_000_000);
    if (version > TABLE_VERSION) {
      throw new BundleError(`${WHERE}: version ${version} is newer than this safelight reads`);
    }
    const found = reading.exactKeys<string>(table, [...KEYS, ...known(SINCE, version)], WHERE);
    this.#undo = disguises(found["disguises"], version);
    this.#maxChars = reading.integer(found["max_chars"], `${WHERE}: max_chars`, 2, 100_000);
    this.#invisible = ranges("invisible", found["invisible"]);
    this.#blanks = ranges("blanks", found["blanks"]);
    this.#marks = ranges("marks", found["marks"]);
    this.#word = pattern(found["word"], `${WHERE}: word`, 0);
    this.#latin = new RegExp(pattern(found["latin"], `${WHERE}: latin`, 0).source, "u");
    this.#confusables = strings(found["confusables"], "confusables");
    this.#reserved = strings(found["reserved"], "reserved");
    this.#patterns = reading.entries(
      found["patterns"],
      PATTERNS,
      `${WHERE}: patterns`,
      (source, where) => pattern(source, where, 1),
    );
    this.#tokens = reading.texts(found["tokens"], [...MEDIA, ...PATTERNS], `${WHERE}: tokens`);
    const empty = reading.sequence(found["empty"], `${WHERE}: empty`, { least: 1 });
    this.empty = empty.map((token) => reading.text(token, `${WHERE}: empty`));
  }

  /**
   * Return the prepared text of one message, its medium's token first.
   *
   * Never throws for any `text`; takes time in proportion to its length. RangeError for a medium
   * outside taxonomy.MEDIA.
   */
  prepare(message: string, media: Media | null = null): string {
    if (media !== null && !MEDIA.includes(media)) throw new RangeError("an unknown medium");
    let text = this.#cut(this.#visible(message.replace(SURROGATES, "\ufffd")));
    text = this.#visible(text.normalize("NFKC"));
    text = text.replace(this.#word, (word) => this.#fold(word)).normalize("NFKC");
    text = text.replace(this.#marks, ""); // those that belong to a letter are part of it by now
    text = this.#undo.capitals(this.#undo.apart(text));
    // After these two: what they make could spell a reserved word.
    for (const [literal, replacement] of this.#reserved) {
      text = text.replaceAll(literal, () => replacement);
    }
    for (const name of PATTERNS) {
      text = text.replace(this.#patterns[name], (_, kept: string) => kept + this.#tokens[name]);
    }
    text = this.#undo.leet(text); // after the patterns: amounts and addresses hold digits too
    if (media === null) return text;
    return text ? `${this.#tokens[media]} ${text}` : this.#tokens[media];
  }

  /**
   * Return `text` in NFKC with every look-alike folded, not those of Latin words alone.
   *
   * For comparing names and addresses, never for the model. Not cut; case stays.
   */
  folded(text: string): string {
    const seen = this.#visible(text.replace(SURROGATES, "\ufffd"));
    const plain = this.#plain(this.#visible(seen.normalize("NFKC"))).normalize("NFKC");
    return plain.replace(this.#marks, "");
  }

  /** Yield what the pattern `name` would replace in a folded text. */
  *found(name: PatternName, text: string): Generator<string> {
    for (const [match, kept = ""] of text.matchAll(this.#patterns[name])) {
      yield match.slice(kept.length);
    }
  }

  #visible(text: string): string {
    return text.replace(this.#blanks, " ").replace(this.#invisible, "");
  }

  #cut(text: string): string {
    // Invisible code points are gone by now: padding with them cannot push the words out.
    if (text.length <= this.#maxChars) return text;
    const points = Array.from(text);
    if (points.length <= this.#maxChars) return text;
    const half = Math.floor(this.#maxChars / 2);
    return `${points.slice(0, half).join("")} ${points.slice(-half).join("")}`;
  }

  #fold(word: string): string {
    return this.#latin.test(word) ? this.#plain(word) : word;
  }

  #plain(text: string): string {
    return translated(text, this.#confusables);
  }
}

/**
 * Split token ids into 1 to `maxChunks` chunks of at most `maxTokens`, in reading order.
 *
 * What is too long keeps the first half of the chunks from its head (the larger half, if odd) and
 * the rest from its tail; the middle is dropped. No ids give one empty chunk.
 */
export function splitChunks(
  ids: readonly number[],
  maxTokens: number,
  maxChunks: number,
): number[][] {
  let kept = [...ids];
  if (kept.length > maxTokens * maxChunks) {
    const tail = maxTokens * Math.floor(maxChunks / 2);
    const head = maxTokens * maxChunks - tail;
    kept = [...kept.slice(0, head), ...kept.slice(kept.length - tail)];
  }
  const chunks = [];
  for (let start = 0; start < Math.max(kept.length, 1); start += maxTokens) {
    chunks.push(kept.slice(start, start + maxTokens));
  }
  return chunks;
}

function translated(text: string, letters: ReadonlyMap<string, string>): string {
  return Array.from(text, (letter) => letters.get(letter) ?? letter).join("");
}

/** The keys that a table of this version has. */
function known<Key extends string>(since: Readonly<Record<Key, number>>, version: number): Key[] {
  return (Object.keys(since) as Key[]).filter((key) => version >= since[key]);
}

/** The change of each disguise; none of those that a table of this version lacks. */
function disguises(value: unknown, version: number): Readonly<Record<Disguise, Change>> {
  const names = known(DISGUISED_SINCE, version);
  const found = reading.exactKeys(names.length > 0 ? value : {}, names, `${WHERE}: disguises`);
  return reading.eachKey(DISGUISES, (name) =>
    names.includes(name) ? undo(found[name], name) : (text) => text,
  );
}

/** Replaces characters by `letters` in what the pattern matches after its group 1. */
function undo(value: unknown, name: string): Change {
  const where = `${WHERE}: disguises.${name}`;
  const found = reading.exactKeys(value, ["pattern", "letters"], where);
  const disguised = pattern(found.pattern, where, 1);
  const letters = new Map<string, string>();
  for (const [key, letter] of Object.entries(reading.mapping(found.letters, where))) {
    if (!isLetter(key) || typeof letter !== "string" || (letter && !isLetter(letter))) {
      throw new BundleError(`${where}: letters must map one character to one or none`);
    }
    letters.set(key, letter);
  }
  return (text) =>
    text.replace(
      disguised,
      (match, kept: string) => kept + translated(match.slice(kept.length), letters),
    );
}

function isLetter(text: string): boolean {
  return text.length > 0 && text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}

/** Finds the code points of the ranges `name`; none where an older table lacks them. */
function ranges(name: string, value: unknown = []): RegExp {
  const where = `${WHERE}: ${name}`;
  const parts = reading.sequence(value, where).map((pair) => {
    const [low = 0, high = 0] = reading
      .sequence(pair, where, { least: 2, most: 2 })
      .map((end) => reading.integer(end, where, 0, 0x10ffff));
    return low <= high ? `\\u{${low.toString(16)}}-\\u{${high.toString(16)}}` : "";
  });
  return new RegExp(`[${parts.join("")}]`, "gu");
}

function strings(value: unknown, name: string): ReadonlyMap<string, string> {
  const where = `${WHERE}: ${name}`;
  const found = new Map<string, string>();
  for (const [key, entry] of Object.entries(reading.mapping(value, where))) {
    found.set(reading.text(key, where), reading.text(entry, where));
    if (name === "confusables" && !isLetter(key)) {
      throw new BundleError(`${where}: each key must be one character`);
    }
  }
  return found;
}

function pattern(value: unknown, where: string, groups: number): RegExp {
  const source = reading.text(value, where, 20_000);
  let found: RegExp;
  let counted: RegExpExecArray | null;
  try {
    found = new RegExp(source, "gu");
    counted = new RegExp(`${source}|`, "u").exec(""); // always matches, and holds every group
  } catch {
    throw new BundleError(`${where}: not a pattern that can be read`);
  }
  if (counted?.length !== groups + 1) {
    throw new BundleError(`${where}: must have ${groups} groups`);
  }
  return found;
}
