/** Choosing messages for an evidence file. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { codeOf, fileOf, makeEvidence, pageOf, save } from "../app/evidence.ts";
import type { Model } from "../app/model.ts";
import type { View } from "../app/view.ts";
import type { Chat } from "../core/chats.ts";
import { head, lines } from "./frame.ts";
import { bubble } from "./message.ts";

export function evidenceScreen(model: Model, chat: Chat, view: View): TemplateResult {
  const make = (page: boolean) => async () => {
    if (view.chosen.size === 0) return model.say(model.t("evidence_none"));
    try {
      const evidence = makeEvidence(chat, await view.picked(), model.chosen.country);
      const name = `messages-${evidence.created.slice(0, 10)}`;
      if (page) save(pageOf(evidence, model.chosen.language), `${name}.html`);
      else save(fileOf(evidence), `${name}.json`);
      model.say(model.t("evidence_code", { code: codeOf(evidence) }));
    } catch {
      model.say(model.t("evidence_failed"));
    }
  };
  const choose = (number: number) => (event: Event) => {
    if ((event.target as HTMLInputElement).checked) view.chosen.add(number);
    else view.chosen.delete(number);
  };
  return html`${head(model, model.t("evidence"), `#/chat/${chat.id}`)}${lines(model)}
    <main class="page">
      <p>${model.t("evidence_text")}</p>
      ${view.more ? html`<button class="plain" @click=${() => view.earlier()}>${model.t("earlier")}</button>` : nothing}
      <ol class="choice">${repeat(view.messages, ({ number }) => number, (message) => html`<li><label class="row">
        <input type="checkbox" .checked=${view.chosen.has(message.number)} @change=${choose(message.number)} />
        ${message.kind === "image" ? html`<span>${model.t("a_picture")}</span>` : bubble(model, view, message, chat)}
      </label></li>`)}</ol>
      <button class="main" @click=${make(false)}>${model.t("evidence_make")}</button>
      <button class="main" @click=${make(true)}>${model.t("evidence_page")}</button>
    </main>`;
}
