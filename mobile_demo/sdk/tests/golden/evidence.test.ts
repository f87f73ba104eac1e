import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import {
  type Chosen,
  type Evidence,
  EvidenceError,
  type Fact,
  lock,
  make,
  parse,
  redact,
  shortDigest,
  toBytes,
  unlock,
  type Verdict,
  verify,
} from "../../src/evidence/index.js";
import { decodeUtf8, encodeUtf8 } from "../../src/unicode.js";
import { hexOf } from "../support.js";
import { byRule, type Case, vectors } from "./vectors.js";

const found = vectors("evidence.json", 60);
const of = byRule(found.cases, ["make", "redact", "verify", "noted", "parse", "refused", "locked"]);

/** Bytes of 00, then 01, 02, …, in place of random ones. */
function salts(): (size: number) => Uint8Array {
  let next = 0;
  return (size) => new Uint8Array(size).fill(next++);
}

interface Given extends Case {
  messages: (Omit<Chosen, "sentAt" | "fileName"> & { sent_at: string; file_name: string })[];
  facts: Fact[];
  source?: string;
  created?: string;
}

function made({ messages, facts, source = "", created = found.created }: Given): Evidence {
  const said = messages.map(({ sent_at: sentAt, file_name: fileName, ...rest }) => ({
    ...rest,
    sentAt,
    fileName,
  }));
  return make(said, facts, { created, source, newSalt: salts() });
}

/** A copy of the JSON of the first file with the changes made. */
function changed(changes: [(string | number)[], unknown][]): Uint8Array {
  const value = structuredClone(of.make[0]!["file"]);
  for (const [path, now] of changes) {
    const last = path[path.length - 1]!;
    const inner = path.slice(0, -1).reduce((place, key) => place[key], value);
    if (now !== "(drop)") inner[last] = now;
    else if (Array.isArray(inner)) inner.splice(Number(last), 1);
    else delete inner[last];
  }
  return encodeUtf8(JSON.stringify(value));
}

function told({ faults, redactedMessages, redactedFacts, noted }: Verdict): unknown {
  return {
    faults,
    redacted_messages: redactedMessages,
    redacted_facts: redactedFacts,
    noted,
  };
}

const digestOf = (evidence: Evidence): string => hexOf(sha256(toBytes(evidence)));
const first = (): Evidence => made(of.make[0] as Given);

describe("make", () => {
  test.each(of.make)("$why", (line) => {
    const evidence = made(line as Given);
    expect(JSON.parse(decodeUtf8(toBytes(evidence)))).toEqual(line.file);
    expect(digestOf(evidence)).toBe(line.sha256);
    expect(shortDigest(evidence.digest)).toBe(line.code);
    expect(parse(toBytes(evidence))).toEqual(evidence);
    expect(verify(evidence).holds).toBe(true);
  });
});

describe("redact", () => {
  test.each(of.redact)("$why", ({ numbers, names, sha256: digest, verdict, error }) => {
    const left = () => redact(first(), { numbers, names });
    if (error) return expect(left).toThrow(error);
    expect(digestOf(left())).toBe(digest);
    expect(told(verify(left()))).toEqual(verdict);
  });
});

describe("verify", () => {
  test.each(of.verify)("$why", ({ changes, verdict }) => {
    expect(told(verify(parse(changed(changes))))).toEqual(verdict);
  });
});

describe("noted", () => {
  test.each(of.noted)("$noted", ({ noted, verdict, error }) => {
    if (error) return expect(() => verify(first(), noted)).toThrow(error);
    expect(told(verify(first(), noted))).toEqual(verdict);
  });
});

describe("parse", () => {
  test.each(of.parse)("$why", ({ changes }) => {
    expect(() => parse(changed(changes))).toThrow(EvidenceError);
  });
});

describe("refused", () => {
  test.each(of.refused)("$why", (line) => {
    expect(() => made(line as Given)).toThrow(line.error);
  });
});

describe("locked", () => {
  test.each(of.locked)("$#", async ({ passphrase, file, opens, error }) => {
    const data = encodeUtf8(`${JSON.stringify(file, null, 1)}\n`);
    if (error) return expect(unlock(data, passphrase)).rejects.toThrow(EvidenceError);
    const plain = await unlock(data, passphrase);
    expect(hexOf(sha256(plain))).toBe(opens);
    const again = await lock(plain, passphrase, { logN: found.log_n, newBytes: salts() });
    expect(decodeUtf8(again)).toBe(decodeUtf8(data));
  });
});
