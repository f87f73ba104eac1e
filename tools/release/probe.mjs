/** What probe.py does, in a bare folder with the npm package: node probe.mjs FOLDER RUNTIME */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, runtime] = process.argv.slice(2);
process.env.ORT_DISABLE_TELEMETRY = "1";
const ort = await import(runtime);
const { Guard } = await import("safelight");
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "fatal";

/** The highest number whose model loads. */
async function newest(kind) {
  let most = 0;
  for (const name of readdirSync(folder).filter((each) => each.startsWith(`${kind}-`))) {
    const number = Number(name.match(/\d+/)[0]);
    try {
      await ort.InferenceSession.create(readFileSync(join(folder, name)), { logSeverityLevel: 4 });
      most = Math.max(most, number);
    } catch {
      // One that this release does not take.
    }
  }
  return most;
}

async function answers() {
  const bundle = "node_modules/safelight/bundle";
  const names = ["manifest.json", ...Object.keys(JSON.parse(readFileSync(`${bundle}/manifest.json`)).files)];
  const files = new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(bundle, name)))]));
  const guard = await Guard.load({ files, ort });
  const rows = [];
  for (const [number, chat] of JSON.parse(readFileSync(join(folder, "chats.json"))).entries()) {
    const conversation = guard.conversation(String(number));
    for (const [sender, text] of chat) {
      const seen = await conversation.observe({ sender, text });
      rows.push([seen.level, Object.values(seen.risks)]);
    }
  }
  return rows;
}

console.log(JSON.stringify({ opset: await newest("opset"), ir: await newest("ir"), answers: await answers() }));
