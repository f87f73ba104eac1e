/** Fixed words around a help card: what it is for, and what a contact leaves behind. */
import { primary } from "./byLanguage.js";
import * as reading from "./reading.js";
import type { Translations } from "./reading.js";

export const PURPOSES = ["talk", "report", "remove", "emergency"] as const;
export const CHANNELS = ["chat", "text", "call", "web", "email", "app"] as const;
const ANONYMOUS = ["yes", "no", "unknown"] as const;

export type Purpose = (typeof PURPOSES)[number];
export type ChannelKind = (typeof CHANNELS)[number];

/**
 * Texts by language code, English always there.
 *
 * heading: over what to know before the tap. channels: what a contact that way leaves behind.
 */
export interface CardWords {
  readonly heading: Translations;
  readonly purposes: Readonly<Record<Purpose, Translations>>;
  readonly channels: Readonly<Record<ChannelKind, Translations>>;
  readonly anonymous: Readonly<Record<(typeof ANONYMOUS)[number], Translations>>;
}

/** Return what to know before the tap: anonymity, then the traces of each kind once. */
export function before(
  words: CardWords,
  kinds: readonly ChannelKind[],
  anonymous: boolean | null,
  language: string,
): string[] {
  const known = anonymous === null ? "unknown" : anonymous ? "yes" : "no";
  const texts = [...new Set(kinds)].map((kind) => words.channels[kind]);
  return [words.anonymous[known], ...texts].map((text) => inLanguage(text, language));
}

/** Return the text of a language, English where it is missing, "" where there is none. */
export function inLanguage(texts: Translations, language: string): string {
  return texts.get(primary(language)) ?? texts.get("en") ?? "";
}

/** Read the `words` of resources.json; BundleError on the first fault. */
export function parseCardWords(value: unknown, where: string): CardWords {
  const found = reading.exactKeys(value, ["before", "purposes", "channels", "anonymous"], where);
  return {
    heading: reading.translations(found.before, `${where}.before`),
    purposes: reading.entries(found.purposes, PURPOSES, `${where}.purposes`, translated),
    channels: reading.entries(found.channels, CHANNELS, `${where}.channels`, translated),
    anonymous: reading.entries(found.anonymous, ANONYMOUS, `${where}.anonymous`, translated),
  };
}

function translated(value: unknown, where: string): Translations {
  return reading.translations(value, where);
}
