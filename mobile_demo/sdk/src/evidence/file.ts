/** The evidence file as bytes: JSON in ASCII, so that no editor or mail changes a character. */
import { bytesToHex, hexToBytes } from "../bytes.js";
import { ascii } from "../json.js";
import * as reading from "../reading.js";
import { BundleError } from "../reading.js";
import { INDICATORS, MEDIA } from "../taxonomy.js";
import { LEVELS } from "../types.js";
import { encodeUtf8 } from "../unicode.js";
import { type Evidence, FORMAT, HASH_BYTES, type Row, SALT_BYTES, wellFormed } from "./evidence.js";
import {
  FACTS,
  type Fact,
  type FactName,
  factFault,
  isIso,
  MAX_FACTS,
  MAX_MESSAGES,
  type Noticed,
  type Said,
  saidFault,
} from "./parts.js";

const KIND = "safelight-evidence";
/** The largest file read, in bytes. */
export const MAX_FILE = 64 * 1024 * 1024;
const TOP = [
  "kind",
  "format",
  "created",
  "source",
  "digest",
  "header",
  "facts",
  "messages",
] as const;
const KEPT = ["commitment", "link"] as const;
/** What redaction takes out of a fact and of a message. */
const OF_FACT = ["value", "salt"] as const;
const OF_SAID = ["sender", "sent_at", "media", "file_name", "text", "noticed", "salt"] as const;
const WHERE = "evidence";

/** A file cannot be read as evidence; one line that quotes nothing of it. */
export class EvidenceError extends Error {
  override readonly name = "EvidenceError";
}

/** Write a file. */
export function toBytes(evidence: Evidence): Uint8Array {
  return jsonBytes({
    kind: KIND,
    format: FORMAT,
    created: evidence.created,
    source: evidence.source,
    digest: bytesToHex(evidence.digest),
    header: bytesToHex(evidence.header),
    facts: evidence.facts.map((row) => ({
      name: row.key,
      ...(row.opened && { value: row.opened.content.value }),
      ...sealedFields(row),
    })),
    messages: evidence.messages.map((row) => ({
      number: row.key,
      ...(row.opened && saidFields(row.opened.content)),
      ...sealedFields(row),
    })),
  });
}

/** Write a value as the files of Safelight have it: indented by one, in ASCII, a line end. */
export function jsonBytes(value: unknown): Uint8Array {
  return encodeUtf8(`${ascii(JSON.stringify(value, null, 1))}\n`);
}

/**
 * Read a file. EvidenceError unless it has exactly the form that `toBytes` gives it.
 *
 * Whether it is as it was made is another question: `verify` answers it.
 */
export function parse(data: Uint8Array): Evidence {
  if (data.length > MAX_FILE) {
    throw new EvidenceError(`the file is larger than ${MAX_FILE / 2 ** 20} MiB`);
  }
  try {
    return evidenceOf(reading.parseJson(data, WHERE));
  } catch (error) {
    if (error instanceof BundleError) throw new EvidenceError(error.message);
    throw error;
  }
}

function saidFields(said: Said): Record<string, unknown> {
  return {
    sender: said.sender,
    sent_at: said.sentAt,
    media: said.media,
    file_name: said.fileName,
    text: said.text,
    noticed: said.noticed && { level: said.noticed.level, indicators: said.noticed.indicators },
  };
}

function sealedFields(row: Row<unknown, unknown>): Record<string, string> {
  return {
    ...(row.opened && { salt: bytesToHex(row.opened.salt) }),
    commitment: bytesToHex(row.commitment),
    link: bytesToHex(row.link),
  };
}

function evidenceOf(value: reading.JsonObject): Evidence {
  if (value["kind"] !== KIND) {
    throw new BundleError(`${WHERE}: not an evidence file of Safelight`);
  }
  reading.checkFormat(value, FORMAT, WHERE);
  const raw = reading.exactKeys(value, TOP, WHERE);
  const entries = (key: "facts" | "messages", most: number): readonly unknown[] =>
    reading.sequence(raw[key], `${WHERE}: ${key}`, { least: 1, most });
  const facts = entries("facts", MAX_FACTS).map((entry, i) => factRow(entry, `fact ${i + 1}`));
  const messages = entries("messages", MAX_MESSAGES).map((entry, i) =>
    saidRow(entry, `message at place ${i + 1}`),
  );
  const created = string(raw.created, "created", WHERE);
  if (!created || !isIso(created)) {
    throw new BundleError(`${WHERE}: created is not written as ISO 8601`);
  }
  return {
    created,
    source: string(raw.source, "source", WHERE),
    header: hex(raw.header, "header", HASH_BYTES, WHERE),
    facts,
    messages,
    digest: hex(raw.digest, "digest", HASH_BYTES, WHERE),
  };
}

function factRow(value: unknown, where: string): Row<FactName, Fact> {
  const { found, whole } = rowFields(value, "name", OF_FACT, where);
  const name = reading.oneOf(found.name, FACTS, `${where}: name`);
  if (!whole) return { key: name, ...kept(found, where), opened: null };
  const content = { name, value: string(found.value, "value", where) };
  refuse(factFault(content), where);
  return { key: name, ...kept(found, where), opened: { salt: salt(found.salt, where), content } };
}

function saidRow(value: unknown, place: string): Row<number, Said> {
  const { found, whole } = rowFields(value, "number", OF_SAID, place);
  const most = Number.MAX_SAFE_INTEGER;
  const key = reading.integer(found.number, `${place}: number`, 1, most);
  const where = `message ${key}`;
  if (!whole) return { key, ...kept(found, where), opened: null };
  const content: Said = {
    number: key,
    sender: string(found.sender, "sender", where),
    text: string(found.text, "text", where),
    sentAt: string(found.sent_at, "sent_at", where),
    media: found.media === null ? null : reading.oneOf(found.media, MEDIA, `${where}: media`),
    fileName: string(found.file_name, "file_name", where),
    noticed: found.noticed === null ? null : noticed(found.noticed, `${where}: noticed`),
  };
  refuse(saidFault(content), where);
  return { key, ...kept(found, where), opened: { salt: salt(found.salt, where), content } };
}

/** The fields of a row, and whether it is whole: redaction leaves the key and the hashes. */
function rowFields<Key extends string, Opened extends string>(
  value: unknown,
  key: Key,
  opened: readonly Opened[],
  where: string,
): { found: Readonly<Record<Key | Opened | (typeof KEPT)[number], unknown>>; whole: boolean } {
  const row = reading.mapping(value, where);
  const whole = opened.some((field) => Object.hasOwn(row, field));
  const keys: string[] = [key, ...KEPT, ...(whole ? opened : [])];
  return { found: reading.exactKeys(value, keys, where) as never, whole };
}

function noticed(value: unknown, where: string): Noticed {
  const found = reading.exactKeys(value, ["level", "indicators"], where);
  const names = reading.sequence(found.indicators, `${where}: indicators`, { most: 100 });
  return {
    level: reading.oneOf(found.level, LEVELS, `${where}: level`),
    indicators: names.map((name) => reading.oneOf(name, INDICATORS, `${where}: indicators`)),
  };
}

function kept(
  found: Readonly<Record<(typeof KEPT)[number], unknown>>,
  where: string,
): { commitment: Uint8Array; link: Uint8Array } {
  return {
    commitment: hex(found.commitment, "commitment", HASH_BYTES, where),
    link: hex(found.link, "link", HASH_BYTES, where),
  };
}

function salt(value: unknown, where: string): Uint8Array {
  return hex(value, "salt", SALT_BYTES, where);
}

function hex(value: unknown, key: string, size: number, where: string): Uint8Array {
  const digits = new RegExp(`^[0-9a-f]{${2 * size}}$`);
  const fault = `${where}: ${key} must have ${2 * size} digits from 0 to f`;
  return hexToBytes(reading.matching(digits, value, fault));
}

/** A text that UTF-8 can hold: JSON can spell half a surrogate, and no such thing was made. */
function string(value: unknown, key: string, where: string): string {
  if (typeof value !== "string" || wellFormed(value) !== value) {
    throw new BundleError(`${where}: ${key} is not a text`);
  }
  return value;
}

function refuse(fault: string | null, where: string): void {
  if (fault !== null) throw new BundleError(`${where}: ${fault}`);
}
