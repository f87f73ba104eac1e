/** Files and an ONNX Runtime, in Node.js and in a browser alike. */
import { expect, inject } from "vitest";
import type { Files } from "../src/bundleFiles.js";
import { Guard } from "../src/index.js";
import type { Ort } from "../src/ort.js";
import { type JsonObject, parseJson } from "../src/reading.js";
import type { Message } from "../src/types.js";
import { decodeUtf8 } from "../src/unicode.js";

export const IN_BROWSER = typeof window !== "undefined";

/** The bytes of a file of the repository. */
export async function bytes(path: string): Promise<Uint8Array> {
  const place = inject("root") + path;
  if (IN_BROWSER) {
    const answer = await fetch(`/@fs${place}`);
    if (!answer.ok) throw new Error(`${path}: missing`);
    return new Uint8Array(await answer.arrayBuffer());
  }
  const { readFile } = await import(/* @vite-ignore */ "node:fs/promises");
  return new Uint8Array(await readFile(place));
}

/** The files of a bundle of the repository. */
export async function bundleFiles(
  folder = "model/safelight/bundle",
): Promise<Map<string, Uint8Array>> {
  const manifest = await bytes(`${folder}/manifest.json`);
  const names = Object.keys(parseJson(manifest, "manifest.json")["files"] as JsonObject);
  const entries = names.map(async (name) => [name, await bytes(`${folder}/${name}`)] as const);
  return new Map([...(await Promise.all(entries)), ["manifest.json", manifest]]);
}

/** What the Python runtime said; see tests/sdk/write_answers.py. */
export async function answers(): Promise<Record<string, any>> {
  return JSON.parse(decodeUtf8(await bytes("build/sdk_answers/answers.json")));
}

/** The files of the tiny bundle, its signature among them. */
export async function tinyFiles(): Promise<Map<string, Uint8Array>> {
  const files = await bundleFiles("build/sdk_answers/tiny");
  return files.set("manifest.sig", await bytes("build/sdk_answers/tiny/manifest.sig"));
}

let loaded: Promise<Ort> | null = null;

/** onnxruntime-web in a browser, else onnxruntime-node. */
export function ort(): Promise<Ort> {
  loaded ??= IN_BROWSER ? webRuntime() : import("onnxruntime-node");
  return loaded;
}

async function webRuntime(): Promise<Ort> {
  const found = await import("onnxruntime-web/wasm");
  found.env.wasm.numThreads = 1;
  found.env.wasm.wasmBinary = (await bytes(
    "mobile_demo/sdk/dist/ort-wasm-simd-threaded.wasm",
  )) as Uint8Array<ArrayBuffer>;
  return found;
}

/** A guard over the shipped bundle, or over other files that nobody vouches for. */
export async function guard(files?: Files): Promise<Guard> {
  const trust = files === undefined ? {} : { allowUnsigned: true };
  return Guard.load({ files: files ?? (await bundleFiles()), ort: await ort(), ...trust });
}

/** Fail unless a value is the expected one as JSON, numbers to a tolerance. */
export function expectLike(found: unknown, expected: unknown, tolerance: number): void {
  expect(rounded(found, expected, tolerance)).toEqual(expected);
}

/** The value as JSON; a number that is close enough to the expected one is that one. */
function rounded(found: unknown, expected: unknown, tolerance: number): unknown {
  if (typeof found === "number" && typeof expected === "number") {
    return Math.abs(found - expected) <= tolerance ? expected : found;
  }
  if (Array.isArray(found)) {
    const others: readonly unknown[] = Array.isArray(expected) ? expected : [];
    return found.map((entry, i) => rounded(entry, others[i], tolerance));
  }
  if (typeof found !== "object" || found === null) return found;
  const others = (expected ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(found).map(([key, entry]) => [key, rounded(entry, others[key], tolerance)]),
  );
}

export function hexOf(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

/** A message as the Python runtime wrote it. */
export function messageOf(given: Record<string, any>): Message {
  const { sentAt } = given;
  return { ...given, sentAt: sentAt === null ? null : new Date(sentAt) } as unknown as Message;
}
