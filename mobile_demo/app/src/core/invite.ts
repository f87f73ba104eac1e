/**
 * Invitations: a link whose fragment, which no server sees, says whom it leads to.
 *
 * `#join=BOX.FINGERPRINT.SECRET.NAME`: where to answer; the hash of the inviter's public key; a
 * secret that encrypts the answer, so that only who holds the link can give one; and the name that
 * the inviter chose to be seen by.
 */
import { fromBase64, fromUtf8, toBase64, utf8, type Bytes } from "./bytes.ts";
import { openValue, sealValue } from "./sealed.ts";

export interface Invitation {
  readonly box: string;
  readonly print: string;
  readonly secret: string;
  readonly name: string;
}

/** What who follows a link answers. box: where they wait for the welcome. */
export interface Answer {
  readonly offer: string;
  readonly box: string;
  readonly name: string;
}

const HASH = /^[A-Za-z0-9_-]{43}$/;
const MARK = "#join=";
export const MAX_NAME = 40;

export function toLink(base: string, { box, print, secret, name }: Invitation): string {
  return `${base}${MARK}${[box, print, secret, toBase64(utf8(name))].join(".")}`;
}

/** Read a link or its fragment; undefined for what is none. */
export function parseLink(text: string): Invitation | undefined {
  const at = text.indexOf(MARK);
  if (at < 0) return undefined;
  const [box = "", print = "", secret = "", name = "", ...more] = text.slice(at + MARK.length).trim().split(".");
  try {
    const shown = fromUtf8(fromBase64(name)).trim();
    const valid = [box, print, secret].every((each) => HASH.test(each)) && more.length === 0;
    return valid && shown && shown.length <= MAX_NAME ? { box, print, secret, name: shown } : undefined;
  } catch {
    return undefined;
  }
}

export async function sealAnswer({ secret, box }: Invitation, answer: Answer): Promise<Bytes> {
  return sealValue(await key(secret), box, answer);
}

/** undefined for what was not written by somebody who holds the link, or names nobody. */
export async function openAnswer(
  { secret, box }: Pick<Invitation, "secret" | "box">, sealed: Bytes,
): Promise<Answer | undefined> {
  try {
    const answer = await openValue<Answer>(await key(secret), box, sealed);
    const name = answer.name.trim();
    const valid =
      HASH.test(answer.box) && typeof answer.offer === "string" && name && name.length <= MAX_NAME;
    return valid ? { ...answer, name } : undefined;
  } catch {
    return undefined;
  }
}

function key(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", fromBase64(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
}
