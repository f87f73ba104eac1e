/** Node.js under a filter of the kernel that ends it at its first socket or new file. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

const PROGRAM = `import { Guard } from "safelight/node";
import { make, toBytes } from "safelight/evidence";
const guard = await Guard.load();
const [chat, key, end] = [guard.conversation("c"), new Uint8Array(32), Date.now() + 1000 * process.argv[2]];
const blocked = await guard.recontact(key);
do {
  const seen = await chat.observe({ sender: "peer", text: \`see you at \${chat.messages}\` });
  seen.advice("en", { country: "GB" });
  await guard.restore(await chat.snapshot(key), key, "c");
  blocked.add("c", { handle: "the.river.fox", texts: ["example.com/page"] });
  toBytes(make([{ number: 1, sender: "@a", text: "hi" }], [{ name: "owner", value: "@a" }],
    { created: "2026-01-31T18:02:11+01:00" }));
  await new Promise((done) => setTimeout(done, 50));
} while (Date.now() < end);
console.log("observed", chat.messages);
`;

/** What became of a program: how it ended, and what it printed. */
export interface Ended {
  readonly code: string;
  readonly printed: string;
}

/** Use the package that `project` has installed for so long; no variable but a home is set. */
export function useQuietly(project: string, seconds: number, before = ""): Promise<Ended> {
  const file = join(project, `quiet${before.length}.js`);
  const home = join(project, "home");
  mkdirSync(home, { recursive: true });
  writeFileSync(file, before + PROGRAM);
  const filter = join(inject("root"), "tests/sdk/forbidden.py");
  const line = [filter, process.execPath, file, String(seconds)];
  return new Promise((done) => {
    // `env -i`: with CI set, some programs would hold their tongue.
    const clean = ["-i", `HOME=${home}`, `PYTHONDONTWRITEBYTECODE=1`, inject("python"), ...line];
    execFile("env", clean, { cwd: project }, (error, printed, faults) =>
      done({ code: error?.signal ?? String(error?.code ?? 0), printed: printed + faults }),
    );
  });
}
