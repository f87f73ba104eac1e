/** All words of a bundle, checked before any is shown. */
import { parseWords } from "./advice.js";
import type { Files } from "./bundleFiles.js";
import { parseGuides } from "./guides.js";
import { parseIndicators } from "./indicators.js";
import { Resources } from "./resources.js";

/**
 * Read every file of words, in all languages; BundleError on the first fault.
 *
 * Part of opening a bundle: safelight/web does that in its worker. What is asked for later is then
 * read again, a language at a time.
 */
export function checkWords(files: Files): void {
  for (const [name, data] of files) {
    if (name.startsWith("advice/")) parseWords(data, name);
    if (name.startsWith("guides/")) parseGuides(data, name);
  }
  new Resources(files.get("resources.json") as Uint8Array);
  parseIndicators(files.get("indicators.json") as Uint8Array);
}
