/** Words by language: one file a language in the bundle, or all of them in one file. */
import type { Files } from "./bundleFiles.js";
import * as reading from "./reading.js";

/** The language that every bundle has, and to which all others fall back. */
export const FALLBACK = "en";

/** The language of a tag: "fr" of "fr", "FR", "fr-CA" and "fr_CA". */
export function primary(tag: string): string {
  return (tag.split(/[-_]/, 1)[0] as string).toLowerCase();
}

/** Each is read when it is first asked for: a page starts with one language, not with all. */
export class ByLanguage<Entry> {
  readonly #files: Files;
  readonly #folder: string;
  readonly #parse: (data: Uint8Array, where: string) => Entry;
  readonly #read = new Map<string, Entry>();

  /** parse: reads a file; its name in the bundle comes with it, for what is said of a fault. */
  constructor(files: Files, folder: string, parse: (data: Uint8Array, where: string) => Entry) {
    this.#files = files;
    this.#folder = folder;
    this.#parse = parse;
  }

  /** Return the entry of a language ("fr", "fr-CA"), or of English where there is none. */
  get(language: string): Entry {
    const wanted = `${this.#folder}/${primary(language)}.json`;
    const name = this.#files.has(wanted) ? wanted : `${this.#folder}/${FALLBACK}.json`;
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const entry = this.#parse(this.#files.get(name) as Uint8Array, name);
    this.#read.set(name, entry);
    return entry;
  }
}

/** Read a file that holds every language, English among them; BundleError on the first fault. */
export function parseLanguages<Entry>(
  value: unknown,
  format: number,
  where: string,
  parse: (entry: unknown, where: string, language: string) => Entry,
): ReadonlyMap<string, Entry> {
  const raw = reading.exactKeys(value, ["format", "languages"], where);
  reading.checkFormat(raw, format, where);
  const languages = reading.mapping(raw.languages, `${where}: languages`);
  reading.field(languages, FALLBACK, `${where}: languages`);
  return new Map(
    Object.entries(languages).map(([code, entry]) => {
      const place = `${where}: ${code}`;
      const read = parse(entry, place, code);
      return [reading.language(code, place), read];
    }),
  );
}

/** Return the entry of a language as `get` does, of what was read as a whole. */
export function forLanguage<Entry>(all: ReadonlyMap<string, Entry>, language: string): Entry {
  const found = all.get(primary(language)) ?? all.get(FALLBACK);
  return found as Entry; // English is always there
}
