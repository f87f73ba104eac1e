/** The words of the app, one file a language. Those of cards and questions come from the SDK. */
import type en from "../words/en.json";

export const LANGUAGES = {
  en: "English",
  fr: "Français",
  de: "Deutsch",
  it: "Italiano",
  ja: "日本語",
  es: "Español",
  pt: "Português",
} as const;
export type Language = keyof typeof LANGUAGES;
export type WordKey = keyof typeof en;
export type Words = Readonly<Record<WordKey, string>>;

const FILES = import.meta.glob<Words>("../words/*.json", { import: "default" });

export function loadWords(language: Language): Promise<Words> {
  return FILES[`../words/${language}.json`]!();
}

/** The first language that the phone prefers and that there is, else English. */
export function preferred(wanted: readonly string[]): Language {
  const codes = wanted.map((tag) => tag.toLowerCase().slice(0, 2));
  return (codes.find((code) => code in LANGUAGES) as Language | undefined) ?? "en";
}

/** Put values into the places of a sentence: "{name} invites you". */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
