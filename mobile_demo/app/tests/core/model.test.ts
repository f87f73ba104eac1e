/** What the person is asked, and what happens to a text that cannot be sent. */
import { expect, test, vi } from "vitest";
import { Model } from "../../src/app/model.ts";
import { Questions } from "../../src/app/questions.ts";
import type { Chosen } from "../../src/app/settings.ts";
import type { Chat } from "../../src/core/chats.ts";
import { StorageFull } from "../../src/core/vault.ts";
import words from "../../src/words/en.json";
import { said } from "./people.ts";

const question = (title: string) => ({ title, text: "", go: "yes", stay: "no" });

function model(send: () => Promise<unknown> = async () => undefined): Model {
  const made = new Model(() => undefined);
  made.words = words;
  made.chosen = { language: "en", guard: { on: true } } as Chosen;
  made.messenger = { send } as never;
  return made;
}

test("a question that takes the place of another answers it with a no", async () => {
  const changed = vi.fn();
  const questions = new Questions(changed);
  const [first, second] = [questions.ask(question("one")), questions.ask(question("two"))];
  expect(await first).toBeUndefined();
  expect(questions.now?.title).toBe("two");
  questions.now!.answer("here");
  expect([await second, questions.now]).toEqual(["here", undefined]);
  expect(changed).toHaveBeenCalledTimes(4);
});

test("a late answer to a question changes nothing of the next", async () => {
  const questions = new Questions(() => undefined);
  void questions.ask(question("one"));
  const { answer } = questions.now!;
  void questions.ask(question("two"));
  answer("late");
  expect(questions.now?.title).toBe("two");
});

test("another screen answers a question with a no", async () => {
  const made = model();
  const asked = made.ask(question("one"));
  await made.go("#/about");
  expect([await asked, made.questions.now]).toEqual([undefined, undefined]);
});

test.each([
  [new StorageFull("full"), words.not_kept], [new DOMException("closed", "InvalidStateError"), words.not_sent],
])("where a text cannot be kept (%s) it says so and gives it back", async (error, note) => {
  const made = model(() => Promise.reject(error));
  expect(await made.send({ id: "c" } as Chat, said("see you at five"))).toBe(false);
  expect(made.note).toBe(note);
});
