/** Safelight beside chats, with the real model: what is old, what is new, and what was decided. */
import { readFileSync } from "node:fs";
import { Level, Settings } from "safelight";
import { Guard } from "safelight/node";
import { beforeAll, expect, test } from "vitest";
import type { Chat, Message } from "../../src/core/chats.ts";
import { Watcher, type History } from "../../src/safety/watcher.ts";

const SAMPLE = new URL("../../../../model/safelight/samples/warning_signs.jsonl", import.meta.url);
const LINES: { sender: string; text: string; offset_s: number }[] = JSON.parse(readFileSync(SAMPLE, "utf-8")).messages;
const MESSAGES: Message[] = LINES.map(({ sender, text, offset_s }, number) => ({
  number, text, mine: sender === "self", kind: "text", at: 1_800_000_000_000 + offset_s * 1000, sent: true,
}));
const PICTURE: Message = { number: MESSAGES.length, mine: false, kind: "image", text: "", at: 1_800_000_009_000, sent: true };

let guard: Guard;
beforeAll(async () => {
  guard = await Guard.load();
});

/** A history that grows, and a watcher of it. old: how many messages were there at the start. */
class Phone implements History {
  readonly messages: Message[] = [];
  readonly covered: number[] = [];
  raised = 0;
  chat: Chat = { id: "c", muted: false, fineAfter: [], forgotten: 0, next: 0 } as unknown as Chat;
  readonly watcher: Watcher;
  readonly #old: number;

  constructor(messages: readonly Message[] = [], chat: Partial<Chat> = {}) {
    guard.settings = new Settings();
    this.messages.push(...messages);
    this.#old = messages.length;
    this.chat = { ...this.chat, ...chat, next: messages.length };
    this.watcher = new Watcher(guard as never, this, (_, raised) => (this.raised += raised ? 1 : 0));
  }

  async messagesFrom(_: string, number: number, first: number): Promise<Message[]> {
    return this.messages.slice(number, number + first);
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
