/** Made-up chats, for people who want to see what Safelight does. */
import { html, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";
import type { Player } from "../app/player.ts";
import { card } from "./card.ts";
import { log } from "./chat.ts";
import { head, lines } from "./frame.ts";

export function tryScreen(model: Model): TemplateResult {
  const { player } = model;
  // A played chat has no address of its own.
  const back = player ? () => model.play(undefined) : "#/";
  return html`${head(model, player ? player.script.peer : model.t("try"), back)}${lines(model)}
    ${player ? playing(model, player) : choice(model)}`;
}

function choice(model: Model): TemplateResult {
  const ready = model.guard !== undefined;
  return html`<main class="page">
    <p>${model.t("try_text")}</p>
    <button class="main" ?disabled=${!ready} @click=${() => model.play("ordinary")}>${model.t("try_ordinary")}</button>
    <button class="main" ?disabled=${!ready} @click=${() => model.play("signs")}>${model.t("try_signs")}</button>
  </main>`;
}

function playing(model: Model, player: Player): TemplateResult {
  const { name } = player.script;
  const fine = () => {
    player.watched.conversation.thisWasFine();
    player.watched.open = false;
    model.changed();
  };
  return html`<main class="chat">
    ${log(model, player.view)} ${card(model, { fine })}
    <div class="composer">
      <button ?disabled=${player.over || player.playing} @click=${() => player.step()}>${model.t("next")}</button>
      <button class="main" ?disabled=${player.over || player.playing} @click=${() => player.play()}>${model.t("play")}</button>
      <button @click=${() => model.play(name)}>${model.t("again")}</button>
    </div>
  </main>`;
}
