/** Text as Python sees it: code points, its blanks, UTF-8 that may hold half surrogates. */

/** Half surrogates: with the `u` flag only those that have no partner match. */
export const SURROGATES = /[\ud800-\udfff]/gu;
const BLANKS =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ENDS = new RegExp(`^[${BLANKS}]|[${BLANKS}]$`, "u");

/** Whether a text starts or ends with a blank. */
export function hasBlankEnds(text: string): boolean {
  return ENDS.test(text);
}

/** Return the number of code points. */
export function length(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Return the first `most` code points. */
export function head(text: string, most: number): string {
  // A code point takes at most two units, so that a short text needs no look at its points.
  return text.length <= most ? text : Array.from(text).slice(0, most).join("");
}

/** Return UTF-8; half surrogates are written as three bytes each. */
export function encodeUtf8(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 3);
  let at = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0) as number;
    if (point < 0x80) {
      out[at++] = point;
      continue;
    }
    const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    out[at++] = ((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more));
    for (let shift = 6 * (more - 1); shift >= 0; shift -= 6) {
      out[at++] = 0x80 | ((point >> shift) & 0x3f);
    }
  }
  return out.slice(0, at);
}

/** Return the text of UTF-8; RangeError where it is none. Halves of surrogates only if allowed. */
export function decodeUtf8(data: Uint8Array, halves = false): string {
  const parts: string[] = [];
  let points: number[] = [];
  for (let at = 0; at < data.length;) {
    const [point, size] = codePoint(data, at);
    if (!halves && point >= 0xd800 && point <= 0xdfff) throw new RangeError("not UTF-8");
    points.push(point);
    at += size;
    if (points.length === 4096) {
      parts.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  return parts.join("") + String.fromCodePoint(...points);
}

/** The smallest code point that may take two, three and four bytes. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

function codePoint(data: Uint8Array, at: number): [number, number] {
  const first = data[at] as number;
  if (first < 0x80) return [first, 1];
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let point = first & (0x7f >> size);
  let whole = first >= 0xc2 && first <= 0xf4 && at + size <= data.length;
  for (let next = 1; whole && next < size; next += 1) {
    const byte = data[at + next] as number;
    whole = (byte & 0xc0) === 0x80;
    point = (point << 6) | (byte & 0x3f);
  }
  if (!whole || point < (LEAST[size] as number) || point > 0x10ffff) {
    throw new RangeError("not UTF-8");
  }
  return [point, size];
}
