/// <reference lib="webworker" />
/** Lets the field page open without a network: its shell and the last page are kept, newer ones are always asked for first.
 * Of the one form only pages that a person chose to keep are there. */

const worker = self as unknown as ServiceWorkerGlobalScope;
const SHELL = "field-1";
const PATIENCE = 6_000;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

/** The page names what it was made of, so that nothing has to be written down twice; it hears how many of these are kept. */
worker.addEventListener("message", (event) => {
  const wanted = event.data as { keep?: string[]; forget?: boolean };
  if (wanted.forget) event.waitUntil(caches.delete(SHELL));
  if (wanted.keep) event.waitUntil(Promise.all(wanted.keep.map((address) => fresh(new Request(address)).then((page) => Number(page.ok && !page.redirected), () => 0))).then((all) => event.ports[0]?.postMessage(all.reduce((sum, one) => sum + one, 0))));
});

worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== worker.location.origin) return;
  const page = event.request.mode === "navigate" && address.pathname === "/field";
  const visit = event.request.mode === "navigate" && address.pathname.startsWith("/field/one/");
  if (visit) event.respondWith(fetch(event.request).catch(() => kept(event.request)));
  if (page || address.pathname.startsWith("/static/")) event.respondWith(answer(event.request));
});

async function fresh(request: Request): Promise<Response> {
  const found = await fetch(request);
  const cache = await caches.open(SHELL);
  if (found.ok && !found.redirected) await cache.put(request, found.clone());
  // Somebody else's turn, or nobody's: what the last person saw is not for the next one.
  else if (found.redirected || found.type === "opaqueredirect") await caches.delete(SHELL);
  return found;
}

/** The page as it was kept, of these words or of the same address; an error as without us when it wasn't. */
async function kept(request: Request): Promise<Response> {
  const cache = await caches.open(SHELL);
  const found = await cache.match(request, { ignoreVary: true });
  return found ?? (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
}

async function answer(request: Request): Promise<Response> {
  const old = await (await caches.open(SHELL)).match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
  if (!old) return fresh(request);
  const slow = new Promise<Response>((resolve) => setTimeout(() => resolve(old.clone()), PATIENCE));
  return Promise.race([fresh(request).catch(() => old), slow]);
}
