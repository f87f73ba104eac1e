/** What is measured, each part on a profile of its own. */
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { blocked, type Blocked } from "./blocked.ts";
import { pair, Profile, type Site } from "../tests/browser/harness.ts";
import { processorMs, rendererOf, residentOf, slow } from "./slow.ts";

/** screen: what the first screen is drawn from. bytes: packed, over the wire. */
export interface Size {
  readonly screenBytes: number;
  readonly allBytes: number;
  readonly allBytesUnpacked: number;
}

/** ms from the address on. again: out of the copy on the phone, with no network. */
export interface Start {
  readonly screenMs: number;
  readonly readyMs: number;
  readonly againMs: number;
  readonly blocked: Blocked;
}

/**
 * Of one of many, ms. processor: what the page's process, its worker included, had of the
 * processors; hardly changed by what else runs. clock: until it was done, on the average.
 */
export interface Time {
  readonly processor: number;
  readonly clock: number;
}

export interface Memory {
  readonly withoutMb: number;
  readonly withMb: number;
}

export interface LongChat {
  readonly messages: number;
  /** Right after the start; then, once the browser has compiled the model, early and late in a chat. */
  readonly cold: Time;
  readonly first: Time;
  readonly last: Time;
  readonly openMs: number;
  readonly replayMs: number;
  readonly sendEmpty: Time;
  readonly sendLong: Time;
  /** While a chat of so many messages is opened and read again, and while messages are sent in it. */
  readonly blocked: Blocked;
}

const REPEATS = 200;
/** The browser compiles a model's code better once it has run often. */
const WARM_UP = 400;
const MANY = 10_000;
const AT_ONCE = 200;
const SENDS = 40;

export async function size(browser: Browser, site: Site): Promise<Size> {
  const profile = await Profile.open(browser, site);
  site.asked.length = 0;
  await profile.page.goto(site.address);
  await profile.guarded();
  // Everything else comes while one reads the first screen.
  const drawn = await profile.page.evaluate(() => performance.getEntriesByType("resource")
    .map(({ name }) => new URL(name).pathname.slice(1)).filter((name) => /\.(js|css)$/.test(name) && !/worker-|sw\.js/.test(name)));
  await profile.close();
  const sizes = new Map(site.asked.map(({ name, bytes }) => [name, bytes]));
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0);
  const files = await Promise.all([...sizes.keys()].map((name) => readFile(new URL(`../dist/${name}`, import.meta.url))));
  return {
    screenBytes: sum(["index.html", ...new Set(drawn)].map((name) => sizes.get(name) ?? 0)),
    allBytes: sum(sizes.values()),
    allBytesUnpacked: sum(files.map(({ length }) => length)),
  };
}

export async function start(browser: Browser, site: Site, rate: number): Promise<Start> {
  const profile = await Profile.open(browser, site);
  const { page } = profile;
  await page.goto(`${site.address}notes.html`); // the process of this site is there then
  const faster = slow(await rendererOf(browser), rate);
  let screenMs = 0;
  let readyMs = 0;
  const found = await blocked(browser, page, async () => {
    const begin = performance.now();
    await page.goto(site.address);
    await page.locator("input[name=name]").waitFor();
    screenMs = performance.now() - begin;
    await profile.guarded();
    readyMs = performance.now() - begin;
  });
  await site.down();
  const again = performance.now();
  await page.reload();
  await profile.guarded();
  const againMs = performance.now() - again;
  faster();
  await site.up();
  await profile.close();
  return { screenMs, readyMs, againMs, blocked: found };
}

/** By tokens: two marks, and words of one token each. */
export async function perMessage(
  browser: Browser, site: Site, rate: number, tokens: readonly number[],
): Promise<Record<string, Time>> {
  const profile = await ready(browser, site);
  const id = await rendererOf(browser);
  const faster = slow(id, rate);
  const found: Record<string, Time> = {};
  for (const count of tokens) {
    const text = Array(count - 2).fill("the").join(" ");
    await observe(profile, [text], WARM_UP);
    found[count] = await timed(id, REPEATS, () => observe(profile, [text], REPEATS));
  }
  faster();
  await profile.close();
  return found;
}

/** Observe messages in one chat, one after the other; the ms of each. */
function observe({ page }: Profile, texts: readonly string[], count: number): Promise<number[]> {
  return page.evaluate(async ([said, many]) => {
    const { guard } = (document.querySelector("chat-app") as any).model;
    const chat = ((globalThis as any).measured ??= guard.conversation("measured"));
    const all: number[] = [];
    for (let i = 0; i < many; i++) {
      const begin = performance.now();
      await chat.observe({ sender: i % 2 ? "self" : "peer", text: said[i % said.length] });
      all.push(performance.now() - begin);
    }
    return all;
  }, [texts, count] as const);
}

async function timed(id: number, count: number, act: () => Promise<readonly number[]>): Promise<Time> {
  const before = await processorMs(id);
  const times = await act();
  const after = await processorMs(id);
  const sum = times.reduce((total, ms) => total + ms, 0);
  return { processor: (after - before) / count, clock: sum / times.length };
}

/** Of the page's process, on a profile with Safelight's files kept from it, and on one with them. */
export async function memory(browser: Browser, site: Site): Promise<Memory> {
  const without = await Profile.open(browser, site, { serviceWorkers: "block" });
  await without.page.route(/\.onnx$|\.wasm$/, (route) => route.abort());
  await without.begin("Ana");
  await without.page.getByText("Safelight could not start").waitFor();
  const withoutMb = await residentOf(await rendererOf(browser));
  await without.close();
  const profile = await ready(browser, site);
  const withMb = await residentOf(await rendererOf(browser));
  await profile.close();
  return { withoutMb, withMb };
}

export async function longChat(browser: Browser, site: Site): Promise<LongChat> {
  const [profile, peer] = await pair(browser, site, { serviceWorkers: "block" });
  await peer.close();
  await profile.guarded();
  const { page } = profile;
  const id = await rendererOf(browser);
  const texts = ["are you coming on thursday", "yes, my mum picks me up at six", "ok see you there"];
  const cold = await timed(id, AT_ONCE, () => observe(profile, texts, AT_ONCE));
  await observe(profile, texts, WARM_UP);
  const first = await timed(id, AT_ONCE, () => observe(profile, texts, AT_ONCE));
  await observe(profile, texts, MANY - 3 * AT_ONCE - WARM_UP);
  const last = await timed(id, AT_ONCE, () => observe(profile, texts, AT_ONCE));
  await page.evaluate(() => delete (globalThis as any).measured);
  const sendEmpty = await timed(id, SENDS, () => sending(profile));
  const chat = await fill(profile);
  let opened = { openMs: 0, replayMs: 0 };
  let sendLong = sendEmpty;
  const found = await blocked(browser, page, async () => {
    opened = await open(profile, chat);
    sendLong = await timed(await rendererOf(browser), SENDS, () => sending(profile));
  });
  await profile.close();
  return {
    messages: MANY, cold, first, last, ...opened, sendEmpty, sendLong, blocked: found,
  };
}

/** A chat with a person who is away: encrypted, kept and observed like any other. */
function sending({ page }: Profile): Promise<number[]> {
  return page.evaluate(async (sends) => {
    const { model } = document.querySelector("chat-app") as any;
    const { id } = model.messenger.chats.find((chat: any) => chat.phase === "open");
    const all: number[] = [];
    for (let i = 0; i < sends; i++) {
      const begin = performance.now();
      await model.messenger.send(id, { kind: "text", text: `message ${i}`, at: Date.now() });
      all.push(performance.now() - begin);
    }
    return all;
  }, SENDS);
}

/** Write a long history into the vault, and load the app anew. */
async function fill(profile: Profile): Promise<string> {
  const { page } = profile;
  const id = await page.evaluate(async (many) => {
    const { model } = document.querySelector("chat-app") as any;
    const chat = model.messenger.chats.find(({ phase }: any) => phase === "open");
    const at = Date.now() - many * 60_000;
    for (let i = chat.next; i < many; i += 500) {
      await model.vault.write(Array.from({ length: Math.min(500, many - i) }, (_, j) => {
        const number = i + j;
        const name = `message/${chat.id}/${String(number).padStart(9, "0")}`;
        return [name, { number, mine: number % 2 === 0, kind: "text", text: `see you on thursday ${number}`, at: at + number * 60_000, sent: true }];
      }));
    }
    await model.vault.write([[`chat/${chat.id}`, { ...chat, next: many, read: many - 1 }]]);
    return chat.id as string;
  }, MANY);
  await page.reload();
  await profile.guarded();
  return id;
}

async function open(profile: Profile, id: string): Promise<{ openMs: number; replayMs: number }> {
  const { page } = profile;
  const begin = performance.now();
  await profile.go(`#/chat/${id}`);
  await page.locator(".mine, .theirs").first().waitFor();
  const openMs = performance.now() - begin;
  await page.waitForFunction((many) => (document.querySelector("chat-app") as any).model.watched?.next >= many, MANY, { timeout: 600_000 });
  return { openMs, replayMs: performance.now() - begin };
}

async function ready(browser: Browser, site: Site): Promise<Profile> {
  const profile = await Profile.open(browser, site, { serviceWorkers: "block" });
  await profile.begin("Ana");
  await profile.guarded();
  return profile;
}
