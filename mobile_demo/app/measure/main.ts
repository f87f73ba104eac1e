/** Measures the built app in a real Chromium and writes docs/benchmarks/mobile.{json,md}. */
import { readFile, writeFile } from "node:fs/promises";
import { cpus, getPriority, loadavg } from "node:os";
import { build } from "vite";
import { launch, Site } from "../tests/browser/harness.ts";
import { page } from "./page.ts";
import { longChat, memory, perMessage, size, start, type LongChat, type Memory, type Size, type Start, type Time } from "./parts.ts";

/** By how many times slower the processor was made. */
type ByRate<Value> = Readonly<Record<string, Value>>;

export interface Measured {
  readonly browser: string;
  /** Of the bundle in the app: versions of the model and of the data. */
  readonly weights: readonly [model: string, data: string];
  readonly cpu: string;
  readonly cores: number;
  /** How many processes wanted a core, on the average of a minute, before and after. */
  readonly load: readonly [before: number, after: number];
  /** The nice value of the measuring: below 0 it goes before others. */
  readonly nice: number;
  readonly size: Size;
  readonly start: ByRate<Start>;
  readonly message: ByRate<Readonly<Record<string, Time>>>;
  readonly memory: Memory;
  readonly long: LongChat;
}

const RATES = [1, 4, 6];
const TOKENS = [16, 48, 128];
const FOLDER = new URL("../../../docs/benchmarks/", import.meta.url);
const MANIFEST = new URL("../node_modules/safelight/bundle/manifest.json", import.meta.url);

const { model_version, data_version } = JSON.parse(await readFile(MANIFEST, "utf-8"));
const before = loadavg()[0]!;
await build({ root: new URL("..", import.meta.url).pathname, logLevel: "error" });
const [browser, site] = await Promise.all([launch(), Site.start()]);
const parts = {
  size: await size(browser, site),
  start: await byRate((rate) => start(browser, site, rate)),
  message: await byRate((rate) => perMessage(browser, site, rate, TOKENS)),
  memory: await memory(browser, site),
  long: await longChat(browser, site),
};
const found: Measured = {
  browser: `Chromium ${browser.version()}`, weights: [model_version, data_version],
  cpu: cpus()[0]!.model, cores: cpus().length,
  load: [before, loadavg()[0]!], nice: getPriority(), ...parts,
};
await browser.close();
await site.end();
await writeFile(new URL("mobile.json", FOLDER), `${JSON.stringify(found, rounded, 2)}\n`);
await writeFile(new URL("mobile.md", FOLDER), page(found));
console.log(page(found));

async function byRate<Value>(measure: (rate: number) => Promise<Value>): Promise<ByRate<Value>> {
  const all: Record<string, Value> = {};
  for (const rate of RATES) all[rate] = await measure(rate);
  return all;
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 100) / 100 : value;
}
