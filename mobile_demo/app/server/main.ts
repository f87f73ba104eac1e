/** node server/main.ts [PORT [FILE]]: the app and its relay, until Ctrl-C. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { serve } from "./serve.ts";

const [port = "8080", relayFile = "relay.log"] = process.argv.slice(2);
await mkdir(dirname(relayFile), { recursive: true });
const { address } = await serve({ port: Number(port), relayFile }).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== "EADDRINUSE") throw error;
  console.error(`port ${port} is taken: choose another with PORT=…`);
  process.exit(1);
});
console.log(`Safelight chat: ${address} (open it in two browser profiles; Ctrl-C stops it)`);
