/** What one message holds, as it goes into MLS. */
import { fromUtf8, pad, unpad, utf8, type Bytes } from "./bytes.ts";

export const KINDS = ["text", "image", "location", "payment"] as const;
export type Kind = (typeof KINDS)[number];

/** text: what was written; of an image its caption. picture: JPEG as base64. at: ms since 1970. */
export interface Content {
  readonly kind: Kind;
  readonly text: string;
  readonly picture?: string;
  readonly at: number;
}

/** The last moment, in ms from 1970, that a Date can be of; as many before it. */
const LAST_MOMENT = 8.64e15;
export const MAX_TEXT = 4_000;
export const MAX_PICTURE = 700_000;

export function encode(content: Content): Bytes {
  return pad(utf8(JSON.stringify(content)));
}

/** null where the number is no moment of the calendar. at: ms since 1970. */
export function dateOf(at: number): Date | null {
  return Number.isSafeInteger(at) && Math.abs(at) <= LAST_MOMENT ? new Date(at) : null;
}

/** RangeError for what no app like this one sends. */
export function decode(bytes: Uint8Array): Content {
  const { kind, text, picture, at } = JSON.parse(fromUtf8(unpad(bytes)));
  const valid =
    KINDS.includes(kind) && typeof text === "string" && text.length <= MAX_TEXT &&
    dateOf(at) !== null && (kind === "image") === (picture !== undefined) &&
    (picture === undefined || (/^[A-Za-z0-9_-]+$/.test(picture) && picture.length <= MAX_PICTURE));
  if (!valid) throw new RangeError("not a message");
  return picture === undefined ? { kind, text, at } : { kind, text, picture, at };
}
