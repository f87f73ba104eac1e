/** The first page: what it does, what leaves the phone, that it can be wrong. */
import { html, nothing, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";
import { MAX_NAME } from "../core/invite.ts";
import { head } from "./frame.ts";
import { languageField } from "./settings.ts";

const SAID = [
  "first_does", "first_leaves", "first_wrong", "first_yours", "first_secret", "first_review",
] as const;

/** asks: for the name, once; afterwards the page is there to be read again. */
export function firstScreen(model: Model, asks: boolean): TemplateResult {
  const begin = (event: Event) => {
    event.preventDefault();
    const name = String(new FormData(event.target as HTMLFormElement).get("name")).trim();
    if (name) void model.choose({ name, first: true });
  };
  return html`${head(model, model.t("first_title"), asks ? undefined : "#/")}
    <main class="page">
      ${asks ? languageField(model) : nothing}
      ${SAID.map((key) => html`<p>${model.t(key)}</p>`)}
      ${asks
        ? html`<form @submit=${begin}>
            <label>${model.t("your_name")}<input name="name" required maxlength=${MAX_NAME} autocomplete="off" /></label>
            <button class="main">${model.t("start")}</button>
          </form>`
        : html`<a href="/licences.txt" target="_blank" rel="noopener">${model.t("licences")}</a>`}
    </main>`;
}
