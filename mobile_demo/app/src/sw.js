// The whole app, kept on the phone. Each file is taken only if it is the one that was built.
const FILES = __FILES__;
const CACHE = "__NAME__";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  const name = event.request.mode === "navigate" && !(pathname in FILES) ? "/" : pathname;
  if (name in FILES) event.respondWith(kept(name));
});

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(FILES).map(([name, hash]) => take(cache, name, hash)));
}

async function take(cache, name, hash) {
  // What has its hash in its name may come from the browser's cache: it is checked all the same.
  const answer = await fetch(name, { cache: name.startsWith("/assets/") ? "default" : "no-cache" });
  const bytes = await answer.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== hash) {
    const pages = await self.clients.matchAll({ includeUncontrolled: true });
    for (const page of pages) page.postMessage({ altered: name });
    throw new Error(`${name} is not what was built`);
  }
  await cache.put(name, new Response(bytes, { headers: answer.headers }));
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(name) {
  return (await (await caches.open(CACHE)).match(name)) ?? fetch(name);
}
