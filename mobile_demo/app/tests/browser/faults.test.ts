/** What is broken on the phone, or does not load, takes nothing else with it. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, pair, Profile, screenshot, Site } from "./harness.ts";

let browser: Browser;
let site: Site;
const alone: Profile[] = [];

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), Site.start()]);
});
afterEach(async () => {
  for (const profile of alone.splice(0)) await profile.close();
});
afterAll(async () => {
  await browser?.close();
  await site?.end();
});

const BLOCK = { serviceWorkers: "block" } as const;

/** One person, for one test. */
async function person(at = site): Promise<Profile> {
  const profile = await Profile.open(browser, at, BLOCK);
  alone.push(profile);
  return profile;
}

/** Overwrite the first record whose name begins so with bytes that nothing opens. */
const spoil = ({ page }: Profile, prefix: string) => page.evaluate((begins) => new Promise<void>((done) => {
  const asked = indexedDB.open("safelight-chat");
  asked.onsuccess = () => {
    const database = asked.result;
    const transaction = database.transaction("records", "readwrite");
    const records = transaction.objectStore("records");
    const names = records.getAllKeys();
    names.onsuccess = () => records.put(new Uint8Array(40), names.result.find((name) => String(name).startsWith(begins))!);
    transaction.oncomplete = () => {
      database.close();
      done();
    };
  };
}), prefix);

describe("what cannot be opened, or kept", () => {
  let ana: Profile;
  let ben: Profile;
  beforeAll(async () => {
    [ana, ben] = await pair(browser, site, BLOCK);
    await ana.guarded();
  });
  afterAll(() => Promise.all([ana.close(), ben.close()]));

  test("a message: the others are shown, and Safelight reads them", async () => {
    for (const text of ["one", "two", "three"]) await ben.say(text);
    await ana.hears("three");
    await spoil(ana, "message/");
    await ana.page.reload();
    await ana.hears("three");
    await ana.guarded();
    await ana.read(3);
    expect(await ana.page.locator(".log li").count()).toBe(2);
  });

  test("a text that is sent: it is given back, before what was written meanwhile", async () => {
    await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.vault.close());
    const field = ana.page.locator(".composer textarea");
    await field.fill("see you at five");
    await field.press("Enter");
    await ana.page.getByText("so this was not sent. Your text is still here").waitFor();
    expect(await field.inputValue()).toBe("see you at five");
    await ana.page.evaluate(() => {
      const { messenger } = (document.querySelector("chat-app") as any).model;
      messenger.send = () => new Promise((_, fail) => ((window as any).fail = fail));
    });
    await field.press("Enter");
    await ana.page.waitForFunction(() => "fail" in window);
    await field.fill("or six");
    await ana.page.evaluate(() => (window as any).fail());
    expect(await field.inputValue()).toBe("see you at five\nor six");
  });

  test("a chat: the app starts, says so, and the other chats work", async () => {
    await ana.page.reload();
    await ana.hears("three");
    await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.vault.write([["chat/!", {}]]));
    await spoil(ana, "chat/!");
    await ana.go("#/");
    await ana.page.reload();
    await ana.page.getByText("could not be opened and is left out: 1").waitFor();
    expect(await ana.page.locator(".list li").count()).toBe(1);
    await ana.page.locator(".list li a").click();
    await ana.say("still here");
  });

  test("the settings: the chats are there after the first page", async () => {
    await spoil(ana, "settings");
    await ana.go("#/");
    await ana.page.reload();
    await ana.page.locator("input[name=name]").fill("Ana");
    await ana.page.locator("form button.main").click();
    await ana.page.locator(".list li", { hasText: "Ben" }).waitFor();
    expect(ana.errors).toEqual([]);
  });
});

test.each(["newer", "emptied"])("a database that is %s: a page says so, and everything can be erased", async (how) => {
  const ana = await person();
  await ana.begin("Ana");
  await ana.page.locator(".list").waitFor();
  await ana.page.goto(`${site.address}notes.html`);
  await ana.page.evaluate((newer) => new Promise<void>((done) => {
    const open = () => {
      const asked = indexedDB.open("safelight-chat", newer ? 7 : 1);
      asked.onupgradeneeded = () => {
        if (!newer) asked.result.createObjectStore("keys");
      };
      asked.onsuccess = () => {
        asked.result.close();
        done();
      };
    };
    if (newer) return open();
    indexedDB.deleteDatabase("safelight-chat").onsuccess = open;
  }), how === "newer");
  await ana.page.goto(site.address);
  await ana.page.getByText(how === "newer" ? "Nothing can be kept here" : "What is kept here could not be opened").waitFor();
  await screenshot(ana.page, `unreadable-${how}`);
  const erase = ana.page.getByRole("button", { name: "Erase everything" });
  await erase.click();
  await ana.page.locator("dialog").getByText("Cancel").click();
  await erase.click();
  await ana.page.locator("dialog button").last().click();
  await ana.page.locator("input[name=name]").waitFor();
  expect(ana.errors).toEqual([]);
});

test("where not even the words load, the page says that it did not start", async () => {
  const ana = await person();
  await ana.page.route(/assets\/en-[\w-]+\.js/, (asked) => asked.abort());
  await ana.page.goto(site.address);
  await ana.page.waitForTimeout(500);
  await ana.page.getByText("If this text stays").waitFor();
  expect(await ana.page.locator("h1").evaluate((title) => title.getBoundingClientRect().top < innerHeight / 2)).toBe(true);
});

test("a phone whose language is no well formed tag shows messages and their times", async () => {
  const ana = await person();
  await ana.page.addInitScript(() => {
    Object.defineProperties(Navigator.prototype, {
      language: { get: () => "ca-ES@valencia" }, languages: { get: () => ["ca-ES@valencia"] },
    });
  });
  await ana.begin("Ana", "#/try");
  await ana.guarded();
  await ana.page.getByText("An everyday chat").click();
  await ana.page.getByText("Next message").click();
  await ana.page.locator(".log time").waitFor();
  expect(await ana.page.locator(".log time").innerText()).toMatch(/^\d\d:\d\d/);
  expect(ana.errors).toEqual([]);
});

describe("where to get help", () => {
  const open = async (profile: Profile, blocked: RegExp) => {
    await profile.page.route(blocked, (asked) => asked.abort());
    await profile.begin("Ana");
    await profile.go("#/help");
  };

  test("is there where Safelight cannot start, in the chosen language", async () => {
    const ana = await person();
    await open(ana, /worker-.*\.js/);
    await ana.page.getByText("Safelight could not start").waitFor();
    await ana.page.locator(".help h3", { hasText: "Childline" }).waitFor();
    expect(await ana.page.locator("main section h3").count()).toBeGreaterThan(2);
    await screenshot(ana.page, "help-without-safelight");
    await ana.go("#/settings");
    await ana.page.locator("select[name=language]").selectOption("de");
    await ana.page.locator("select[name=country]").selectOption("DE");
    await ana.go("#/help");
    // The cards of a country come at once, the words of a language when its file is read.
    await ana.page.locator("main section[lang=de]").waitFor();
    await ana.page.locator(".help h3", { hasText: "Kummer" }).waitFor();
    expect(ana.errors).toEqual([]);
  });

  test("is there while Safelight is loading, and stays", async () => {
    const ana = await person();
    let go = () => {};
    const held = new Promise<void>((free) => (go = free));
    await ana.page.route(/model-.*\.onnx/, async (asked) => {
      await held;
      await asked.continue();
    });
    await ana.begin("Ana", "#/help");
    await ana.page.locator(".help h3", { hasText: "Childline" }).waitFor();
    expect(await ana.page.locator(".lines").innerText()).toContain("Safelight is starting.");
    go();
    await ana.guarded();
    await ana.page.locator(".help h3", { hasText: "Childline" }).waitFor();
  });

  test("where it does not load either, a line says what to do in danger", async () => {
    const ana = await person();
    await open(ana, /(resources-.*json|worker-.*js)/);
    await ana.page.getByText("call the emergency number: 999, 911 or 112").waitFor();
    expect(await ana.page.locator(".help").count()).toBe(0);
  });

  test("an altered number is not shown", async () => {
    const altered = await Site.start({
      alter: (name, bytes) => (name.includes("resources-") ? Buffer.from(bytes.toString().replace("0800 1111", "0800 1112")) : bytes),
    });
    const ana = await person(altered);
    await ana.page.route(/worker-.*\.js/, (asked) => asked.abort());
    await ana.begin("Ana");
    await ana.page.getByText("Safelight could not start").waitFor();
    await ana.go("#/help");
    await ana.page.getByText("This copy was changed").waitFor();
    expect(await ana.page.getByText("0800 1112").count()).toBe(0);
    await altered.end();
  });
});
