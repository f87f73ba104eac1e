/**
 * What goes over the wire is the same, byte count by byte count and in order, whether or not a
 * warning fired: three chats with the same actions, of which one is warned.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, pair, PICTURE, sample, Site, type Profile } from "./harness.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

/** One frame or request of one person: which way, how many bytes. */
type Seen = readonly [way: "sent" | "received" | "asked", size: number | string];

async function listen(profile: Profile, seen: Seen[]): Promise<void> {
  const session = await profile.context.newCDPSession(profile.page);
  await session.send("Network.enable");
  session.on("Network.webSocketFrameSent", ({ response }) => seen.push(["sent", response.payloadData.length]));
  session.on("Network.webSocketFrameReceived", ({ response }) => seen.push(["received", response.payloadData.length]));
  profile.context.on("request", (asked) => {
    if (/^(http|ws)/.test(asked.url())) seen.push(["asked", new URL(asked.url()).pathname]);
  });
}

/** Settled once nothing has gone over the wire for a while. */
async function quiet(...all: (readonly Seen[])[]): Promise<void> {
  const count = () => all.reduce((sum, { length }) => sum + length, 0);
  for (let known = -1; known !== count();) {
    known = count();
    await new Promise((later) => setTimeout(later, 150));
  }
}

interface Run {
  readonly ana: readonly Seen[];
  readonly ben: readonly Seen[];
  readonly level: number;
  readonly questions: number;
  readonly blurred: number;
}

/** Play a chat, then send a picture, a place and money, and take a picture. */
async function run(lines: readonly { mine: boolean; text: string }[], on: boolean): Promise<Run> {
  const site = await Site.start();
  const [ana, ben] = await pair(browser, site, { serviceWorkers: "block" });
  await Promise.all([ana.guarded(), ben.guarded()]);
  const switched = (guardOn: boolean) => (document.querySelector("chat-app") as any).model.chooseGuard({ on: guardOn });
  await Promise.all([ana.page.evaluate(switched, on), ben.page.evaluate(switched, false)]);
  const seen: { ana: Seen[]; ben: Seen[] } = { ana: [], ben: [] };
  await Promise.all([listen(ana, seen.ana), listen(ben, seen.ben)]);
  let questions = 0;
  let count = 0;
  const then = async (from: Profile, to: Profile) => {
    count += 1;
    await to.page.locator("li.theirs, li.mine").nth(count - 1).waitFor();
    if (on) await ana.read(count);
    await quiet(seen.ana, seen.ben);
    expect(await from.page.locator("li").filter({ hasText: "not sent" }).count()).toBe(0);
  };
  const agree = async () => {
    await ana.page.waitForTimeout(200);
    if ((await ana.page.locator("dialog").count()) === 0) return;
    questions += 1;
    await ana.page.locator("dialog button").last().click();
  };
  for (const { mine, text } of lines) {
    await (mine ? ana : ben).say(text);
    await then(mine ? ana : ben, mine ? ben : ana);
  }
  await ana.page.locator("input[type=file]").setInputFiles(PICTURE);
  await agree();
  await then(ana, ben);
  for (const button of ["Share a place", "Send money"]) {
    await ana.page.locator(`.composer button[title^="${button}"]`).click();
    await ana.page.locator("dialog input").fill("12");
    await ana.page.locator("dialog button").last().click();
    await agree();
    await then(ana, ben);
  }
  await ben.page.locator("input[type=file]").setInputFiles(PICTURE);
  await then(ben, ana);
  const level = await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.watched.conversation.level);
  const blurred = await ana.page.locator(".covered").count();
  await ana.close();
  await ben.close();
  await site.end();
  return { ...seen, level, questions, blurred };
}

/** Say what people do not notice at all, in exactly as many letters. */
function harmless(text: string): string {
  return "the bus was late again today and we talked about the match ".repeat(4).slice(0, text.length - 1) + "x";
}

test("a warned and an unwarned chat with the same actions look alike on the wire", async () => {
  const lines = (await sample("warning_signs")).slice(8);
  const warned = await run(lines, true);
  const off = await run(lines, false);
  const calm = await run(lines.map(({ mine, text }) => ({ mine, text: harmless(text) })), true);
  // They differ on the screen …
  expect(warned.level).toBe(3);
  expect([warned.questions, warned.blurred]).toEqual([3, 1]);
  expect([off.level, off.questions, off.blurred]).toEqual([0, 0, 0]);
  expect([calm.level, calm.questions, calm.blurred]).toEqual([0, 0, 0]);
  // … and not on the wire.
  expect(warned.ana).toHaveLength(2 * (lines.length + 4)); // a message and its answer, nothing more
  for (const other of [off, calm]) {
    expect(other.ana).toEqual(warned.ana);
    expect(other.ben).toEqual(warned.ben);
  }
}, 180_000);
