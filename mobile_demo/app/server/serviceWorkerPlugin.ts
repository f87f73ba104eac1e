/**
 * Writes sw.js: src/sw.js with the SHA-256 of every file of the build. What the page itself loads
 * is named there with its hash, so that the browser runs nothing else.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";

const SOURCE = new URL("../src/sw.js", import.meta.url);

export function serviceWorker(): Plugin {
  let out = "";
  return {
    name: "safelight-service-worker",
    apply: "build",
    configResolved: (config) => {
      out = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      await writeFile(join(out, "index.html"), await withHashes(out));
      const files: Record<string, string> = {};
      for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name === "sw.js") continue;
        const path = join(entry.parentPath, entry.name);
        const address = `/${relative(out, path).split(sep).join("/")}`.replace(/^\/index\.html$/, "/");
        files[address] = createHash("sha256").update(await readFile(path)).digest("hex");
      }
      const list = JSON.stringify(Object.fromEntries(Object.entries(files).sort()));
      const name = `app-${createHash("sha256").update(list).digest("hex").slice(0, 16)}`;
      const source = (await readFile(SOURCE, "utf-8")).replace("__NAME__", name);
      await writeFile(join(out, "sw.js"), source.replace("__FILES__", () => list));
    },
  };
}

async function withHashes(out: string): Promise<string> {
  let page = await readFile(join(out, "index.html"), "utf-8");
  for (const [whole, address] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const hash = createHash("sha384").update(await readFile(join(out, address!))).digest("base64");
    page = page.replace(whole, `${whole} integrity="sha384-${hash}"`);
  }
  return page;
}
