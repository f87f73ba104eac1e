/** Lets the Python runtime write its answers, once for all tests, and starts the long quiet run. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { RESULT, runQuietly, SECONDS } from "./quietly.js";

const ANSWERS = "build/sdk_answers";

export default function setup(project: TestProject): () => void {
  const { root, python } = project.getProvidedContext();
  try {
    execFileSync(python, ["-m", "pytest", "-q", "tests/sdk/write_answers.py"], {
      cwd: root,
      env: { ...process.env, SAFELIGHT_ANSWERS: root + ANSWERS },
      encoding: "utf-8",
      stdio: "pipe",
    });
  } catch (error) {
    throw new Error(`the Python runtime did not answer:\n${(error as { stdout: string }).stdout}`);
  }
  const { child, ended } = runQuietly({ root, python }, SECONDS);
  void ended.then((result) => writeFileSync(root + RESULT, JSON.stringify(result)));
  return () => void child.kill();
}
