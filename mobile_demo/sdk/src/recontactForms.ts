/** What of a contact can be recognised again: forms of a handle, ids, links. Pure; keeps nothing. */
import { sha256 } from "@noble/hashes/sha2.js";
import { type Address, parseAddress } from "./address.js";
import { caseFold } from "./caseFold.js";
import type { TextPreparer } from "./text.js";
import { head, length } from "./unicode.js";

/**
 * Letters and digits from which on forms of a handle are compared: as written, without separators,
 * without the digits at its end. Shorter ones are shared by too many people.
 */
const LEAST_WRITTEN = 4;
const LEAST_JOINED = 6;
const LEAST_STEM = 12;
/** Characters of a handle and of a text that are looked at. */
const MAX_HANDLE = 200;
const MAX_TEXT = 65_536;

/**
 * Digits and signs for letters, between letters alone: "mia2009" stays. A 1 is an i or an l. Not
 * the table of text.json: a new bundle must not change by what the kept hashes were made.
 */
const LEET_RUN = /(?<=[\p{L}\p{Nl}\p{No}])[013457@$]{1,4}(?=[\p{L}\p{Nl}\p{No}])/gu;
const LEET = ["i", "l"].map((one) => letters("013457@$", `o${one}eastas`));
const MARKS = /[\u0300-\u036f]/gu;
const ALNUM = /[\p{L}\p{N}]/gu;
const NAME = /^\p{L}+$/u;
/** Length of an IBAN by country: the public registry of ISO 13616. */
const IBAN_LENGTH: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 " +
    "IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 TR26"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const IBAN = /(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{2,4}){3,8}/gu;
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const COIN = new RegExp(
  `(?<![A-Za-z0-9])(?:(?<checked>[${BASE58}]{26,35})` +
    "|(?<plain>(?:bc1|ltc1)[02-9ac-hj-np-z]{30,71}|0x[0-9A-Fa-f]{40}))(?![A-Za-z0-9])",
  "gu",
);
/** Pages whose path names an account that takes money. */
const PAY_PAGES = [
  "paypal.me/",
  "paypal.com/paypalme/",
  "cash.app/",
  "venmo.com/u/",
  "revolut.me/",
];
const CASH_APP = /cash ?app/i;
const CASHTAG = /(?<![A-Za-z0-9$])\$[A-Za-z][A-Za-z0-9]{1,19}(?![A-Za-z0-9])/gu;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/u;
/** Digits compared of a phone number, from its end: the country's prefix is not always written. */
const PHONE_DIGITS = 9;
/** Numbers that are free to call belong to help lines and companies, and many pass them on. */
const FREEPHONE = /^(?:00)?(?:1|44|33|49|39|34|351|81)?0?8(?:00|08|33|44|55|66|77|88)/;
/** Written by who will not give a number: few digits again and again, or in a row. */
const LEAST_DIGITS = 3;
const IN_A_ROW = "1234567";
/** Where a link names a film, a song or an article that many people share, not somebody's page. */
const SHARED_HOSTS = (
  "youtube.com youtu.be wikipedia.org wikimedia.org google.com goo.gl spotify.com " +
  "music.apple.com apps.apple.com amazon.com netflix.com bbc.co.uk twitch.tv giphy.com tenor.com " +
  "imgur.com github.com stackoverflow.com"
).split(" ");
/** Pages that explain something, by the first name of the host or a folder: many pass them on. */
const REFERENCE =
  /^(?:(?:help|wiki|docs?|support|faq|lists|archive)\..*|.*\/(?:wiki|docs|faq)\/.*)$/u;
const TRACKING =
  /^(?:utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|si|ref|ref_src|source|feature)$/u;

/**
 * Forms under which a handle is compared; equal for those that look alike, empty if too short.
 *
 * Each starts with how it was made: a form with separators never equals one without.
 */
export function handleForms(preparer: TextPreparer, handle: string): Set<string> {
  const folded = preparer.folded(caseFold(preparer.folded(head(handle, MAX_HANDLE))));
  const bare = folded.normalize("NFKD").replace(MARKS, "").normalize("NFKC");
  const written = bare.replace(/^[@ ]+|[@ ]+$/g, "");
  const count = written.match(ALNUM)?.length ?? 0;
  const forms = new Set<string>();
  if (count >= LEAST_WRITTEN) forms.add(`written:${written}`);
  if (count >= LEAST_JOINED) {
    for (const form of joined(written)) forms.add(`joined:${form}`);
  }
  const stem = written.replace(/[0-9._ -]+$/, "");
  if (!readsAsAName(stem)) {
    for (const form of joined(stem)) {
      if (length(form) >= LEAST_STEM) forms.add(`stem:${form}`);
    }
  }
  return forms;
}

/** Letters and digits alone, those for letters undone in each way. */
function joined(written: string): Set<string> {
  const kept = written.replace(/[^\p{L}\p{N}@$]/gu, "");
  return new Set(LEET.map((table) => undone(kept, table).replace(/[@$]/g, "")));
}

function undone(text: string, table: ReadonlyMap<string, string>): string {
  return text.replace(LEET_RUN, (run) => Array.from(run, (sign) => table.get(sign)).join(""));
}

function letters(from: string, to: string): ReadonlyMap<string, string> {
  return new Map(Array.from(from, (sign, i) => [sign, to.charAt(i)]));
}

/** One or two words of letters: people who share a name differ in the digits behind it. */
function readsAsAName(stem: string): boolean {
  const words = stem.split(/[._ -]+/);
  return words.length <= 2 && words.every((word) => NAME.test(word));
}

/** IBANs, coin addresses and names at payment services in a text. Gift card codes are none. */
export function paymentForms(preparer: TextPreparer, given: string): Set<string> {
  const text = preparer.folded(head(given, MAX_TEXT));
  const forms = new Set([...ibans(text)].map((found) => `iban:${found}`));
  for (const { groups = {} } of text.matchAll(COIN)) {
    const { checked = "", plain } = groups;
    if (plain) forms.add(`coin:${plain.toLowerCase()}`);
    else if (isBase58Check(checked)) forms.add(`coin:${checked}`);
  }
  for (const { host, path } of addresses(preparer, text)) {
    for (const page of PAY_PAGES) {
      const name = `${host}${path}/`.startsWith(page) ? account(host, path, page) : "";
      if (name) forms.add(`${page.slice(0, page.indexOf("."))}:${name}`);
    }
  }
  if (CASH_APP.test(text)) {
    for (const [tag] of text.matchAll(CASHTAG)) forms.add(`cash:${tag.slice(1).toLowerCase()}`);
  }
  return forms;
}

/** E-mail addresses and phone numbers in a text, however they are written. */
export function contactForms(preparer: TextPreparer, given: string): Set<string> {
  const text = preparer.folded(head(given, MAX_TEXT));
  const forms = new Set<string>();
  for (const found of preparer.found("handle", text)) {
    if (EMAIL.test(found)) forms.add(`mail:${mail(found)}`);
  }
  for (const found of preparer.found("phone", text)) {
    const digits = found.replace(/[^0-9]/g, "");
    const compared = digits.slice(-PHONE_DIGITS);
    const madeUp = new Set(compared).size < LEAST_DIGITS || compared.includes(IN_A_ROW);
    if (compared.length === PHONE_DIGITS && !madeUp && !FREEPHONE.test(digits)) {
      forms.add(`phone:${compared}`);
    }
  }
  return forms;
}

/** Host and path of the links in a text, without what only tracks; never a host alone. */
export function linkForms(preparer: TextPreparer, given: string): Set<string> {
  const text = preparer.folded(head(given, MAX_TEXT));
  const forms = new Set<string>();
  for (const { host, path, query } of addresses(preparer, text)) {
    const kept = query
      .filter(([name]) => !TRACKING.test(name))
      .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
      .map(([name, value]) => `&${name}=${value}`)
      .join("");
    const page = `${host}${path}/`;
    const pays = PAY_PAGES.some((known) => page.startsWith(known));
    if ((path || kept) && !isShared(host) && !pays && !REFERENCE.test(page)) {
      forms.add(`link:${host}${path}${kept}`);
    }
  }
  return forms;
}

/** Each link in lower case, its path without a slash at its end. */
function* addresses(preparer: TextPreparer, text: string): Generator<Address> {
  for (const found of preparer.found("link", text)) {
    const trimmed = caseFold(found.replace(/[.,;:!?'")\]}>*_]+$/, ""));
    const parts = parseAddress(trimmed.includes("://") ? trimmed : `https://${trimmed}`);
    if (parts !== null) {
      const host = parts.host.replace(/^www\./, "").replace(/^m\./, "");
      yield { host, path: parts.path.replace(/\/+$/, ""), query: parts.query };
    }
  }
}

function account(host: string, path: string, page: string): string {
  const [name = ""] = `${host}${path}`.slice(page.length).split("/", 1);
  return name.replace(/^\$+/, "");
}

function isShared(host: string): boolean {
  return SHARED_HOSTS.some((known) => host === known || host.endsWith(`.${known}`));
}

/** Lower case, without a +tag; Gmail ignores dots too. */
function mail(address: string): string {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf("@");
  const whole = lower.slice(0, at);
  const host = lower.slice(at + 1);
  const local = whole.split("+", 1)[0] || whole;
  if (host === "gmail.com" || host === "googlemail.com") {
    return `${local.replaceAll(".", "")}@gmail.com`;
  }
  return `${local}@${host}`;
}

/** Those of a known country, of its length, whose check digits fit (ISO 7064, mod 97-10). */
function* ibans(text: string): Generator<string> {
  for (const [match] of text.matchAll(IBAN)) {
    const whole = match.replaceAll(" ", "").toUpperCase();
    const size = IBAN_LENGTH[whole.slice(0, 2)];
    if (size === undefined || whole.length < size) continue;
    const found = whole.slice(0, size); // the words behind it may look like more of it
    let rest = 0;
    for (const sign of found.slice(4) + found.slice(0, 4)) {
      const value = Number.parseInt(sign, 36);
      rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
    }
    if (rest === 1) yield found;
  }
}

/** Whether it is 25 bytes in base 58 whose last four are the start of a double sha256. */
function isBase58Check(text: string): boolean {
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(BASE58.indexOf(letter));
  const hex = number.toString(16).padStart(50, "0");
  if (hex.length > 50) return false;
  const data = Uint8Array.from({ length: 25 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
  const check = sha256(sha256(data.subarray(0, 21)));
  return data.subarray(21).every((byte, i) => byte === check[i]);
}

/** The order of code points, as far as texts without astral characters go. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
