/**
 * Safelight beside the chats: each message is observed after it was decrypted and kept.
 *
 * What is found stays in memory. It is rebuilt from the app's own history after a reload, and
 * nothing here can reach the wire.
 */
import {
  Arrive, Form, SELF, type Assessment, type Conversation, type Media, type Message as Observed,
} from "safelight";
import type { Guard } from "safelight/web";
import type { Chat, Message } from "../core/chats.ts";
import { dateOf } from "../core/content.ts";

/** Where the history comes from. */
export interface History {
  /** Of so many from a number on, those that can be opened. */
  messagesFrom(id: string, number: number, first: number): Promise<Message[]>;
  sinceStart(id: string): number;
  cover(id: string, message: Message, covered: boolean): Promise<void>;
}

/** What Safelight has read of one chat. */
export interface Watched {
  readonly conversation: Conversation;
  /** The number of the first message that was not read yet. */
  next: number;
  /** Messages before this one are old: they raise no card. */
  live: number;
  assessment: Assessment | undefined;
  /** Whether the card lies open, and whether it was raised since the app was opened. */
  open: boolean;
}

const MEDIA: Partial<Record<Message["kind"], Media>> = { image: "image", location: "location" };
const READ_AT_ONCE = 200;

/** A chat of which nothing was read yet. next, live: numbers, as above. */
export function unread(conversation: Conversation, next: number, live: number): Watched {
  return { conversation, next, live, assessment: undefined, open: false };
}

/** Open a card that is called for; one that is a line now, or gone, is closed whatever changes. */
export function unfold(watched: Watched, { raised, changed, form }: Assessment): void {
  if (raised) watched.open = form === Form.CARD;
  else if (changed && form !== Form.CARD) watched.open = false;
}

/** A message as Safelight takes it. */
export function observed(message: Message): Observed {
  return {
    id: String(message.number),
    sender: message.mine ? SELF : "peer",
    text: message.text,
    media: MEDIA[message.kind] ?? null,
    sentAt: dateOf(message.at),
  };
}

export class Watcher {
  readonly #guard: Guard;
  readonly #history: History;
  /** Draw a chat again. raised: whether what was read calls for a card, or a notification. */
  readonly #changed: (id: string, raised: boolean) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor(guard: Guard, history: History, changed: (id: string, raised: boolean) => void) {
    this.#guard = guard;
    this.#history = history;
    this.#changed = changed;
  }

  get(id: string): Watched | undefined {
    return this.#watched.get(id);
  }

  /** Take up a chat with its history, or go on with what came since. */
  read(chat: Chat): Promise<void> {
    if (!this.#watched.has(chat.id)) {
      const conversation = this.#guard.conversation(chat.id);
      if (chat.muted) conversation.mute();
      const live = this.#history.sinceStart(chat.id);
      this.#watched.set(chat.id, unread(conversation, chat.forgotten, live));
    }
    return this.#inTurn(chat.id, () => this.#catchUp(chat));
  }

  /** After switching on: what was skipped meanwhile is read as old. */
  switchedOn(chat: Chat): Promise<void> {
    const watched = this.#watched.get(chat.id);
    if (watched) watched.live = chat.next;
    return this.read(chat);
  }

  fine(id: string): void {
    const watched = this.#watched.get(id);
    watched?.conversation.thisWasFine();
    if (watched) watched.open = false;
    this.#changed(id, false);
  }

  forget(id: string, next: number): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    watched.conversation.wipe();
    watched.assessment = undefined;
    watched.open = false;
    watched.next = Math.max(watched.next, next);
    this.#changed(id, false);
  }

  drop(id: string): void {
    this.#watched.delete(id);
  }

  async #catchUp(chat: Chat): Promise<void> {
    const watched = this.#watched.get(chat.id);
    if (watched === undefined || !this.#guard.settings.on) return;
    // By number: one that cannot be opened is missing, and those behind it are read all the same.
    for (let from = watched.next; from < chat.next && this.#guard.settings.on; from += READ_AT_ONCE) {
      const messages = await this.#history.messagesFrom(chat.id, from, READ_AT_ONCE);
      for (const message of messages) await this.#observe(chat, watched, message);
    }
    this.#changed(chat.id, false);
  }

  async #observe(chat: Chat, watched: Watched, message: Message): Promise<void> {
    const { conversation } = watched;
    if (message.number < watched.next) return; // forgotten while those before it were read
    const replay = message.number < watched.live;
    const seen = await conversation.observe({ ...observed(message), replay });
    if (seen.form === Form.OFF) return; // switched off meanwhile: it was not read
    if (message.number < watched.next) return conversation.wipe(); // forgotten meanwhile
    if (chat.fineAfter.includes(message.number)) conversation.thisWasFine();
    watched.assessment = seen;
    if (!replay && !message.mine) await this.#cover(chat, watched, message);
    watched.next = message.number + 1; // only now: a picture is drawn from here on
    if (replay) return; // drawn once, at the end
    unfold(watched, seen);
    this.#changed(chat.id, seen.raised);
  }

  async #cover(chat: Chat, { conversation }: Watched, message: Message): Promise<void> {
    if (message.kind !== "image") return;
    if (conversation.onArrival("image").action === Arrive.SHOW) return;
    await this.#history.cover(chat.id, message, true);
  }

  #inTurn(id: string, act: () => Promise<void>): Promise<void> {
    const result = (this.#turns.get(id) ?? Promise.resolve()).then(act);
    this.#turns.set(id, result.catch(() => undefined));
    return result;
  }
}
