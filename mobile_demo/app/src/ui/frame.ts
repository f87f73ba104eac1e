/** The head of every screen, and the lines under it. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Model } from "../app/model.ts";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  menu: "M12 5h.01M12 12h.01M12 19h.01",
  send: "M4 12l16-8-6 16-3-6z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01",
  place: "M12 21s7-6.5 7-11a7 7 0 0 0-14 0c0 4.500 7 11 7 11zM12 10h.01",
  money: "M3 6h18v12H3zM12 12h.01M7 12h.01M17 12h.01",
} as const;

export function icon(name: keyof typeof PATHS): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${PATHS[name]} />`}</svg>`;
}

/** An address, or what to do where the address stays. */
type Back = string | (() => unknown);

/** back: none for the first screen. more: what stands at the right. */
export function head(
  model: Model, title: string, back: Back | undefined, more: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<header>
    ${back === undefined ? nothing : backTo(back, model.t("back"))}
    <h1 tabindex="-1">${title}</h1>
    ${more}
    <button class="exit" @click=${() => model.exit()}>${model.t("exit")}</button>
  </header>`;
}

function backTo(back: Back, label: string): TemplateResult {
  return typeof back === "string"
    ? html`<a class="round" href=${back} aria-label=${label}>${icon("back")}</a>`
    : html`<button class="round" aria-label=${label} @click=${back}>${icon("back")}</button>`;
}

/** What holds for the whole app now. */
export function lines(model: Model): TemplateResult {
  const lost = model.vault.lost.size;
  const said = [
    model.full && model.t("storage_full"),
    !model.online && model.t("offline"),
    !model.chosen.guard.on && model.t("is_off"),
    model.chosen.guard.on && model.unguarded && model.t("no_guard"),
    model.chosen.guard.on && model.missed && model.t("not_read"),
    lost > 0 && model.t("lost", { count: lost }),
    model.chosen.guard.on && !model.guard && !model.unguarded && model.t("starting"),
    model.note,
  ].filter((line): line is string => Boolean(line));
  return html`<div class="lines" role="status">${said.map((line) => html`<p>${line}</p>`)}</div>`;
}
