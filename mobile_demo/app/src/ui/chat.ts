/** One chat: its messages, what Safelight has to say, and the place to write. */
import { html, nothing, type TemplateResult } from "lit";
import { Form } from "safelight";
import type { Model } from "../app/model.ts";
import type { View } from "../app/view.ts";
import type { Chat } from "../core/chats.ts";
import { card } from "./card.ts";
import { composer } from "./composer.ts";
import { head, icon, lines } from "./frame.ts";
import { bubble } from "./message.ts";

export function chatScreen(model: Model, chat: Chat, view: View): TemplateResult {
  return html`${head(model, chat.name, "#/", menu(model, chat))}${lines(model)}
    <main class="chat">
      ${chat.phase === "joining" ? html`<p class="page">${model.t("join_wait", { name: chat.name })}</p>` : nothing}
      ${log(model, view, chat)}
      ${card(model, { fine: () => model.fine(chat) })}
      ${chat.phase === "open" ? composer(model, chat) : nothing}
    </main>`;
}

/** The messages; the newest at the lower end, where one reads. */
export function log(model: Model, view: View, chat?: Chat): TemplateResult {
  return html`<div class="log" role="log" aria-label=${model.t("messages")} tabindex="0"><div>
    ${view.more
      ? html`<button class="plain" @click=${() => view.earlier()}>${model.t("earlier")}</button>`
      : nothing}
    <ol>
      ${view.messages.map((message) => html`<li class=${message.mine ? "mine" : "theirs"}>${bubble(model, view, message, chat)}</li>`)}
    </ol>
    ${chat && chat.left > 0 ? html`<p class="small">${model.t("left_out", { count: chat.left })}</p>` : nothing}
    ${unsupported(model)}
  </div></div>`;
}

function unsupported(model: Model): TemplateResult | typeof nothing {
  const seen = model.watched?.assessment;
  if (seen?.supportedLanguage !== false || seen.form === Form.OFF) return nothing;
  return html`<p class="small">${model.t("unsupported")}</p>`;
}

function menu(model: Model, chat: Chat): TemplateResult {
  const then = (act: () => unknown) => (event: Event) => {
    (event.currentTarget as Element).closest("details")?.removeAttribute("open");
    act();
  };
  const safety = () => model.ask({
    title: model.t("safety_number"), text: `${chat.safety}\n\n${model.t("safety_text")}`,
    go: model.t("close"), stay: model.t("back"),
  });
  return html`<details class="menu">
    <summary class="round" aria-label=${model.t("menu")}>${icon("menu")}</summary>
    <div>
      ${chat.safety ? html`<button @click=${then(safety)}>${model.t("safety_number")}</button>` : nothing}
      <button @click=${then(() => model.mute(chat, !chat.muted))}>
        ${model.t(chat.muted ? "unmute" : "mute")}
      </button>
      <button @click=${then(() => (location.hash = `#/evidence/${chat.id}`))}>${model.t("evidence")}</button>
      <button @click=${then(() => model.forget(chat))}>${model.t("forget")}</button>
      <button @click=${then(() => model.remove(chat))}>${model.t("remove")}</button>
    </div>
  </details>`;
}
