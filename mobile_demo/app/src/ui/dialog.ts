/** A question over the screen. Both answers look alike; the way on is always there. */
import { html, nothing, type TemplateResult } from "lit";
import type { Model, Question } from "../app/model.ts";

export function dialog(model: Model, { title, text, go, stay, input, answer }: Question): TemplateResult {
  const agree = (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement).get("line");
    answer(input === undefined ? "" : String(given).trim() || undefined);
  };
  return html`<dialog
    aria-labelledby="question" @cancel=${() => answer(undefined)}
    @close=${() => model.question && answer(undefined)}
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
