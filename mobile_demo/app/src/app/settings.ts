/** What the person chose, kept in the vault. Nobody else can set it, and nothing locks it. */
import type { Choices } from "safelight";
import { record } from "../core/chats.ts";
import type { Vault } from "../core/vault.ts";
import { isCountry, regionOf } from "./locale.ts";
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
  // Choices that cannot be opened do not keep the chats closed.
  const kept = await vault.read<Chosen>(record.settings);
  // Earlier versions kept regions that are no country.
  if (kept) return { ...kept, country: isCountry(kept.country) ? kept.country : "" };
  return {
    first: false,
    name: "",
    language: preferred(navigator.languages),
    country: regionOf(navigator.language),
    guard: { on: true, sensitivity: "standard", discreet: false, friction: true },
  };
}

export function keepChosen(vault: Vault, chosen: Chosen): Promise<void> {
  return vault.write([[record.settings, chosen]]);
}
