/** What an evidence file may hold: facts that a person enters, messages that a person chooses. */
import { isDay } from "../reading.js";
import { INDICATORS, type Indicator, MEDIA, type Media } from "../taxonomy.js";
import { LEVELS, type LevelLabel } from "../types.js";
import { length } from "../unicode.js";

/** The longest text of a message and the longest value of a fact, in characters. */
export const MAX_TEXT = 2 ** 20;
const MAX_VALUE = 2_000;
export const MAX_MESSAGES = 10_000;
export const MAX_FACTS = 100;

/** What a person may enter, in the order of the file; only the owner must be there. */
export const FACTS = [
  "platform",
  "owner", // the account of the person who makes the file
  "peer", // an account of the other side
  "profile", // a link to its profile
  "zone", // the time zone of the clock in the export
  "money_demanded",
  "amount",
  "payment_id",
  "pictures_demanded",
  "country", // where the person is
  "age_band",
  "contact",
  "note",
] as const;
export type FactName = (typeof FACTS)[number];
const REPEATED: readonly FactName[] = ["peer", "profile", "payment_id"];
const ANSWERS = ["yes", "no", "unsure"] as const;
const AGE_BANDS = ["under_13", "13_15", "16_17", "18_over"] as const;
/** The only values that these facts may have. */
export const CHOICES: Readonly<Partial<Record<FactName, readonly string[]>>> = {
  money_demanded: ANSWERS,
  pictures_demanded: ANSWERS,
  age_band: AGE_BANDS,
};

/** Something that the person entered. value: at most 2,000 characters. */
export interface Fact {
  readonly name: FactName;
  readonly value: string;
}

/** What Safelight noticed: the level after a message, and the indicators of the message. */
export interface Noticed {
  readonly level: LevelLabel;
  readonly indicators: readonly Indicator[];
}

/**
 * One chosen message.
 *
 * number: its place in the chat, from 1. sender: the handle of the owner or of a peer. sentAt: as
 * `iso` gives it, without an offset where the zone is not known, empty where the time is not.
 * media: with the name of the file if that is known. noticed: only where the person asked for it.
 */
export interface Said {
  readonly number: number;
  readonly sender: string;
  readonly text: string;
  readonly sentAt: string;
  readonly media: Media | null;
  readonly fileName: string;
  readonly noticed: Noticed | null;
}

/** ISO 8601 with the offset of a zone, by default that of the device at that time. */
export function iso(moment: Date, offsetMinutes = -moment.getTimezoneOffset()): string {
  const local = new Date(moment.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const offset = Math.abs(offsetMinutes);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const zone = `${offsetMinutes < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  // Python writes no fraction where there is none, and six digits of any other.
  return (local.endsWith(".000") ? local.slice(0, -4) : `${local}000`) + zone;
}

const ISO = new RegExp(
  "^(\\d{4}-\\d{2}-\\d{2})T(\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{6}))?" +
    "(?:([+-])(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{6}))?)?)?$",
);

/** True for exactly the one way in which a time is written, or nothing. */
export function isIso(value: string): boolean {
  if (!value) return true;
  const match = ISO.exec(value);
  if (match === null) return false;
  const [, day = "", hour, minute, second, fraction, sign, ...zone] = match;
  if (!isDay(day) || !isClock(hour, minute, second) || fraction === "000000") return false;
  if (sign === undefined) return true;
  const [offsetHour, offsetMinute, offsetSecond, offsetFraction] = zone;
  const written = [offsetHour, offsetMinute, offsetSecond, offsetFraction];
  const nothing = written.every((part) => part === undefined || Number(part) === 0);
  // UTC is +00:00, and seconds of an offset stand there only if there are any.
  if (nothing && (sign === "-" || offsetSecond !== undefined)) return false;
  if (offsetFraction === "000000" || (offsetSecond === "00" && !offsetFraction)) return false;
  return isClock(offsetHour, offsetMinute, offsetSecond ?? "00");
}

function isClock(hour = "", minute = "", second = ""): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

/** Whether a time written as ISO 8601 says its zone. */
export function hasZone(value: string): boolean {
  return ISO.exec(value)?.[6] !== undefined;
}

/** What is wrong with a fact, in a phrase, or null. */
export function factFault({ name, value }: Fact): string | null {
  if (!FACTS.includes(name)) return "a fact has a name that is not known";
  if (!value || length(value) > MAX_VALUE) return `${name} must have 1 to 2,000 characters`;
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(value)) {
    return `${name} must be one of ${choices.join(", ")}`;
  }
  if (name === "country" && !/^[A-Z]{2}$/.test(value)) {
    return "country must have two capital letters";
  }
  return null;
}

/** What is wrong with a message, in a phrase, or null. */
export function saidFault(said: Said): string | null {
  if (!Number.isSafeInteger(said.number) || said.number < 1) {
    return "a message has no number from 1 on";
  }
  if (!said.sender || length(said.sender) > MAX_VALUE || length(said.fileName) > MAX_VALUE) {
    return "a name is empty or too long";
  }
  if (length(said.text) > MAX_TEXT) return "a text is longer than 1,048,576 characters";
  if (!isIso(said.sentAt)) return "a time is not written as ISO 8601";
  if (said.media !== null && !MEDIA.includes(said.media)) return "an unknown kind of media";
  if (said.noticed === null) return null;
  const { level, indicators } = said.noticed;
  const known = LEVELS.includes(level) && indicators.every((name) => INDICATORS.includes(name));
  return known ? null : "an unknown level or indicator";
}

/** What is wrong with the names of facts and the numbers of messages as a whole, or null. */
export function orderFault(names: readonly FactName[], numbers: readonly number[]): string | null {
  if (numbers.length < 1 || numbers.length > MAX_MESSAGES || names.length > MAX_FACTS) {
    return `there must be 1 to 10,000 messages and at most ${MAX_FACTS} facts`;
  }
  if (numbers.some((number, i) => number <= (numbers[i - 1] ?? 0))) {
    return "the messages are not in the order of their numbers";
  }
  const places = names.map((name) => FACTS.indexOf(name));
  const sorted = places.every((place, i) => place >= (places[i - 1] ?? 0));
  const twice = names.some((name, i) => names.indexOf(name) !== i && !REPEATED.includes(name));
  if (!sorted || twice || !names.includes("owner")) {
    return "the facts are out of order, repeated, or do not say whose chat it is";
  }
  return null;
}
