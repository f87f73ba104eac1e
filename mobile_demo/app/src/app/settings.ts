/** What the person chose, kept in the vault. Nobody else can set it, and nothing locks it. */
import type { Choices } from "safelight";
import { record } from "../core/chats.ts";
import type { Vault } from "../core/vault.ts";
import { preferred, type Language } from "./words.ts";

/** first: whether the first page was read. country: two letters, or empty. */
export interface Chosen {
  readonly first: boolean;
  readonly name: string;
  readonly language: Language;
  readonly country: string;
  readonly guard: Choices;
}

export async function readChosen(vault: Vault): Promise<Chosen> {
  const kept = await vault.read<Chosen>(record.settings);
  return kept ?? {
    first: false,
    name: "",
    language: preferred(navigator.languages),
    country: regionOf(navigator.language),
    guard: { on: true, sensitivity: "standard", discreet: false, friction: true },
  };
}

/** The country of a language tag; empty for none, and for a tag that is not well formed ("en-US@posix"). */
function regionOf(tag: string): string {
  try {
    return new Intl.Locale(tag).region ?? "";
  } catch {
    return "";
  }
}

export function keepChosen(vault: Vault, chosen: Chosen): Promise<void> {
  return vault.write([[record.settings, chosen]]);
}
