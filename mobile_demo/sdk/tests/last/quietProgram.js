/** Uses the package for so many seconds: quietProgram.js SECONDS [socket | file]. */
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { make, toBytes } from "safelight/evidence";
import { Guard } from "safelight/node";

const [, , seconds, act] = process.argv;
if (act === "socket") connect(9);
if (act === "file") writeFileSync("new", "");
const guard = await Guard.load();
const chat = guard.conversation("c");
const key = new Uint8Array(32);
const blocked = await guard.recontact(key);
const said = [{ number: 1, sender: "@a", text: "hi" }];
const end = Date.now() + 1000 * Number(seconds);
do {
  const seen = await chat.observe({ sender: "peer", text: `see you at ${chat.messages}` });
  seen.advice("en", { country: "GB" });
  await guard.restore(await chat.snapshot(key), key, "c");
  blocked.add("c", { handle: "the.river.fox", texts: ["example.com/page"] });
  toBytes(make(said, [{ name: "owner", value: "@a" }], { created: "2026-01-31T18:02:11+01:00" }));
  await new Promise((done) => setTimeout(done, 50));
} while (Date.now() < end);
console.log("observed", chat.messages);
