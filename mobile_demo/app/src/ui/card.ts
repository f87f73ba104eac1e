/**
 * What Safelight says beside a chat: a quiet line for a notice, a card before the place to write
 * for a warning, a calm one for a crisis. All words but a few come from the bundle.
 */
import { html, nothing, type TemplateResult } from "lit";
import { Form, LEVELS, Level, Stage, type Advice } from "safelight";
import type { Model } from "../app/model.ts";
import type { Watched } from "../safety/watcher.ts";
import { helpCards } from "./help.ts";

export interface CardActions {
  readonly fine: () => unknown;
}

export function card(model: Model, actions: CardActions): TemplateResult | typeof nothing {
  const { guard, watched } = model;
  if (!guard || !watched) return nothing;
  const { level, form, stage, state } = watched.conversation;
  if (form === Form.NOTHING || form === Form.OFF) return nothing;
  const { language, country } = model.chosen;
  const found = { level, stage, reasons: state.policy.reasons };
  const advice = guard.book.advice(found, language, { country: country || null });
  const toggle = (open: boolean) => () => {
    watched.open = open;
    model.changed();
  };
  if (form === Form.LINE && !watched.open) {
    return closed(LEVELS[Level.NONE], guard.line(language, { inChat: true }), toggle(true));
  }
  if (!watched.open) return closed(LEVELS[level], `${advice.level}: ${advice.title}`, toggle(true));
  if (level === Level.NOTICE) return notice(advice, model, actions, toggle(false));
  return opened(model, watched, level, advice, actions, toggle(false));
}

function closed(name: string, text: string, open: () => void): TemplateResult {
  return html`<div class="safelight ${name}" role="status">
    <button class="line" aria-expanded="false" @click=${open}>${text}</button>
  </div>`;
}

function notice(
  { level, title, action, language }: Advice, model: Model, { fine }: CardActions, close: () => void,
): TemplateResult {
  return html`<div class="safelight notice" role="status" lang=${language}>
    <p><strong>${level}: ${title}</strong><br />${action}</p>
    <button class="plain" @click=${fine}>${model.t("fine")}</button>
    <button class="plain" @click=${close}>${model.t("close")}</button>
  </div>`;
}

function opened(
  model: Model, watched: Watched, level: Level, advice: Advice, { fine }: CardActions, close: () => void,
): TemplateResult {
  const { ui } = model.guard!.book.words(model.chosen.language);
  return html`<section class="safelight card ${LEVELS[level]}" aria-labelledby="card" lang=${advice.language} tabindex="0">
    <div role="status">
      <p class="level">${advice.level}</p>
      <h2 id="card">${advice.title}</h2>
      ${advice.lines.map((line) => html`<p>${line}</p>`)}
      <p class="action">${advice.action}</p>
    </div>
    ${level === Level.URGENT ? help(model, advice) : nothing}
    ${advice.noticed.length === 0
      ? nothing
      : html`<p>${ui.noticed}</p>
          <ul>${advice.noticed.map((name) => html`<li>${name}</li>`)}</ul>
          ${which(model, watched)}`}
    ${level === Level.URGENT ? nothing : help(model, advice)}
    <details><summary>${model.t("what_next")}</summary>
      <ul>${advice.steps.map((step) => html`<li>${step}</li>`)}</ul>
    </details>
    <details><summary>${model.t("sources")}</summary>
      <ul>${advice.sources.map(({ publisher, url }) => html`<li><a href=${url} target="_blank" rel="noopener noreferrer">${publisher}</a></li>`)}</ul>
    </details>
    <p class="small">${advice.canBeWrong}</p>
    <div class="answers">
      <button @click=${fine}>${model.t("fine")}</button>
      <button @click=${close}>${model.t("close")}</button>
    </div>
  </section>`;
}

/** In a crisis help lies open, before everything else; in a warning one tap away. */
function help(model: Model, { cards, stage }: Advice): TemplateResult {
  const { ui } = model.guard!.book.words(model.chosen.language);
  const crisis = stage === Stage.CRISIS || stage === Stage.THREAT || stage === Stage.AFTER;
  return html`<details ?open=${crisis}><summary>${ui.get_help}</summary>${helpCards(model, cards)}</details>`;
}

/** The messages that showed a sign, also those before the ones on this screen. */
function which(model: Model, { conversation }: Watched): TemplateResult | typeof nothing {
  const { indicatorNames } = model.guard!.book.words(model.chosen.language);
  const view = model.player?.view ?? model.view;
  const rows = conversation.state.policy.reasons.flatMap(({ messageId, indicator }) => {
    const message = view?.message(Number(messageId));
    return message ? [html`<li>“${message.text || model.t("a_picture")}”: ${indicatorNames[indicator]}</li>`] : [];
  });
  if (rows.length === 0) return nothing;
  return html`<details><summary>${model.t("which")}</summary><ul>${rows}</ul></details>`;
}
