/**
 * Which messages moved the risk: by leaving each out and asking again (ablation).
 *
 * The runtime keeps no text, so the app hands over its own decrypted messages. The answer is
 * checked by deletion: `falls` says whether the level is lower without the messages that are named.
 */
import { type ChatState, Conversation } from "./conversation.js";
import type { Guard } from "./guard.js";
import { type Indicator, RISKS, type Risk } from "./taxonomy.js";
import { type Assessment, Level, type Message } from "./types.js";

/** Messages that are named at most, and that are tried: those after which the risk rose most. */
const NAMED = 6;
const TRIED = 24;

/**
 * A message that moved the risk.
 *
 * index: its place, from 0. indicators: those it showed, the surest first. by: log-odds by which
 * the risk at the end is lower without it, > 0.
 */
export interface Moved {
  readonly index: number;
  readonly indicators: readonly Indicator[];
  readonly by: number;
}

/**
 * What a level rests on.
 *
 * risk: the higher one at the end. moved: at most six messages, in the order of the chat. falls:
 * whether the level is lower without them; false where it rests on more than these.
 */
export interface Why {
  readonly level: Level;
  readonly risk: Risk;
  readonly moved: readonly Moved[];
  readonly falls: boolean;
}

/**
 * See Guard.why. messages: the chat from its start, as observed. fineAfter: places of the messages
 * right after which the person said that all was fine.
 */
export async function why(
  guard: Guard,
  messages: readonly Message[],
  fineAfter: readonly number[] = [],
): Promise<Why | null> {
  const course = await Course.read(guard, messages, new Set(fineAfter));
  const last = course.seen[course.seen.length - 1];
  if (last === undefined || course.level === Level.NONE) return null;
  const risk = RISKS.reduce((high, name) => (last.risks[name] > last.risks[high] ? name : high));
  const whole = logOdds(last.risks[risk]);
  const drops = new Map<number, number>();
  for (const index of tried(course.seen, risk)) {
    const without = await course.without(new Set([index]));
    drops.set(index, whole - logOdds(without.risks[risk]));
  }
  const drop = (index: number): number => drops.get(index) ?? 0;
  const ordered = [...drops.keys()]
    .filter((index) => drop(index) > 0)
    .sort((a, b) => drop(b) - drop(a) || a - b);
  const named: number[] = [];
  let falls = false;
  for (const index of ordered.slice(0, NAMED)) {
    named.push(index);
    falls = (await course.without(new Set(named))).level < last.level;
    if (falls) break;
  }
  const moved = named
    .sort((a, b) => a - b)
    .map((index) => ({
      index,
      indicators: surest(course.seen[index] as Assessment),
      by: Number(drop(index).toFixed(3)),
    }));
  return { level: last.level, risk, moved, falls };
}

/** A chat as observed, and what it would have been without some of its messages. */
class Course {
  readonly seen: readonly Assessment[];
  /** At the end; none where the person has just said that all was fine. */
  readonly level: Level;
  readonly #guard: Guard;
  readonly #messages: readonly Message[];
  readonly #fineAfter: ReadonlySet<number>;
  readonly #states: readonly ChatState[];

  private constructor(
    guard: Guard,
    messages: readonly Message[],
    fineAfter: ReadonlySet<number>,
    states: readonly ChatState[],
    seen: readonly Assessment[],
    level: Level,
  ) {
    this.#guard = guard;
    this.#messages = messages;
    this.#fineAfter = fineAfter;
    this.#states = states;
    this.seen = seen;
    this.level = level;
  }

  static async read(
    guard: Guard,
    messages: readonly Message[],
    fineAfter: ReadonlySet<number>,
  ): Promise<Course> {
    const chat = guard.conversation("");
    const states: ChatState[] = [];
    const seen: Assessment[] = [];
    for (const [index, message] of messages.entries()) {
      states.push(chat.state);
      seen.push(await chat.observe({ ...message, replay: true }));
      if (fineAfter.has(index)) chat.thisWasFine();
    }
    return new Course(guard, messages, fineAfter, states, seen, chat.level);
  }

  /** After the last message, had those of `gone` been empty: who wrote and when stays. */
  async without(gone: ReadonlySet<number>): Promise<Assessment> {
    const start = Math.min(...gone);
    const chat = new Conversation(this.#guard, "", this.#states[start] as ChatState);
    let found = this.seen[this.seen.length - 1] as Assessment;
    for (const [offset, said] of this.#messages.slice(start).entries()) {
      const emptied = gone.has(start + offset) ? { ...said, text: "", media: null } : said;
      found = await chat.observe({ ...emptied, replay: true });
      if (this.#fineAfter.has(start + offset)) chat.thisWasFine();
    }
    return found;
  }
}

/** The messages that showed an indicator or after which the risk rose, the steepest rises. */
function tried(seen: readonly Assessment[], risk: Risk): number[] {
  const rises = seen.map(
    (now, i) => logOdds(now.risks[risk]) - logOdds(i === 0 ? 0 : (seen[i - 1]?.risks[risk] ?? 0)),
  );
  const rise = (index: number): number => rises[index] ?? 0;
  const quiet = (index: number): number =>
    Number(Object.keys(seen[index]?.indicators ?? {}).length === 0);
  return [...seen.keys()]
    .filter((index) => quiet(index) === 0 || rise(index) > 0)
    .sort((a, b) => quiet(a) - quiet(b) || rise(b) - rise(a) || a - b)
    .slice(0, TRIED);
}

function surest(seen: Assessment): Indicator[] {
  const p = (name: Indicator): number => seen.indicators[name] ?? 0;
  const names = Object.keys(seen.indicators) as Indicator[];
  return names.sort((a, b) => p(b) - p(a) || (a < b ? -1 : 1));
}

function logOdds(p: number): number {
  const inside = Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return Math.log(inside) - Math.log1p(-inside);
}
