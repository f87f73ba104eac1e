/** Where one writes. Words are never held up; pictures, places and money may be asked about first. */
import { html, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";
import { shrink } from "../app/picture.ts";
import type { Chat } from "../core/chats.ts";
import { MAX_TEXT, type Content, type Kind } from "../core/content.ts";
import { icon } from "./frame.ts";

export function composer(model: Model, chat: Chat): TemplateResult {
  const field = (form: Element) => form.querySelector("textarea")!;
  const send = async (form: HTMLFormElement) => {
    const text = field(form).value.trim();
    if (!text) return;
    // Emptied at once, so that nothing is sent twice; given back where it could not be kept, before
    // what was written meanwhile.
    field(form).value = "";
    const kept = await model.send(chat, content("text", text));
    if (!kept) field(form).value = [text, field(form).value].filter(Boolean).join("\n");
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send((event.target as HTMLElement).closest("form")!);
  };
  return html`<form class="composer" @submit=${(event: Event) => {
      event.preventDefault();
      void send(event.currentTarget as HTMLFormElement);
    }}>
    <label class="round" title=${model.t("picture")}>
      ${icon("picture")}<span class="unseen">${model.t("picture")}</span>
      <input class="unseen" type="file" accept="image/*" @change=${(event: Event) => sendPicture(model, chat, event)} />
    </label>
    <button type="button" class="round" aria-label=${model.t("location")} title=${model.t("location")}
      @click=${() => sendLine(model, chat, "location")}>${icon("place")}</button>
    <button type="button" class="round" aria-label=${model.t("payment")} title=${model.t("payment")}
      @click=${() => sendLine(model, chat, "payment")}>${icon("money")}</button>
    <textarea rows="1" maxlength=${MAX_TEXT} aria-label=${model.t("write")} placeholder=${model.t("write")}
      @keydown=${keys}></textarea>
    <button class="round main" aria-label=${model.t("send")}>${icon("send")}</button>
  </form>`;
}

function content(kind: Kind, text: string, picture?: string): Content {
  return { kind, text, at: Date.now(), ...(picture === undefined ? {} : { picture }) };
}

async function sendPicture(model: Model, chat: Chat, event: Event): Promise<void> {
  const input = event.target as HTMLInputElement;
  const [file] = input.files ?? [];
  if (file === undefined) return;
  const picture = await shrink(file);
  input.value = "";
  if (picture === undefined) model.say(model.t("too_big"));
  else await model.send(chat, content("image", "", picture));
}

async function sendLine(model: Model, chat: Chat, kind: "location" | "payment"): Promise<void> {
  const text = await model.ask({
    title: model.t(kind), text: "", input: model.t(kind === "location" ? "place" : "amount"),
    go: model.t("share"), stay: model.t("cancel"),
  });
  if (text) await model.send(chat, content(kind, text));
}
