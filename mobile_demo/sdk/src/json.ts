/** JSON as Python writes it, byte for byte. */

/** Return pure ASCII; other characters become \u escapes. */
export function ascii(json: string): string {
  return json.replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** JSON of sorted keys without blanks, in ASCII. Numbers that are whole have no point. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = entries.map(
    ([key, entry]) => `${ascii(JSON.stringify(key))}:${canonicalJson(entry)}`,
  );
  return `{${rows.join(",")}}`;
}
