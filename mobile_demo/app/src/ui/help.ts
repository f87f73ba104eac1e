/** Where to get help, by country. What a contact leaves behind is said before the tap. */
import { html, nothing, type TemplateResult } from "lit";
import { Stage, type Channel, type HelpCard } from "safelight";
import type { Model } from "../app/model.ts";
import { head, lines } from "./frame.ts";
import { countryField } from "./settings.ts";

export function helpScreen(model: Model): TemplateResult {
  const { language, country } = model.chosen;
  const none = { level: 0, stage: Stage.NONE, reasons: [] } as never;
  const advice = model.help?.book.advice(none, language, { country: country || null });
  const guide = model.help?.guide("after", language);
  return html`${head(model, model.t("help"), "#/")}${lines(model)}
    <main class="page">
      ${advice
        ? html`<h2>${advice.title}</h2>
            ${advice.lines.map((line) => html`<p>${line}</p>`)}
            ${countryField(model)}${helpCards(model, advice.cards)}`
        : html`<p>${model.t("help_missing")}</p>`}
      ${guide
        ? html`<section lang=${guide.language}>
            <h2>${guide.title}</h2>
            ${guide.sections.map(({ heading, lines: said }) => html`<h3>${heading}</h3>${said.map((line) => html`<p>${line}</p>`)}`)}
          </section>`
        : nothing}
    </main>`;
}

export function helpCards(model: Model, cards: readonly HelpCard[]): TemplateResult {
  const { ui } = model.help!.book.words(model.chosen.language);
  return html`<ul class="help">${cards.map((one) => html`<li>
    <h3>${one.name}</h3>
    <p>${[...one.use, one.serves, one.hours, one.note].filter(Boolean).join(" · ")}</p>
    <p class="channels">${one.channels.map((channel) => html`<a class="main" href=${addressOf(channel)} target="_blank" rel="noopener noreferrer">
      ${ui[channel.kind]}: ${channel.value}</a>`)}</p>
    <details><summary>${one.beforeTitle}</summary><ul>${one.before.map((line) => html`<li>${line}</li>`)}</ul></details>
    ${one.freshness ? html`<p class="small">${one.freshness}</p>` : nothing}
  </li>`)}</ul>`;
}

function addressOf({ kind, value }: Channel): string {
  const digits = value.replace(/[^\d+#*]/g, "");
  if (kind === "call") return `tel:${digits}`;
  if (kind === "text") return `sms:${digits}`;
  if (kind === "email") return `mailto:${value}`;
  return /^https:/.test(value) ? value : `https://${value}`;
}
