/** Making a link, waiting for its answer, and following one. */
import { html, nothing, svg, type TemplateResult } from "lit";
import { encode } from "uqr";
import type { Model } from "../app/model.ts";
import type { Chat } from "../core/chats.ts";
import { parseLink, toLink, type Invitation } from "../core/invite.ts";
import { head, lines } from "./frame.ts";

export function inviteScreen(model: Model): TemplateResult {
  return html`${head(model, model.t("new_chat"), "#/")}${lines(model)}
    <main class="page">
      <p>${model.t("invite_text")}</p>
      <button class="main" @click=${() => model.invite()}>${model.t("make_link")}</button>
      <a href="#/paste">${model.t("join_paste")}</a>
    </main>`;
}

export function waitingScreen(model: Model, chat: Chat): TemplateResult {
  if (chat.phase === "open") location.hash = `#/chat/${chat.id}`;
  const link = chat.invitation ? toLink(`${location.origin}/`, chat.invitation) : "";
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    model.say(model.t("copied"));
  };
  return html`${head(model, model.t("invite_title"), "#/")}${lines(model)}
    <main class="page">
      <p>${model.t("invite_text")}</p>
      ${link ? qr(link, model.t("invite_qr")) : nothing}
      <textarea readonly rows="4" aria-label=${model.t("invite_qr")} .value=${link}></textarea>
      <button class="main" @click=${copy}>${model.t("copy")}</button>
      <p role="status">${model.t("invite_wait")}</p>
      <button class="plain" @click=${() => model.remove(chat)}>${model.t("remove")}</button>
    </main>`;
}

export function joinScreen(model: Model, invitation: Invitation | undefined): TemplateResult {
  if (invitation === undefined) return pasteScreen(model, model.t("join_bad"));
  return html`${head(model, model.t("join_title", { name: invitation.name }), "#/")}${lines(model)}
    <main class="page">
      <p>${model.t("join_check")}</p>
      <button class="main" @click=${() => model.join(invitation)}>${model.t("join")}</button>
    </main>`;
}

export function pasteScreen(model: Model, fault = ""): TemplateResult {
  const open = (event: Event) => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get("link"));
    const found = parseLink(text);
    if (found) void model.go(text.slice(text.indexOf("#")));
    else model.say(model.t("join_bad"));
  };
  return html`${head(model, model.t("open_link"), "#/")}${lines(model)}
    <main class="page">
      ${fault ? html`<p role="alert">${fault}</p>` : nothing}
      <form @submit=${open}>
        <label>${model.t("join_paste")}<textarea name="link" rows="4" required></textarea></label>
        <button class="main">${model.t("open_link")}</button>
      </form>
    </main>`;
}

/** Dark on light in both themes: readers of codes want it so. */
function qr(text: string, label: string): TemplateResult {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}">
    ${svg`<rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#000" />`}
  </svg>`;
}
