/** All chats, the last first. */
import { html, nothing, type TemplateResult } from "lit";
import { Level } from "safelight";
import type { Model } from "../app/model.ts";
import type { Chat } from "../core/chats.ts";
import { head, lines } from "./frame.ts";

export function listScreen(model: Model): TemplateResult {
  const { chats } = model.messenger;
  return html`${head(model, model.t("chats"), undefined)}
    ${lines(model)}
    <main class="page list">
      ${chats.length === 0 ? html`<p>${model.t("no_chats")}</p>` : nothing}
      <ul>${chats.map((chat) => html`<li>${row(model, chat)}</li>`)}</ul>
      <a class="main" href="#/invite">${model.t("new_chat")}</a>
      <nav aria-label=${model.t("menu")}>
        <a href="#/paste">${model.t("open_link")}</a>
        <a href="#/help">${model.t("help")}</a>
        <a href="#/try">${model.t("try")}</a>
        <a href="#/about">${model.t("about")}</a>
        <a href="#/settings">${model.t("settings")}</a>
      </nav>
    </main>`;
}

function row(model: Model, chat: Chat): TemplateResult {
  const unread = chat.next - 1 - chat.read;
  const at = chat.phase === "invited" ? "waiting" : "chat";
  // The neutral line of a lock screen: whoever looks over a shoulder learns nothing.
  const level = model.watcher?.get(chat.id)?.conversation.level ?? Level.NONE;
  const line = level >= Level.WARNING ? model.guard?.line(model.chosen.language) : undefined;
  return html`<a href="#/${at}/${chat.id}">
    <span class="name">${chat.name || model.t("invite_title")}</span>
    ${unread > 0 ? html`<span class="unread">${unread}</span>` : nothing}
    <span class="last">${preview(model, chat)}</span>
    ${line ? html`<span class="note">${line}</span>` : nothing}
  </a>`;
}

function preview(model: Model, chat: Chat): string {
  if (chat.phase === "invited") return model.t("invite_wait");
  if (chat.phase === "joining") return model.t("join_wait", { name: chat.name });
  if (chat.lastKind === "image") return chat.last || model.t("a_picture");
  if (chat.lastKind === "location") return model.t("a_place", { text: chat.last });
  if (chat.lastKind === "payment") return model.t("a_payment", { text: chat.last });
  return chat.last;
}
