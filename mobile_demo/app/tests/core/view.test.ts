/** The messages on the screen, those that were chosen, and those before. */
import { expect, test } from "vitest";
import { PAGE, View } from "../../src/app/view.ts";
import type { Message } from "../../src/core/chats.ts";

const message = (number: number): Message => ({ number, mine: false, kind: "text", text: `note ${number}`, at: 1, sent: true });

/** A view of a chat with so many messages, and the numbers that were read one by one. */
async function viewOf(count: number): Promise<{ view: View; kept: Message[]; asked: number[] }> {
  const kept = Array.from({ length: count }, (_, number) => message(number));
  const asked: number[] = [];
  const view = new View("c", {
    messages: async (last) => kept.slice(-last),
    message: async (number) => {
      asked.push(number);
      return kept[number];
    },
    picture: async () => undefined,
  }, () => undefined);
  await view.load();
  return { view, kept, asked };
}

const numbers = (messages: readonly Message[]) => messages.map(({ number }) => number);

test("what was chosen is picked in order, though newer messages came", async () => {
  const { view } = await viewOf(PAGE + 10);
  for (const number of [30, 10, 11]) view.chosen.add(number);
  for (let number = PAGE + 10; number < PAGE + 30; number++) view.take(message(number));
  expect(numbers(await view.picked())).toEqual([10, 11, 30]);
  expect(view.messages[0]!.number).toBe(10); // still in sight
});

test("what was chosen is read where it is not on the screen, and is never left out", async () => {
  const { view, kept } = await viewOf(PAGE + 10);
  view.chosen.add(2).add(PAGE);
  expect(numbers(await view.picked())).toEqual([2, PAGE]);
  delete kept[2];
  await expect(view.picked()).rejects.toThrow(RangeError);
});

test("without a choice the oldest leave the screen", async () => {
  const { view } = await viewOf(PAGE);
  view.take(message(PAGE));
  expect(numbers(view.messages)).toEqual(Array.from({ length: PAGE }, (_, i) => i + 1));
});

test("a message before those on the screen is read once", async () => {
  const { view, asked } = await viewOf(PAGE + 10);
  for (const number of [3, 3, -1, NaN]) expect(view.message(number)).toBeUndefined();
  await Promise.resolve();
  expect(view.message(3)).toEqual(message(3));
  expect(view.message(PAGE)).toEqual(message(PAGE));
  expect(asked).toEqual([3, -1, NaN]);
});
