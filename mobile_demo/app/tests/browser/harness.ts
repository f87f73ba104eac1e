/** A real Chromium, profiles in it, and the built app with its relay. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32, deflateSync } from "node:zlib";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { LIMITS, type Limits } from "../../../relay/limits.ts";
import { serve, type Options, type Served } from "../../server/serve.ts";

const ROOT = new URL("../../../..", import.meta.url).pathname;
export const PHONE = { width: 390, height: 844 };
const READY_MS = 30_000;

/** The Chromium that the Python tests find too; where there is none, it says what to install. */
export async function chromiumPath(): Promise<string> {
  const finder = [join(ROOT, "tools/chromium.py"), join(ROOT, "build/browser")];
  const done = await promisify(execFile)(join(ROOT, ".venv/bin/python"), finder);
  return done.stdout.trim();
}

export async function launch(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(), args: ["--no-sandbox", "--disable-quic", ...args],
  });
}

/** The app at one address, which can go away and come back. */
export class Site {
  #served: Served | undefined;
  #folder = "";
  #port = 0;
  #options: Partial<Options> = {};
  /** Each file that was asked for, and its bytes over the wire. */
  readonly asked: { readonly name: string; readonly bytes: number }[] = [];

  static async start(options: Partial<Options> = {}): Promise<Site> {
    const site = new Site();
    site.#folder = await mkdtemp(join(tmpdir(), "safelight-site-"));
    site.#options = options;
    await site.up();
    return site;
  }

  get address(): string {
    return `http://localhost:${this.#port}/`;
  }

  async up(options: Partial<Options> = this.#options): Promise<void> {
    this.#served = await serve({
      port: this.#port, relayFile: join(this.#folder, "relay.log"),
      limits: { ...LIMITS, burst: 10_000 } as Limits, asked: (name, bytes) => this.asked.push({ name, bytes }), ...options,
    });
    this.#port = this.#served.port;
  }

  async down(): Promise<void> {
    await this.#served?.close();
    this.#served = undefined;
  }

  relayFile(): Promise<string> {
    return readFile(join(this.#folder, "relay.log"), "utf-8");
  }

  async end(): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true });
  }
}

/** One person with a browser profile of their own. */
export class Profile {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly site: Site;
  /** Addresses outside the site that anything asked for, and errors of the page. */
  readonly outside: string[] = [];
  readonly errors: string[] = [];

  private constructor(site: Site, context: BrowserContext, page: Page) {
    this.site = site;
    this.context = context;
    this.page = page;
    context.on("request", (asked) => {
      const { origin } = new URL(asked.url());
      if (/^(https?|wss?):/.test(asked.url()) && origin !== new URL(site.address).origin) this.outside.push(asked.url());
    });
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.setDefaultTimeout(READY_MS);
  }

  static async open(browser: Browser, site: Site, options: BrowserContextOptions = {}): Promise<Profile> {
    const context = await browser.newContext({ viewport: PHONE, locale: "en-GB", ...options });
    return new Profile(site, context, await context.newPage());
  }

  /** The same person in a second window. */
  async another(): Promise<Profile> {
    return new Profile(this.site, this.context, await this.context.newPage());
  }

  /** Open the app and get past the first page. */
  async begin(name: string, hash = ""): Promise<void> {
    await this.page.goto(this.site.address + hash);
    await this.page.locator("input[name=name]").fill(name);
    await this.page.locator("form button.main").click();
  }

  /** Settled once Safelight has started. */
  async guarded(): Promise<void> {
    await this.page.waitForFunction(
      () => (document.querySelector("chat-app") as any).model.watcher !== undefined, undefined, { timeout: READY_MS },
    );
  }

  async go(hash: string): Promise<void> {
    await this.page.evaluate((to) => void (location.hash = to), hash);
    await this.page.waitForFunction((to) => location.hash === to, hash);
  }

  async say(text: string): Promise<void> {
    await this.page.locator(".composer textarea").fill(text);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".mine", { hasText: text }).last().waitFor();
  }

  /** Settled once Safelight has read all messages of the chat on the screen. */
  async read(messages: number): Promise<void> {
    await this.page.waitForFunction(
      (count) => ((document.querySelector("chat-app") as any).model.watched?.next ?? 0) >= count, messages,
    );
  }

  async hears(text: string): Promise<void> {
    await this.page.locator(".theirs", { hasText: text }).last().waitFor();
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/** Ana invites, Ben follows her link; both end in the open chat. */
export async function pair(
  browser: Browser, site: Site, options: BrowserContextOptions = {}, before?: (ana: Profile) => Promise<void>,
): Promise<[Profile, Profile]> {
  const [ana, ben] = await Promise.all([Profile.open(browser, site, options), Profile.open(browser, site, options)]);
  await before?.(ana);
  await ana.begin("Ana", "#/invite");
  await ana.page.locator("main button.main").click();
  const link = await ana.page.locator("textarea[readonly]").inputValue();
  await ben.begin("Ben", link.slice(link.indexOf("#")));
  await ben.page.locator("main button.main").click();
  await Promise.all([ana, ben].map(({ page }) => page.locator(".composer").waitFor()));
  return [ana, ben];
}

export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

/** A green picture, so that a blur can be seen. */
export const PICTURE = { name: "leaf.png", mimeType: "image/png", buffer: png(320, 240) };

function png(width: number, height: number): Buffer {
  const rows = Buffer.concat(Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.of(0), ...Array.from({ length: width }, (_, x) => Buffer.of(x % 97, 120 + (y % 89), 60))])));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    framed.set(body, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** What a chat with warning signs says, from the samples of the Python package. */
export async function sample(name: "ordinary" | "warning_signs"): Promise<{ mine: boolean; text: string; media?: string }[]> {
  const text = await readFile(join(ROOT, `model/safelight/samples/${name}.jsonl`), "utf-8");
  const lines: { sender: string; text: string; media?: string }[] = JSON.parse(text).messages;
  return lines.map(({ sender, text: said, media }) => ({ mine: sender === "self", text: said, ...(media ? { media } : {}) }));
}
