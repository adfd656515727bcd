/* The service worker: opens the kader's pages without a signal and sends what waits.
   Kept are the report forms (fetched without cookies, so never a signed-in page), the shells
   without data and what these load. Never a POST, a document, or any other page.
   registry/views/outbox.py writes KOTAK_SW above this: version, scripts, shells. */
"use strict";
var NAME = "kempling-" + KOTAK_SW.version, OUTBOX = KOTAK_SW.shells["/kotak-kirim/"], SLOW = 12000, DAY = 86400000;
self.window = self;                                    /* foto.js was written for pages */
try { importScripts.apply(null, KOTAK_SW.scripts); } catch (e) { /* keeps pages all the same */ }

function isForm(path) { return /^\/l\/[a-z0-9]+\/$/i.test(path); }
function isPart(path) { return /^\/(static|merek)\//.test(path); }
/* What stands for this address without a signal: itself, the shell of its room, or nothing. */
function standIn(path) {
  if (isForm(path)) return path;
  for (var prefix in KOTAK_SW.shells) if (path.indexOf(prefix) === 0) return KOTAK_SW.shells[prefix];
}

/* Our own 404, not that of a WiFi's door. */
function isGone(answer) { return answer.status === 404 && answer.headers.has("Content-Security-Policy"); }
function isOld(kept) { return !(kept && Date.now() - Date.parse(kept.headers.get("Date")) < DAY); }

/* Lays a page down with all it loads. A page that is gone is no longer kept. */
async function lay(path, cache) {
  var answer = await fetch(path, { credentials: "omit", cache: "no-store", redirect: "error", headers: { "X-Kotak": "1" } });
  if (isGone(answer)) return gone(path, cache);
  if (!answer.ok) throw new Error(path);
  var text = await answer.clone().text(), found = /(?:href|src|data-[a-z]+)="(\/(?:static|merek)\/[^"]+)"/g, hit;
  if (text.indexOf("data-kotak") < 0) throw new Error("not ours");   /* the door of a WiFi */
  while ((hit = found.exec(text))) await part(hit[1].replace(/&amp;/g, "&"), cache);
  await cache.put(path, answer);
}
async function part(url, cache) {
  if (await cache.match(url)) return;
  var answer = await fetch(url);
  if (answer.ok) await cache.put(url, answer);
}

self.addEventListener("install", function (event) {
  self.skipWaiting();
  event.waitUntil((async function () {
    var cache = await caches.open(NAME), known = [OUTBOX];
    for (var name of await caches.keys()) {                /* what was kept under the former version */
      for (var request of await (await caches.open(name)).keys()) {
        var path = new URL(request.url).pathname;
        if (standIn(path) === path && known.indexOf(path) < 0) known.push(path);
      }
    }
    for (var url of KOTAK_SW.scripts) await part(url, cache);
    for (path of known) await lay(path, cache);
  })());
});
self.addEventListener("activate", function (event) {
  event.waitUntil((async function () {
    for (var name of await caches.keys()) if (/^kempling-/.test(name) && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener("message", function (event) {
  var path = standIn(event.data && event.data.keep || "");
  if (!path) return;
  event.waitUntil((async function () {
    var cache = await caches.open(NAME);
    if (!(await cache.match(path))) await lay(path, cache);
  })().catch(function () {}));
});

self.addEventListener("fetch", function (event) {
  var request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (isPart(url.pathname)) { event.respondWith(fromPhone(request)); return; }
  if (request.mode !== "navigate") return;
  var kept = standIn(url.pathname);
  if (kept) event.respondWith(kept === url.pathname ? atOnce(event, kept) : page(event, kept));
});
async function fromPhone(request) {
  return (await caches.match(request)) || fetch(request);
}
/* What is kept, at once and without a trip; meanwhile the office is asked whether it still holds. */
async function atOnce(event, path) {
  var kept = event.request.cache === "no-cache" ? null : await caches.match(path);   /* not on "reload" */
  if (!kept) return page(event, path);
  event.waitUntil(check(event.request, path, kept).catch(function () { /* no signal */ }));
  return kept;
}
/* A few bytes; once a day the whole page, which counts as an opening, and what is kept anew. */
async function check(request, path, kept) {
  var few = { method: "HEAD", credentials: "omit", cache: "no-store", headers: { "X-Kotak": "1" } };
  var answer = await (isOld(kept) ? fetch(request) : fetch(path, few));
  await keepUp(path, answer, kept);
}
/* At most once a day anew: a second download costs a kader her credit. */
async function keepUp(path, answer, kept) {
  var cache = await caches.open(NAME);
  if (answer.ok && isOld(kept)) await lay(path, cache);
  if (isGone(answer)) await gone(path, cache);
}
async function gone(path, cache) {
  await cache.delete(path);
  for (var client of await self.clients.matchAll()) if (new URL(client.url).pathname === path) client.postMessage({ gone: path });
}
/* The network first; what is kept when it does not answer in time. */
async function page(event, path) {
  var asked = fetch(event.request), kept = await caches.match(path), itself = new URL(event.request.url).pathname === path;
  event.waitUntil(asked.then(function (answer) { if (answer.ok || itself) return keepUp(path, answer, kept); }).catch(function () {}));
  if (!kept) return asked;
  return Promise.race([asked.catch(function () { return kept; }), new Promise(function (done) { setTimeout(done, SLOW, kept); })]);
}

self.addEventListener("sync", function (event) {
  if (event.tag !== "kotak" || !self.Kotak) return;
  event.waitUntil(Kotak.send().then(function () { return Kotak.list(); }).then(function (rows) {
    if (rows.some(function (row) { return row.state !== "dilihat"; })) throw new Error("still waiting");
  }));
});
