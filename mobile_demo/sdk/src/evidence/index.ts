/**
 * The evidence file: made, redacted, verified, locked and shown on the device, by the user alone.
 *
 *     import { iso, make, toBytes } from "safelight/evidence";
 *     const file = make(messages, facts, { created: iso(new Date()) });
 *     save(toBytes(file)); note(shortDigest(file.digest));
 */
export {
  type Chosen,
  type Evidence,
  type MakeOptions,
  make,
  type Row,
  redact,
  shortDigest,
} from "./evidence.js";
export { EvidenceError, MAX_FILE, parse, toBytes } from "./file.js";
export { isLocked, type LockOptions, lock, unlock } from "./lock.js";
export { type Names, render } from "./page.js";
export { CHOICES, FACTS, type Fact, type FactName, iso, type Noticed, type Said } from "./parts.js";
export { type Verdict, verify } from "./verify.js";
export { languages, type PageWords, words } from "./words.js";
