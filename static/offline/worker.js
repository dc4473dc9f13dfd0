// The service worker. The server writes VERSION, PAGE and WORN above: which static files these are, the offline page's
// address, and what that page wears. Pages always come from the server; without a line there is the offline page instead.
// Nothing else is kept: no page of anybody's, no answer of the API. With a new version comes a new worker, at once.
const KEPT = `paint-off ${VERSION}`;

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll([new Request(PAGE, { cache: "reload" }), ...WORN]);
  await skipWaiting();
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("paint-off ") && name !== KEPT).map((name) => caches.delete(name)));
}

async function kept(address) {
  const cache = await caches.open(KEPT);
  return cache.match(address, { ignoreVary: true });
}

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(tidy()));
addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept(PAGE)) ?? Response.error()));
  } else if (origin === location.origin && WORN.includes(pathname)) {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(request)));
  }
});
