/** Why the app does not run here, in plain words. */
import { html, type TemplateResult } from "lit";
import type { Model, Problem } from "../app/model.ts";

const WORDS = {
  altered: ["altered_title", "altered_text"],
  other_tab: ["other_tab_title", "other_tab_text"],
  no_storage: ["no_storage_title", "no_storage_text"],
} as const;

export function problemScreen(model: Model, problem: Problem): TemplateResult {
  const [title, text] = WORDS[problem];
  return html`<main class="page problem">
    <div role="alert">
      <h1 tabindex="-1">${model.t(title)}</h1>
      <p>${model.t(text)}</p>
    </div>
    <button class="main" @click=${() => location.reload()}>${model.t("again_load")}</button>
  </main>`;
}
