/// <reference lib="webworker" />
/** Lets the field page open without a network: its shell and the last page are kept, newer ones are always asked for first. */

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = "field-1";
const PATIENCE = 6_000;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

/** The page names what it was made of, so that nothing has to be written down twice. */
worker.addEventListener("message", (event) => {
  const wanted = event.data as { keep?: string[]; forget?: boolean };
  if (wanted.forget) event.waitUntil(caches.delete(CACHE));
  if (wanted.keep) event.waitUntil(Promise.all(wanted.keep.map((address) => fresh(new Request(address)).catch(() => undefined))));
});

worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== worker.location.origin) return;
  const page = event.request.mode === "navigate" && address.pathname === "/field";
  if (page || address.pathname.startsWith("/static/")) event.respondWith(answer(event.request));
});

async function fresh(request: Request): Promise<Response> {
  const found = await fetch(request);
  const cache = await caches.open(CACHE);
  if (found.ok && !found.redirected) await cache.put(request, found.clone());
  // Somebody else's turn, or nobody's: what the last person saw is not for the next one.
  else if (found.redirected || found.type === "opaqueredirect") await cache.delete("/field", { ignoreVary: true });
  return found;
}

async function answer(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
  if (!kept) return fresh(request);
  const slow = new Promise<Response>((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE));
  return Promise.race([fresh(request).catch(() => kept), slow]);
}
