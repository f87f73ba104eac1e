/** What `npm pack` gives, in a fresh project: three lines on Node.js, three lines in a browser. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

const SDK = join(inject("root"), "mobile_demo/sdk");
const project = mkdtempSync(join(tmpdir(), "safelight-app-"));
const README = readFileSync(join(SDK, "README.md"), "utf-8");
/** The code of the README in a language, block by block. */
const blocks = (language: string): string[] =>
  Array.from(README.matchAll(/```(\w*)\n([\s\S]*?)```/g))
    .filter(([, written]) => written === language)
    .map(([, , code = ""]) => code);
const [THREE_LINES = ""] = blocks("js");
const ANSWER = '{"level":0,"form":"nothing"}';
const run = (command: string, args: string[], cwd = project): string =>
  execFileSync(command, args, { cwd, encoding: "utf-8", stdio: "pipe" });

beforeAll(() => {
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", project], SDK));
  const tarball = join(project, packed.filename);
  writeFileSync(join(project, "package.json"), '{"private": true, "type": "module"}');
  // The one that is here already: it has some hundred megabytes.
  const runtime = join(SDK, "node_modules/onnxruntime-node");
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  run("npm", ["install", ...quiet, tarball, runtime]);
}, 180_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

test("the README starts with three lines", () => {
  expect(THREE_LINES.trim().split("\n")).toHaveLength(3);
});

test("Node.js: three lines", () => {
  const print = "console.log(JSON.stringify({ level: seen.level, form: seen.form }));\n";
  writeFileSync(
    join(project, "index.js"),
    THREE_LINES.replace("safelight/web", "safelight/node") + print,
  );
  expect(run(process.execPath, ["index.js"]).trim()).toBe(ANSWER);
});

/** What the TypeScript compiler says of a program; nothing if it is right. */
function checked(name: string, code: string): string {
  writeFileSync(join(project, name), code);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
  return spawnSync(join(SDK, "node_modules/.bin/tsc"), [...options, name], {
    cwd: project,
    encoding: "utf-8",
  }).stdout;
}

test("TypeScript: the README's program is right", () => {
  expect(checked("readme.ts", blocks("ts").join("\n"))).toBe("");
});

test("TypeScript: the types are strict", () => {
  const wrong = 'chat.beforeSend("soul"); seen.reasons.push();\n';
  const said = checked("wrong.ts", THREE_LINES + wrong);
  expect(said.match(/error TS\d+/g)).toHaveLength(2);
  expect(said).toContain('"soul"');
});

test("an app's own worker file that runs ours is not empty once it is bundled", () => {
  writeFileSync(join(project, "own.js"), 'import "safelight/worker.js";\n');
  const esbuild = join(SDK, "node_modules/esbuild/bin/esbuild");
  const bundled = run(esbuild, ["own.js", "--bundle", "--format=esm", "--log-level=error"]);
  expect(bundled).toContain("no model is loaded");
});

test("a browser, bundled by Vite: three lines, and nothing leaves", async () => {
  const show = "document.title = JSON.stringify({ level: seen.level, form: seen.form });\n";
  writeFileSync(join(project, "main.js"), THREE_LINES + show);
  writeFileSync(
    join(project, "index.html"),
    '<!doctype html><title></title><script type="module" src="/main.js"></script>',
  );
  const vite = join(SDK, "node_modules/vite/bin/vite.js");
  const { stderr } = spawnSync(process.execPath, [vite, "build", "--target", "es2022"], {
    cwd: project,
    encoding: "utf-8",
  });
  expect(stderr).not.toContain("warning");
  const server = await served(join(project, "dist"));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await chromium.launch({ executablePath: inject("chromium") });
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    const faults: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (line) => line.type() === "error" && faults.push(line.text()));
    await page.goto(address);
    await expect.poll(() => page.title(), { timeout: 60_000 }).toBe(ANSWER);
    expect(faults).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(address))).toEqual([]);
  } finally {
    await browser.close();
    server.close();
  }
});

test("the package holds what it runs on, the licences, and no tests", () => {
  const root = join(project, "node_modules/safelight");
  const top = readdirSync(root).sort();
  expect(top).toEqual(["LICENSE", "NOTICE", "README.md", "bundle", "dist", "package.json"]);
  const licences = readFileSync(join(root, "dist/THIRD_PARTY.txt"), "utf-8");
  for (const name of ["onnxruntime-web", "@huggingface/tokenizers", "@noble/hashes"]) {
    expect(licences).toContain(name);
  }
});

/** A server of plain files that lets a page, and above all its worker, ask for little. */
function served(folder: string): Promise<Server> {
  const types: Record<string, string> = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
  };
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "/index.html" : String(request.url);
    const connect = name.includes("worker") ? "'none'" : "'self'";
    const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src ${connect}`;
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Content-Type", types[extname(name)] ?? "application/octet-stream");
    try {
      response.end(readFileSync(join(folder, name)));
    } catch {
      response.writeHead(name === "/favicon.ico" ? 204 : 404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
