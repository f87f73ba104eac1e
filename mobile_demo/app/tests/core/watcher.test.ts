/** Safelight beside chats, with the real model: what is old, what is new, and what was decided. */
import { readFileSync } from "node:fs";
import { Form, Level, Settings, type Assessment } from "safelight";
import { Guard as LoadedGuard } from "safelight/node";
import type { Guard } from "safelight/web";
import { beforeAll, expect, test } from "vitest";
import { Player } from "../../src/app/player.ts";
import type { Script } from "../../src/app/script.ts";
import type { Chat, Message } from "../../src/core/chats.ts";
import { Watcher, type History } from "../../src/safety/watcher.ts";

const SAMPLE = new URL("../../../../model/safelight/samples/warning_signs.jsonl", import.meta.url);
const LINES: { sender: string; text: string; offset_s: number }[] = JSON.parse(readFileSync(SAMPLE, "utf-8")).messages;
const MESSAGES: Message[] = LINES.map(({ sender, text, offset_s }, number) => ({
  number, text, mine: sender === "self", kind: "text", at: 1_800_000_000_000 + offset_s * 1000, sent: true,
}));
const PICTURE: Message = { number: MESSAGES.length, mine: false, kind: "image", text: "", at: 1_800_000_009_000, sent: true };

let guard: LoadedGuard;
beforeAll(async () => {
  guard = await LoadedGuard.load();
});

/** A history that grows, and a watcher of it. old: how many messages were there at the start. */
class Phone implements History {
  readonly messages: Message[] = [];
  readonly covered: number[] = [];
  /** Numbers of messages whose records cannot be opened. */
  readonly lost = new Set<number>();
  raised = 0;
  chat: Chat = { id: "c", muted: false, fineAfter: [], forgotten: 0, next: 0 } as unknown as Chat;
  readonly watcher: Watcher;
  readonly #old: number;

  constructor(messages: readonly Message[] = [], chat: Partial<Chat> = {}, by: Guard = guard as never) {
    guard.settings = new Settings();
    this.messages.push(...messages);
    this.#old = messages.length;
    this.chat = { ...this.chat, ...chat, next: messages.length };
    this.watcher = new Watcher(by, this, (_, raised) => (this.raised += raised ? 1 : 0));
  }

  async messagesFrom(_: string, number: number, first: number): Promise<Message[]> {
    return this.messages.slice(number, number + first).filter((message) => !this.lost.has(message.number));
  }

  sinceStart(): number {
    return this.#old;
  }

  async cover(_: string, { number }: Message): Promise<void> {
    this.covered.push(number);
  }

  async hear(...messages: Message[]): Promise<void> {
    this.messages.push(...messages);
    this.chat = { ...this.chat, next: this.messages.length };
    await this.watcher.read(this.chat);
  }

  get state() {
    const { level, stage, state } = this.watcher.get("c")!.conversation;
    return { level, stage, reasons: state.policy.reasons };
  }
}

test("new messages raise cards as they come", async () => {
  const phone = new Phone();
  for (const message of MESSAGES) await phone.hear(message);
  expect(phone.state.level).toBe(Level.URGENT);
  expect(phone.raised).toBeGreaterThanOrEqual(3);
  expect(phone.watcher.get("c")).toMatchObject({ open: true, next: MESSAGES.length });
});

test("old ones lead to the same state and raise nothing", async () => {
  const [live, after] = [new Phone(), new Phone(MESSAGES)];
  for (const message of MESSAGES) await live.hear(message);
  await after.watcher.read(after.chat);
  expect(after.state).toEqual(live.state);
  expect([after.raised, after.watcher.get("c")!.open]).toEqual([0, false]);
});

test("a picture is covered where it is new, and left as it was where it is old", async () => {
  const live = new Phone(MESSAGES);
  await live.watcher.read(live.chat);
  await live.hear(PICTURE);
  expect(live.covered).toEqual([PICTURE.number]);
  const calm = new Phone(MESSAGES.slice(0, 2));
  await calm.hear({ ...PICTURE, number: 2 });
  const old = new Phone([...MESSAGES, PICTURE]);
  await old.watcher.read(old.chat);
  expect([calm.covered, old.covered]).toEqual([[], []]);
});

test("what came before Safelight was ready is new all the same", async () => {
  const phone = new Phone(MESSAGES.slice(0, 10));
  phone.messages.push(...MESSAGES.slice(10), PICTURE); // arrived while it was loading
  phone.chat = { ...phone.chat, next: phone.messages.length };
  await phone.watcher.read(phone.chat);
  expect(phone.raised).toBeGreaterThan(0);
  expect(phone.covered).toEqual([PICTURE.number]);
});

test("“this was fine” holds over a restart, at the same place", async () => {
  const live = new Phone();
  for (const message of MESSAGES.slice(0, 11)) await live.hear(message);
  expect(live.state.level).toBeGreaterThanOrEqual(Level.WARNING);
  live.watcher.fine("c");
  expect(live.state.level).toBe(Level.NONE);
  for (const message of MESSAGES.slice(11, 14)) await live.hear(message);
  const after = new Phone(MESSAGES.slice(0, 14), { fineAfter: [10] });
  await after.watcher.read(after.chat);
  expect(after.state).toEqual(live.state);
});

test("off reads nothing; on again it catches up to the same state and raises nothing for what is past", async () => {
  const [live, phone] = [new Phone(), new Phone()];
  for (const message of MESSAGES) await live.hear(message);
  await phone.hear(...MESSAGES.slice(0, 4));
  guard.off();
  await phone.hear(...MESSAGES.slice(4));
  expect(phone.watcher.get("c")!.next).toBe(4);
  guard.on();
  await phone.watcher.switchedOn(phone.chat);
  expect(phone.state).toEqual(live.state);
  expect(phone.raised).toBe(0);
});

test("forgotten: Safelight starts anew, also after a restart", async () => {
  const live = new Phone();
  for (const message of MESSAGES) await live.hear(message);
  live.watcher.forget("c", MESSAGES.length);
  expect(live.state.level).toBe(Level.NONE);
  const after = new Phone(MESSAGES, { forgotten: MESSAGES.length });
  await after.watcher.read(after.chat);
  expect(after.watcher.get("c")!.conversation.messages).toBe(0);
});

test("forgotten while its history is read: what is left of that history changes nothing", async () => {
  const phone = new Phone(MESSAGES);
  const reading = phone.watcher.read(phone.chat);
  while ((phone.watcher.get("c")?.next ?? 0) < 5) await new Promise((later) => setTimeout(later));
  phone.watcher.forget("c", MESSAGES.length);
  await reading;
  expect(phone.watcher.get("c")).toMatchObject({ next: MESSAGES.length, assessment: undefined });
  expect(phone.state.level).toBe(Level.NONE);
  expect(phone.watcher.get("c")!.conversation.messages).toBe(0);
});

test("a time that no calendar has keeps no message from being read", async () => {
  const phone = new Phone();
  for (const message of MESSAGES) await phone.hear({ ...message, at: Number.MAX_SAFE_INTEGER });
  expect(phone.state.level).toBe(Level.URGENT);
});

test("messages that cannot be opened keep none of those behind them from being read", async () => {
  const many = Array.from({ length: 410 }, (_, number): Message =>
    ({ number, text: "ok", mine: false, kind: "text", at: 1_800_000_000_000 + number, sent: true }));
  const phone = new Phone(many, {}, answering());
  for (let number = 0; number < 210; number++) phone.lost.add(number); // more than are read at once
  phone.lost.add(300);
  await phone.watcher.read(phone.chat);
  expect(phone.watcher.get("c")).toMatchObject({ next: 410 });
});

test("a muted chat is read, and asks and shows nothing below urgent", async () => {
  const phone = new Phone(MESSAGES.slice(0, 11), { muted: true });
  await phone.watcher.read(phone.chat);
  const { conversation } = phone.watcher.get("c")!;
  expect([conversation.level, conversation.beforeSend("image").action]).toEqual([Level.NONE, "allow"]);
  conversation.unmute();
  expect(conversation.level).toBeGreaterThanOrEqual(Level.WARNING);
});

test("many calls at once read each message once", async () => {
  const phone = new Phone();
  await Promise.all(MESSAGES.map((message) => phone.hear(message)));
  expect(phone.watcher.get("c")!.conversation.messages).toBe(MESSAGES.length);
});

/** A guard that answers each message with the next of these. */
function answering(...answers: Partial<Assessment>[]): Guard {
  const observe = async () => ({ changed: false, raised: false, ...answers.shift() });
  return { settings: { on: true }, conversation: () => ({ observe }) } as unknown as Guard;
}

const RISES = { changed: true, raised: true, form: Form.CARD };
const MOVES_ON = { raised: true, form: Form.CARD };
const FALLS = { changed: true, form: Form.CARD };

/** Whether the card lies open after each of these answers, and how many called for one. */
async function course(...answers: Partial<Assessment>[]): Promise<{ open: boolean[]; raised: number }> {
  const phone = new Phone([], {}, answering(...answers));
  const open = [];
  for (const message of MESSAGES.slice(0, answers.length)) {
    await phone.hear(message);
    open.push(phone.watcher.get("c")!.open);
  }
  return { open, raised: phone.raised };
}

test("a card opens where one is called for, also at the same level", async () => {
  expect(await course({ form: Form.NOTHING }, RISES)).toEqual({ open: [false, true], raised: 1 });
  expect(await course({ form: Form.CARD }, MOVES_ON)).toEqual({ open: [false, true], raised: 1 });
});

test("a level that falls opens nothing, and calls for nothing", async () => {
  expect(await course(FALLS)).toEqual({ open: [false], raised: 0 });
  expect(await course(RISES, FALLS)).toEqual({ open: [true, true], raised: 1 });
  const gone = { ...FALLS, form: Form.NOTHING };
  expect(await course(RISES, FALLS, gone)).toEqual({ open: [true, true, false], raised: 1 });
});

test("a line stays closed whatever is called for, and closes with what changes", async () => {
  const line = { form: Form.LINE };
  expect(await course({ ...RISES, ...line })).toEqual({ open: [false], raised: 1 });
  expect(await course(RISES, { ...MOVES_ON, ...line })).toEqual({ open: [true, false], raised: 2 });
  expect(await course(RISES, { ...FALLS, ...line })).toEqual({ open: [true, false], raised: 1 });
});

test("a made-up chat opens its card by the same rule", async () => {
  const script = { peer: "x", messages: MESSAGES.slice(0, 3) } as unknown as Script;
  const player = new Player(answering(FALLS, MOVES_ON, FALLS), script, () => undefined);
  const open = [];
  while (!player.over) {
    await player.step();
    open.push(player.watched.open);
  }
  expect(open).toEqual([false, true, true]);
});
