/** safelight/node: bundles in folders, and what may stand in one. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, inject, test } from "vitest";
import { BundleError, Guard, label } from "../../dist/node.js";
import { answers, fromHex } from "../support.js";

const python = await answers();
const parent = mkdtempSync(join(tmpdir(), "safelight-"));
const folder = join(parent, "bundle");
const UNSIGNED = { allowUnsigned: true };

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(`${inject("root")}build/sdk_answers/tiny`, folder, { recursive: true });
});
afterAll(() => rmSync(parent, { recursive: true }));

const refused = async (words: string): Promise<void> => {
  await expect(Guard.load(folder, UNSIGNED)).rejects.toThrow(BundleError);
  await expect(Guard.load(folder, UNSIGNED)).rejects.toThrow(words);
};

test("a signed folder, and that of the package", async () => {
  const signed = await Guard.load(folder, { key: fromHex(python["public"]), minSequence: 3 });
  expect(signed.manifest.sequence).toBe(3);
  const shipped = await Guard.load();
  const seen = await shipped.conversation("c").observe({ sender: "peer", text: "hello" });
  expect(label(seen.level)).toBe("none");
});

test("options that do not go together", async () => {
  await expect(Guard.load(null, UNSIGNED)).rejects.toThrow(RangeError);
  await expect(Guard.load(folder)).rejects.toThrow(RangeError);
});

test("a link to a file", async () => {
  renameSync(join(folder, "model.onnx"), join(parent, "elsewhere"));
  symlinkSync(join(parent, "elsewhere"), join(folder, "model.onnx"));
  await refused("model.onnx: not a plain file");
});

test("a link to a folder", async () => {
  cpSync(join(folder, "advice"), join(parent, "advice"), { recursive: true });
  rmSync(join(folder, "advice"), { recursive: true });
  symlinkSync(join(parent, "advice"), join(folder, "advice"));
  await refused("advice: not a plain file");
});

test("a pipe is not waited for", async () => {
  rmSync(join(folder, "text.json"));
  execFileSync("mkfifo", [join(folder, "text.json")]);
  await refused("text.json: not a plain file");
});

test("a folder in a folder", async () => {
  mkdirSync(join(folder, "advice", "more"));
  await refused("not a plain file");
});

test("a hidden file, too many, one too large, no folder", async () => {
  copyFileSync(join(folder, "text.json"), join(folder, ".hidden"));
  await refused("name that is not allowed");
  rmSync(join(folder, ".hidden"));
  truncateSync(join(folder, "model.onnx"), 64 * 1024 * 1024 + 1);
  await refused("model.onnx: larger than");
  for (let i = 0; i < 130; i += 1) writeFileSync(join(folder, `a${i}.json`), "{}");
  await refused("too many files");
  rmSync(folder, { recursive: true });
  await refused("cannot be read: ENOENT");
});
