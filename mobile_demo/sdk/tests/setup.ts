/** Lets the Python runtime write its answers, once for all tests. */
import { execFileSync } from "node:child_process";
import type { TestProject } from "vitest/node";

export const ANSWERS = "build/sdk_answers";

export default function setup(project: TestProject): void {
  const { root, python } = project.getProvidedContext();
  const answers = root + ANSWERS;
  try {
    execFileSync(python, ["-m", "pytest", "-q", "tests/sdk/write_answers.py"], {
      cwd: root,
      env: { ...process.env, SAFELIGHT_ANSWERS: answers },
      encoding: "utf-8",
      stdio: "pipe",
    });
  } catch (error) {
    throw new Error(`the Python runtime did not answer:\n${(error as { stdout: string }).stdout}`);
  }
}
