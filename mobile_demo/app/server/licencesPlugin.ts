/** Writes licences.txt: of every package whose code ends in the build, its name, version and licence. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

const SDK = new URL("../../sdk/", import.meta.url).pathname;
const FOLDER = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LINE = `\n${"-".repeat(80)}\n\n`;

export function licences(): Plugin {
  return {
    name: "safelight-licences",
    apply: "build",
    async generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
      const folders = new Set(modules.flatMap((id) => FOLDER.exec(id.replaceAll("\\", "/"))?.[0] ?? []));
      const found = new Map(await Promise.all([...folders].map(licenceIn)));
      const parts = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
      const source = [await ofSafelight(), ...parts, await readFile(join(SDK, "dist/THIRD_PARTY.txt"), "utf-8")].join(LINE);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

/** The same package may lie in two folders: it is named once a version. */
async function licenceIn(folder: string): Promise<[named: string, text: string]> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf-8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name}: holds no licence`);
  return [`${name} ${version}`, `${name} ${version}, ${license}\n\n${await readFile(join(folder, file), "utf-8")}`];
}

async function ofSafelight(): Promise<string> {
  const { version, license } = JSON.parse(await readFile(join(SDK, "package.json"), "utf-8"));
  const [licence, notice] = await Promise.all(["LICENSE", "NOTICE"].map((name) => readFile(join(SDK, name), "utf-8")));
  return `safelight ${version}, ${license}\n\n${licence}\n${notice}`;
}
