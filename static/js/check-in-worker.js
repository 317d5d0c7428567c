/* The service worker of check-in. It reaches no page outside of /desk/check-in/. It keeps the list
   that was opened last and what the page is made of, and answers with them when there is no
   network, for at most a day. */
"use strict";
const STORE = "check-in";
const LASTS = 24 * 60 * 60 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (!event.data || !event.data.keep) return;
  event.waitUntil(caches.open(STORE).then((store) => Promise.all(
    [event.data.keep, ...event.data.parts].map((address) => fetch(address).then(
      (answer) => keep(store, address, answer), () => {})))));
});

async function keep(store, address, answer) {
  if (!answer.ok || answer.redirected) return;
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", String(Date.now()));
  await store.put(address, new Response(await answer.blob(), { status: answer.status, headers }));
}

async function kept(request) {
  const store = await caches.open(STORE);
  const found = await store.match(request, { ignoreSearch: request.mode === "navigate" });
  if (!found) return undefined;
  if (Date.now() - Number(found.headers.get("X-Kept-At")) < LASTS) return found;
  await store.delete(request, { ignoreSearch: true });
  return undefined;
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || request.url.endsWith(".json")) return;
  event.respondWith((async () => {
    try {
      const answer = await fetch(request);
      if (request.mode === "navigate") {
        const store = await caches.open(STORE);
        event.waitUntil(keep(store, request.url.split("?")[0], answer.clone()));
      }
      return answer;
    } catch (error) {
      const found = await kept(request);
      if (found) return found;
      throw error;
    }
  })());
});
