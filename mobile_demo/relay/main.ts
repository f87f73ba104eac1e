/** Runs the relay alone: node main.ts [PORT [FILE]] */
import { createServer } from "node:http";
import { LIMITS } from "./limits.ts";
import { attachRelay } from "./relay.ts";
import { Store } from "./store.ts";

const [port = "8787", file = "relay.log"] = process.argv.slice(2);
const server = createServer((_, answer) => answer.writeHead(404).end());
attachRelay(server, "/relay", await Store.open(file, LIMITS));
server.listen(Number(port), "127.0.0.1", () => console.log(`relay: ws://127.0.0.1:${port}/relay`));
