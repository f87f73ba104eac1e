/** Every screen, in both themes: accessible, by keyboard alone, large enough to touch. */
import axe from "axe-core";
import jsQR from "jsqr";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, pair, Profile, sample, screenshot, Site } from "./harness.ts";

let browser: Browser;
let site: Site;
let ana: Profile;
let ben: Profile;
let chat = "";

const SCREENS = [
  "list", "invite", "waiting", "paste", "settings", "help", "about", "try", "chat", "menu", "evidence", "question",
] as const;
const THEMES = ["light", "dark"] as const;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), Site.start()]);
  [ana, ben] = await pair(browser, site, { serviceWorkers: "block" });
  await ana.guarded();
  await ben.page.evaluate(() => (document.querySelector("chat-app") as any).model.chooseGuard({ on: false }));
  chat = await ana.page.evaluate(() => location.hash);
  for (const [i, text] of ["hi ben", "hi ana", "are you coming on thursday"].entries()) {
    await (i % 2 ? ben : ana).say(text);
    await (i % 2 ? ana : ben).hears(text);
  }
  await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.invite());
  await ana.page.locator("svg.qr").waitFor();
  waiting = await ana.page.evaluate(() => location.hash);
});
afterAll(async () => {
  await browser?.close();
  await site?.end();
});
let waiting = "";

async function show(screen: (typeof SCREENS)[number]): Promise<void> {
  await ana.go("#/none");
  const hash = {
    list: "#/", waiting, chat, menu: chat, question: "#/settings", evidence: chat.replace("chat", "evidence"),
  }[screen as string] ?? `#/${screen}`;
  await ana.go(hash);
  if (screen === "menu") await ana.page.locator(".menu summary").click();
  if (screen === "question") await ana.page.locator("main button.plain").click();
  await ana.page.waitForTimeout(50);
}

async function leave(screen: (typeof SCREENS)[number]): Promise<void> {
  if (screen === "question") await ana.page.keyboard.press("Escape");
}

/** What axe finds on the page as it is. */
async function faults(profile: Profile): Promise<string[]> {
  await profile.page.evaluate(axe.source);
  const { violations } = await profile.page.evaluate(() => (globalThis as any).axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return violations.flatMap(({ id, nodes }: any) => nodes.map(({ html }: any) => `${id}: ${html.slice(0, 160)}`));
}

/** What can be touched and is smaller than 44 by 44; links within a text are spared. */
function small(): string[] {
  const all = [...document.querySelectorAll<HTMLElement>("button, a, select, summary, textarea, input, label.round")];
  return all.flatMap((element) => {
    const touched = element.matches("input[type=checkbox], input[type=radio]") ? element.closest("label")! : element;
    const { width, height } = touched.getBoundingClientRect();
    const hidden = width === 0 || element.matches(".unseen") || !element.checkVisibility();
    const inText = element.matches("p:not(.channels) a, li > a:only-child:not(.list a)");
    return hidden || inText || (width >= 44 && height >= 44) ? [] : [`${element.outerHTML.slice(0, 100)} ${width}×${height}`];
  });
}

/** Its title in sight; nothing that axe finds, that is too small to touch, or that runs out of the screen. */
async function sound(profile: Profile, name: string): Promise<void> {
  await screenshot(profile.page, name);
  expect(await profile.page.locator("h1").evaluate((title) => title.getBoundingClientRect().top < innerHeight / 2), name).toBe(true);
  expect(await faults(profile), name).toEqual([]);
  expect(await profile.page.evaluate(small), name).toEqual([]);
  expect(await profile.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
}

describe.each(THEMES)("%s", (theme) => {
  beforeAll(() => ana.page.emulateMedia({ colorScheme: theme }));

  test.each(SCREENS)("%s", async (screen) => {
    await show(screen);
    await sound(ana, `${screen}-${theme}`);
    await leave(screen);
  });

  test("cards", async () => {
    await ana.go("#/try");
    await ana.page.getByText("A chat with warning signs").click();
    const seen = new Set<string>();
    for (const _ of await sample("warning_signs")) {
      await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.player.step());
      await ana.page.waitForTimeout(30);
      const card = ana.page.locator(".safelight");
      const name = (await card.count()) ? /notice|warning|urgent/.exec((await card.getAttribute("class"))!)![0] : "none";
      if (seen.has(name)) continue;
      seen.add(name);
      await ana.page.waitForTimeout(500); // colours that are on their way are no colours to judge
      await screenshot(ana.page, `card-${name}-${theme}`);
      expect(await faults(ana), name).toEqual([]);
      expect(await ana.page.evaluate(small), name).toEqual([]);
    }
    expect([...seen].sort()).toEqual(["none", "notice", "urgent", "warning"]);
  });

  test("first page, and following a link", async () => {
    const new_ = await Profile.open(browser, site, { colorScheme: theme, serviceWorkers: "block" });
    const link = await ana.page.evaluate(() => {
      const { model } = document.querySelector("chat-app") as any;
      const { box, print, secret } = model.messenger.chats.find((each: any) => each.invitation).invitation;
      return `#join=${[box, print, secret, "QW5h"].join(".")}`;
    });
    await new_.page.goto(site.address + link);
    await new_.page.locator("input[name=name]").waitFor();
    await screenshot(new_.page, `first-${theme}`);
    expect(await faults(new_)).toEqual([]);
    expect(await new_.page.evaluate(small)).toEqual([]);
    await new_.page.locator("input[name=name]").fill("Cleo");
    await new_.page.keyboard.press("Enter");
    await new_.page.getByText("Ana invites you to chat").waitFor();
    await screenshot(new_.page, `join-${theme}`);
    expect(await faults(new_)).toEqual([]);
    // The secret of the link stays neither in the address nor in the history.
    expect(new_.page.url()).toBe(site.address);
    await new_.close();
  });
});

describe.each(THEMES)("when something is not as usual, %s", (theme) => {
  const options = { colorScheme: theme, serviceWorkers: "block" } as const;
  beforeAll(() => ana.page.emulateMedia({ colorScheme: theme }));

  test.each([
    ["an altered bundle", /resources-/, "altered"],
    ["altered code", /index-.*js$/, "unstarted"],
  ] as const)("%s", async (_, part, name) => {
    const altered = await Site.start({
      alter: (file, bytes) => (part.test(file) ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes),
    });
    const new_ = await Profile.open(browser, altered, options);
    await new_.page.goto(altered.address);
    await new_.page.getByText("was changed").waitFor();
    await sound(new_, `${name}-${theme}`);
    await new_.close();
    await altered.end();
  });

  test("the chat is open in another window", async () => {
    const new_ = await Profile.open(browser, site, options);
    await new_.page.goto(site.address);
    await new_.page.locator("input[name=name]").waitFor();
    const second = await new_.another();
    await second.page.goto(site.address);
    await second.page.getByText("already open in another window").waitFor();
    await sound(second, `other-window-${theme}`);
    await new_.close();
  });

  test("a full phone", async () => {
    await show("chat");
    const set = (full: boolean) => ana.page.evaluate((on) => {
      const { model } = document.querySelector("chat-app") as any;
      model.full = on;
      model.say(on ? model.t("not_kept") : "");
    }, full);
    await set(true);
    await ana.page.getByText("Your text is still here").waitFor();
    await sound(ana, `storage-full-${theme}`);
    await set(false);
  });

  test("a broken link", async () => {
    for (const hash of ["#/none", "#join=a.b.c.d"]) await ana.page.evaluate((to) => void (location.hash = to), hash);
    await ana.page.getByText("This link is not complete").waitFor();
    await sound(ana, `link-broken-${theme}`);
  });

  test("a link that nobody lets in by", async () => {
    const new_ = await Profile.open(browser, site, options);
    await new_.begin("Cleo", `#join=${[..."abc"].map((letter) => letter.repeat(43)).join(".")}.QW5h`);
    await new_.page.locator("main button.main").click();
    await new_.page.getByText("Waiting for Ana").waitFor();
    await sound(new_, `join-refused-${theme}`);
    await new_.close();
  });

  test("evidence was saved", async () => {
    await show("evidence");
    await ana.page.locator(".choice input").first().check();
    const saved = ana.page.waitForEvent("download");
    await ana.page.getByText("Save the file").click();
    await saved;
    await ana.page.getByText("Check code").waitFor();
    await sound(ana, `evidence-saved-${theme}`);
  });

  test.each([["de", "DE"], ["ja", "JP"]])("help in %s", async (language, country) => {
    const choose = (chosen: object) => ana.page.evaluate((given) => (document.querySelector("chat-app") as any).model.choose(given), chosen);
    await choose({ language, country });
    await show("help");
    await ana.page.waitForFunction((code) => document.documentElement.lang === code, language);
    await ana.page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
    await sound(ana, `help-${language}-${theme}`);
    await choose({ language: "en", country: "GB" });
  });
});

test("the licences of what is in the app, and of nothing else, are a tap from what it says about itself", async () => {
  await show("about");
  const link = ana.page.getByText("Licences of what");
  const text = await link.evaluate(async (found) => (await fetch((found as HTMLAnchorElement).href)).text());
  const named = [...text.matchAll(/^(@?[\w/-]+) \d+\.\d+\.\d+\S*, [\w. -]+$/gm)].map(([, name]) => name);
  for (const name of ["safelight", "lit", "ts-mls", "idb", "uqr", "@hpke/core", "@noble/curves", "onnxruntime-web"]) {
    expect(named).toContain(name);
  }
  for (const name of ["vite", "vitest", "axe-core", "typescript"]) expect(named).not.toContain(name);
});

test.each(THEMES)("a camera reads the link out of the code, %s", async (theme) => {
  await ana.page.emulateMedia({ colorScheme: theme });
  await show("waiting");
  const { side, pixels } = await ana.page.locator("svg.qr").evaluate(async (svg) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = new OffscreenCanvas(600, 600);
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0, 600, 600);
    return { side: 600, pixels: [...context.getImageData(0, 0, 600, 600).data] };
  });
  const read = jsQR(Uint8ClampedArray.from(pixels), side, side);
  expect(read?.data).toBe(await ana.page.locator("textarea[readonly]").inputValue());
});

test("by keyboard alone: from the list into a chat, a message, a card's help, and fast away", async () => {
  const { page } = ana;
  await ana.go("#/");
  const reach = async (selector: string) => {
    for (let i = 0; i < 60; i++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
        expect(outline, selector).not.toBe("none");
        return;
      }
      await page.keyboard.press("Tab");
    }
    throw new Error(`no way to ${selector}`);
  };
  await page.evaluate(() => (document.activeElement as HTMLElement)?.blur());
  await reach(`a[href="${chat}"]`);
  await page.keyboard.press("Enter");
  await page.locator(".composer").waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await reach(".composer textarea");
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await ben.hears("by keyboard");
  for (const { mine, text } of await sample("warning_signs")) {
    await (mine ? ana : ben).say(text);
    await (mine ? ben : ana).hears(text);
  }
  await page.locator(".safelight.urgent").waitFor();
  await page.evaluate(() => document.querySelector("h1")!.focus());
  await reach(".safelight .channels a");
  await reach(".safelight .answers button:last-child");
  await page.keyboard.press("Enter");
  await page.locator(".safelight .line").waitFor();
  await page.evaluate(() => document.querySelector("h1")!.focus());
  await reach(".exit");
  await page.keyboard.press("Enter");
  await page.getByText("Bread, milk, apples").waitFor();
  expect(await page.title()).toBe("Notes");
});

test("whoever wants less motion gets none", async () => {
  const moving = await Profile.open(browser, site, { reducedMotion: "reduce", serviceWorkers: "block" });
  await moving.begin("Dan", "#/try");
  await moving.guarded();
  await moving.page.getByText("A chat with warning signs").click();
  await moving.page.evaluate(async () => {
    const { model } = document.querySelector("chat-app") as any;
    while (!model.player.over) await model.player.step();
  });
  await moving.page.locator(".card").waitFor();
  expect(await moving.page.evaluate(() => document.getAnimations().length)).toBe(0);
  await moving.close();
});
