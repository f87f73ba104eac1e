/** Whether a chat is in a language that the model knows, told over its messages. Pure. */
import * as reading from "./reading.js";

const WHERE = "manifest.json: language";
/** Log-odds that one message can give at most, either way. */
const MOST = 6;
const LETTER = /\p{L}/u;

/**
 * decay: 0..1, what is left of the evidence after a message. foreign: evidence (log-odds, > 0) from
 * which on the language counts as unknown to the model; known: below minus this, as known.
 */
export interface LanguageRule {
  readonly decay: number;
  readonly foreign: number;
  readonly known: number;
}

/** `language` of a manifest; null where it has none. BundleError on any fault. */
export function parseLanguageRule(manifest: reading.JsonObject): LanguageRule | null {
  if (!Object.hasOwn(manifest, "language")) return null;
  const found = reading.exactKeys(manifest["language"], ["decay", "foreign", "known"], WHERE);
  return {
    decay: reading.number(found.decay, `${WHERE}: decay`, 0, 1),
    foreign: reading.number(found.foreign, `${WHERE}: foreign`, 0.01, 1e6),
    known: reading.number(found.known, `${WHERE}: known`, 0.01, 1e6),
  };
}

/**
 * Evidence after a message; unchanged by one without letters.
 *
 * languages: probabilities, the last of which is that of all other languages.
 */
export function evidence(
  rule: LanguageRule | null,
  before: number,
  text: string,
  languages: ArrayLike<number> | null,
): number {
  if (rule === null || languages === null || !LETTER.test(text)) return before;
  const other = Math.min(Math.max(languages[languages.length - 1] ?? 0, 1e-6), 1 - 1e-6);
  const odds = Math.log(other) - Math.log1p(-other);
  return rule.decay * before + Math.min(Math.max(odds, -MOST), MOST);
}

/** True or false where the evidence is enough, else null. */
export function supported(rule: LanguageRule | null, evidence: number): boolean | null {
  if (rule === null || (-rule.known < evidence && evidence < rule.foreign)) return null;
  return evidence < 0;
}
