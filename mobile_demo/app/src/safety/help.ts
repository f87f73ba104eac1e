/** Where to get help, of the bundle's files of words alone: they need no model, and come at once. */
import { BundleError, type Manifest } from "safelight";
import { files as listed } from "safelight/bundle/manifest.json";
import { Guard } from "safelight/web";
import type { Language } from "../app/words.ts";
import { sha256, type Bytes } from "../core/bytes.ts";

/** What a loaded guard gives too. */
export type Help = Pick<Guard, "book" | "guide">;
export type LoadedHelp = { help: Help } | { failed: "altered" | "unavailable" };

const FOLDER = "../../node_modules/safelight/bundle/";
const ADDRESSES = import.meta.glob<string>([
  "../../node_modules/safelight/bundle/{advice,guides}/*.json",
  "../../node_modules/safelight/bundle/resources.json",
], { eager: true, exhaustive: true, query: "?url", import: "default" });
const HASHES: Readonly<Record<string, { readonly sha256: string }>> = listed;

/** No step is ever asked of it. */
const NO_MODEL = {
  step: () => Promise.reject(new Error("there is no model")),
  close: async () => undefined,
};
const NO_MANIFEST = { files: new Map() } as unknown as Manifest;

export async function loadHelp(language: Language): Promise<LoadedHelp> {
  // English is always there, as in a bundle.
  const words = [...new Set([language, "en"])].flatMap((code) => [`advice/${code}.json`, `guides/${code}.json`]);
  try {
    const files = new Map(await Promise.all([...words, "resources.json"].map(async (name) => [name, await read(name)] as const)));
    return { help: new Guard({ files, manifest: NO_MANIFEST }, NO_MODEL) };
  } catch (error) {
    return { failed: error instanceof BundleError ? "altered" : "unavailable" };
  }
}

/** One file, if it is the one of the manifest that stands in the app's code. */
async function read(name: string): Promise<Bytes> {
  const answer = await fetch(ADDRESSES[FOLDER + name]!);
  if (!answer.ok) throw new Error("a file of safelight could not be fetched");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const found = Array.from(await sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== HASHES[name]?.sha256) throw new BundleError(`${name}: its sha256 is not the manifest's`);
  return bytes;
}
