/**
 * Checked reading of a bundle's JSON: every fault is one BundleError that names the place.
 *
 * `where` is always the file and the field, such as "manifest.json: thresholds.cues".
 */
import { decodeUtf8, hasBlankEnds, length } from "./unicode.js";

/** A bundle was refused; the message is one line that says what is wrong and where. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parse UTF-8 JSON whose top is an object. Repeated keys are refused. */
export function parseJson(data: Uint8Array, where: string): JsonObject {
  let value: unknown;
  try {
    const text = decodeUtf8(data);
    value = JSON.parse(text);
    if (repeatsKey(text)) throw new RangeError("a key is repeated");
  } catch {
    throw new BundleError(`${where}: not valid JSON`); // the parser's own words quote the file
  }
  return mapping(value, where);
}

/** Whether valid JSON repeats a key in an object; JSON.parse takes the last one in silence. */
function repeatsKey(text: string): boolean {
  const open: (Set<string> | null)[] = [];
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[[\]{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const keys = open[open.length - 1] as Set<string>;
      const key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
      if (keys.has(key)) return true;
      keys.add(key);
    }
  }
  return false;
}

/** Return `value` if it is a JSON object. */
export function mapping(value: unknown, where: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BundleError(`${where}: must be an object`);
  }
  return value as JsonObject;
}

/** Return `value` if it is a JSON array of `least` to `most` entries. */
export function sequence(
  value: unknown,
  where: string,
  { least = 0, most = 10_000 }: { least?: number; most?: number } = {},
): readonly unknown[] {
  if (!Array.isArray(value)) throw new BundleError(`${where}: must be a list`);
  if (value.length < least || value.length > most) {
    const expected = least === most ? `${least}` : `${least} to ${most}`;
    throw new BundleError(`${where}: must have ${expected} entries, has ${value.length}`);
  }
  return value;
}

/** Return `value` if it is an object with exactly these keys. */
export function exactKeys<Key extends string>(
  value: unknown,
  keys: readonly Key[],
  where: string,
): Readonly<Record<Key, unknown>> {
  const found = mapping(value, where);
  const missing = [...keys].sort().find((key) => !Object.hasOwn(found, key));
  if (missing !== undefined) throw new BundleError(`${where}: '${missing}' is missing`);
  const known: readonly string[] = keys;
  const extra = Object.keys(found)
    .sort()
    .find((key) => !known.includes(key));
  if (extra !== undefined) throw new BundleError(`${where}: '${extra}' is not known`);
  return found as Readonly<Record<Key, unknown>>;
}

/** Return one field that must be there. */
export function field(value: JsonObject, key: string, where: string): unknown {
  if (!Object.hasOwn(value, key)) throw new BundleError(`${where}: '${key}' is missing`);
  return value[key];
}

/** Return a finite number in [low, high]. */
export function number(value: unknown, where: string, low: number, high: number): number {
  if (typeof value !== "number") throw new BundleError(`${where}: must be a number`);
  if (!(value >= low && value <= high && Number.isFinite(value))) {
    throw new BundleError(`${where}: must lie between ${low} and ${high}`);
  }
  return value;
}

/** Return a whole number in [low, high]. */
export function integer(value: unknown, where: string, low: number, high: number): number {
  if (!Number.isInteger(value)) throw new BundleError(`${where}: must be a whole number`);
  return number(value, where, low, high);
}

/** Return true or false. */
export function flag(value: unknown, where: string): boolean {
  if (typeof value !== "boolean") throw new BundleError(`${where}: must be true or false`);
  return value;
}

/** Return a non-empty string of at most `most` code points without blanks at its ends. */
export function text(value: unknown, where: string, most = 400): string {
  if (typeof value !== "string" || !value || hasBlankEnds(value)) {
    throw new BundleError(`${where}: must be a text without blanks at its ends`);
  }
  if (length(value) > most) throw new BundleError(`${where}: must have at most ${most} characters`);
  return value;
}

/** Return an object that has exactly these keys, and of each what `parse` reads at its place. */
export function entries<Key extends string, Value>(
  value: unknown,
  keys: readonly Key[],
  where: string,
  parse: (entry: unknown, where: string, key: Key) => Value,
): Readonly<Record<Key, Value>> {
  const found = exactKeys(value, keys, where);
  return eachKey(keys, (key) => parse(found[key], `${where}.${key}`, key));
}

/** Return an object of texts with exactly these keys. */
export function texts<Key extends string>(
  value: unknown,
  keys: readonly Key[],
  where: string,
): Readonly<Record<Key, string>> {
  return entries(value, keys, where, (entry, place) => text(entry, place));
}

/** Return an object that has, for each key, what `make` gives. */
export function eachKey<Key extends string, Value>(
  keys: readonly Key[],
  make: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<Key, Value>;
}

/** Return a string that is one of `allowed`. */
export function oneOf<Name extends string>(
  value: unknown,
  allowed: readonly Name[],
  where: string,
): Name {
  const found = allowed.find((name) => name === value);
  if (found === undefined) {
    throw new BundleError(`${where}: must be one of ${allowed.join(", ")}`);
  }
  return found;
}

/** Refuse a file of a format that this version does not read. */
export function checkFormat(value: JsonObject, newest: number, where: string, oldest = 1): void {
  const found = integer(field(value, "format", where), `${where}: format`, 1, 1_000_000);
  const wrong = found > newest ? "newer" : found < oldest ? "older" : "";
  if (wrong) {
    throw new BundleError(
      `${where}: format ${found} is ${wrong} than this version of safelight reads`,
    );
  }
}

/** A text by language code. */
export type Translations = ReadonlyMap<string, string>;

/** Return a map from language code to text that holds English, or, if allowed, nothing. */
export function translations(value: unknown, where: string, mayBeEmpty = false): Translations {
  const found = Object.entries(mapping(value, where));
  if (!found.some(([code]) => code === "en") && (found.length > 0 || !mayBeEmpty)) {
    throw new BundleError(`${where}: 'en' is missing`);
  }
  return new Map(
    found.map(([code, entry]) => [language(code, where), text(entry, `${where}.${code}`)]),
  );
}

/** Return a code of two lower-case letters. */
export function language(value: unknown, where: string): string {
  return matching(/^[a-z]{2}$/, value, `${where}: a language must be two lower-case letters`);
}

/** Return an address that starts with https:// and holds no blank. */
export function https(value: unknown, where: string): string {
  return matching(/^https:\/\/[^\s]{1,2000}$/u, value, `${where}: must be an https address`);
}

/** Return a date written as 2026-01-31. */
export function day(value: unknown, where: string): string {
  const fault = `${where}: must be a date such as 2026-01-31`;
  const written = matching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, value, fault);
  if (!isDay(written)) throw new BundleError(fault);
  return written;
}

/** Whether a date written as 2026-01-31 is in the calendar, which starts with the year 1. */
export function isDay(written: string): boolean {
  const time = Date.parse(`${written}T00:00:00Z`);
  // Date.parse lets 30 February be 2 March.
  return (
    !Number.isNaN(time) &&
    new Date(time).toISOString().slice(0, 10) === written &&
    !written.startsWith("0000")
  );
}

/** Return a string that fits; a BundleError with `fault` otherwise. */
export function matching(pattern: RegExp, value: unknown, fault: string): string {
  if (typeof value !== "string" || !pattern.test(value)) throw new BundleError(fault);
  return value;
}
