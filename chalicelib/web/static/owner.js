/* The reporter's page: signature with the finger, copy of the private link. */
(function () {
  "use strict";
  function one(selector) { return document.querySelector(selector); }

  /* what was typed in the form is sent: the draft has done its work */
  if (one("[data-sent]")) {
    try {
      localStorage.removeItem("baoxiu:draft");
      var here = JSON.parse(localStorage.getItem("baoxiu:reporting")), known = JSON.parse(localStorage.getItem("baoxiu:places"));
      if (here && here.id) { /* the form offers it again: it was reported from, not only looked at */
        known = (Array.isArray(known) ? known : []).filter(function (place) { return place && place.id !== here.id; });
        localStorage.setItem("baoxiu:places", JSON.stringify([here].concat(known).slice(0, 3)));
        localStorage.removeItem("baoxiu:reporting");
      }
    } catch (none) { /* nothing is kept here */ }
  }

  var wrong = one("[aria-invalid=true]") || one("[aria-describedby^='e-'] input");
  if (wrong) { wrong.focus(); }

  var copy = one("[data-copy]");
  if (copy) {
    copy.addEventListener("click", function () {
      var field = document.getElementById(copy.getAttribute("data-copy"));
      function copied() { copy.textContent = copy.getAttribute("data-copied"); }
      function old() { field.focus(); field.select(); field.setSelectionRange(0, 999); if (document.execCommand("copy")) { copied(); } }
      if (navigator.clipboard && navigator.clipboard.writeText) { navigator.clipboard.writeText(field.value).then(copied, old); } else { old(); }
    });
  }

  /* readable without signal; and as it is now, asked quietly while somebody looks, the seldomer the longer nothing happens */
  var live = one("[data-live]"), stale = document.getElementById("stale");
  if (live && window.Kept) { window.Kept.register(live.getAttribute("data-worker")); }
  if (live && live.hasAttribute("data-stale")) { stale.hidden = false; }
  if (live && window.fetch && window.DOMParser) {
    var SHORTEST = 20000, LONGEST = 300000, wait = SHORTEST, timer = null, mark = "", typed = false, asked = 0;
    document.addEventListener("input", function () { typed = true; }, true);
    var named = function (part) { var head = part.querySelector("h2"); return part.id || (head ? head.textContent : part.tagName + part.className); };
    var plain = function (part) { return part.outerHTML.replace(/name="key" value="[^"]*"/g, "").replace(/ (open|data-stale)="[^"]*"/g, ""); };
    var kept = function (part) { return part.matches("[data-sent], [data-done], #stale") || part.querySelector("details[open]"); };
    var show = function (text) {
      var now = new DOMParser().parseFromString(text, "text/html").querySelector("main"), main = one("main");
      if (!now || !now.querySelector("[data-live]")) { return false; }
      var old = [].slice.call(main.children), fresh = [].slice.call(now.children), changed = false, photos = false;
      var same = function (part, all) { return all.filter(function (other) { return named(other) === named(part); })[0]; };
      fresh.forEach(function (part) { var was = same(part, old); if (was && plain(was) !== plain(part) && was.querySelector("[data-photos]")) { photos = true; } });
      if (photos) { location.reload(); return true; }
      fresh.forEach(function (part, i) {
        var was = same(part, old);
        if (was && (kept(was) || plain(was) === plain(part))) { return; }
        changed = true;
        if (was) { main.replaceChild(document.importNode(part, true), was); }
        else if (!part.matches("#stale")) { var after = fresh[i + 1] && same(fresh[i + 1], [].slice.call(main.children)); main.insertBefore(document.importNode(part, true), after || null); }
      });
      old.forEach(function (part) { if (!same(part, fresh) && !kept(part)) { changed = true; part.parentNode.removeChild(part); } });
      return changed;
    };
    var later = function () { clearTimeout(timer); if (!document.hidden) { timer = setTimeout(look, wait); } };
    var look = function () {
      if (document.hidden || typed) { return; }
      asked = Date.now();
      fetch(location.pathname, { headers: mark ? { "If-None-Match": mark } : {}, credentials: "same-origin", cache: "no-store" }).then(function (answer) {
        if (answer.status === 404 || answer.status === 403) { return; }
        stale.hidden = true;
        if (answer.status !== 200) { wait = Math.min(wait * 1.5, LONGEST); later(); return; }
        mark = answer.headers.get("ETag") || "";
        return answer.text().then(function (text) { wait = !typed && show(text) ? SHORTEST : Math.min(wait * 1.5, LONGEST); later(); });
      }).catch(function () { stale.hidden = false; wait = Math.min(wait * 2, LONGEST); later(); });
    };
    document.addEventListener("visibilitychange", function () { if (!document.hidden && Date.now() - asked > 5000) { wait = SHORTEST; look(); } else { later(); } });
    window.addEventListener("online", function () { wait = SHORTEST; look(); });
    later();
  }

  /* The strokes on a grid 256 wide, as domain/signature.py reads them; coarser where they would be too long. */
  var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", ROOM = 820;
  function thinned(points, width, step) {
    var found = [];
    points.forEach(function (point, i) {
      var x = Math.max(0, Math.min(511, Math.round(point.x * 255 / width))), y = Math.max(0, Math.min(511, Math.round(point.y * 255 / width)));
      var last = found[found.length - 1];
      if (!last || Math.hypot(x - last[0], y - last[1]) >= (i === points.length - 1 ? 1 : step)) { found.push([x, y]); }
    });
    return found;
  }
  function coded(points) {
    var x = points[0][0], y = points[0][1];
    var text = LETTERS[x >> 6] + LETTERS[x & 63] + LETTERS[y >> 6] + LETTERS[y & 63];
    points.slice(1).forEach(function (point) {
      var parts = Math.max(1, Math.ceil(Math.max(Math.abs(point[0] - x), Math.abs(point[1] - y)) / 31));
      for (; parts > 0; parts -= 1) {
        var dx = Math.round((point[0] - x) / parts), dy = Math.round((point[1] - y) / parts);
        x += dx; y += dy;
        text += LETTERS[dx + 32] + LETTERS[dy + 32];
      }
    });
    return text;
  }
  function strokes(data, width) {
    var lines = data.map(function (stroke) { return stroke.points || stroke; }).filter(function (points) { return points.length; }).slice(0, 80);
    var step = 1.5, text = "", ink = 0, xs = [], ys = [];
    do {
      step += 1;
      text = lines.map(function (points) { return coded(thinned(points, width, step)); }).join(".");
    } while (text.length > ROOM && step < 40);
    lines.forEach(function (points) {
      thinned(points, width, 2).forEach(function (point, i, all) {
        if (i) { ink += Math.hypot(point[0] - all[i - 1][0], point[1] - all[i - 1][1]); }
        xs.push(point[0]); ys.push(point[1]);
      });
    });
    var reach = xs.length ? Math.max(Math.max.apply(null, xs) - Math.min.apply(null, xs), Math.max.apply(null, ys) - Math.min.apply(null, ys)) : 0;
    return { text: text, dot: ink < 44 || reach < 18 };
  }

  var form = document.getElementById("sign");
  if (form && window.SignaturePad) {
    var canvas = form.querySelector("canvas"), unsigned = document.getElementById("unsigned"), dot = document.getElementById("dot");
    var pad = new window.SignaturePad(canvas, { penColor: "#14201d", backgroundColor: "rgba(0,0,0,0)", minWidth: 1, maxWidth: 3 });
    var width = 0;
    var fit = function () {
      if (canvas.offsetWidth === width) { return; } /* a phone's address bar comes and goes without a new width */
      width = canvas.offsetWidth;
      var drawn = pad.toData(), ratio = Math.min(2, Math.max(1, window.devicePixelRatio || 1));
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      pad.fromData(drawn);
    };
    fit();
    window.addEventListener("resize", fit);
    pad.addEventListener("beginStroke", function () { unsigned.hidden = dot.hidden = true; });
    form.querySelector("[data-clear]").addEventListener("click", function () { pad.clear(); });
    form.addEventListener("submit", function (event) {
      var ink = strokes(pad.toData(), canvas.offsetWidth);
      if (pad.isEmpty() || ink.dot) {
        event.preventDefault();
        (pad.isEmpty() ? unsigned : dot).hidden = false;
        canvas.focus();
        return;
      }
      form.elements.signature.value = ink.text;
    });
  }

  /* one tap, one move: the key in the form makes it one anyway */
  Array.prototype.forEach.call(document.querySelectorAll("form[method=post]"), function (each) {
    each.addEventListener("submit", function (event) {
      if (event.defaultPrevented) { return; }
      setTimeout(function () {
        Array.prototype.forEach.call(each.querySelectorAll("button:not([type=button])"), function (go) { go.disabled = true; });
      }, 0);
      setTimeout(function () {
        Array.prototype.forEach.call(each.querySelectorAll("button"), function (go) { go.disabled = false; });
      }, 8000);
    });
  });
})();
