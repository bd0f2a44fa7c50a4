// Keeps one page for the want of signal, with its sheet and icons. It holds nothing of anybody: what is asked for goes to
// the server as ever, and only where that cannot be reached does a page of the phone become the one that says so.
const PAGE = "{{ page }}";
const KEPT = [{% for one in kept %}"{{ one }}"{% if !loop.last %}, {% endif %}{% endfor %}];
const NAME = `without-signal ${KEPT.join(" ")}`;

self.addEventListener("install", (event) => {
  const take = async () => {
    const cache = await caches.open(NAME);
    // Asked for as a stranger: nothing of a session can come along.
    for (const path of [PAGE, ...KEPT]) {
      const answer = await fetch(path, { credentials: "omit", cache: "reload" });
      if (!answer.ok || answer.redirected) throw new Error(`${path} is not there`);
      await cache.put(path, answer);
    }
    await self.skipWaiting();
  };
  event.waitUntil(take());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// A page whose way here began before the worker did is not among those that were claimed then.
self.addEventListener("message", (event) => {
  if (event.data === "take") event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  const isOfPhone = pathname === "/m" || pathname.startsWith("/m/");
  const kept = async (path) => (await (await caches.open(NAME)).match(path)) || Response.error();
  if (mode === "navigate" && isOfPhone) event.respondWith(fetch(event.request).catch(() => kept(PAGE)));
  else if (KEPT.includes(pathname)) event.respondWith(fetch(event.request).catch(() => kept(pathname)));
});
