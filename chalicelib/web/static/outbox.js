/* What staff enter is kept on the phone until the desk has it: every move of a ticket page goes through here.

   submit → kept (IndexedDB: fields, photos, the form's key) → photos uploaded → sent → dropped
   no signal, or the desk can't answer    kept, shown, tried again: on `online`, on opening a page, every half minute
   an answer that is not ours             the same, and said: a network that asks to sign in is not the desk
   not taken (400, 403, 404, 409)         shown with what was typed until the person removes it
   a photo not taken                      shown; the rest of it can be sent without its photos; what was entered later goes on
   The key makes what is sent twice count once. Of one ticket, nothing is sent before what was entered earlier.
   Without this script the same forms are sent by the browser itself. */
(function () {
  "use strict";
  var box = document.getElementById("outbox");
  if (!box) { return; }
  var say = box.dataset, here = say.here || "", RETRY = 30000, PATIENCE = 25000;
  var LEAVES = { decline: 1, hand_back: 1 };
  var flushing = null, again = 0, born = Date.now();

  var put = window.Kept.put, drop = window.Kept.drop, all = window.Kept.all, forget = window.Kept.forget;
  function shown(entries) {
    return entries.filter(function (entry) { return "all" in say || "forget" in say || entry.here === here; });
  }

  // sending

  function Lost(why) { this.why = why || ""; } // elsewhere: somebody else answered
  function Unfit(text) { this.text = text; } // a photo that is not taken
  function timed(address, options) {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = setTimeout(function () { if (stop) { stop.abort(); } }, options.patience || PATIENCE);
    if (stop) { options.signal = stop.signal; }
    return fetch(address, options).then(
      function (answer) { clearTimeout(timer); return answer; },
      function () { clearTimeout(timer); throw new Lost(); }
    );
  }
  function upload(entry, photo) {
    if (photo.id) { return Promise.resolve(); }
    var whose = new URLSearchParams({ ticket: entry.ticket || (entry.here === here ? ticket() : "") });
    return timed(entry.photosAt, { method: "POST", body: whose, redirect: "manual", credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 429 || answer.status >= 500) { throw new Lost(); }
      return answer.json().then(null, function () { throw new Lost("elsewhere"); });
    }).then(function (to) {
      if (to && to.error) { throw new Unfit(to.error); }
      if (!to || !to.url || !to.fields) { throw new Lost("elsewhere"); }
      var body = new FormData();
      Object.keys(to.fields).forEach(function (name) { body.append(name, to.fields[name]); });
      body.append("file", new Blob([photo.data], { type: photo.type }), "photo.jpg");
      return timed(to.url, { method: "POST", body: body, patience: 120000 }).then(function (answer) {
        if (answer.status === 429 || answer.status >= 500) { throw new Lost(); }
        if (answer.status !== 201 && answer.status !== 204) { throw new Unfit(answer.status >= 400 ? say.photoRefused : say.elsewhere); }
        photo.id = to.id;
        return put(entry);
      });
    });
  }
  /* Answers {sent} | {refused: status, text, html} | {unfit: text}; throws Lost where it has to be tried again. */
  function send(entry) {
    return entry.photos.reduce(function (before, photo) {
      return before.then(function () { return upload(entry, photo); });
    }, Promise.resolve()).then(function () {
      var body = new URLSearchParams(), waited = Math.round((Date.now() - entry.at) / 1000);
      entry.fields.forEach(function (field) { body.append(field[0], field[1]); });
      entry.photos.forEach(function (photo) { body.append("photos", photo.id); });
      if (waited >= 60) { body.append("entered", String(waited)); }
      return timed(entry.url, { method: "POST", body: body, headers: { "X-Outbox": "1" }, redirect: "manual", credentials: "same-origin" });
    }).then(function (answer) {
      if (answer.status === 429 || answer.status >= 500) { throw new Lost(); }
      return answer.text().then(function (text) {
        if (answer.ok && moved(text)) { return { sent: true }; }
        if (answer.type === "opaqueredirect" || answer.ok || !ours(text)) { throw new Lost("elsewhere"); }
        return { refused: answer.status, html: text, text: outcome(text) };
      }, function () { throw new Lost(); });
    }).then(null, function (fault) {
      if (fault instanceof Unfit) { return { unfit: fault.text }; }
      throw fault;
    });
  }
  function moved(text) { try { return typeof JSON.parse(text).to === "string"; } catch (other) { return false; } }
  function ours(html) { return /<main id="main"/.test(html) && /\/static\/app\.css/.test(html); }
  function ticket() { var page = document.querySelector("[data-ticket]"); return page ? page.dataset.ticket : ""; }
  function outcome(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var found = page.querySelector("[data-outcome] p, [data-outcome] strong, main .notice, main p");
    var banner = page.querySelector("[data-outcome]");
    return (banner ? Array.prototype.map.call(banner.querySelectorAll(":scope > :not(.said)"), function (part) { return part.textContent; }).join(" ") : found ? found.textContent : "").trim();
  }
  /* Everything that waits, in the order in which it was entered; a ticket whose first is lost has to wait whole. Answers what became of each. */
  function flush() {
    if (flushing) { again = 1; return flushing; }
    var results = {};
    function run() {
      return all().then(function (entries) {
        var stuck = {};
        return entries.filter(function (entry) { return !entry.why; }).reduce(function (before, entry) {
          return before.then(function () {
            if (stuck[entry.here]) { return; }
            return send(entry).then(function (result) {
              results[entry.key] = result;
              if (result.sent) {
                if (LEAVES[entry.move]) { forget(entry.here); }
                return drop(entry.key);
              }
              if (result.refused === 404) { forget(entry.here); }
              entry.why = result.unfit ? "photo" : result.refused === 404 ? "gone" : "refused";
              entry.said = result.unfit || result.text;
              return put(entry);
            }, function (fault) {
              if (!(fault instanceof Lost)) { throw fault; }
              stuck[entry.here] = true;
              if (fault.why !== (entry.slow || "")) { entry.slow = fault.why; return put(entry); }
            });
          });
        }, Promise.resolve());
      });
    }
    flushing = locked(run).catch(function () {}).then(function () {
      flushing = null;
      if (again) { again = 0; return flush().then(function (more) { return Object.assign(results, more); }); }
      return results;
    });
    return flushing;
  }
  function locked(run) {
    return navigator.locks && navigator.locks.request ? navigator.locks.request("outbox", run) : run();
  }

  // entering

  function fresh() {
    var letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", random = crypto.getRandomValues(new Uint8Array(26));
    return Array.prototype.map.call(random, function (n) { return letters[n & 31]; }).join("");
  }
  function rename(form) {
    var key = form.querySelector("input[name=key]");
    if (key) { key.value = fresh(); }
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter || document.activeElement;
    if (!form.dataset || !form.dataset.move || !window.fetch || !window.URLSearchParams) { return; }
    var other = button && button.form === form && button.dataset.move ? button : null;
    event.preventDefault();
    if (form.dataset.busy) { return; }
    if (other && other.dataset.partial) { return keepPart(form, other); }
    var coming = window.Snaps.coming(form);
    if (coming) { // nothing goes without the photos that were chosen for it
      busy(form, true);
      coming.then(function (fine) {
        busy(form, false);
        if (fine) { resend(form, event.submitter); } // else it says which could not be read
      });
      return;
    }
    var needed = form.querySelector("[data-snaps][data-needed]");
    if (needed && !window.Snaps.of(form).length) {
      window.Snaps.note(needed, say.needed);
      needed.scrollIntoView({ block: "center" });
      return;
    }
    var fields = Array.from(new FormData(form).entries()).filter(function (f) { return typeof f[1] === "string"; });
    var key = fields.filter(function (f) { return f[0] === "key"; }).map(function (f) { return f[1]; })[0] || fresh();
    var entry = {
      key: key, here: here, ticket: ticket(), at: Date.now(), photosAt: say.photos, url: other ? other.getAttribute("formaction") : form.getAttribute("action"),
      move: (other || form).dataset.move, label: (other || form).dataset.label, fields: fields,
      photos: window.Snaps.of(form).map(function (photo) { return { type: photo.type, data: photo.data, id: "" }; })
    };
    busy(form, true);
    put(entry).then(flush).then(function (results) { return became(form, entry, results[entry.key]); })
      .then(function () { busy(form, false); }, function () { busy(form, false); });
  });
  function resend(form, button) {
    if (form.requestSubmit) { return form.requestSubmit(button || undefined); }
    form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  }
  // A part of a form that is saved in between: photos and words of the rest stay where they are.
  function keepPart(form, button) {
    var names = button.dataset.partial.split(" "), fields = Array.from(new FormData(form).entries()).filter(function (f) { return f[0] === "key" || names.indexOf(f[0]) >= 0; });
    var entry = {
      key: form.querySelector("input[name=key]").value, here: here, at: Date.now(), photosAt: say.photos,
      url: button.getAttribute("formaction"), move: button.dataset.move, label: button.dataset.label, fields: fields, photos: []
    };
    busy(form, true);
    rename(form);
    put(entry).then(flush).then(function (results) {
      var result = results[entry.key];
      if (result && result.sent) { button.textContent = button.dataset.saved; }
      return draw().then(later);
    }).then(function () { busy(form, false); }, function () { busy(form, false); });
  }
  function busy(form, is) {
    if (is) { form.dataset.busy = "1"; } else { delete form.dataset.busy; }
    Array.prototype.forEach.call(document.querySelectorAll('button[form="' + form.id + '"], #' + form.id + " button:not([type=button])"), function (button) {
      if (is) { button.setAttribute("aria-disabled", "true"); } else { button.removeAttribute("aria-disabled"); }
    });
  }
  function became(form, entry, result) {
    if (result && result.sent) { return go(entry.move); }
    if (result && result.refused === 400) { return drop(entry.key).then(function () { return swap(form, entry, result.html); }); }
    if (result && result.unfit) { return draw().then(function () { box.scrollIntoView({ block: "start" }); }); }
    if (result) { // overtaken, not allowed, no longer theirs: what was typed stays in the list
      if (result.refused !== 404) { location.replace(here); return; }
      return draw();
    }
    window.Snaps.clear(form); // kept on the phone: the page goes on as if it had been sent
    form.reset();
    rename(form);
    var list = form.querySelector("[data-previews]");
    if (list) { window.Snaps.preview(list, form); }
    var fold = form.closest("details");
    if (fold) { fold.open = false; }
    advance(entry.move);
    return draw().then(function () { box.scrollIntoView({ block: "start" }); later(); });
  }
  function go(move) {
    var at = Number(say.clock) + Math.round((Date.now() - born) / 1000), done = "?done=" + move + "." + at.toString(36);
    if (LEAVES[move]) { forget(here); location.replace(say.leave + done); } else { location.assign(here + done); }
    return new Promise(function () {}); // the page is leaving
  }
  /* The answer to a form that was not right: the page that came back, with the photos that were chosen. */
  function swap(form, entry, html) {
    var page = new DOMParser().parseFromString(html, "text/html"), main = page.querySelector("main");
    if (!main || !page.getElementById("outbox")) { location.replace(here); return; }
    var was = window.Snaps.of(form), id = form.id, old = document.querySelector("main");
    Array.prototype.forEach.call(old.children, function (part) { if (part !== box) { part.remove(); } });
    Array.prototype.slice.call(old.childNodes).forEach(function (part) { if (part !== box) { part.remove(); } });
    Array.prototype.slice.call(main.childNodes).forEach(function (part) { if (part.id !== "outbox") { old.appendChild(document.adoptNode(part)); } });
    var now = document.getElementById(id);
    if (now) { window.Snaps.set(now, was); }
    window.Snaps.dress(old);
    var wrong = document.querySelector("[aria-invalid]") || document.querySelector(".error") || document.querySelector("[role=alert]");
    if (wrong) { wrong.scrollIntoView({ block: "center" }); if (wrong.focus) { wrong.focus({ preventScroll: true }); } }
    return draw();
  }
  /* Without signal the next step is shown all the same: what comes after a move stands ready in the page. */
  function advance(move) {
    var next = document.querySelector('template[data-after="' + move + '"]');
    if (!next) { return; }
    var part = document.importNode(next.content, true), moves = part.querySelector("[data-moves]"), bar = part.querySelector("[data-bar]");
    var into = document.getElementById("moves"), foot = document.getElementById("bar");
    into.textContent = "";
    into.appendChild(moves);
    foot.textContent = "";
    if (bar) { foot.appendChild(bar); }
    Array.prototype.forEach.call(into.querySelectorAll("form"), rename); // the page's own keys may have been used
    window.Snaps.dress(into);
  }

  // what is kept, on the page

  function line(tag, text, name) {
    var made = document.createElement(tag);
    if (name) { made.className = name; }
    made.textContent = text;
    return made;
  }
  function typed(entry) {
    var plain = entry.fields.filter(function (f) { return f[0] === "words" && f[1].trim(); }).map(function (f) { return f[1].trim(); });
    if (entry.photos.length) { plain.push(entry.photos.length + " " + say.photosWord); }
    return plain.join(" · ");
  }
  function draw() {
    return all().then(function (entries) {
      entries = shown(entries);
      var waiting = entries.filter(function (entry) { return !entry.why; });
      var parts = [];
      if (say.stale) {
        Array.prototype.forEach.call(document.querySelectorAll("main > .notice[role=status]"), function (old) { old.remove(); });
        parts.push(line("div", say.offline, "notice notice--warn"));
      }
      if (waiting.length) {
        var note = line("section", "", "notice notice--warn kept"), list = document.createElement("ol");
        note.appendChild(line("strong", say.kept + " (" + waiting.length + ")"));
        if (waiting.some(function (entry) { return entry.slow === "elsewhere"; })) { note.appendChild(line("p", say.elsewhere, "elsewhere")); }
        waiting.forEach(function (entry) {
          var kept = item(entry);
          if (entry.slow) { kept.appendChild(button(say.drop, function () { return drop(entry.key).then(draw); })); }
          list.appendChild(kept);
        });
        note.appendChild(list);
        parts.push(note);
      }
      entries.filter(function (entry) { return entry.why; }).forEach(function (entry) {
        var note = line("section", "", "notice notice--bad kept refused");
        note.appendChild(line("strong", entry.why === "gone" ? say.gone : entry.why === "photo" ? say.photoRefused : say.refused));
        if (entry.said && entry.why !== "gone") { note.appendChild(line("p", entry.said)); }
        var list = document.createElement("ol"), btns = line("div", "", "btns");
        list.appendChild(item(entry));
        note.appendChild(list);
        btns.appendChild(button(say.again, function () { delete entry.why; delete entry.said; return put(entry).then(resume); }));
        if (entry.why === "photo") { // what it needs a photo for is asked for again by the desk
          btns.appendChild(button(say.without, function () { entry.photos = []; delete entry.why; delete entry.said; return put(entry).then(resume); }));
        }
        btns.appendChild(button(say.drop, function () { return drop(entry.key).then(draw); }));
        note.appendChild(btns);
        parts.push(note);
      });
      box.textContent = "";
      parts.forEach(function (part) { box.appendChild(part); });
      return waiting;
    });
  }
  function button(text, act) {
    var made = line("button", text, "btn small");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }
  function item(entry) {
    var at = new Date(entry.at), made = document.createElement("li");
    made.appendChild(line("b", entry.label));
    made.appendChild(line("span", " " + ("0" + at.getHours()).slice(-2) + ":" + ("0" + at.getMinutes()).slice(-2), "num"));
    var words = typed(entry);
    if (words) { made.appendChild(line("p", words, "said")); }
    entry.photos.forEach(function (photo) {
      if (!entry.why) { return; }
      var image = new Image();
      image.src = URL.createObjectURL(new Blob([photo.data], { type: photo.type }));
      image.alt = ""; image.width = image.height = 72;
      made.appendChild(image);
    });
    return made;
  }

  // when to try again

  var timer = 0;
  function later() { clearTimeout(timer); timer = setTimeout(resume, RETRY); }
  function resume() {
    return all().then(function (before) {
      var mine = before.filter(function (entry) { return !entry.why && entry.here === here; });
      if (!before.some(function (entry) { return !entry.why; })) { return draw(); }
      return flush().then(function (results) {
        var done = mine.filter(function (entry) { return results[entry.key]; });
        return draw().then(function (waiting) {
          if (waiting.length) { later(); return; }
          if (done.length && here) {
            var last = done[done.length - 1];
            if (done.every(function (entry) { return results[entry.key].sent; })) { return go(last.move); }
            if (results[last.key].refused && results[last.key].refused !== 404) { location.replace(here); }
          } else if ("all" in say && before.length) { location.reload(); }
        });
      });
    });
  }

  document.documentElement.classList.add("scripted");
  window.Snaps.dress(document);
  draw().then(function (waiting) {
    waiting.forEach(function (entry) { if (entry.here === here) { advance(entry.move); } });
    if (waiting.length) { return resume(); }
  });
  window.addEventListener("online", resume);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { resume(); } });
  window.Kept.register(say.worker);
})();
