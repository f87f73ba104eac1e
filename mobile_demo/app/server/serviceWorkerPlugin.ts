/** Writes sw.js: src/sw.js with the SHA-256 of every file of the build. */
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
