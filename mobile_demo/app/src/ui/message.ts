/** One message as drawn. */
import { html, nothing, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";
import { partsOf } from "../app/links.ts";
import { clockOf } from "../app/locale.ts";
import type { View } from "../app/view.ts";
import type { Chat, Message } from "../core/chats.ts";
import { dateOf } from "../core/content.ts";

/** Made once, for the first message: to make one takes half as long as all other code of the start. */
let clock: Intl.DateTimeFormat | undefined;

function clockTime(at: Date, language: string): string {
  clock ??= clockOf(navigator.languages, language);
  return clock.format(at);
}

export function bubble(model: Model, view: View, message: Message, chat?: Chat): TemplateResult {
  const at = dateOf(message.at);
  const who = message.mine ? model.t("you") : (chat?.name ?? model.player?.script.peer ?? "");
  return html`<div class="bubble">
    <span class="unseen">${who}: </span>${content(model, view, message, chat)}
    <span class="when">${at && html`<time datetime=${at.toISOString()}>${clockTime(at, model.chosen.language)}</time>`}${state(model, message)}</span>
  </div>`;
}

/** Whether it has left this phone; the only thing that is known of the other side. */
function state(model: Model, { mine, sent }: Message): TemplateResult | typeof nothing {
  if (!mine) return nothing;
  return html` · ${model.t(sent ? "sent" : "waiting")}`;
}

function content(model: Model, view: View, message: Message, chat?: Chat): TemplateResult {
  if (message.kind === "image") return picture(model, view, message, chat);
  if (message.kind === "location") return html`<p>${model.t("a_place", { text: message.text })}</p>`;
  if (message.kind === "payment") return html`<p>${model.t("a_payment", { text: message.text })}</p>`;
  return html`<p>${partsOf(message.text).map(({ text, link }) =>
    link ? html`<a href=${link} target="_blank" rel="noopener noreferrer" @click=${opened(model, message, link)}>${text}</a>` : text)}</p>`;
}

/** Asked only of links of the other person, and only where Safelight would. */
function opened(model: Model, message: Message, link: string) {
  return async (event: Event) => {
    const ask = message.mine ? undefined : model.watched?.conversation.onArrival("link", model.chosen.language);
    if (!ask || ask.title === "") return;
    event.preventDefault();
    if (await model.agreed(ask)) open(link, "_blank", "noopener,noreferrer");
  };
}

/** A new picture is drawn once Safelight has read that far; the message itself is there at once. */
function waits(model: Model, { mine, number }: Message, chat?: Chat): boolean {
  if (mine || !chat || !model.chosen.guard.on || model.unguarded || model.missed) return false;
  return number >= model.messenger.sinceStart(chat.id) && number >= (model.watched?.next ?? 0);
}

function picture(model: Model, view: View, message: Message, chat?: Chat): TemplateResult {
  const address = waits(model, message, chat) ? undefined : view.picture(message.number);
  const caption = message.text ? html`<p>${message.text}</p>` : nothing;
  if (address === undefined) return html`<p class="frame">${model.t("a_picture")}</p>${caption}`;
  if (!message.covered || chat === undefined) {
    return html`<img src=${address} alt=${model.t("a_picture")} />${caption}`;
  }
  const words = model.watched?.conversation.onArrival("image", model.chosen.language);
  const show = () => model.messenger.cover(chat.id, message, false);
  return html`<div class="covered">
      <img src=${address} alt="" />
      <div>
        ${words?.title ? html`<p><strong>${words.title}</strong> ${words.text}</p>` : nothing}
        <button @click=${show}>${words?.go || model.t("a_picture")}</button>
      </div>
    </div>
    ${caption}`;
}
