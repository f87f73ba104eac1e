/** The app as it is now, built once for all browser tests. */
import { build } from "vite";

export default async function setup(): Promise<void> {
  await build({ root: new URL("../..", import.meta.url).pathname, logLevel: "warn" });
}
