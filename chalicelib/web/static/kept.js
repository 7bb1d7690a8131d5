/* What is kept on this phone: what was entered (IndexedDB, or memory where the browser refuses it): Kept.put, drop, all;
   and the pages that stay readable without signal (worker.js): Kept.register, forget. */
(function () {
  "use strict";
  var memory = {}, opened = null;
  function db() {
    opened = opened || new Promise(function (done) {
      try {
        var asked = indexedDB.open("outbox", 1);
        asked.onupgradeneeded = function () { asked.result.createObjectStore("moves", { keyPath: "key" }); };
        asked.onsuccess = function () { done(asked.result); };
        asked.onerror = asked.onblocked = function () { done(null); };
      } catch (none) { done(null); }
    });
    return opened;
  }
  function within(mode, act) {
    return db().then(function (base) {
      if (!base) { return act(null); }
      return new Promise(function (done, failed) {
        var tx = base.transaction("moves", mode), answer = act(tx.objectStore("moves"));
        tx.oncomplete = function () { done(answer && "result" in answer ? answer.result : answer); };
        tx.onerror = tx.onabort = function () { failed(tx.error); };
      });
    });
  }
  function put(entry) {
    return within("readwrite", function (moves) { if (moves) { return moves.put(entry); } memory[entry.key] = entry; })
      .catch(function () { memory[entry.key] = entry; });
  }
  function drop(key) {
    delete memory[key];
    return within("readwrite", function (moves) { return moves && moves.delete(key); }).catch(function () {});
  }
  function all() {
    return within("readonly", function (moves) { return moves ? moves.getAll() : []; }).catch(function () { return []; }).then(function (kept) {
      return (kept || []).concat(Object.keys(memory).map(function (key) { return memory[key]; }))
        .sort(function (a, b) { return a.at - b.at; });
    });
  }

  // reading without signal

  function forget(path) {
    if (!window.caches || !path) { return; }
    caches.open("tickets-1").then(function (kept) { return kept.delete(path); }).catch(function () {});
  }
  function register(worker) {
    if (!navigator.serviceWorker || !worker) { return; }
    var scope = location.pathname.replace(/^(.*\/[otwk]\/).*$/, "$1");
    if (!/\/[otwk]\/$/.test(scope)) { return; }
    navigator.serviceWorker.register(worker, { scope: scope }).then(function () {
      if (navigator.serviceWorker.controller) { return; }
      return navigator.serviceWorker.ready.then(function (at) {
        var files = Array.prototype.map.call(document.querySelectorAll("link[rel=stylesheet], script[src]"), function (part) { return part.href || part.src; });
        at.active.postMessage({ keep: location.pathname, files: files });
      });
    }).catch(function () {});
  }

  window.Kept = { put: put, drop: drop, all: all, forget: forget, register: register };
})();
