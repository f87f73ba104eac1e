import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = process.env["PYTHON_OF_SAFELIGHT"] ?? `${ROOT}.venv/bin/python`;

/** A Chromium that starts here, or an error that says what to install. */
function chromium(): string {
  const finder = [`${ROOT}tools/chromium.py`, `${ROOT}build/browser`];
  return execFileSync(PYTHON, finder, { encoding: "utf-8" }).trim();
}

const CHROMIUM = chromium();
const everywhere = ["tests/golden/*.test.ts", "tests/unit/*.test.ts"];

function inChromium(name: string, include: string[]) {
  const launchOptions = { executablePath: CHROMIUM, args: ["--disable-quic"] };
  return {
    extends: true as const,
    optimizeDeps: { exclude: ["onnxruntime-web"] },
    test: {
      name,
      include,
      sequence: { groupOrder: 1 },
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

export default defineConfig({
  server: { fs: { allow: [ROOT] } },
  assetsInclude: ["**/*.onnx"],
  test: {
    globalSetup: "tests/setup.ts",
    provide: { root: ROOT, python: PYTHON, chromium: CHROMIUM },
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: [...everywhere, "tests/node/*.test.ts"],
          sequence: { groupOrder: 1 },
        },
      },
      // What it waits for was started before all others.
      {
        extends: true,
        test: { name: "last", include: ["tests/last/*.test.ts"], sequence: { groupOrder: 2 } },
      },
      inChromium("chromium", [...everywhere, "tests/web/*.test.ts"]),
      inChromium("measure", ["tests/measure/*.test.ts"]),
    ],
  },
});

declare module "vitest" {
  export interface ProvidedContext {
    root: string;
    python: string;
    chromium: string;
  }
}
