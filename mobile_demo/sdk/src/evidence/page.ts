/**
 * The evidence file as a page to read and print: one HTML text with no script and no request.
 *
 * Whatever somebody wrote is escaped and isolated, and what would steer the screen is shown as a
 * sign. Pictures are named and never shown; nothing on the page is a link.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { toBase64 } from "../base64.js";
import { bytesToHex } from "../bytes.js";
import { STYLE } from "../generated/evidenceWords.js";
import type { Indicator } from "../taxonomy.js";
import { encodeUtf8 } from "../unicode.js";
import { type Evidence, type Row, shortDigest } from "./evidence.js";
import { CHOICES, type Fact, type FactName, type Noticed, type Said } from "./parts.js";
import { LISTS, type PageWords } from "./words.js";

const COMMAND = "safelight evidence verify FILE";
/** Controls but tab and newline; embeddings, overrides and isolates that turn text around. */
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/** What each indicator is called; needed where some were noticed. */
export type Names = Readonly<Partial<Record<Indicator, string>>>;

/** Return the page. The evidence must have been verified: the page repeats what the file says. */
export function render(evidence: Evidence, words: PageWords, names: Names): string {
  const style = STYLE + foot(shortDigest(evidence.digest));
  const digest = toBase64(sha256(encodeUtf8(style)));
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(words.line.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${first(evidence, words)}${facts(evidence, words)}${messages(evidence, words, names)}</main>
</body>
</html>
`;
}

/** At the foot of each printed sheet. */
function foot(code: string): string {
  return `@page {
  margin: 18mm;
  @bottom-center { content: "${code} · " counter(page) "/" counter(pages); font: 9pt monospace; }
}
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] as string);
}

/** Escape what somebody wrote; a character that steers becomes its code, such as U+202E. */
export function shown(text: string): string {
  const lines = escape(text.replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
  return lines.replace(STEERING, (sign) => {
    const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `<span class="sign">U+${code}</span>`;
  });
}

/** A time as given, with its zone; what is not known is said. */
export function moment(sentAt: string, words: PageWords): string {
  const [, day, clock, sign, offset] = /^(.*)T([^+.-]*)[^+-]*([+-]?)(.*)$/.exec(sentAt) ?? [];
  if (day === undefined) return words.line.time_unknown;
  const zone = sign ? `UTC${sign.replace("-", "−")}${offset}` : words.line.zone_unknown;
  return `${day} ${clock} (${zone})`;
}

function first(evidence: Evidence, words: PageWords): string {
  const { line } = words;
  const named = `<bdi>${shown(evidence.source)}</bdi>`;
  const source = evidence.source
    ? `<p class="small">${filled(line.source, "source", named)}</p>\n`
    : "";
  const command = filled(line.how, "command", `<code>${COMMAND}</code>`);
  const lists = LISTS.map((key) => {
    const items = words.lists[key].map((entry) => `<li>${escape(entry)}</li>`).join("");
    return `<h2>${escape(line[`${key}_title`])}</h2>\n<ul>${items}</ul>\n`;
  });
  return `<section class="first">
<h1>${escape(line.title)}</h1>
<p>${filled(line.made, "time", escape(moment(evidence.created, words)))}</p>
${source}<div class="code">
<h2>${escape(line.code_title)}</h2>
<strong>${shortDigest(evidence.digest)}</strong>
<p>${escape(line.code_note)}</p>
<p class="small">${escape(line.code_full)}: <code>${bytesToHex(evidence.digest)}</code></p>
<p class="small">${command}</p>
</div>
${lists.join("")}</section>
`;
}

function filled(phrase: string, key: string, html: string): string {
  return escape(phrase).replaceAll(`{${key}}`, () => html);
}

function facts(evidence: Evidence, words: PageWords): string {
  const rows = evidence.facts.map((row) => factRow(row, words)).join("");
  const title = escape(words.line.facts_title);
  return `<section>\n<h2>${title}</h2>\n<dl>\n${rows}</dl>\n</section>\n`;
}

function factRow(row: Row<FactName, Fact>, words: PageWords): string {
  const value = row.opened?.content.value;
  let html = `<em>${escape(words.line.left_out)}</em>`;
  if (value !== undefined) {
    html = row.key in CHOICES ? escape(words.choices[value] as string) : shown(value);
    html = `<bdi>${html}</bdi>`;
  }
  return `<dt>${escape(words.facts[row.key])}</dt><dd>${html}</dd>\n`;
}

function messages(evidence: Evidence, words: PageWords, names: Names): string {
  const { line } = words;
  return `<section>
<h2 id="messages">${escape(line.messages_title)}</h2>
<table aria-labelledby="messages">
<thead><tr><th scope="col" class="number">${escape(line.number)}</th>
<th scope="col" class="who">${escape(line.who)}</th>
<th scope="col">${escape(line.said)}</th></tr></thead>
<tbody>
${[...messageRows(evidence, words, names)].join("")}</tbody>
</table>
</section>
`;
}

function* messageRows(evidence: Evidence, words: PageWords, names: Names): Generator<string> {
  const owner = evidence.facts.find((row) => row.key === "owner")?.opened?.content.value;
  let last = (evidence.messages[0]?.key ?? 1) - 1;
  for (const { key: number, opened } of evidence.messages) {
    if (number > last + 1) {
      const between = number === last + 2 ? `${last + 1}` : `${last + 1}–${number - 1}`;
      const text = filled(words.line.not_chosen, "numbers", between);
      yield `<tr class="gap"><td colspan="3">${text}</td></tr>\n`;
    }
    last = number;
    const head = `<th scope="row" class="number">${number}</th>`;
    if (opened === null) {
      yield `<tr>${head}<td colspan="2"><em>${escape(words.line.left_out)}</em></td></tr>\n`;
    } else {
      const own = opened.content.sender === owner;
      yield `<tr>${head}${saidCells(opened.content, words, names, own)}</tr>\n`;
    }
  }
}

function saidCells(said: Said, words: PageWords, names: Names, own: boolean): string {
  const { line } = words;
  const mark = own ? `<span class="small">${escape(line.owner_mark)}</span>` : "";
  let body = said.text ? `<bdi class="said">${shown(said.text)}</bdi>` : "";
  if (said.media !== null) body = medium(said, words) + body;
  else if (!body) body = `<em class="small">${escape(line.no_text)}</em>`;
  return (
    `<td class="who"><strong><bdi>${shown(said.sender)}</bdi></strong>${mark}` +
    `<span class="small">${escape(moment(said.sentAt, words))}</span></td>` +
    `<td${own ? " class=own" : ""}>${body}${noticedLine(said.noticed, words, names)}</td>`
  );
}

function medium(said: Said, words: PageWords): string {
  const media = said.media ?? "file";
  const { not_included, file_name } = words.line;
  const where = media === "deleted" || media === "call" ? "" : ` (${escape(not_included)})`;
  const named = `<bdi>${shown(said.fileName)}</bdi>`;
  const name = said.fileName ? `<br>${filled(file_name, "name", named)}` : "";
  return `<span class="medium">${escape(words.media[media])}${where}${name}</span>`;
}

function noticedLine(noticed: Noticed | null, words: PageWords, names: Names): string {
  if (noticed === null || noticed.indicators.length === 0) return "";
  const signs = noticed.indicators.map((name) => names[name] ?? name).join("; ");
  const level = noticed.level === "none" ? "" : ` (${escape(words.levels[noticed.level])})`;
  return `<div class="noticed">${escape(words.line.noticed)} ${escape(signs)}${level}</div>`;
}
