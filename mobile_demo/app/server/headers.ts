/** What a browser is told about each file. */

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  onnx: "application/octet-stream",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

/** A page may talk to where it came from, and to nothing else. */
const PAGE = policy({
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self'",
  "img-src": "'self' blob: data:",
  "connect-src": "'self'",
  "worker-src": "'self'",
  "manifest-src": "'self'",
});
/** The classifier may talk to nobody at all: its files come as bytes. */
const CLASSIFIER = policy({ "script-src": "'self' 'wasm-unsafe-eval'", "connect-src": "'none'" });

function policy(more: Readonly<Record<string, string>>): string {
  const all = {
    "default-src": "'none'", ...more,
    "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
  };
  return Object.entries(all).map(([name, value]) => `${name} ${value}`).join("; ");
}

/** name: of a file of the build, such as "assets/worker-1a2b.js". */
export function headersFor(name: string): Record<string, string> {
  const classifier = /^assets\/worker-[\w-]+\.js$/.test(name);
  return {
    "content-type": TYPES[name.split(".").at(-1)!] ?? "application/octet-stream",
    "content-security-policy": classifier ? CLASSIFIER : PAGE,
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": name.startsWith("assets/") ? "max-age=31536000, immutable" : "no-cache",
  };
}
