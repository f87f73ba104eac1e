import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { Graph } from "../../src/graph.js";
import { parseManifest } from "../../src/manifest.js";
import { bundleFiles, hexOf, ort } from "../support.js";
import { vectors } from "./vectors.js";

const found = vectors("tokens.json", 80);
const files = await bundleFiles();
const sizes = {
  stateSize: parseManifest(files.get("manifest.json")!).stateSize,
  maxTokens: found.max_tokens,
  maxChunks: found.max_chunks,
  languages: ["en", "fr", "de", "it", "ja", "es", "pt"],
};
const graph = await Graph.load(files, sizes, await ort());

test("the vectors are of the shipped tokenizer", () => {
  expect(hexOf(sha256(files.get("tokenizer.json")!))).toBe(found.tokenizer_sha256);
});

test.each(found.cases)("$language $#", ({ text, media, chunks }) => {
  expect(graph.encode(text, media)).toEqual(chunks);
});
