/**
 * A slower processor: the process of a page is stopped and continued many times a second, so that
 * it runs for a part of the time. Chromium's own throttling reaches the page and not its workers.
 */
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";

const PERIOD_MS = 40;
/** Of the kernel's clock, a second; the same on every Linux that Node.js knows. */
const TICKS = 100;

/** The process that runs the pages; the largest, since empty ones lie in wait. */
export async function rendererOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const ids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const sizes = await Promise.all(ids.map(residentOf));
  return ids[sizes.indexOf(Math.max(...sizes))]!;
}

/** Resident memory of a process, MB. */
export async function residentOf(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, "utf-8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** What a process has had of the processors since it began, ms. */
export async function processorMs(id: number): Promise<number> {
  const stat = await readFile(`/proc/${id}/stat`, "utf-8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * (1000 / TICKS);
}

/** Let it run one part in `rate` of the time, until the answer is called. */
export function slow(id: number, rate: number): () => void {
  if (rate === 1) return () => {};
  let timer: NodeJS.Timeout;
  const run = () => {
    process.kill(id, "SIGCONT");
    timer = setTimeout(stop, PERIOD_MS / rate);
  };
  const stop = () => {
    process.kill(id, "SIGSTOP"); // fails loudly where the page has moved to another process
    timer = setTimeout(run, PERIOD_MS - PERIOD_MS / rate);
  };
  run();
  return () => {
    clearTimeout(timer);
    process.kill(id, "SIGCONT");
  };
}
