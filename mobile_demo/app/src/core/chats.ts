/** What is kept of chats, and how the records are named. */
import type { Kind } from "./content.ts";
import type { Invitation } from "./invite.ts";
import type { Keys } from "./mls.ts";

/**
 * invited: a link was made and nobody has answered. joining: a link was answered. open: both are
 * in. No phase leads back.
 */
export type Phase = "invited" | "joining" | "open";

/**
 * One chat. name: of the other person. secret, box: where messages for us wait. peerBox: where
 * those for them go. keys: until the group is there. peerKey: public, of the other person.
 * next: the number of the next message. read: up to which message the person has seen.
 * muted: a choice; fineAfter: after which messages they said that it was fine; forgotten: up to
 * where Safelight's own state was wiped. left: how many messages could not be read.
 */
export interface Chat {
  readonly id: string;
  readonly phase: Phase;
  readonly name: string;
  readonly myName: string;
  readonly secret: string;
  readonly box: string;
  readonly made: number;
  readonly invitation?: Invitation;
  readonly keys?: Keys;
  readonly peerBox?: string;
  readonly peerKey?: string;
  readonly safety?: string;
  readonly next: number;
  readonly read: number;
  readonly last: string;
  readonly lastKind: Kind;
  readonly at: number;
  readonly muted: boolean;
  readonly fineAfter: readonly number[];
  readonly forgotten: number;
  readonly left: number;
}

/** number: its place in the chat, from 0. sent: whether the relay has it; true of what came. */
export interface Message {
  readonly number: number;
  readonly mine: boolean;
  readonly kind: Kind;
  readonly text: string;
  readonly at: number;
  readonly sent: boolean;
  /** Covered when it arrived, and not yet opened. */
  readonly covered?: boolean;
}

/** What has yet to reach the relay, in the order of `place`. */
export interface Outgoing {
  readonly place: number;
  readonly tag: string;
  readonly box: string;
  readonly data: string;
  readonly chat: string;
  /** The number of the message; undefined of an answer or a welcome. */
  readonly number?: number;
}

const DIGITS = 9;
const placed = (number: number) => String(number).padStart(DIGITS, "0");

export const record = {
  chat: (id: string) => `chat/${id}`,
  state: (id: string) => `state/${id}`,
  message: (id: string, number: number) => `message/${id}/${placed(number)}`,
  messages: (id: string) => `message/${id}/`,
  picture: (id: string, number: number) => `picture/${id}/${placed(number)}`,
  pictures: (id: string) => `picture/${id}/`,
  out: (place: number) => `out/${placed(place)}`,
  settings: "settings",
} as const;
