/** What makes a bundle be refused: one line for each way. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { toBase64 } from "../../src/base64.js";
import { type Files, openBundle, type Trust } from "../../src/bundleFiles.js";
import { ByLanguage } from "../../src/byLanguage.js";
import { concatBytes, sameBytes } from "../../src/bytes.js";
import { MAX_FILE_BYTES, REQUIRED_FILES } from "../../src/manifest.js";
import { BundleError } from "../../src/reading.js";
import { DOMAIN } from "../../src/signature.js";
import { decodeUtf8, encodeUtf8 } from "../../src/unicode.js";
import { answers, bundleFiles, bytes, fromHex, guard, hexOf, tinyFiles } from "../support.js";

const python = await answers();
const signedByPython = await tinyFiles();
const tiny = new Map(signedByPython);
tiny.delete("manifest.sig");
const secret = fromHex(python["key"]);
const key = fromHex(python["public"]);
const UNSIGNED: Trust = { allowUnsigned: true };

const json = (files: Files, name: string) => JSON.parse(decodeUtf8(files.get(name)!));
const utf8 = (value: unknown): Uint8Array => encodeUtf8(JSON.stringify(value));
const refused = (files: Files, words: RegExp | string, trust = UNSIGNED): void => {
  expect(() => openBundle(files, trust)).toThrow(BundleError);
  expect(() => openBundle(files, trust)).toThrow(words);
};

/** The tiny bundle with some files changed or, where null, gone. */
function changed(changes: Record<string, Uint8Array | null>): Map<string, Uint8Array> {
  const files = new Map(tiny);
  for (const [name, data] of Object.entries(changes)) {
    if (data === null) files.delete(name);
    else files.set(name, data);
  }
  return files;
}

/** The tiny bundle with its manifest edited. */
function edited(edit: (manifest: any) => void): Files {
  const manifest = json(tiny, "manifest.json");
  edit(manifest);
  return changed({ "manifest.json": utf8(manifest) });
}

/** The tiny bundle with a file replaced, and listed as it now is. */
function listed(name: string, data: Uint8Array): Files {
  const manifest = json(tiny, "manifest.json");
  manifest.files[name] = { bytes: data.length, sha256: hexOf(sha256(data)) };
  return changed({ [name]: data, "manifest.json": utf8(manifest) });
}

function signed(changes: Record<string, unknown> = {}, domain = DOMAIN): Files {
  const signature = ed25519.sign(concatBytes(domain, tiny.get("manifest.json")!), secret);
  const content = { key_id: "k1", sequence: 3, signature: toBase64(signature), ...changes };
  return changed({ "manifest.sig": utf8(content) });
}

describe("a sound bundle", () => {
  test("that of the package is pinned, and is that of the Python package", async () => {
    const copied = await bundleFiles("mobile_demo/sdk/bundle");
    const original = await bundleFiles();
    expect([...copied.keys()].sort()).toEqual([...original.keys()].sort());
    for (const [name, data] of original) {
      expect(sameBytes(copied.get(name)!, data), name).toBe(true);
    }
    const pin = decodeUtf8(await bytes("model/safelight/pin.py"));
    expect(pin).toContain(hexOf(sha256(copied.get("manifest.json")!)));
    expect(openBundle(copied).manifest.files.size).toBe(copied.size - 1);
  });

  test("another is read by its signature, or unsigned", () => {
    const trust = { key, keyId: "k1", minSequence: 3 };
    expect(openBundle(signedByPython, trust).manifest.sequence).toBe(3);
    expect(openBundle(signed(), trust).files.size).toBe(REQUIRED_FILES.length);
    expect(openBundle(tiny, { allowUnsigned: true, minSequence: 3 }).manifest.sequence).toBe(3);
  });
});

describe("files", () => {
  test.each([...REQUIRED_FILES])("one changed byte in %s", (name) => {
    const data = Uint8Array.from(tiny.get(name)!);
    const middle = data.length >> 1;
    data[middle] = data[middle]! ^ 1;
    refused(changed({ [name]: data }), `${name}: its sha256`);
  });

  test.each([...REQUIRED_FILES])("one byte more in %s", (name) => {
    refused(changed({ [name]: concatBytes(tiny.get(name)!, encodeUtf8("\n")) }), /has \d+ bytes/);
  });

  test.each([...REQUIRED_FILES, "manifest.json"])("%s is missing", (name) => {
    refused(changed({ [name]: null }), `${name}: missing`);
  });

  test.each(["notes.txt", "advice/fr.json", "model.onnx.data"])("%s is not listed", (name) => {
    refused(changed({ [name]: encodeUtf8("{}") }), "not listed");
  });

  test.each([".hidden", "A.json", "a b.json", "advice/.x", "a..json", "a/b/c"])(
    "the name %s",
    (name) => refused(changed({ [name]: encodeUtf8("{}") }), "name that is not allowed"),
  );

  test.each(["../evil", "/etc/x", "a\\b", "", "a//b", "manifest.sig", "a/b/c", "x\0"])(
    "the name %j in the manifest",
    (name) => {
      const entry = { bytes: 1, sha256: "0".repeat(64) };
      refused(
        edited((manifest) => Object.assign(manifest.files, { [name]: entry })),
        "a name is not allowed",
      );
    },
  );

  test("one that is too large", () => {
    refused(changed({ "model.onnx": new Uint8Array(MAX_FILE_BYTES + 1) }), "larger than");
  });

  test("too many", () => {
    const more = Array.from({ length: 200 }, (_, i) => [`extra${i}.json`, encodeUtf8("{}")]);
    refused(changed(Object.fromEntries(more)), "too many files");
  });
});

describe("trust", () => {
  test("a manifest that is not the pinned one", () => {
    refused(tiny, "not the bundle that this version", {});
  });

  const cases: [string, Files, Trust, string][] = [
    ["a signature that is missing", tiny, { key }, "manifest.sig: missing"],
    ["another key", signed(), { key: ed25519.getPublicKey(new Uint8Array(32)) }, "does not fit"],
    ["another key id", signed(), { key, keyId: "k2" }, "another key id"],
    ["a sequence not the manifest's", signed({ sequence: 4 }), { key }, "not the manifest's"],
    ["an older sequence", signed(), { key, minSequence: 4 }, "sequence 3 is older than 4"],
    ["an older one, unsigned", tiny, { ...UNSIGNED, minSequence: 4 }, "older than 4"],
    ["another domain", signed({}, new Uint8Array()), { key }, "does not fit"],
    ["a signature cut short", signed({ signature: "AAAA" }), { key }, "does not fit"],
    ["not base64", signed({ signature: "not base64!" }), { key }, "does not fit"],
    ["a field too many", signed({ note: "x" }), { key }, "not known"],
    ["a sequence that is no number", signed({ sequence: "3" }), { key }, "whole number"],
  ];
  test.each(cases)("%s", (_, files, trust, words) => refused(files, words, trust));

  test("a manifest changed after it was signed", () => {
    const files = new Map(signed());
    const manifest = decodeUtf8(files.get("manifest.json")!).replace('"licence"', '"Licence"');
    refused(files.set("manifest.json", encodeUtf8(manifest)), "does not fit", { key });
  });

  test("options that do not go together", () => {
    expect(() => openBundle(signed(), { key: key.subarray(1) })).toThrow(RangeError);
    expect(() => openBundle(tiny, { minSequence: 1 })).toThrow(RangeError);
  });
});

describe("the manifest", () => {
  const cases: [string, (manifest: any) => void, string][] = [
    ["a newer format", (m) => void (m.format = 2), "newer than this version"],
    ["a label more", (m) => m.labels.indicators.push("charm"), "labels.indicators differ"],
    ["labels in another order", (m) => m.labels.risks.reverse(), "labels.risks differ"],
    ["a label of another risk", (m) => void (m.labels.risks[0] = "x"), "labels.risks differ"],
    ["no policy", (m) => void delete m.policy, "'policy' is missing"],
    ["a threshold over 1", (m) => void (m.thresholds.cues[0] = 1.5), "must lie between"],
    ["a threshold that is a text", (m) => void (m.thresholds.cues[0] = "1"), "must be a number"],
    [
      "a higher level with a lower threshold",
      (m) => void (m.thresholds.levels.low.grooming.warning = 0),
      "a higher level has a lower threshold",
    ],
    ["an unknown critical label", (m) => m.policy.critical.push("charm"), "must be one of"],
    ["a field of the policy more", (m) => void (m.policy.extra = 1), "'extra' is not known"],
    ["a language twice", (m) => void (m.languages = ["en", "en"]), "repeated"],
    ["a day that is none", (m) => void (m.created = "2026-02-30"), "must be a date"],
    ["a sequence from 0", (m) => void (m.sequence = 0), "must lie between"],
    ["half a token", (m) => void (m.max_tokens = 1.5), "must be a whole number"],
    ["a required file not listed", (m) => void delete m.files["text.json"], "is missing"],
  ];
  test.each(cases)("%s", (_, edit, words) => refused(edited(edit), words));

  test.each([
    ["a key twice", '{"format": 1, "format": 1}'],
    ["a key twice, spelt otherwise", '{"format": 1, "\\u0066ormat": 1}'],
    ["not JSON", "{"],
    ["a byte order mark", "\ufeff{}"],
    ["NaN", '{"format": NaN}'],
  ])("%s", (_, text) => {
    refused(changed({ "manifest.json": encodeUtf8(text) }), "not valid JSON");
  });

  test("not UTF-8", () => {
    refused(changed({ "manifest.json": Uint8Array.of(0x7b, 0xff, 0x7d) }), "not valid JSON");
  });
});

describe("the parts", () => {
  const loaded = (name: string, data: Uint8Array) => guard(listed(name, data));
  const replaced = (name: string, edit: (value: any) => void): Uint8Array => {
    const value = json(tiny, name);
    edit(value);
    return utf8(value);
  };

  test.each([
    ["an operator of another domain", "custom.ops", "operator outside"],
    ["not a protobuf message", "", "not an ONNX file"],
  ])("a model: %s", (_, domain, words) => {
    // A model with one graph with one node whose domain is set.
    const inside = encodeUtf8(domain);
    const node = Uint8Array.of(0x3a, inside.length, ...inside);
    const graph = Uint8Array.of(0x0a, node.length, ...node);
    const model = domain ? Uint8Array.of(0x3a, graph.length, ...graph) : Uint8Array.of(0x3a, 9);
    refused(listed("model.onnx", model), words);
  });

  test("a model: a tensor kept in another file", () => {
    const tensor = Uint8Array.of(0x70, 1);
    const graph = Uint8Array.of(0x2a, tensor.length, ...tensor);
    refused(listed("model.onnx", Uint8Array.of(0x3a, graph.length, ...graph)), "in another file");
  });

  test("a model that is none", async () => {
    await expect(loaded("model.onnx", new Uint8Array([0x08, 0x09]))).rejects.toThrow(BundleError);
  });

  test.each([
    [
      "a tokenizer that is none",
      "tokenizer.json",
      (v: any) => void delete v.model,
      "cannot be loaded",
    ],
    [
      "one that cuts",
      "tokenizer.json",
      (v: any) => void (v.truncation = { max_length: 4 }),
      "must not truncate",
    ],
    ["a newer table", "text.json", (v: any) => void (v.version = 9), "newer"],
    [
      "a pattern without its group",
      "text.json",
      (v: any) => void (v.patterns.link = "x"),
      "must have 1 groups",
    ],
    ["older advice", "advice/en.json", (v: any) => void (v.format = 1), "older than this version"],
    [
      "advice of another language",
      "advice/en.json",
      (v: any) => void (v.language = "fr"),
      "file's name",
    ],
    [
      "a stage more",
      "advice/en.json",
      (v: any) => void (v.stages.more = {}),
      "'more' is not known",
    ],
    [
      "an address without TLS",
      "resources.json",
      (v: any) => void (v.cards[0].source = "http://x"),
      "https",
    ],
    ["a card twice", "resources.json", (v: any) => void v.cards.push(v.cards[0]), "repeated"],
    ["an indicator less", "indicators.json", (v: any) => void v.indicators.pop(), "differ"],
    ["a guide less", "guides/en.json", (v: any) => void v.guides.pop(), "in this order"],
  ] as [string, string, (value: any) => void, string][])("%s", async (_, name, edit, words) => {
    const faulty = loaded(name, replaced(name, edit));
    await expect(faulty).rejects.toThrow(BundleError);
    await expect(faulty).rejects.toThrow(words);
  });

  test("words of a language that nobody has asked for", () => {
    for (const folder of ["advice", "guides"]) {
      const english = tiny.get(`${folder}/en.json`)!;
      refused(listed(`${folder}/fr.json`, english), `${folder}/fr.json: language is not that of`);
    }
  });

  test("a language is read when it is first asked for, and once", () => {
    const files = new Map(["en", "fr", "ja"].map((code) => [`advice/${code}.json`, utf8(code)]));
    const read: string[] = [];
    const all = new ByLanguage(files, "advice", (_, name) => read.push(name) && name.slice(7, 9));
    expect(read).toEqual([]);
    expect(["fr-CA", "FR", "sv", "en", "constructor"].map((tag) => all.get(tag))).toEqual([
      ...["fr", "fr", "en", "en", "en"],
    ]);
    expect(read).toEqual(["advice/fr.json", "advice/en.json"]);
  });

  test("a state of another size than the model's", async () => {
    const loading = guard(edited((manifest) => void (manifest.state_size = 9)));
    await expect(loading).rejects.toThrow("cannot run a first step");
  });
});
