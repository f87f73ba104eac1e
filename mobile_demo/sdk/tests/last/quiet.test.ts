/** No socket and no stray file: safelight/node at work, `CI` unset, an empty home. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { RESULT, runQuietly, SECONDS } from "../quietly.js";

const place = { root: inject("root"), python: inject("python") };
/** The kernel's filter on system calls exists on Linux alone. */
const onLinux = test.runIf(process.platform === "linux");

onLinux.each(["socket", "file"])("the kernel's filter would catch a %s", async (act) => {
  expect((await runQuietly(place, 0, act).ended).code).toBe("SIGSYS");
});

onLinux("a minute and a half of work", { timeout: 4000 * SECONDS }, async () => {
  const result = () => JSON.parse(readFileSync(place.root + RESULT, "utf-8"));
  await expect.poll(result, { timeout: 3000 * SECONDS, interval: 500 }).toEqual({
    code: "0",
    printed: expect.stringMatching(/^observed \d+\n$/),
  });
  expect(readdirSync(`${place.root}build/sdk_answers/home`)).toEqual([]);
});
