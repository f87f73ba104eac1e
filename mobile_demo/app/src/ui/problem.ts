/** Why the app does not run here, in plain words. */
import { html, nothing, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";
import type { Problem } from "../app/start.ts";

const WORDS = {
  altered: ["altered_title", "altered_text"],
  other_tab: ["other_tab_title", "other_tab_text"],
  no_storage: ["no_storage_title", "no_storage_text"],
  unreadable: ["unreadable_title", "unreadable_text"],
} as const;

/** Where what is kept may be the reason, it can be erased from here. */
const OF_WHAT_IS_KEPT: readonly Problem[] = ["no_storage", "unreadable"];

export function problemScreen(model: Model, problem: Problem): TemplateResult {
  const [title, text] = WORDS[problem];
  return html`<main class="page problem">
    <div role="alert">
      <h1 tabindex="-1">${model.t(title)}</h1>
      <p>${model.t(text)}</p>
    </div>
    <button class="main" @click=${() => location.reload()}>${model.t("again_load")}</button>
    ${OF_WHAT_IS_KEPT.includes(problem)
      ? html`<button class="plain" @click=${() => model.wipe()}>${model.t("wipe")}</button>`
      : nothing}
  </main>`;
}
