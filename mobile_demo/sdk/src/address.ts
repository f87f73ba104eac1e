/** The parts of a web address, as Python's urllib.parse takes them apart. */
import { decodeUtf8 } from "./unicode.js";

/** Host without user and port, path, and the pairs of the query that have a value. */
export interface Address {
  readonly host: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** Take an address apart; null where its brackets hold no address. */
export function parseAddress(text: string): Address | null {
  let rest = text.replace(SCHEME, "");
  let network = "";
  if (rest.startsWith("//")) {
    const end = rest.slice(2).search(/[/?#]/);
    network = end < 0 ? rest.slice(2) : rest.slice(2, 2 + end);
    rest = rest.slice(2 + network.length);
  }
  if (network.includes("[") !== network.includes("]")) return null;
  const [beforeFragment = ""] = rest.split("#", 1);
  const [path, query] = partition(beforeFragment, "?");
  return { host: hostOf(network), path, query: pairs(query) };
}

function hostOf(network: string): string {
  const place = network.slice(network.lastIndexOf("@") + 1);
  const [, bracketed] = partition(place, "[");
  return (place.includes("[") ? partition(bracketed, "]") : partition(place, ":"))[0];
}

function pairs(query: string): [string, string][] {
  return query
    .split("&")
    .map((pair) => partition(pair, "="))
    .filter(([, value]) => value)
    .map(([name, value]) => [unquoted(name), unquoted(value)]);
}

/** Text before and after the first `mark`; all and nothing where there is none. */
function partition(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

function unquoted(text: string): string {
  return text.replaceAll("+", " ").replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = run.slice(1).split("%");
    try {
      return decodeUtf8(Uint8Array.from(bytes, (digits) => Number.parseInt(digits, 16)));
    } catch {
      return "\ufffd";
    }
  });
}
