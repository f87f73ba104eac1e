/** The evidence file cannot be prevented by what the other person sends, or calls themselves. */
import { parse, verify } from "safelight/evidence";
import { expect, test } from "vitest";
import { fileOf, makeEvidence } from "../../src/app/evidence.ts";
import type { Chat, Message } from "../../src/core/chats.ts";

const CHAT = { name: "Ben", myName: "Ana" } as Chat;
const MESSAGE: Message = { number: 3, mine: false, kind: "text", text: "good game", at: Date.UTC(2026, 0, 31), sent: true };

/** The first message of the file, as it is read again. */
async function read(chat: Chat, message: Message) {
  const bytes = await fileOf(makeEvidence(chat, [message], "GB")).arrayBuffer();
  const evidence = parse(new Uint8Array(bytes));
  expect(verify(evidence)).toMatchObject({ holds: true, faults: [] });
  return evidence.messages[0]!.opened!.content;
}

test.each([
  [Date.UTC(2026, 0, 31), /^2026-01-3[01]T/], [Date.UTC(9999, 11, 30), /^9999-12-/], [Date.parse("0001-01-02T00:00:00Z"), /^0001-01-0/],
  [8.64e15, /^$/], [-8.64e15, /^$/], [Date.UTC(10_000, 0, 3), /^$/], [Date.parse("0000-06-01T00:00:00Z"), /^$/],
  [Number.MAX_SAFE_INTEGER, /^$/], [NaN, /^$/],
])("a message at the time %s", async (at, written) => {
  expect((await read(CHAT, { ...MESSAGE, at })).sentAt).toMatch(written);
});

test.each([
  [{ ...CHAT, name: "" }, "?"], [{ ...CHAT, name: "   " }, "?"], [{ ...CHAT, name: "Ana" }, "Ana (2)"], [CHAT, "Ben"],
])("of the chat %j the other person is %j", async (chat, sender) => {
  expect(await read(chat, MESSAGE)).toMatchObject({ number: 4, sender, text: "good game" });
});
