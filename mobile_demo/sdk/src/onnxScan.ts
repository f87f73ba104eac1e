/**
 * Looks through an ONNX file for what a bundle may not hold, without the onnx package.
 *
 * Refused: operators outside ai.onnx and com.microsoft, tensors kept in other files, bytes that
 * are not a well-formed protobuf message. Subgraphs and functions are looked through as well.
 */
import { BundleError } from "./reading.js";

const WHERE = "model.onnx";
const DOMAINS: readonly string[] = ["", "ai.onnx", "com.microsoft"];
const MAX_DEPTH = 32;
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

type Kind = keyof typeof CHILDREN;
/** Message kind → field number → kind of the message in that field (onnx.proto). */
const CHILDREN = {
  model: { 7: "graph", 20: "training", 25: "function" },
  training: { 1: "graph", 2: "graph" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  function: { 7: "node", 11: "attribute" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  tensor: {},
} as const satisfies Record<string, Readonly<Record<number, string>>>;
const NODE_DOMAIN = 7;
const TENSOR_EXTERNAL_DATA = 13;
const TENSOR_DATA_LOCATION = 14;

/** Throw a BundleError if the ONNX file holds something that a bundle may not hold. */
export function scan(model: Uint8Array): void {
  scanMessage(model, "model", 0);
}

function scanMessage(data: Uint8Array, kind: Kind, depth: number): void {
  if (depth > MAX_DEPTH) throw new BundleError(`${WHERE}: nested too deeply`);
  const children: Readonly<Record<number, Kind>> = CHILDREN[kind];
  for (const [field, value] of fields(data)) {
    if (typeof value === "number") {
      if (kind === "tensor" && field === TENSOR_DATA_LOCATION && value !== 0) {
        throw new BundleError(`${WHERE}: a tensor kept in another file`);
      }
      continue;
    }
    if (kind === "node" && field === NODE_DOMAIN && !isKnownDomain(value)) {
      throw new BundleError(`${WHERE}: an operator outside ai.onnx and com.microsoft`);
    }
    if (kind === "tensor" && field === TENSOR_EXTERNAL_DATA) {
      throw new BundleError(`${WHERE}: a tensor kept in another file`);
    }
    const child = children[field];
    if (child !== undefined) scanMessage(value, child, depth + 1);
  }
}

function isKnownDomain(value: Uint8Array): boolean {
  return value.length < 32 && DOMAINS.includes(String.fromCharCode(...value));
}

/** Yield (field number, content); content is bytes, or a whole number for a varint. */
function* fields(data: Uint8Array): Generator<[number, Uint8Array | number]> {
  let at = 0;
  while (at < data.length) {
    const tag = varint(data, at);
    at = tag.next;
    const field = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (wire === VARINT) {
      const found = varint(data, at);
      at = found.next;
      yield [field, found.value];
      continue;
    }
    let size = wire === FIXED64 ? 8 : 4;
    if (wire === BYTES) {
      const found = varint(data, at);
      at = found.next;
      size = found.value;
    } else if (wire !== FIXED64 && wire !== FIXED32) {
      throw new BundleError(`${WHERE}: not an ONNX file`);
    }
    if (at + size > data.length) throw new BundleError(`${WHERE}: not an ONNX file`);
    if (wire === BYTES) yield [field, data.subarray(at, at + size)];
    at += size;
  }
}

function varint(data: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let turn = 0; turn < 10; turn += 1) {
    const byte = data[start + turn];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * turn); // past 2**53 only the size matters: it is too large
    if (byte < 0x80) return { value, next: start + turn + 1 };
  }
  throw new BundleError(`${WHERE}: not an ONNX file`);
}
