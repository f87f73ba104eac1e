/** Two people in two browser profiles: MLS, cards, questions, offline; nothing else leaves. */
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { parse, verify } from "safelight/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, pair, PICTURE, sample, screenshot, Site, type Profile } from "./harness.ts";

let browser: Browser;
let site: Site;
let ana: Profile;
let ben: Profile;
let said = 0;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), Site.start()]);
  [ana, ben] = await pair(browser, site);
  await ana.guarded();
  // Ben's phone has Safelight switched off: the cards are Ana's alone.
  await ben.page.evaluate(() => (document.querySelector("chat-app") as any).model.chooseGuard({ on: false }));
});
afterAll(async () => {
  await browser?.close();
  await site?.end();
});

/** One says it, the other hears it, and Safelight has read it on Ana's phone. */
async function say(mine: boolean, text: string): Promise<void> {
  const [from, to] = mine ? [ana, ben] : [ben, ana];
  await from.say(text);
  await to.hears(text);
  said += 1;
  await ana.read(said);
}

async function sendPicture(from: Profile, agree = false): Promise<void> {
  const before = await from.page.locator(".mine").count();
  await from.page.locator("input[type=file]").setInputFiles(PICTURE);
  if (agree) await from.page.locator("dialog button").last().click();
  await from.page.locator(".mine").nth(before).waitFor();
  said += 1;
  await ana.read(said);
}

const card = () => ana.page.locator(".safelight");

test("an everyday chat raises nothing, on either side", async () => {
  for (const { mine, text } of (await sample("ordinary")).slice(0, 4)) await say(mine, text);
  expect(await card().count()).toBe(0);
  await sendPicture(ben);
  await ana.page.locator(".theirs img").waitFor();
  expect(await ana.page.locator(".covered").count()).toBe(0);
  await sendPicture(ana);
  expect(await ana.page.locator("dialog").count()).toBe(0);
});

test("both see the same safety number", async () => {
  const seen = await Promise.all([ana, ben].map(async ({ page }) => {
    await page.locator(".menu summary").click();
    await page.locator(".menu button").first().click();
    const text = await page.locator("dialog p").innerText();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    return /(\d{5} ){11}\d{5}/.exec(text)?.[0];
  }));
  expect(seen[0]).toBeTruthy();
  expect(seen[0]).toBe(seen[1]);
});

test("warning signs: a notice is a quiet line, a warning a card before the reply, a threat a calm one", async () => {
  const levels: string[] = [];
  for (const { mine, text } of await sample("warning_signs")) {
    await say(mine, text);
    const shown = (await card().count()) ? await card().getAttribute("class") : "none";
    const level = /notice|warning|urgent/.exec(shown!)?.[0] ?? "none";
    if (levels.at(-1) !== level) {
      levels.push(level);
      await screenshot(ana.page, `chat-${level}-light`);
    }
  }
  expect(levels[0]).toBe("none");
  expect(levels).toContain("warning");
  expect(levels.at(-1)).toBe("urgent");
  // The one who wrote it sees none of this.
  expect(await ben.page.locator(".safelight").count()).toBe(0);
});

test("the card says what was noticed, one action, where help is, and that it can be wrong", async () => {
  const text = await card().innerText();
  expect(text).toContain("Get help now");
  expect(text).toContain("asked for money, gift cards or more pictures as the price");
  expect(text).toContain("Childline");
  expect(text).toContain("This can miss things and can be wrong.");
  expect(await card().locator(".action").count()).toBe(1);
  expect(await card().locator(".channels a").first().getAttribute("href")).toMatch(/^(https|tel|sms):/);
  // Before the place to write, which stays free.
  expect(await ana.page.locator(".safelight ~ .composer textarea").isEditable()).toBe(true);
});

test("before a picture, a place or money goes out it asks; no sends nothing, yes sends it", async () => {
  const before = await ana.page.locator(".mine").count();
  await ana.page.locator("input[type=file]").setInputFiles(PICTURE);
  const question = ana.page.locator("dialog");
  await question.getByText("Send this picture?").waitFor();
  await screenshot(ana.page, "question-light");
  await question.getByText("Not now").click();
  await question.waitFor({ state: "detached" });
  expect(await ana.page.locator(".mine").count()).toBe(before);
  await sendPicture(ana, true);
  for (const [button, title] of [["Share a place", "Share where you are?"], ["Send money", "Send money?"]]) {
    await ana.page.locator(`.composer button[title^="${button}"]`).click();
    await question.locator("input").fill("12");
    await question.getByText("Share", { exact: true }).click();
    await question.getByText(title!).waitFor();
    await question.locator("button").last().click();
    said += 1;
    await ana.read(said);
  }
  expect(await ana.page.locator(".mine").count()).toBe(before + 3);
});

test("a picture that comes is blurred, and one tap shows it, for good", async () => {
  await sendPicture(ben);
  const covered = ana.page.locator(".covered");
  await covered.waitFor();
  expect(await covered.locator("img").evaluate((image) => getComputedStyle(image).filter)).toContain("blur");
  await screenshot(ana.page, "blurred-light");
  await covered.getByText("Show").click();
  await covered.waitFor({ state: "detached" });
  expect(await ana.page.locator(".theirs img").count()).toBeGreaterThan(1);
});

test("a link that comes asks before it opens", async () => {
  await say(false, "look at https://example.com/here");
  await ana.page.locator(".theirs a").click();
  await ana.page.locator("dialog").getByText("Open this link?").waitFor();
  await ana.page.keyboard.press("Escape");
  expect(ana.context.pages()).toHaveLength(1);
});

test("discreet, mute, this was fine and off change what is shown, and nothing else", async () => {
  const { page } = ana;
  const setting = async (name: string) => {
    const back = await page.evaluate(() => location.hash);
    await ana.go("#/settings");
    await page.getByLabel(name).click();
    await ana.go(back);
    await page.locator(".composer").waitFor();
  };
  await card().getByText("Close").click();
  await setting("Discreet");
  expect(await card().innerText()).toBe("There is a note in this chat. You can open it any time.");
  await screenshot(page, "chat-discreet-light");
  await setting("Discreet");
  await page.locator(".menu summary").click();
  await page.getByText("Mute Safelight here").click();
  await page.getByText("There is a note in this chat.").waitFor();
  await page.locator(".menu summary").click();
  await page.getByText("Unmute Safelight here").click();
  await card().locator("button").click();
  await card().getByText("This was fine").click();
  await card().waitFor({ state: "detached" });
  await sendPicture(ana);
  await setting("Safelight is on");
  expect(await page.locator(".lines").innerText()).toContain("Safelight is off.");
  await setting("Safelight is on");
});

test("the relay's file holds ciphertext alone", async () => {
  const file = await site.relayFile();
  const decoded = [...file.matchAll(/"([\w-]{40,})"/g)].map(([, text]) => Buffer.from(text!, "base64url").toString("latin1")).join();
  expect(file.length).toBeGreaterThan(20_000);
  // Long words: short ones turn up in ciphertext by chance.
  for (const word of ["same skate page", "homework", "gift cards", "scared"]) {
    expect((file + decoded).includes(word), word).toBe(false);
  }
});

test("after a reload without any network: history, what was said about it, and a new message is read", async () => {
  await site.down();
  await ana.page.reload();
  await ana.page.locator(".mine").first().waitFor();
  await ana.guarded();
  await ana.read(said);
  expect(await ana.page.locator(".lines").innerText()).toContain("No connection");
  expect(await card().count()).toBe(0); // it was fine, also after the replay
  await ana.page.locator(".composer textarea").fill("written without a network");
  await ana.page.keyboard.press("Enter");
  await ana.page.locator(".mine", { hasText: "not sent yet" }).waitFor();
  said += 1;
  await ana.read(said);
});

test("once the relay is back, started again, what waited arrives on both sides", async () => {
  await ben.page.locator(".composer textarea").fill("ben wrote meanwhile");
  await ben.page.keyboard.press("Enter");
  await site.up();
  for (const { page } of [ana, ben]) await page.evaluate(() => dispatchEvent(new Event("online")));
  await ben.hears("written without a network");
  await ana.hears("ben wrote meanwhile");
  said += 1;
  await ana.page.waitForFunction(() => !document.body.innerText.includes("not sent yet"));
  await ana.read(said);
});

test("a new threat after “this was fine” raises the card again", async () => {
  for (const { mine, text } of (await sample("warning_signs")).slice(14)) await say(mine, text);
  expect(await card().getAttribute("class")).toContain("urgent");
});

test("a picture that came while the app was closed is covered before it is seen", async () => {
  await ana.page.goto("about:blank");
  await ben.page.locator("input[type=file]").setInputFiles(PICTURE);
  await ben.page.waitForFunction(() => !document.body.innerText.includes("not sent yet"));
  await ana.page.goBack();
  await ana.page.locator(".composer").waitFor();
  await ana.page.locator(".theirs").last().waitFor();
  said += 1;
  // The picture is not drawn open at any moment until Safelight has read that far.
  const last = ana.page.locator("li.theirs").last();
  while (!(await last.locator(".covered").count())) {
    expect(await last.locator(":not(.covered) > img").count()).toBe(0);
    await ana.page.waitForTimeout(20);
  }
  await ana.read(said);
});

test("chosen messages become a file whose code fits, with no picture in it", async () => {
  await ana.page.locator(".menu summary").click();
  await ana.page.getByText("Save messages").click();
  const boxes = ana.page.locator(".choice input");
  await boxes.nth(0).check();
  await boxes.nth(4).check();
  await screenshot(ana.page, "evidence-light");
  const waiting = ana.page.waitForEvent("download");
  await ana.page.getByText("Save the file").click();
  const evidence = parse(await readFile(await (await waiting).path()));
  const verdict = verify(evidence);
  expect(verdict).toMatchObject({ holds: true, faults: [] });
  expect(evidence.messages).toHaveLength(2);
  expect(await ana.page.locator(".lines").innerText()).toMatch(/Check code: ([0-9a-f]{4} ){3}[0-9a-f]{4}/);
  const page = ana.page.waitForEvent("download");
  await ana.page.getByText("Save a page to print").click();
  const html = await readFile(await (await page).path(), "utf-8");
  expect(html).toContain("Messages saved from a chat");
  expect(html).not.toMatch(/<img|data:image/);
});

test("nothing but the app's own files and the relay was asked for, and no error was thrown", () => {
  expect([ana.outside, ben.outside, ana.errors, ben.errors]).toEqual([[], [], [], []]);
});

test("the page may ask nobody else, and the classifier nobody at all", async () => {
  const fetched = await ana.page.evaluate(() =>
    fetch("https://example.com/").then(() => "answered", () => "blocked"));
  expect(fetched).toBe("blocked");
  const [worker] = ana.page.workers();
  expect(worker!.url()).toMatch(/\/assets\/worker-[\w-]+\.js$/);
  const tried = await worker!.evaluate(async (own) => {
    const ask = (address: string) => fetch(address).then(() => "answered", () => "blocked");
    return [await ask(own), await ask("https://example.com/"), typeof WebSocket === "undefined" ? "blocked"
      : await new Promise((told) => {
        try {
          const socket = new WebSocket(own.replace("http", "ws") + "relay");
          socket.onopen = () => told("answered");
          socket.onerror = () => told("blocked");
        } catch {
          told("blocked");
        }
      })];
  }, site.address);
  expect(tried).toEqual(["blocked", "blocked", "blocked"]);
});

test("what Safelight cannot read is said, and the message is there all the same", async () => {
  await ana.page.evaluate(() => {
    const { model } = document.querySelector("chat-app") as any;
    model.watcher.read = () => Promise.reject(new Error("the model is gone"));
    location.hash = `#/chat/${model.messenger.chats[0].id}`;
  });
  await ben.say("see you tomorrow");
  await ana.hears("see you tomorrow");
  await ana.page.getByText("Safelight could not read everything").waitFor();
  await screenshot(ana.page, "not-read-light");
});
