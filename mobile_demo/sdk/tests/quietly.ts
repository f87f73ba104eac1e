/** Runs quietProgram.js so that the kernel ends it at its first socket or new file. */
import { type ChildProcess, execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Long enough for what other ONNX Runtimes send late. */
export const SECONDS = 90;
/** Where the tests find how the long run ended; it goes on while others run. */
export const RESULT = "build/sdk_answers/quiet.json";

/** How the program ended, and what it printed. */
export interface Ended {
  readonly code: string;
  readonly printed: string;
}

export interface Place {
  readonly root: string;
  readonly python: string;
}

/** Start the program in an empty home, with no other variable set. */
export function runQuietly(
  { root, python }: Place,
  seconds: number,
  ...act: string[]
): { child: ChildProcess; ended: Promise<Ended> } {
  const home = join(root, "build/sdk_answers/home");
  mkdirSync(home, { recursive: true });
  const filter = join(root, "tests/sdk/forbidden.py");
  const program = join(root, "mobile_demo/sdk/tests/last/quietProgram.js");
  const line = [python, filter, process.execPath, program, String(seconds), ...act];
  // `env -i`: with CI set, some programs would hold their tongue.
  const clean = ["-i", `HOME=${home}`, "PYTHONDONTWRITEBYTECODE=1", ...line];
  let child: ChildProcess | undefined;
  const ended = new Promise<Ended>((done) => {
    child = execFile("env", clean, { cwd: home }, (error, printed, faults) =>
      done({ code: error?.signal ?? String(error?.code ?? 0), printed: printed + faults }),
    );
  });
  return { child: child as unknown as ChildProcess, ended };
}
