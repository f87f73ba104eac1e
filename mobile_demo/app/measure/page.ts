/** The measured figures as a page. */
import type { Blocked } from "./blocked.ts";
import type { Measured } from "./main.ts";
import type { Time } from "./parts.ts";

const whole = (number: number) => Math.round(number).toLocaleString("en");
const kb = (bytes: number) => `${whole(bytes / 1000)} kB`;
const ms = ({ processor, clock }: Time) => `${processor.toFixed(1)} (${clock.toFixed(1)})`;
const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");
}

export function page(found: Measured): string {
  const { browser, weights, cpu, cores, load, nice, size, start, message, memory, long } = found;
  const rates = Object.keys(start);
  const tokens = Object.keys(message[rates[0]!]!);
  return `# The app in ${browser}

Written by \`make measure-app\`. Model ${weights[0]}, thresholds on data ${weights[1]}. ${cpu}, ${cores} cores, of which Safelight uses one.
Beside it ${load[0].toFixed(1)} processes wanted a core at the start and ${load[1].toFixed(1)} at the end, the measuring
itself among them (nice value ${nice}): above ${cores}, times by the clock tell more of the machine than of the app.
What a message takes is therefore given as time of the processor too, which other work hardly changes.
"4×" and "6×" stand in for a mid-range and an old phone: the page's process, its worker included, is
stopped three quarters and five sixths of the time, since Chromium's own throttling reaches no worker.

## First load

${table(["", "packed", "unpacked"], [
    ["until the first screen", kb(size.screenBytes), ""],
    ["everything, kept for offline use", kb(size.allBytes), kb(size.allBytesUnpacked)],
  ])}

${table(["processor", "first screen, ms", "Safelight ready, ms", "again, without a network, ms"],
    rates.map((rate) => {
      const at = start[rate]!;
      return [`${rate}×`, whole(at.screenMs), whole(at.readyMs), whole(at.againMs)];
    }))}

## A message, ms of the processor (by the clock)

From the page to the worker and back, by tokens.

${table(["processor", ...tokens.map((count) => `${count} tokens`)],
    rates.map((rate) => [`${rate}×`, ...tokens.map((count) => ms(message[rate]![count]!))]))}

## Memory of the page's process

${table(["without Safelight", "with it"], [[`${whole(memory.withoutMb)} MB`, `${whole(memory.withMb)} MB`]])}

## A chat of ${whole(long.messages)} messages

${table(["", "ms of the processor (by the clock)"], [
    ["observing, right after the start", ms(long.cold)],
    ["observing, the first, once the browser has compiled the model", ms(long.first)],
    ["observing, the last", ms(long.last)],
    ["sending, in a new chat", ms(long.sendEmpty)],
    ["sending, after so many", ms(long.sendLong)],
  ])}

Opened in ${whole(long.openMs)} ms; read again after a reload in ${(long.replayMs / 1000).toFixed(1)} s, in the background.

## What blocks the page

Tasks of its main thread, from Chromium's trace: of the processor (by the clock, other work included).

${table(["", "over 50 ms", "longest, ms"], [
    ...rates.map((rate) => [`start, ${rate}×`, ...tasksOf(start[rate]!.blocked)]),
    [`a chat of ${whole(long.messages)} messages: opening, reading again, sending`, ...tasksOf(long.blocked)],
  ])}
`;
}

function tasksOf({ over50, longest, over50Clock, longestClock }: Blocked): string[] {
  return [`${over50} (${over50Clock})`, `${whole(longest)} (${whole(longestClock)})`];
}
