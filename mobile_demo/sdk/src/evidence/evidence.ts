/**
 * The evidence file: messages that a person chose from their own chat, so that a change shows.
 *
 * Each message and each fact has a salted commitment, and a hash chain runs over all of them; its
 * last link is the digest that a person can note or read aloud. Redaction takes text and salt out
 * and leaves the commitment, so that the rest still verifies and what was taken out cannot be
 * guessed. The encoding is in docs/formats.md. Pictures are never opened, hashed or copied.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { bigEndian64, bytesToHex, concatBytes } from "../bytes.js";
import { encodeUtf8, SURROGATES } from "../unicode.js";
import {
  FACTS,
  type Fact,
  type FactName,
  factFault,
  hasZone,
  isIso,
  orderFault,
  type Said,
  saidFault,
} from "./parts.js";

export const FORMAT = 1;
/** Every hash starts with this and its own purpose, so that none can stand for another. */
const DOMAIN = "safelight-evidence-1/";
export const SALT_BYTES = 32;
export const HASH_BYTES = 32;

/**
 * A fact or a message in its place. key: the name or the number, which redaction leaves.
 *
 * commitment, link: 32 bytes. opened: 32 bytes of salt and what was committed to, null where it
 * was redacted.
 */
export interface Row<Key, Content> {
  readonly key: Key;
  readonly commitment: Uint8Array;
  readonly link: Uint8Array;
  readonly opened: { readonly salt: Uint8Array; readonly content: Content } | null;
}

/**
 * An evidence file as made or read; `verify` says whether it holds.
 *
 * created: when it was made, ISO 8601 with a zone. source: what the messages were read from, or
 * empty. header, digest: 32 bytes, the first and the last value of the chain.
 */
export interface Evidence {
  readonly created: string;
  readonly source: string;
  readonly header: Uint8Array;
  readonly facts: readonly Row<FactName, Fact>[];
  readonly messages: readonly Row<number, Said>[];
  readonly digest: Uint8Array;
}

/** A message to save; what is left out is empty. */
export type Chosen = Pick<Said, "number" | "sender"> & Partial<Said>;

/** created: ISO 8601 with an offset, as `iso` gives it. newSalt: so many unpredictable bytes. */
export interface MakeOptions {
  readonly created: string;
  readonly source?: string;
  readonly newSalt?: (size: number) => Uint8Array;
}

/**
 * Make an evidence file. Half surrogates become "?"; nothing else of a text is changed.
 *
 * messages: 1 to 10,000, in the order of the chat. facts: in any order, one "owner" among them,
 * and a "peer" for everybody else who wrote a message. RangeError, which quotes nothing, if
 * anything does not fit.
 */
export function make(
  messages: readonly Chosen[],
  facts: readonly Fact[],
  { created, source = "", newSalt = randomBytes }: MakeOptions,
): Evidence {
  if (!isIso(created) || !hasZone(created)) throw new RangeError("created must have a time zone");
  const said = messages.map(clean);
  const ordered = facts
    .map(({ name, value }) => ({ name, value: wellFormed(value) }))
    .sort((a, b) => place(a.name) - place(b.name));
  check(said, ordered);
  const origin = wellFormed(source);
  const header = headerHash(created, origin, ordered.length, said.length);
  let previous = header;
  const row = <Key extends FactName | number, Content>(
    key: Key,
    content: Content,
    commit: (salt: Uint8Array, content: Content) => Uint8Array,
  ): Row<Key, Content> => {
    const salt = newSalt(SALT_BYTES);
    const commitment = commit(salt, content);
    previous = linkHash(previous, key, commitment);
    return { key, commitment, link: previous, opened: { salt, content } };
  };
  return {
    created,
    source: origin,
    header,
    facts: ordered.map((fact) => row(fact.name, fact, commitFact)),
    messages: said.map((one) => row(one.number, one, commitSaid)),
    digest: previous,
  };
}

/**
 * Take messages (by number) and facts (by name) out; what stays still verifies.
 *
 * A peer whose last shown message goes is taken out with it. RangeError for a number or name that
 * is not there, and for an account that a message still shows.
 */
export function redact(
  evidence: Evidence,
  { numbers = [], names = [] }: { numbers?: readonly number[]; names?: readonly FactName[] },
): Evidence {
  if (!numbers.every((number) => evidence.messages.some((row) => row.key === number))) {
    throw new RangeError("there is no message with that number");
  }
  if (!names.every((name) => evidence.facts.some((row) => row.key === name))) {
    throw new RangeError("there is no fact with that name");
  }
  const messages = evidence.messages.map((row) => (numbers.includes(row.key) ? emptied(row) : row));
  const before = senders(evidence.messages);
  const after = senders(messages);
  const facts = evidence.facts.map((row) => {
    const fact = row.opened?.content;
    if (fact === undefined) return row;
    const named = names.includes(row.key);
    if (named && (row.key === "owner" || row.key === "peer") && after.has(fact.value)) {
      throw new RangeError("a message that stays still shows that account");
    }
    const alone = row.key === "peer" && before.has(fact.value) && !after.has(fact.value);
    return named || alone ? emptied(row) : row;
  });
  return { ...evidence, facts, messages };
}

/** The part to note or read aloud: 16 hexadecimal digits in groups of four. */
export function shortDigest(digest: Uint8Array): string {
  return [0, 2, 4, 6].map((at) => bytesToHex(digest.subarray(at, at + 2))).join(" ");
}

// What is hashed -------------------------------------------------------------------------------

/** Join fields so that no other fields give the same bytes: 8 bytes of length before each. */
export function encode(...fields: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...fields.flatMap((field) => [bigEndian64(field.length), field]));
}

/** Where the chain starts. facts, messages: how many the file has, redacted ones included. */
export function headerHash(
  created: string,
  source: string,
  facts: number,
  messages: number,
): Uint8Array {
  return hash("header", created, source, facts, messages);
}

/** The commitment to a fact. */
export function commitFact(salt: Uint8Array, fact: Fact): Uint8Array {
  return hash("fact", salt, fact.name, fact.value);
}

/** The commitment to a message and everything that is shown of it. */
export function commitSaid(salt: Uint8Array, said: Said): Uint8Array {
  const { number, sender, sentAt, media, fileName, text, noticed } = said;
  const signs = noticed === null ? [] : [noticed.level, ...noticed.indicators];
  return hash(
    "message",
    salt,
    number,
    sender,
    sentAt,
    media ?? "",
    fileName,
    text,
    encode(...signs.map(encodeUtf8)),
  );
}

/** The next value of the chain, after a fact (by its name) or a message (by its number). */
export function linkHash(
  previous: Uint8Array,
  key: FactName | number,
  commitment: Uint8Array,
): Uint8Array {
  const purpose = typeof key === "string" ? "fact-link" : "message-link";
  return hash(purpose, previous, key, commitment);
}

function hash(purpose: string, ...fields: readonly (Uint8Array | string | number)[]): Uint8Array {
  const written = fields.map((field) =>
    typeof field === "string"
      ? encodeUtf8(field)
      : typeof field === "number"
        ? bigEndian64(field)
        : field,
  );
  return sha256(encode(encodeUtf8(DOMAIN + purpose), ...written));
}

// What is allowed ------------------------------------------------------------------------------

function check(messages: readonly Said[], facts: readonly Fact[]): void {
  const handles = facts
    .filter(({ name }) => name === "owner" || name === "peer")
    .map((fact) => fact.value);
  const fault =
    [...facts.map(factFault), ...messages.map(saidFault)].find((found) => found !== null) ??
    orderFault(
      facts.map((fact) => fact.name),
      messages.map((said) => said.number),
    );
  if (fault !== null) throw new RangeError(fault);
  if (new Set(handles).size !== handles.length) {
    throw new RangeError("two accounts have the same handle");
  }
  if (!messages.every((said) => handles.includes(said.sender))) {
    throw new RangeError("a message is by nobody of the accounts given");
  }
}

function clean(chosen: Chosen): Said {
  return {
    number: chosen.number,
    sender: wellFormed(chosen.sender),
    text: wellFormed(chosen.text ?? ""),
    sentAt: chosen.sentAt ?? "",
    media: chosen.media ?? null,
    fileName: wellFormed(chosen.fileName ?? ""),
    noticed: chosen.noticed ?? null,
  };
}

/** Return a text that UTF-8 can hold. */
export function wellFormed(text: string): string {
  return text.replace(SURROGATES, "?");
}

/** The place of a fact in the file; one that is not known comes last, and is refused. */
function place(name: FactName): number {
  const at = FACTS.indexOf(name);
  return at < 0 ? FACTS.length : at;
}

function emptied<Key, Content>(row: Row<Key, Content>): Row<Key, Content> {
  return { ...row, opened: null };
}

function senders(rows: Evidence["messages"]): Set<string> {
  return new Set(rows.flatMap((row) => (row.opened === null ? [] : [row.opened.content.sender])));
}
