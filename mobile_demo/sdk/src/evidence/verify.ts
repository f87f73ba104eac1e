/** Whether an evidence file is as it was made: what fits, what does not, what was redacted. */
import { bytesToHex, sameBytes } from "../bytes.js";
import {
  commitFact,
  commitSaid,
  type Evidence,
  HASH_BYTES,
  headerHash,
  linkHash,
  type Row,
} from "./evidence.js";
import { type FactName, orderFault } from "./parts.js";

/** So many digits of a noted digest are asked for at least: those of `shortDigest`. */
const LEAST_DIGITS = 16;

/**
 * What verification found.
 *
 * holds: whether everything fits. faults: the places that do not, such as "message 5". noted:
 * whether a noted digest was compared; without one, verification shows only that the file fits
 * together, not that it is the file that was made.
 */
export interface Verdict {
  readonly holds: boolean;
  readonly faults: readonly string[];
  readonly redactedMessages: readonly number[];
  readonly redactedFacts: readonly FactName[];
  readonly noted: boolean;
}

/**
 * Recompute every commitment and the chain.
 *
 * noted: the digest as somebody noted it, 16 digits or more, in any grouping; RangeError if it is
 * no such thing.
 */
export function verify(evidence: Evidence, noted: string | null = null): Verdict {
  const faults = [...new Set(faultsOf(evidence))];
  if (noted !== null && !bytesToHex(evidence.digest).startsWith(digits(noted))) {
    faults.push("the digest that was noted");
  }
  return {
    holds: faults.length === 0,
    faults,
    redactedMessages: redacted(evidence.messages),
    redactedFacts: redacted(evidence.facts),
    noted: noted !== null,
  };
}

/** Each link is checked from the one written before it, so that a fault stays where it is. */
function* faultsOf(evidence: Evidence): Generator<string> {
  const { created, source, header, facts, messages, digest } = evidence;
  if (!sameBytes(headerHash(created, source, facts.length, messages.length), header)) {
    yield "header";
  }
  let previous = header;
  for (const [index, fact] of facts.entries()) {
    if (!fits(fact, previous, commitFact)) yield `fact ${index + 1} (${fact.key})`;
    previous = fact.link;
  }
  for (const message of messages) {
    if (!fits(message, previous, commitSaid)) yield `message ${message.key}`;
    previous = message.link;
  }
  if (!sameBytes(previous, digest)) yield "digest";
  const names = facts.map((row) => row.key);
  const numbers = messages.map((row) => row.key);
  if (orderFault(names, numbers) !== null) yield "order";
}

function fits<Content>(
  row: Row<FactName | number, Content>,
  previous: Uint8Array,
  commit: (salt: Uint8Array, content: Content) => Uint8Array,
): boolean {
  const { opened, commitment, link } = row;
  if (opened !== null && !sameBytes(commit(opened.salt, opened.content), commitment)) return false;
  return sameBytes(linkHash(previous, row.key, commitment), link);
}

function redacted<Key>(rows: readonly Row<Key, unknown>[]): Key[] {
  return rows.filter((row) => row.opened === null).map((row) => row.key);
}

function digits(noted: string): string {
  const found = noted.replace(/[\s-]/gu, "").toLowerCase();
  if (!/^[0-9a-f]*$/.test(found) || found.length < LEAST_DIGITS || found.length > 2 * HASH_BYTES) {
    throw new RangeError(`a digest has ${LEAST_DIGITS} to ${2 * HASH_BYTES} digits from 0 to f`);
  }
  return found;
}
