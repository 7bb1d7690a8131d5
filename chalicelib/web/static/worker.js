/* Keeps the ticket pages that were opened on this phone readable without signal. Served as /sw.js, for /o/, /t/, /w/ and /k/ only.

   A page is always asked from the desk first; the kept copy answers only where there is no network. A page that the
   desk does not show any more (the link is dead) is forgotten at once, all others after a week. Photos are not kept. */
"use strict";
var CACHE = "tickets-1", MOST = 60, WEEK = 7 * 86400000, PATIENCE = 8000;
var FILE = /^(text\/(css|javascript)|image\/|application\/manifest)/;
var PAGE = /\/([ot]\/[\w-]{22}|[wk]\/[\w-]{22}(\/[0-9A-Z]{26})?)$/;

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener("message", function (event) {
  var asked = event.data || {};
  if (!PAGE.test(asked.keep || "")) { return; }
  event.waitUntil(Promise.all([fetched(new Request(asked.keep, { credentials: "same-origin" }), asked.keep)].concat((asked.files || []).map(file))).catch(function () {}));
});

self.addEventListener("fetch", function (event) {
  var request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (request.mode === "navigate" && PAGE.test(address.pathname)) {
    event.respondWith(fetched(request, address.pathname).catch(function (fault) {
      return caches.open(CACHE).then(function (kept) { return kept.match(address.pathname); }).then(function (page) {
        if (!page) { throw fault; }
        return page.text().then(function (text) {
          return new Response(text.replace('id="outbox"', 'id="outbox" data-stale="1"').replace("data-live", 'data-live data-stale="1"'), { headers: page.headers });
        });
      });
    }));
  } else if (/\/static\/[\w.-]+$/.test(address.pathname)) {
    event.respondWith(file(request.url));
  }
});

/* From the desk; kept if it is a page, forgotten if the link opens nothing any more. */
function fetched(request, path) {
  return fetch(request).then(function (answer) {
    return caches.open(CACHE).then(function (kept) {
      if (answer.redirected || answer.type === "opaqueredirect") { return; }
      return answer.clone().text().then(function (text) {
        if (!/<main id="main"/.test(text)) { return; } /* a network that asks to sign in: no page of ours, and no word on it */
        if (answer.status === 403 || answer.status === 404) { return kept.delete(path); }
        if (answer.status !== 200 || !/id="outbox"|data-live/.test(text)) { return; }
        var headers = new Headers(answer.headers);
        headers.set("X-Kept-At", String(Date.now()));
        return kept.put(path, new Response(text, { headers: headers })).then(function () { return prune(kept); });
      });
    }).then(function () { return answer; }, function () { return answer; });
  });
}

/* A file changes its address with its content: the copy is as good as the original. */
function file(address) {
  return caches.open(CACHE).then(function (kept) {
    return kept.match(address).then(function (found) {
      return found || fetch(address).then(function (answer) {
        if (answer.status !== 200 || answer.redirected || !FILE.test(answer.headers.get("Content-Type") || "")) { return answer; }
        return kept.put(address, answer.clone()).then(function () { return answer; });
      });
    });
  });
}

function prune(kept) {
  return kept.keys().then(function (requests) {
    var pages = requests.filter(function (request) { return PAGE.test(new URL(request.url).pathname); });
    var files = requests.filter(function (request) { return pages.indexOf(request) < 0; });
    var extra = pages.slice(0, Math.max(0, pages.length - MOST)).concat(files.slice(0, Math.max(0, files.length - 20)));
    return Promise.all(extra.map(function (request) { return kept.delete(request); })).then(function () {
      return Promise.all(pages.map(function (request) {
        return kept.match(request).then(function (page) {
          if (page && Date.now() - Number(page.headers.get("X-Kept-At") || 0) > WEEK) { return kept.delete(request); }
        });
      }));
    });
  });
}
