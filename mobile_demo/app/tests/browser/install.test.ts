/** A copy on the phone: installable, unchanged, alone in its window, and careful with its room. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, pair, Profile, PICTURE, screenshot, Site } from "./harness.ts";

let browser: Browser;
const sites: Site[] = [];

beforeAll(async () => {
  browser = await launch();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const site of sites.splice(0)) await site.end();
});
afterAll(() => browser?.close());

async function start(options: Parameters<typeof Site.start>[0] = {}): Promise<Site> {
  const site = await Site.start(options);
  sites.push(site);
  return site;
}

/** Change one help line's number, or one byte elsewhere. */
const alter = (part: string) => (name: string, bytes: Buffer) => {
  if (!name.includes(part)) return bytes;
  const changed = Buffer.from(bytes);
  const at = changed.indexOf("0800 1111");
  if (at >= 0) changed.write("0800 1112", at);
  else changed[changed.length - 9]! ^= 1;
  return changed;
};

test("the browser finds nothing that keeps it from being installed", async () => {
  const site = await start();
  const ana = await Profile.open(browser, site);
  await ana.begin("Ana");
  await ana.guarded();
  const session = await ana.context.newCDPSession(ana.page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  const manifest = await session.send("Page.getAppManifest");
  expect(manifest.errors).toEqual([]);
  expect(JSON.parse(manifest.data!).display).toBe("standalone");
});

describe("an altered file", () => {
  test.each(["resources-", "model-", "worker-"])("%s: the app says so and does not run", async (part) => {
    const site = await start({ alter: alter(part) });
    const ana = await Profile.open(browser, site);
    await ana.page.goto(site.address);
    await ana.page.getByText("This copy was changed").waitFor();
    expect(await ana.page.locator("input, textarea").count()).toBe(0);
    await screenshot(ana.page, "altered-light");
  });

  test("the app's own code: the browser does not run it, and the page says what that means", async () => {
    const site = await start({ alter: (name, bytes) => (/index-.*js$/.test(name) ? Buffer.concat([bytes, Buffer.from("\n;document.title = 'altered';")]) : bytes) });
    const ana = await Profile.open(browser, site);
    await ana.page.goto(site.address);
    await ana.page.getByText("was changed").waitFor();
    await ana.page.waitForTimeout(500);
    expect(await ana.page.title()).toBe("Chat");
    expect(await ana.page.locator("input, textarea").count()).toBe(0);
  });

  test("without a service worker Safelight itself refuses it", async () => {
    const site = await start({ alter: alter("resources-") });
    const ana = await Profile.open(browser, site, { serviceWorkers: "block" });
    await ana.page.goto(site.address);
    await ana.page.getByText("This copy was changed").waitFor();
  });

  test("a phone that has a good copy goes on with it", async () => {
    const site = await start();
    const ana = await Profile.open(browser, site);
    await ana.begin("Ana", "#/help");
    await ana.guarded();
    await site.down();
    await site.up({ alter: alter("resources-") });
    await ana.page.reload();
    await ana.guarded();
    expect(await ana.page.locator(".help").innerText()).toContain("0800 1111");
  });
});

test("a second window of the same profile steps back", async () => {
  const site = await start();
  const ana = await Profile.open(browser, site, { serviceWorkers: "block" });
  await ana.begin("Ana");
  const second = await ana.context.newPage();
  await second.goto(site.address);
  await second.getByText("already open in another window").waitFor();
  await screenshot(second, "other-window-light");
});

test("a full phone: nothing is sent or lost, it says so, and goes on once there is room", async () => {
  const site = await start();
  const quota = async ({ context, page }: Profile, quotaSize?: number) => {
    const session = await context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", {
      origin: new URL(site.address).origin, ...(quotaSize ? { quotaSize } : {}),
    });
  };
  // Before the first write: the browser asks for its share of the disk once, and uses that up.
  const small = (profile: Profile) => quota(profile, 600_000);
  const [ana, ben] = await pair(browser, site, { serviceWorkers: "block" }, small);
  await ana.page.evaluate(async () => {
    const { vault } = (document.querySelector("chat-app") as any).model;
    for (let i = 0, size = 200_000; size > 50; i++) {
      await vault.write([[`ballast/${i}`, "a".repeat(size)]]).catch(() => (size /= 2));
    }
  });
  await ana.page.locator(".composer textarea").fill("no room for this");
  await ana.page.keyboard.press("Enter");
  await ana.page.getByText("Your text is still here").waitFor();
  expect(await ana.page.locator(".composer textarea").inputValue()).toBe("no room for this");
  await ana.page.evaluate(() => (document.querySelector("chat-app") as any).model.chooseGuard({ discreet: true }));
  await ana.page.getByText("Your choice holds until you close the app").waitFor();
  await ben.say("waits with the relay");
  await ana.page.getByText("new messages wait until there is room").waitFor();
  await screenshot(ana.page, "storage-full-light");
  expect(await ana.page.locator("li").count()).toBe(0);
  await quota(ana);
  await ana.hears("waits with the relay");
  await ana.page.locator(".composer textarea").press("Enter");
  await ben.hears("no room for this");
});

test("everything is erased at a word, and a new start finds nothing", async () => {
  const site = await start();
  const [ana, ben] = await pair(browser, site, { serviceWorkers: "block" });
  await ana.say("soon gone");
  await ben.page.locator("input[type=file]").setInputFiles(PICTURE);
  await ana.page.locator(".theirs img").waitFor();
  await ana.go("#/settings");
  await ana.page.locator("main button.plain").click();
  await ana.page.locator("dialog button").last().click();
  await ana.page.locator("input[name=name]").waitFor();
  const kept = await ana.page.evaluate(() => new Promise<number>((told) => {
    const asked = indexedDB.open("safelight-chat");
    asked.onsuccess = () => {
      const records = asked.result.transaction("records").objectStore("records").count();
      records.onsuccess = () => told(records.result);
    };
  }));
  expect(kept).toBe(0);
});

test("what lies in the browser's database is ciphertext", async () => {
  const site = await start();
  const [ana, ben] = await pair(browser, site, { serviceWorkers: "block" });
  await ana.say("marzipan");
  await ben.hears("marzipan");
  const all = await ben.page.evaluate(() => new Promise<string>((told) => {
    const asked = indexedDB.open("safelight-chat");
    asked.onsuccess = () => {
      const records = asked.result.transaction("records").objectStore("records").getAll();
      records.onsuccess = () => told(records.result.map((bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes)).join());
    };
  }));
  expect(all.length).toBeGreaterThan(1_000);
  for (const word of ["marzipan", "sensitivity", "peerKey"]) expect(all.includes(word), word).toBe(false);
});
