/** Ways back: from a question, from a played chat, and from a card to the messages that it names. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, pair, Profile, sample, Site } from "./harness.ts";

let browser: Browser;
let site: Site;
let ana: Profile;
let ben: Profile;
let said = 0;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), Site.start()]);
  [ana, ben] = await pair(browser, site, { serviceWorkers: "block" });
  await ana.guarded();
});
afterAll(async () => {
  await browser?.close();
  await site?.end();
});

/** What has the focus, by its name. */
const focused = () => ana.page.evaluate(() => {
  const { tagName, ariaLabel, textContent } = document.activeElement!;
  return ariaLabel ?? (tagName === "BODY" ? tagName : textContent!.trim());
});

async function say(mine: boolean, ...texts: string[]): Promise<void> {
  await (mine ? ana : ben).page.evaluate(async (all) => {
    const { messenger } = (document.querySelector("chat-app") as any).model;
    for (const text of all) await messenger.send(messenger.chats[0].id, { kind: "text", text, at: Date.now() });
  }, texts);
  said += texts.length;
  await ana.read(said);
}

test.each(["Cancel", "Escape"])("after %s the focus is where the question was asked", async (way) => {
  const place = ana.page.getByLabel("Share a place");
  await place.focus();
  for (let i = 0; i < 2; i++) {
    await ana.page.keyboard.press("Enter");
    await ana.page.locator("dialog[open]").waitFor();
    if (way === "Escape") await ana.page.keyboard.press(way);
    else await ana.page.getByText(way).press("Enter");
    await ana.page.locator("dialog").waitFor({ state: "detached" });
    expect(await focused()).toBe("Share a place");
  }
});

test("after a question out of the menu the focus is on the menu", async () => {
  await ana.page.locator(".menu summary").focus();
  await ana.page.keyboard.press("Enter");
  await ana.page.getByText("Safety number").press("Enter");
  await ana.page.locator("dialog[open]").waitFor();
  await ana.page.keyboard.press("Escape");
  await ana.page.locator("dialog").waitFor({ state: "detached" });
  expect(await focused()).toBe("Menu");
});

test("a question in place of another opens anew, answers the first, and leads back to the same place", async () => {
  const place = ana.page.getByLabel("Share a place");
  await place.focus();
  await place.press("Enter");
  await ana.page.locator("dialog input").fill("at the pool");
  const first = ana.page.evaluate(() => {
    const { model } = document.querySelector("chat-app") as any;
    const asked = model.ask({ title: "one", text: "", go: "yes", stay: "no", input: "line" });
    void model.ask({ title: "two", text: "", go: "yes", stay: "no", input: "line" });
    return asked.then(() => "answered");
  });
  expect(await first).toBe("answered");
  await ana.page.locator("dialog[open]", { hasText: "two" }).waitFor();
  expect(await ana.page.locator("dialog").count()).toBe(1);
  expect(await ana.page.locator("dialog input").inputValue()).toBe("");
  await ana.page.keyboard.press("Escape");
  await ana.page.locator("dialog").waitFor({ state: "detached" });
  expect(await focused()).toBe("Share a place");
});

test("where another screen comes a question is answered, and the focus is on its title", async () => {
  const chat = await ana.page.evaluate(() => location.hash);
  await ana.page.getByLabel("Share a place").press("Enter");
  await ana.page.locator("dialog[open]").waitFor();
  await ana.go("#/settings");
  await ana.page.locator("dialog").waitFor({ state: "detached" });
  expect(await focused()).toBe("Settings");
  await ana.go(chat);
  await ana.page.locator(".composer").waitFor();
  expect(await ana.page.locator(".mine").count()).toBe(0);
});

test("in discreet mode a tapped line at notice shows title and action alone", async () => {
  const discreet = (on: boolean) => ana.page.evaluate(
    (given) => (document.querySelector("chat-app") as any).model.chooseGuard({ discreet: given }), on);
  const level = () => ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.watched.conversation.level);
  const lines = await sample("warning_signs");
  await discreet(true);
  while ((await level()) < 1) await say(lines[said]!.mine, lines[said]!.text || "ok");
  expect(await level()).toBe(1);
  await ana.page.locator(".safelight .line").click();
  const shown = ana.page.locator(".safelight");
  expect(await shown.getAttribute("class")).toBe("safelight notice");
  expect(await shown.locator("details, ul, h2").count()).toBe(0);
  await shown.getByText("Close").click();
  await shown.locator(".line").waitFor();
  await discreet(false);
});

test("the messages that a card names are there though the signs are older than the screen", async () => {
  const lines = await sample("warning_signs");
  while (said < lines.length) await say(lines[said]!.mine, lines[said]!.text || "ok");
  await say(true, ...Array.from({ length: 64 }, () => "ok"));
  await ana.page.reload();
  await ana.guarded();
  await ana.read(said);
  await ana.page.locator(".safelight .line").click();
  const which = ana.page.locator("details", { has: ana.page.locator("summary", { hasText: "Which messages" }) });
  await which.locator("summary").click();
  await which.locator("li").first().waitFor();
  const named: string[] = await ana.page.evaluate(() =>
    (document.querySelector("chat-app") as any).model.watched.conversation.state.policy.reasons.map((each: any) => each.messageId));
  await ana.page.waitForFunction((count) => [...document.querySelectorAll(".card details")]
    .some((each) => each.textContent!.includes("Which messages") && each.querySelectorAll("li").length === count), named.length);
  for (const [i, id] of named.entries()) {
    expect(await which.locator("li").nth(i).innerText()).toContain(`“${lines[Number(id)]!.text}”`);
  }
});

test("where none of them is found the card does not speak of them", async () => {
  const summaries = () => ana.page.locator(".card summary").allInnerTexts();
  expect(await summaries()).toContain("Which messages");
  await ana.page.evaluate(() => {
    const { model } = document.querySelector("chat-app") as any;
    model.view.message = () => undefined;
    model.changed();
  });
  await ana.page.waitForFunction(() => !document.querySelector(".card")!.textContent!.includes("Which messages"));
  expect(await summaries()).toContain("What you can do next");
});

test("“Back” leads from a played chat to the choice, and the chat stops", async () => {
  await ana.go("#/try");
  await ana.page.getByText("An everyday chat").click();
  await ana.page.locator("div.composer").waitFor();
  expect(await focused()).toBe(await ana.page.locator("h1").innerText());
  await ana.page.getByText("Play", { exact: true }).click();
  await ana.page.evaluate(() => ((window as any).played = (document.querySelector("chat-app") as any).model.player));
  await ana.page.getByLabel("Back").click();
  await ana.page.locator("h1", { hasText: "Try it" }).waitFor();
  expect(await focused()).toBe("Try it");
  expect(await ana.page.evaluate(() => (window as any).played.playing)).toBe(false);
  await ana.page.getByLabel("Back").click();
  await ana.page.locator("h1", { hasText: "Chats" }).waitFor();
  expect(ana.errors).toEqual([]);
});
