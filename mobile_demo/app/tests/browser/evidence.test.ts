/** Evidence: what was ticked is what is saved, whatever the phone says of itself and the other person sends. */
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { parse } from "safelight/evidence";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { launch, pair, Site, type Profile } from "./harness.ts";

let browser: Browser;
let site: Site;
let ana: Profile;
let ben: Profile;
let id = "";

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), Site.start()]);
  // Latin America: a region, but no country.
  [ana, ben] = await pair(browser, site, { serviceWorkers: "block", locale: "es-419" });
  await send(...Array.from({ length: 70 }, (_, i) => `note ${i}.`));
  id = await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.messenger.chats[0].id);
  await ana.hears("note 69.");
});
afterAll(async () => {
  await browser?.close();
  await site?.end();
});
beforeEach(async () => {
  await ana.go("#/");
  await ana.go(`#/evidence/${id}`);
  await row("note 69.").waitFor();
});

async function send(...texts: string[]): Promise<void> {
  await ben.page.evaluate(async (all) => {
    const { messenger } = (document.querySelector("chat-app") as any).model;
    for (const text of all) await messenger.send(messenger.chats[0].id, { kind: "text", text, at: Date.now() });
  }, texts);
}

const row = (text: string) => ana.page.locator(".choice li", { hasText: text });

async function tick(...texts: string[]): Promise<void> {
  for (const text of texts) await row(text).locator("input").check();
}

/** The texts beside the boxes that are ticked. */
const ticked = () => ana.page.evaluate(() =>
  [...document.querySelectorAll(".choice li")].flatMap((each) =>
    each.querySelector("input")!.checked ? [each.querySelector("p")!.textContent] : []));

async function saved(): Promise<(string | undefined)[]> {
  const waiting = ana.page.waitForEvent("download");
  await ana.page.locator("main button.main").first().click();
  const { messages } = parse(await readFile(await (await waiting).path()));
  return messages.map(({ opened }) => opened?.content.text);
}

test("ticks stay with their messages where earlier ones are shown, and where a new one comes", async () => {
  await tick("note 12.", "note 15.");
  await ana.page.locator("main > button.plain").click();
  await row("note 0.").waitFor();
  expect(await ticked()).toEqual(["note 12.", "note 15."]);
  await tick("note 3.");
  await send("one more");
  await row("one more").waitFor();
  expect(await ticked()).toEqual(["note 3.", "note 12.", "note 15."]);
  expect(await saved()).toEqual(["note 3.", "note 12.", "note 15."]);
});

test("the oldest on the screen stays ticked, and is saved, while others come", async () => {
  const first = (await ana.page.locator(".choice li p").first().innerText()).trim();
  await tick(first, "note 40.");
  await send("and another", "and a third");
  await row("and a third").waitFor();
  expect(await ticked()).toEqual([first, "note 40."]);
  expect(await saved()).toEqual([first, "note 40."]);
  await row("note 40.").locator("input").uncheck();
  expect(await saved()).toEqual([first]);
});

test("a message that says it is of the year 275760 is saved all the same", async () => {
  await ben.page.evaluate(async () => {
    const { messenger } = (document.querySelector("chat-app") as any).model;
    await messenger.send(messenger.chats[0].id, { kind: "text", text: "from far", at: 8.64e15 });
  });
  await row("from far").waitFor();
  await tick("note 30.", "from far");
  expect(await saved()).toEqual(["note 30.", "from far"]);
});

test("where no file can be made it says so", async () => {
  await tick("note 30.");
  const choose = (country: string) => ana.page.evaluate(
    (given) => (document.querySelector("chat-app") as any).model.choose({ country: given }), country);
  await choose("419");
  for (const button of await ana.page.locator("main button.main").all()) {
    await button.click();
    await ana.page.getByText("No se pudo crear el archivo").waitFor();
    await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.say(""));
  }
  await choose("");
  expect(await saved()).toEqual(["note 30."]);
  expect(ana.errors).toEqual([]);
});
