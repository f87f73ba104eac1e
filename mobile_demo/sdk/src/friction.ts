/**
 * Protective friction: a question on this phone before something is sent, a cover on what arrives.
 *
 * Hints for the app, which applies them on the screen alone. Everything is reversible with one
 * tap, and nothing here can block, answer, delay or report: the types hold no field for it, so
 * that what goes over the wire is the same whether or not a warning fired. Pure; the words are
 * fixed.
 */
import type { Review } from "./advice.js";
import type { Ask, AskWords } from "./frictionWords.js";
import { Level, Stage } from "./types.js";

/** What to do when the person taps send: send as usual, or ask them first. */
export const Send = { ALLOW: "allow", ASK: "ask" } as const;
export type Send = (typeof Send)[keyof typeof Send];

/** How to show what was fetched as usual: as it is, blurred, or closed until they say open. */
export const Arrive = { SHOW: "show", BLUR: "blur", ASK: "ask" } as const;
export type Arrive = (typeof Arrive)[keyof typeof Arrive];

/**
 * What to do before something is sent.
 *
 * kind: what is sent. title, text: what to ask; go, stay: the two answers, to be shown alike. All
 * four are empty where nothing is asked; text also in discreet mode. language: of these words, not
 * the one asked for where that one has none. review: as in an advice file.
 */
export interface Friction {
  readonly kind: Kind;
  readonly action: Send;
  readonly title: string;
  readonly text: string;
  readonly go: string;
  readonly stay: string;
  readonly language: string;
  readonly review: Review;
}

/** How to show something that has arrived; the fields are those of Friction. */
export interface Arrival extends Omit<Friction, "action"> {
  readonly action: Arrive;
}

/** The lowest level that asks, by column; null is never. */
type Row = readonly [Level | null, Level | null, Level | null];

const N = Level.NOTICE;
const W = Level.WARNING;
const NEVER: Row = [null, null, null];
/** The table's columns, by stage. No stage, no question. */
const COLUMN: Readonly<Partial<Record<Stage, 0 | 1 | 2>>> = {
  [Stage.TRUST]: 0,
  [Stage.REQUEST]: 1,
  [Stage.THREAT]: 2,
  [Stage.AFTER]: 2,
  [Stage.CRISIS]: 2,
};
/**
 * What is asked about before it is sent. A picture, a video or a place cannot be taken back, so
 * they are asked about first. Words are never held up: whoever wants to say no, or to ask for
 * help, must be able to say it at once.
 */
export const SENDING = {
  //     trust request threat, after, crisis
  text: NEVER,
  voice: NEVER,
  sticker: NEVER,
  link: NEVER,
  image: [W, N, N],
  video: [W, N, N],
  location: [W, N, N],
  payment: [W, W, N],
  file: [W, W, N],
  contact: [W, W, W],
  call: [null, W, W],
} as const satisfies Record<string, Row>;
/** What may be sent or arrive. */
export type Kind = keyof typeof SENDING;
/** What is covered when it arrives, and how. Calls ring, and words are there to be read. */
const ARRIVING: Readonly<Partial<Record<Kind, readonly [Arrive, Row]>>> = {
  link: [Arrive.ASK, [W, W, W]],
  image: [Arrive.BLUR, [W, N, N]],
  video: [Arrive.BLUR, [W, N, N]],
  file: [Arrive.ASK, [W, W, W]],
};

/** Return what the table says of sending; RangeError for a kind that it does not list. */
export function sending(kind: Kind, level: Level, stage: Stage): Send {
  return reached(SENDING[known(kind)], level, stage) ? Send.ASK : Send.ALLOW;
}

/** Return what the table says of an arrival; RangeError for a kind that it does not list. */
export function arriving(kind: Kind, level: Level, stage: Stage): Arrive {
  const [cover, row] = ARRIVING[known(kind)] ?? [Arrive.SHOW, NEVER];
  return reached(row, level, stage) ? cover : Arrive.SHOW;
}

/** Return the answer of `sending` with the words to ask. */
export function beforeSend(
  words: AskWords,
  kind: Kind,
  level: Level,
  stage: Stage,
  discreet: boolean,
): Friction {
  const action = sending(kind, level, stage);
  return {
    kind,
    action,
    ...said(words, action === Send.ALLOW ? null : words.send[kind], discreet),
  };
}

/** Return the answer of `arriving` with the words on the cover. */
export function onArrival(
  words: AskWords,
  kind: Kind,
  level: Level,
  stage: Stage,
  discreet: boolean,
): Arrival {
  const action = arriving(kind, level, stage);
  const ask = action === Arrive.SHOW ? null : words.arrive[kind];
  return { kind, action, ...said(words, ask, discreet) };
}

function known(kind: Kind): Kind {
  if (!Object.hasOwn(SENDING, kind)) {
    throw new RangeError(`kind must be one of ${Object.keys(SENDING).join(", ")}`);
  }
  return kind;
}

function reached(row: Row, level: Level, stage: Stage): boolean {
  const column = COLUMN[stage];
  const least = column === undefined ? null : row[column];
  return least !== null && level >= least;
}

function said(
  words: AskWords,
  ask: Ask | null | undefined,
  discreet: boolean,
): Omit<Friction, "kind" | "action"> {
  const { language, review, stay } = words;
  if (!ask) return { title: "", text: "", go: "", stay: "", language, review };
  return { title: ask.title, text: discreet ? "" : ask.text, go: ask.go, stay, language, review };
}
