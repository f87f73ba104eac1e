/** One chat: what the model and the policy remember of it, as ids and numbers. */
import { type Arrival, beforeSend, type Friction, type Kind, onArrival } from "./friction.js";
import { type AskWords, askWords } from "./frictionWords.js";
import type { Guard } from "./guard.js";
import { EMPTY_POLICY, type PolicyState, thisWasFine } from "./policy.js";
import { askingLevel, shown } from "./settings.js";
import type { AppKey } from "./subkey.js";
import { RISKS, type Risk } from "./taxonomy.js";
import { type Assessment, type Form, Level, type Message, Stage } from "./types.js";

/**
 * All that is kept of a chat; no text. hidden: (stateSize,), of the model.
 *
 * risks: in the order of RISKS, 0..1. lastSentAt: of the previous message, microseconds since
 * 1970, null when unknown. messages: how many were observed. foreign: evidence for a language that
 * the model does not know.
 */
export interface ChatState {
  readonly hidden: Float32Array;
  readonly policy: PolicyState;
  readonly risks: readonly number[];
  readonly lastSentAt: bigint | null;
  readonly messages: number;
  readonly foreign: number;
}

/** The state of a chat in which nothing was said. */
export function freshState(stateSize: number): ChatState {
  return {
    hidden: new Float32Array(stateSize),
    policy: EMPTY_POLICY,
    risks: RISKS.map(() => 0),
    lastSentAt: null,
    messages: 0,
    foreign: 0,
  };
}

/** What the person chose for a chat, as JSON values; snapshots keep it for any model. */
export type ChatChoices = Readonly<Record<string, unknown>>;

/** A chat under observation; made by Guard.conversation. */
export class Conversation {
  readonly id: string;
  /** Replaced as a whole after each message, by the guard. */
  state: ChatState;
  /** The state that it began with, or that the latest `wipe` left. */
  start: ChatState;
  /** Settled once all that was asked of this chat is done; the guard keeps calls in their order. */
  turn: Promise<unknown> = Promise.resolve();
  readonly #guard: Guard;
  /** Whether it was restored without what was found in it. */
  #lost: boolean;
  #muted = false;

  /** Most callers want Guard.conversation. */
  constructor(
    guard: Guard,
    id: string,
    state: ChatState,
    { choices = {}, lost = false }: { choices?: ChatChoices; lost?: boolean } = {},
  ) {
    this.#guard = guard;
    this.id = id;
    this.state = this.start = state;
    this.#lost = lost;
    this.choices = choices;
  }

  /** Whether it was this guard that started the conversation. */
  startedBy(guard: Guard): boolean {
    return this.#guard === guard;
  }

  /**
   * Take the next message of the chat and say what is shown now.
   *
   * Calls may follow each other without waiting: messages are taken in the order of the calls.
   * sentAt: a message older than the one before counts as sent at once. replay: rebuilds the state
   * from old messages; the level is reported, `changed` and `raised` stay false, and the first
   * message observed afterwards is compared with the level that the replay reached, so that no old
   * card is raised again. RangeError on a faulty argument (the chat is then as before); no error
   * holds text.
   */
  async observe(message: Message & { readonly replay?: boolean }): Promise<Assessment> {
    const { replay = false } = message;
    const [seen] = await this.#guard.step([[this, message]], { replay });
    return seen as Assessment;
  }

  /**
   * Return what is remembered of this chat, encrypted; Guard.restore takes it back.
   *
   * key: the app's, the same for all chats. counter: one that grows lets `restore` refuse an old
   * snapshot (it can be read without the key). The length tells nothing of the chat. Of a message
   * id or a peer's name of over 64 bytes in UTF-8 only a hash is kept.
   */
  snapshot(key: AppKey, options: { counter?: number } = {}): Promise<Uint8Array> {
    return this.#guard.snapshot(this, key, options);
  }

  /**
   * Whether this chat came out of a snapshot that held its choices alone.
   *
   * So it is after a new model: let Guard.replay read the app's own history. False from the first
   * message on, and after `wipe`.
   */
  get needsReplay(): boolean {
    return this.#lost && this.messages === 0;
  }

  /** The level that is shown now. */
  get level(): Level {
    return this.#shown()[0];
  }

  /** How to show the level now. */
  get form(): Form {
    return this.#shown()[1];
  }

  /** The stage that picks the advice now. */
  get stage(): Stage {
    return this.level === Level.NONE ? Stage.NONE : this.state.policy.stage;
  }

  /** Risk → probability 0..1 for the chat so far; zeros before the first message. */
  get risks(): Readonly<Record<Risk, number>> {
    return namedRisks(this.state.risks);
  }

  /** How many messages were observed, replayed ones included. */
  get messages(): number {
    return this.state.messages;
  }

  /**
   * Say whether to ask before something is sent, and in which words.
   *
   * RangeError for a kind that is not known. The app asks on this screen and then does what the
   * person says; nothing is sent, held back or marked meanwhile.
   */
  beforeSend(kind: Kind, language = "en"): Friction {
    const { words, level, stage, discreet } = this.#asking(language);
    return beforeSend(words, kind, level, stage, discreet);
  }

  /**
   * Say how to show something of a peer that was fetched and acknowledged as usual.
   *
   * The cover is on this screen alone, and one tap takes it off.
   */
  onArrival(kind: Kind, language = "en"): Arrival {
    const { words, level, stage, discreet } = this.#asking(language);
    return onArrival(words, kind, level, stage, discreet);
  }

  /** Whether this chat is muted; a snapshot keeps it, otherwise the app does. */
  get muted(): boolean {
    return this.#muted;
  }

  /** What the person chose for this chat, as JSON values. */
  get choices(): ChatChoices {
    return { muted: this.#muted };
  }

  set choices(kept: ChatChoices) {
    this.#muted = kept["muted"] === true;
  }

  /**
   * Show no notice and no warning in this chat, ask nothing; urgent is one closed line.
   *
   * The chat is still read. A level that was hidden is shown after `unmute` without a new card.
   */
  mute(): void {
    this.#muted = true;
  }

  /** Show everything in this chat again. */
  unmute(): void {
    this.#muted = false;
  }

  /**
   * What was noticed so far no longer counts; see policy.thisWasFine.
   *
   * Tells nobody and teaches nothing. A replay knows of it only if the app, which keeps after
   * which message it was said, calls it there again.
   */
  thisWasFine(): void {
    this.state = { ...this.state, policy: thisWasFine(this.state.policy) };
  }

  /**
   * Forget all that Safelight knows of this chat. Messages are the app's, and untouched.
   *
   * A mute stays: it is a choice, not something found. A snapshot is the app's to erase,
   * and an app that replays its history keeps from which message on, so that nothing earlier
   * returns.
   */
  wipe(): void {
    this.state = this.start = this.#guard.fresh();
    this.#lost = false;
  }

  #asking(language: string): { words: AskWords; level: Level; stage: Stage; discreet: boolean } {
    const { settings } = this.#guard;
    const { level, stage } = this.state.policy;
    return {
      words: askWords(language),
      level: askingLevel(level, settings, this.#muted),
      stage,
      discreet: settings.discreet,
    };
  }

  #shown(): [Level, Form] {
    return shown(this.state.policy.level, this.#guard.settings, this.#muted);
  }
}

/** Risk → probability, of probabilities in the order of RISKS. */
export function namedRisks(risks: ArrayLike<number>): Readonly<Record<Risk, number>> {
  return Object.fromEntries(RISKS.map((name, i) => [name, risks[i] ?? 0])) as Record<Risk, number>;
}
