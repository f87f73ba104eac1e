/** What the person decides. Each is one tap from here, and can be undone the same way. */
import { html, type TemplateResult } from "lit";
import { SENSITIVITIES, type Choices } from "safelight";
import type { Model } from "../app/model.ts";
import { LANGUAGES, type Language, type WordKey } from "../app/words.ts";
import { head, lines } from "./frame.ts";

export function settingsScreen(model: Model): TemplateResult {
  const { guard } = model.chosen;
  return html`${head(model, model.t("settings"), "#/")}${lines(model)}
    <main class="page">
      ${toggle(model, "on", "on")}
      <fieldset>
        <legend>${model.t("sensitivity")}</legend>
        ${SENSITIVITIES.map((name) => html`<label class="row">
          <input type="radio" name="sensitivity" .checked=${guard.sensitivity === name}
            @change=${() => model.chooseGuard({ sensitivity: name })} />${model.t(name)}</label>`)}
      </fieldset>
      ${toggle(model, "discreet", "discreet")} ${toggle(model, "friction", "friction")}
      ${languageField(model)} ${countryField(model)}
      <button class="plain" @click=${() => model.wipe()}>${model.t("wipe")}</button>
    </main>`;
}

function toggle(model: Model, name: "on" | "discreet" | "friction", key: WordKey): TemplateResult {
  const change = (event: Event) => {
    const chosen: Partial<Choices> = { [name]: (event.target as HTMLInputElement).checked };
    void model.chooseGuard(chosen);
  };
  return html`<label class="row">
    <input type="checkbox" role="switch" .checked=${model.chosen.guard[name]} @change=${change} />${model.t(key)}</label>`;
}

export function languageField(model: Model): TemplateResult {
  const change = (event: Event) => model.choose({ language: (event.target as HTMLSelectElement).value as Language });
  return html`<label>${model.t("language")}
    <select name="language" @change=${change}>${Object.entries(LANGUAGES).map(([code, name]) => html`
      <option value=${code} lang=${code} ?selected=${code === model.chosen.language}>${name}</option>`)}</select></label>`;
}

export function countryField(model: Model): TemplateResult {
  const change = (event: Event) => model.choose({ country: (event.target as HTMLSelectElement).value });
  const { language, country } = model.chosen;
  const names = new Intl.DisplayNames(language, { type: "region" });
  const codes = new Set(model.help?.book.resources.services.flatMap(({ countries }) => countries) ?? []);
  codes.delete("*");
  if (country) codes.add(country);
  const rows = [...codes].map((code) => [code, names.of(code) ?? code] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, language));
  return html`<label>${model.t("country")}
    <select name="country" @change=${change}>
      <option value="" ?selected=${country === ""}>${model.t("no_country")}</option>
      ${rows.map(([code, name]) => html`<option value=${code} ?selected=${code === country}>${name}</option>`)}
    </select></label>`;
}
