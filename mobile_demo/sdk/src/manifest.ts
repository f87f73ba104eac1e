/** manifest.json, read and checked: sizes, labels, calibration, thresholds, policy, files. */
import { type LanguageRule, parseLanguageRule } from "./language.js";
import { type PolicyConfig, parsePolicy, SENSITIVITIES, type Sensitivity } from "./policyConfig.js";
import * as reading from "./reading.js";
import { BundleError } from "./reading.js";
import { CUES, INDICATORS, RISKS } from "./taxonomy.js";

const FORMAT = 1;
/** The largest file that a bundle may hold, in bytes. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** The files that every bundle lists; advice and guides in other languages may follow. */
export const REQUIRED_FILES = [
  "model.onnx",
  "text.json",
  "tokenizer.json",
  "indicators.json",
  "resources.json",
  "advice/en.json",
  "guides/en.json",
] as const;
/** A plain name in lower case, at most one folder deep, no part of which starts with a dot. */
export const FILE_NAME = /^(?:[a-z0-9_-]+\/)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const LABELS: Readonly<Record<"risks" | "indicators" | "cues", readonly string[]>> = {
  risks: RISKS,
  indicators: INDICATORS,
  cues: CUES,
};
const KINDS = ["risks", "indicators", "cues"] as const;
const WHERE = "manifest.json";
const MAX_SEED = 2 ** 63;

/** One file of the bundle: its size in bytes and its sha256 in lower-case hexadecimal. */
export interface FileEntry {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A manifest that passed every check.
 *
 * sequence: grows with every release. stateSize: floats of state per chat. maxTokens: per chunk;
 * maxChunks: per message. policies: per sensitivity. language: how the language of a chat is told,
 * null of a model without a language head. raw: the whole file as parsed.
 */
export interface Manifest {
  readonly modelVersion: string;
  readonly sequence: number;
  readonly dataVersion: string;
  readonly created: string;
  readonly stateSize: number;
  readonly maxTokens: number;
  readonly maxChunks: number;
  readonly languages: readonly string[];
  readonly policies: Readonly<Record<Sensitivity, PolicyConfig>>;
  readonly language: LanguageRule | null;
  readonly licence: string;
  readonly files: ReadonlyMap<string, FileEntry>;
  readonly raw: reading.JsonObject;
}

/** Read manifest.json; one BundleError, naming the field, on the first fault. */
export function parseManifest(data: Uint8Array): Manifest {
  const raw = reading.parseJson(data, WHERE);
  reading.checkFormat(raw, FORMAT, WHERE);
  const get = (key: string): unknown => reading.field(raw, key, WHERE);
  const text = (key: string): string => reading.text(get(key), `${WHERE}: ${key}`);
  const integer = (key: string, low: number, high: number): number =>
    reading.integer(get(key), `${WHERE}: ${key}`, low, high);
  checkLabels(get("labels"));
  checkCalibration(get("calibration"));
  reading.mapping(get("evidence"), `${WHERE}: evidence`);
  text("training_commit");
  integer("seed", 0, MAX_SEED);
  return {
    modelVersion: text("model_version"),
    sequence: integer("sequence", 1, Number.MAX_SAFE_INTEGER),
    dataVersion: text("data_version"),
    created: reading.day(get("created"), `${WHERE}: created`),
    stateSize: integer("state_size", 1, 4096),
    maxTokens: integer("max_tokens", 1, 1024),
    maxChunks: integer("max_chunks", 1, 64),
    languages: parseLanguages(get("languages")),
    policies: reading.eachKey(SENSITIVITIES, (name) => parsePolicy(raw, name)),
    language: parseLanguageRule(raw),
    licence: text("licence"),
    files: parseFiles(get("files")),
    raw,
  };
}

function checkLabels(value: unknown): void {
  const labels = reading.exactKeys(value, KINDS, `${WHERE}: labels`);
  for (const kind of KINDS) {
    if (JSON.stringify(labels[kind]) !== JSON.stringify(LABELS[kind])) {
      throw new BundleError(`${WHERE}: labels.${kind} differ from the list that safelight knows`);
    }
  }
}

/** The calibration stands in the graph; here it is a record, but a faulty one is a fault. */
function checkCalibration(value: unknown): void {
  const where = `${WHERE}: calibration`;
  const calibration = reading.exactKeys(value, [...KINDS, "where"], where);
  reading.text(calibration.where, `${where}.where`);
  for (const kind of KINDS) {
    const pair = reading.exactKeys(calibration[kind], ["a", "b"], `${where}.${kind}`);
    for (const [key, low] of [
      ["a", 1e-6],
      ["b", -1e6],
    ] as const) {
      const place = `${where}.${kind}.${key}`;
      const size = LABELS[kind].length;
      for (const entry of reading.sequence(pair[key], place, { least: size, most: size })) {
        reading.number(entry, place, low, 1e6);
      }
    }
  }
}

function parseLanguages(value: unknown): string[] {
  const where = `${WHERE}: languages`;
  const entries = reading.sequence(value, where, { least: 1 });
  const found = entries.map((code) => reading.language(code, where));
  if (new Set(found).size !== found.length) {
    throw new BundleError(`${where}: a language is repeated`);
  }
  return found;
}

function parseFiles(value: unknown): ReadonlyMap<string, FileEntry> {
  const where = `${WHERE}: files`;
  const found = reading.mapping(value, where);
  for (const name of REQUIRED_FILES) reading.field(found, name, where);
  const entries = new Map<string, FileEntry>();
  for (const [name, entry] of Object.entries(found)) {
    if (!FILE_NAME.test(name) || name === "manifest.json" || name === "manifest.sig") {
      throw new BundleError(`${where}: a name is not allowed`);
    }
    const place = `${where}: ${name}`;
    const { bytes, sha256 } = reading.exactKeys(entry, ["bytes", "sha256"], place);
    entries.set(name, {
      bytes: reading.integer(bytes, `${place}: bytes`, 1, MAX_FILE_BYTES),
      sha256: reading.matching(
        /^[0-9a-f]{64}$/,
        sha256,
        `${place}: sha256 must be 64 lower-case hexadecimal digits`,
      ),
    });
  }
  return entries;
}
