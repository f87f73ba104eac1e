/** Builds the package: words and bundle from the Python runtime, dist/ from src/, sizes shown. */
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync, type Metafile } from "esbuild";

const SDK = dirname(dirname(fileURLToPath(import.meta.url)));
const PYTHON = process.env["PYTHON_OF_SAFELIGHT"] ?? join(SDK, "../../.venv/bin/python");
const { resolve } = createRequire(import.meta.url);
const WASM = "ort-wasm-simd-threaded.wasm";
/** The most that each part may weigh gzipped, in kB: a page loads them all before the first answer. */
const BUDGET = { core: 60, worker: 130, wasm: 4_000, bundle: 20_000 };

process.chdir(SDK);
run(PYTHON, "scripts/copy_words.py");
rmSync("dist", { recursive: true, force: true });
run("node_modules/.bin/tsc", "-p", "tsconfig.json");
// Self-contained: a worker has no import map, and bundlers need not look into it.
const { metafile } = buildSync({
  entryPoints: ["src/worker.ts"],
  outfile: "dist/worker.js",
  bundle: true,
  minifyIdentifiers: true,
  minifySyntax: true, // blanks stay: comments tell bundlers which imports to leave alone
  format: "esm",
  target: "es2022",
  legalComments: "inline",
  metafile: true,
});
// By the name that the runtime itself knows, so that bundlers find one file and not two.
copyFileSync(resolve(`onnxruntime-web/${WASM}`), `dist/${WASM}`);
writeFileSync("dist/THIRD_PARTY.txt", licences(packages(metafile)));
report();

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: "inherit" });
}

/** What an app that uses all of the core adds to its page, bundled and minified. */
function core(): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: ["dist/index.js"],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    external: ["@huggingface/tokenizers"], // in the worker
  });
  return outputFiles[0]!.contents;
}

/** The packages that files of a bundle come from. */
function packages({ inputs }: Metafile): string[] {
  const names = Object.keys(inputs).map(
    (path) => /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1],
  );
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** The licences of what the worker holds of others. */
function licences(names: readonly string[]): string {
  const parts = names.map((name) => {
    const folder = join("node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    // The package of ONNX Runtime names its licence, and does not hold it.
    const place = file === undefined ? `scripts/licences/${name}.txt` : join(folder, file);
    const text = readFileSync(place, "utf-8");
    return `${name} ${version}, ${license}\n\n${text}`;
  });
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf-8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function report(): void {
  const parts: Record<keyof typeof BUDGET, Uint8Array[]> = {
    core: [core()],
    worker: [readFileSync("dist/worker.js")],
    wasm: [readFileSync(`dist/${WASM}`)],
    bundle: filesUnder("bundle").map((path) => readFileSync(path)),
  };
  console.log("part      kB    gzipped  budget");
  for (const [name, files] of Object.entries(parts)) {
    const budget = BUDGET[name as keyof typeof BUDGET];
    const raw = kilobytes(files);
    const packed = kilobytes(files.map((file) => gzipSync(file)));
    console.log(
      `${name.padEnd(8)}${String(raw).padStart(6)}${String(packed).padStart(9)}${String(budget).padStart(9)}`,
    );
    if (packed > budget) throw new Error(`${name} is over its budget`);
  }
}

function kilobytes(files: readonly Uint8Array[]): number {
  return Math.round(files.reduce((sum, file) => sum + file.length, 0) / 1000);
}
