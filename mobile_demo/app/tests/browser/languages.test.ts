/** The right card, question and line in each language: as the bundle's own files say it. */
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LANGUAGES } from "../../src/app/words.ts";
import { launch, Profile, screenshot, Site } from "./harness.ts";

const ROOT = new URL("../../../../model/safelight/", import.meta.url);
const read = async (name: string) => JSON.parse(await readFile(new URL(name, ROOT), "utf-8"));
/** One country of each language, whose help cards are then in it. */
const COUNTRY = { en: "GB", fr: "FR", de: "DE", it: "IT", ja: "JP", es: "ES", pt: "PT" } as const;

let browser: Browser;
let site: Site;
let ana: Profile;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), Site.start()]);
  ana = await Profile.open(browser, site, { serviceWorkers: "block" });
  await ana.begin("Ana", "#/try");
  await ana.guarded();
  await ana.page.locator("main button").last().click();
});
afterAll(async () => {
  await browser?.close();
  await site?.end();
});

interface Shown {
  readonly level: string;
  readonly key: string;
  readonly noticed: readonly string[];
}

/** Play on until a level is shown. */
async function playTo(wanted: number): Promise<Shown> {
  return ana.page.evaluate(async (least) => {
    const { model } = document.querySelector("chat-app") as any;
    const chat = model.player.watched.conversation;
    while (chat.level < least) await model.player.step();
    const { stage, reasons } = chat.state.policy;
    return {
      level: ["none", "notice", "warning", "urgent"][chat.level]!,
      key: stage === "crisis" ? "crisis_distress" : stage,
      noticed: [...new Set<string>(reasons.map((reason: any) => reason.indicator))],
    };
  }, wanted);
}

async function choose(code: keyof typeof COUNTRY): Promise<void> {
  await ana.page.evaluate(([language, country]) =>
    (document.querySelector("chat-app") as any).model.choose({ language, country }), [code, COUNTRY[code]] as const);
  await ana.page.waitForFunction((language) => document.documentElement.lang === language, code);
}

test.each([1, 2, 3])("cards of level %i", async (least) => {
  const { level, key, noticed } = await playTo(least);
  for (const code of Object.keys(LANGUAGES) as (keyof typeof COUNTRY)[]) {
    await choose(code);
    const words = await read(`bundle/advice/${code}.json`);
    const said = words.stages[key].young;
    const card = ana.page.locator(`.safelight.${level}`);
    const text = await card.innerText();
    expect(await card.getAttribute("lang"), code).toBe(code);
    const wanted = level === "notice" ? [said.title, said.action] : [
      said.title, said.action, ...said.lines, words.levels[level], words.ui.noticed, words.ui.can_be_wrong,
      words.ui.get_help, ...noticed.map((name) => words.indicator_names[name]),
    ];
    for (const each of wanted) expect(text, `${code} ${level}`).toContain(each);
    await screenshot(ana.page, `card-${level}-${code}`);
  }
});

test("help is that of the country, in its language", async () => {
  const { cards } = await read("bundle/resources.json");
  for (const code of Object.keys(LANGUAGES) as (keyof typeof COUNTRY)[]) {
    await choose(code);
    await ana.page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
    const shown = await ana.page.locator(".help > li > h3").allInnerTexts();
    const local = cards.filter(({ countries }: any) => countries.includes(COUNTRY[code])).map(({ name }: any) => name);
    expect(local.length, code).toBeGreaterThan(0);
    expect(shown.filter((name) => local.includes(name)).length, code).toBeGreaterThan(0);
  }
});

test("the line of the discreet mode, and the words of a question", async () => {
  const friction = await read("words/friction.json");
  await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.chooseGuard({ discreet: true }));
  await ana.page.evaluate(() => {
    const { model } = document.querySelector("chat-app") as any;
    model.player.watched.open = false;
    model.changed();
  });
  for (const code of Object.keys(LANGUAGES) as (keyof typeof COUNTRY)[]) {
    await choose(code);
    const words = await read(`bundle/advice/${code}.json`);
    expect(await ana.page.locator(".safelight").innerText(), code).toBe(words.ui.muted_urgent);
    const asked = await ana.page.evaluate((language) => {
      const { model } = document.querySelector("chat-app") as any;
      return model.player.watched.conversation.beforeSend("image", language).title;
    }, code);
    expect(asked, code).toBe(friction.languages[code].send.image.title);
  }
});

test("the made-up chats are in the chosen language: the one raises nothing, the other a warning or more", async () => {
  const said = new Set<string>();
  for (const code of Object.keys(LANGUAGES) as (keyof typeof COUNTRY)[]) {
    await choose(code);
    const [ordinary, signs] = await ana.page.evaluate(async () => {
      const { model } = document.querySelector("chat-app") as any;
      const found: { first: string; highest: number }[] = [];
      for (const name of ["ordinary", "signs"]) {
        model.play(name);
        let highest = 0;
        while (!model.player.over) {
          await model.player.step();
          highest = Math.max(highest, model.player.watched.conversation.level);
        }
        found.push({ first: model.player.script.messages[0].text, highest });
      }
      return found;
    });
    said.add(ordinary!.first).add(signs!.first);
    expect(ordinary!.highest, code).toBe(0);
    expect(signs!.highest, code).toBeGreaterThanOrEqual(2);
  }
  expect(said.size).toBe(2 * Object.keys(LANGUAGES).length);
});

test("every screen is in the chosen language", async () => {
  for (const code of Object.keys(LANGUAGES) as (keyof typeof COUNTRY)[]) {
    await choose(code);
    const words = JSON.parse(await readFile(new URL(`../../src/words/${code}.json`, import.meta.url), "utf-8"));
    for (const [hash, key] of [["#/", "chats"], ["#/settings", "settings"], ["#/help", "help"], ["#/about", "first_title"]] as const) {
      await ana.go(hash);
      await ana.page.waitForFunction((title) => document.querySelector("h1")?.textContent === title, words[key]);
      expect(await ana.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${code} ${hash}`).toBe(true);
    }
  }
});
