/** A question over the screen. Both answers look alike; the way on is always there. */
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Question } from "../app/questions.ts";

/** One element a question, so that each opens by itself and none takes over what was typed. */
export function dialog(question: Question): TemplateResult {
  return html`${keyed(question, asking(question))}`;
}

function asking({ title, text, go, stay, input, answer }: Question): TemplateResult {
  const agree = (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement).get("line");
    answer(input === undefined ? "" : String(given).trim() || undefined);
  };
  return html`<dialog
    aria-labelledby="question" @cancel=${() => answer(undefined)} @close=${() => answer(undefined)}
  >
    <form @submit=${agree}>
      <h2 id="question">${title}</h2>
      ${text ? html`<p>${text}</p>` : nothing}
      ${input === undefined
        ? nothing
        : html`<label>${input}<input name="line" maxlength="200" required autocomplete="off" /></label>`}
      <div class="answers">
        <button type="button" @click=${() => answer(undefined)}>${stay}</button>
        <button>${go}</button>
      </div>
    </form>
  </dialog>`;
}
