/** The TypeScript in docs/integrate: checked as strictly as this package, and run. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

const SDK = join(inject("root"), "mobile_demo/sdk");
const GUIDES = join(inject("root"), "docs/integrate");
const project = mkdtempSync(join(tmpdir(), "safelight-guides-"));
/** What stands in for packages that are not installed here, with the parts that the guides use. */
const STAND_INS: Record<string, string> = {
  // The real one exports onnxruntime-common as well; it runs on a phone alone.
  "node_modules/onnxruntime-react-native/index.d.ts": 'export * from "onnxruntime-common";\n',
  "node_modules/onnxruntime-react-native/index.js": `import ort from "onnxruntime-node";
export const { InferenceSession, Tensor } = ort;
globalThis.OrtApi = { version: "1.24.3" };
`,
  "node_modules/onnxruntime-react-native/package.json":
    '{ "type": "module", "main": "index.js", "types": "index.d.ts" }',
  // As in electron.d.ts of Electron 45.5.
  "electron.d.ts": `declare module "electron" {
  const safeStorage: {
    isAsyncEncryptionAvailable(): Promise<boolean>;
    getSelectedStorageBackend(): "basic_text" | "gnome_libsecret" | "kwallet" | "unknown";
    encryptStringAsync(plainText: string): Promise<Buffer>;
    decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }>;
  };
}
declare namespace NodeJS {
  interface Port {
    on(event: "message", listener: (messageEvent: { data: any; ports: Port[] }) => void): this;
    once(event: "message", listener: (messageEvent: { data: any; ports: Port[] }) => void): this;
    postMessage(message: any): void;
    start(): void;
  }
  interface Process {
    parentPort: Omit<Port, "start">;
  }
}
`,
  "package.json": '{ "private": true, "type": "module" }',
};
/** Starts guard.ts with a port of its own, and asks it. */
const ASK = `
const answers = new Map();
let given, heard;
process.parentPort = { once: (_, listener) => (given = listener) };
await import("./guard.ts");
const port = {
  on: (_, listener) => (heard = listener),
  postMessage: (answer) => answers.get(answer.call)(answer),
  start: () => {},
};
given({ ports: [port] });
const ask = (call, asked) =>
  new Promise((resolve) => {
    answers.set(call, resolve);
    heard({ data: { call, ...asked } });
  });
`;

function snippets(): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of readdirSync(GUIDES).filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(GUIDES, page), "utf-8");
    for (const [, code = ""] of text.matchAll(/^```ts\n(.*?)^```/gms)) {
      const name = /^\/\/ (\w+\.ts)/.exec(code)?.[1] ?? `unnamed in ${page}`;
      if (found.has(name)) throw new Error(`${name} stands in the guides twice`);
      found.set(name, code);
    }
  }
  return found;
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}

function compile(...files: string[]): string {
  const options = [
    ..."--noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes".split(" "),
    ..."--verbatimModuleSyntax --erasableSyntaxOnly --allowImportingTsExtensions".split(" "),
    ..."--skipLibCheck --module nodenext --target es2022 --lib es2022 --types node".split(" "),
  ];
  const tsc = join(SDK, "node_modules/.bin/tsc");
  const given = [...options, "electron.d.ts", ...files];
  try {
    return execFileSync(tsc, given, { cwd: project, encoding: "utf-8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function run(code: string): string {
  write("run.js", code);
  return execFileSync(process.execPath, ["run.js"], { cwd: project, encoding: "utf-8" }).trim();
}

beforeAll(() => {
  for (const [name, text] of [...Object.entries(STAND_INS), ...snippets()]) write(name, text);
  symlinkSync(SDK, join(project, "node_modules/safelight"));
  mkdirSync(join(project, "node_modules/@types"));
  for (const name of ["onnxruntime-node", "onnxruntime-common", "@types/node"]) {
    symlinkSync(join(SDK, "node_modules", name), join(project, "node_modules", name));
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test("every example has a name, and is one of these", () => {
  expect([...snippets().keys()].sort()).toEqual(["chats.ts", "guard.ts", "keys.ts", "load.ts"]);
});

test("the types hold", () => {
  expect(compile(...snippets().keys())).toBe("");
});

test("a name that is not in the package would be noticed", () => {
  write("wrong.ts", String(snippets().get("chats.ts")).replace("inChat: true", "inchat: true"));
  expect(compile("wrong.ts")).toContain("error TS");
});

test("Electron: the process answers, and shows a card when a chat goes wrong", () => {
  const sample = join(inject("root"), "model/safelight/samples/warning_signs.jsonl");
  const printed = run(`import { readFileSync } from "node:fs";
${ASK}
const { messages } = JSON.parse(readFileSync(${JSON.stringify(sample)}, "utf-8").split("\\n")[0]);
await ask(0, { chat: "chat-17", history: [{ sender: "peer", text: "see you at practice" }] });
const told = [];
for (const [i, { sender, text, media = null }] of messages.entries()) {
  told.push(await ask(i + 1, { chat: "chat-17", message: { sender, text, media } }));
}
const { shown } = told.find(({ raised }) => raised);
const { canBeWrong } = told.at(-1).shown.card;
console.log(JSON.stringify([told[0], shown.line, Object.keys(shown.card).slice(0, 2), canBeWrong]));
`);
  const quiet = { call: 1, raised: false, changed: false, shown: null };
  const limit = "This can miss things and can be wrong.";
  expect(JSON.parse(printed)).toEqual([quiet, null, ["title", "action"], limit]);
});

test("Electron: calls of a chat keep their order, and one that cannot be read is said", () => {
  const printed = run(`${ASK}
const first = { history: [{ sender: "peer", text: "hi" }], message: { sender: "peer", text: "one" } };
const asked = [
  ask(0, { chat: "a", message: { sender: "peer", text: "before it was opened" } }),
  ask(1, { chat: "b", history: [{ sender: "peer", media: "hologram" }] }),
  ask(2, { chat: "a", ...first }),
  ask(3, { chat: "a", message: { sender: "peer", text: "two", media: "hologram" } }),
  ask(4, { chat: "a", message: { sender: "self", text: "three" } }),
];
const ended = [];
for (const [i, one] of asked.entries()) one.then(() => i > 1 && ended.push(i));
const failed = (await Promise.all(asked)).map((answer) => answer.failed === true);
console.log(JSON.stringify([failed, ended]));
`);
  expect(JSON.parse(printed)).toEqual([
    [true, true, false, true, false],
    [2, 3, 4],
  ]);
});

test("React Native: the session is handed over, and a newer native library is refused", () => {
  const printed = run(`import { readdirSync, readFileSync } from "node:fs";
import { load } from "./load.ts";
import { Chats } from "./chats.ts";
const folder = "node_modules/safelight/bundle/";
const names = readdirSync(folder, { recursive: true }).filter((name) => /\\.\\w+$/.test(name));
const files = new Map(names.map((name) => [name, new Uint8Array(readFileSync(folder + name))]));
const chats = new Chats(await load(files));
await chats.open("chat-17", []);
const seen = await chats.observe("chat-17", { sender: "peer", text: "see you at practice" });
globalThis.OrtApi = { version: "1.29.0" };
const refused = await load(files).then(() => "loaded", (error) => error.message);
console.log(JSON.stringify([seen.form, chats.shown(seen, "en", null), refused]));
`);
  expect(JSON.parse(printed)).toEqual([
    "nothing",
    null,
    "this ONNX Runtime may collect usage data",
  ]);
});
