/** The values that cross the interface. Only Message holds text of a chat. */
import type { Advice, AdviceBook } from "./advice.js";
import type { Indicator, Media, Risk } from "./taxonomy.js";

/** The sender name of the person using the phone; every other name is a peer. */
export const SELF = "self";

/** What an app shows. Comparable: NONE < NOTICE < WARNING < URGENT. */
export const Level = { NONE: 0, NOTICE: 1, WARNING: 2, URGENT: 3 } as const;
export type Level = (typeof Level)[keyof typeof Level];

/** The lower-case names of the levels, as in files; the level is the index. */
export const LEVELS = ["none", "notice", "warning", "urgent"] as const;
export type LevelLabel = (typeof LEVELS)[number];

/** Return the lower-case name of a level. */
export function label(level: Level): LevelLabel {
  return LEVELS[level];
}

/** How far things have gone; picks the advice. "none" exactly while the level is NONE. */
export const Stage = {
  NONE: "none",
  TRUST: "trust",
  REQUEST: "request",
  THREAT: "threat",
  AFTER: "after",
  CRISIS: "crisis",
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/**
 * How a level is shown, by the choices of the person using the phone.
 *
 * OFF: the guard is off and read nothing. NOTHING: there is nothing to show. LINE: one neutral
 * closed line (Guard.line), and the card when it is tapped. CARD: the advice; at level notice its
 * title and action alone.
 */
export const Form = { OFF: "off", NOTHING: "nothing", LINE: "line", CARD: "card" } as const;
export type Form = (typeof Form)[keyof typeof Form];

/**
 * One message of a chat.
 *
 * sender: "self", "peer", or a peer's name in a group. text: empty by default; of a medium its
 * caption. sentAt: null or left out when unknown. id: the app's own; by default "m0", "m1" … by
 * place.
 */
export interface Message {
  readonly sender: string;
  readonly text?: string;
  readonly media?: Media | null;
  readonly sentAt?: Date | null;
  readonly id?: string | null;
}

/**
 * What the model says after one message: calibrated probabilities, 0..1.
 *
 * risks: (2,) in the order of RISKS, for the chat so far. indicators: (21,) and cues: (5,) for
 * this message, in the order of INDICATORS and CUES. languages: of this message, in the order of
 * the manifest's languages and then "other"; null of a model without a language head.
 */
export interface Outputs {
  readonly risks: Float32Array;
  readonly indicators: Float32Array;
  readonly cues: Float32Array;
  readonly languages: Float32Array | null;
}

/** A message that showed an indicator. */
export interface Reason {
  readonly messageId: string;
  readonly indicator: Indicator;
}

/** What `Assessment.advice` may be told beside the language. */
export interface AdviceOptions {
  /** Two letters; left out for the international cards. */
  readonly country?: string | null;
  /** "young", or "adult" for an adult who chose that. */
  readonly audience?: "young" | "adult";
  /** The date by which cards count as recently checked, "2026-01-31"; by default the device's. */
  readonly today?: string;
}

/**
 * What is shown after one message.
 *
 * level: the level now, after the choices of the person; changed: whether it differs from before
 * this message; raised: whether this message calls for a card: the level rose, or at `warning` and
 * above the stage moved on (a push to self-harm last of all). Both are always false in a replay.
 * stage: "none" exactly when level is NONE. risks: name → probability 0..1 for the chat so far.
 * indicators: name → probability, those of this message at or above their threshold. reasons: at
 * most six, the most recent message first, none at level NONE. supportedLanguage: false where the
 * chat is in a language that the model does not know, so that silence means nothing; null while it
 * cannot tell. form: how to show the level. While the guard is off nothing is read: the form is
 * OFF, the level NONE, and every risk 0.
 */
export class Assessment {
  readonly level!: Level;
  readonly changed!: boolean;
  readonly stage!: Stage;
  readonly risks!: Readonly<Record<Risk, number>>;
  readonly indicators!: Readonly<Partial<Record<Indicator, number>>>;
  readonly reasons!: readonly Reason[];
  readonly supportedLanguage!: boolean | null;
  readonly form!: Form;
  readonly raised!: boolean;
  readonly #book: AdviceBook;

  constructor(found: AssessmentFields, book: AdviceBook) {
    Object.assign(this, found);
    this.#book = book;
    Object.freeze(this);
  }

  /**
   * Return the fixed advice and help cards for this assessment.
   *
   * language: two letters, or a tag that starts with them; one without advice falls back to
   * English, and Advice.language says so. A stage without words of its own for adults falls back
   * to the young ones, and Advice.audience says so. RangeError for an unknown audience.
   */
  advice(language: string, options: AdviceOptions = {}): Advice {
    return this.#book.advice(this, language, options);
  }
}

/** The fields of an assessment. */
export type AssessmentFields = Pick<
  Assessment,
  | "level"
  | "changed"
  | "stage"
  | "risks"
  | "indicators"
  | "reasons"
  | "supportedLanguage"
  | "form"
  | "raised"
>;
