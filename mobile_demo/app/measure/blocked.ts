/** What blocks a page, from Chromium's own trace. */
import type { Browser, Page } from "playwright-core";

/** Tasks of the page's main thread over 50 ms, and the longest, ms: of the processor, and by the clock. */
export interface Blocked {
  readonly over50: number;
  readonly longest: number;
  readonly over50Clock: number;
  readonly longestClock: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  /** Microseconds: by the clock, and of the processor. */
  readonly dur?: number;
  readonly tdur?: number;
}

const LONG_MS = 50;

export async function blocked(browser: Browser, page: Page, act: () => Promise<unknown>): Promise<Blocked> {
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const main = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread));
  const tasks = traceEvents.filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && main.has(thread(event)));
  const processor = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const clock = tasks.map(({ dur = 0 }) => dur / 1000);
  const over = (times: readonly number[]) => times.filter((ms) => ms > LONG_MS).length;
  return {
    over50: over(processor), longest: processor.reduce((a, b) => Math.max(a, b), 0),
    over50Clock: over(clock), longestClock: clock.reduce((a, b) => Math.max(a, b), 0),
  };
}
