// The front desk's queue refreshes itself and listens to keys; the page for callers suggests from the words.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // the queue, every 20 seconds, without moving what somebody looks at
  var lines = document.getElementById("lines");
  var fresh = document.getElementById("fresh");
  var before = lines ? lines.innerHTML : "";

  function rowLinks() {
    return lines ? Array.prototype.slice.call(lines.querySelectorAll(".q-number a")) : [];
  }

  function anchor() {
    var found = rowLinks().filter(function (a) { return a.getBoundingClientRect().bottom > 0; })[0];
    return found ? { href: found.getAttribute("href"), top: found.getBoundingClientRect().top } : null;
  }

  function linkTo(href) {
    return rowLinks().filter(function (a) { return a.getAttribute("href") === href; })[0];
  }

  function put(text) {
    if (text === before) return;
    before = text;
    var active = document.activeElement;
    var held = active && lines.contains(active) ? active.getAttribute("href") : "";
    var seen = window.scrollY > 0 ? anchor() : null;
    lines.innerHTML = text;
    var again = held && linkTo(held);
    if (again) again.focus({ preventScroll: true });
    var same = seen && linkTo(seen.href);
    if (same) window.scrollBy(0, same.getBoundingClientRect().top - seen.top);
  }

  function refresh() {
    if (document.hidden) return Promise.resolve();
    return fetch(lines.dataset.part, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (text) { put(text); fresh.textContent = ""; })
      .catch(function () { fresh.textContent = fresh.dataset.failed; });
  }

  if (lines) {
    if (!lines.hasAttribute("data-still")) {
      setInterval(refresh, 20000);
      document.addEventListener("visibilitychange", function () { if (!document.hidden) refresh(); });
    }
    document.getElementById("again").addEventListener("click", function (event) {
      if (lines.hasAttribute("data-still") || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      refresh();
    });
    document.addEventListener("keydown", keys);
  }

  // what a list is narrowed to counts at once: its button is there only without scripts
  var narrow = document.querySelector("[data-narrow]");
  if (narrow) narrow.addEventListener("change", function () { narrow.submit(); });

  function keys(event) {
    var at = event.target;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) {
      if (event.key === "Escape") at.blur();
      return;
    }
    if (event.key === "j" || event.key === "k") {
      var all = rowLinks();
      var here = all.indexOf(document.activeElement);
      var next = all[event.key === "j" ? here + 1 : here < 0 ? all.length - 1 : here - 1];
      if (next) next.focus();
    } else if (event.key === "n" && document.getElementById("new")) {
      location.href = document.getElementById("new").href;
    } else if (event.key === "/" && document.getElementById("find")) {
      document.getElementById("find").focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  // the report for a caller: category and priority from the words, unless somebody has chosen
  var words = document.querySelector("[data-suggest]");
  if (words) {
    var form = words.form;
    var said = document.getElementById("suggested");
    var chosen = {};
    var timer = 0;
    var last = "";
    ["category", "priority"].forEach(function (name) {
      if (form.elements[name].value) chosen[name] = true;
      form.elements[name].addEventListener("change", function () { chosen[name] = true; });
    });
    words.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(suggest, 500);
    });
    var suggest = function () {
      var text = words.value.trim();
      if (text === last) return;
      last = text;
      if (!text) { said.textContent = ""; return; }
      var body = new URLSearchParams({ do: "suggest", words: text });
      fetch(form.action, { method: "POST", body: body, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (found) {
          if (!found || words.value.trim() !== text) return;
          if (!chosen.category) form.elements.category.value = found.category;
          if (!chosen.priority) form.elements.priority.value = found.priority;
          said.textContent = said.dataset.said + found.words.join(" · ") + (found.because.length ? " (" + found.because.join(", ") + ")" : "");
        })
        .catch(function () { last = ""; });
    };
    suggest();

    var answer = document.getElementById("on-the-spot");
    var kinds = answer.dataset.kinds.split(" ");
    var show = function () {
      var kind = form.querySelector("[name=kind]:checked");
      answer.hidden = !kind || kinds.indexOf(kind.value) < 0;
    };
    form.addEventListener("change", show);
    show();
  }

  // sent once
  Array.prototype.forEach.call(document.querySelectorAll("form[method=post]"), function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(function () { delete form.dataset.sent; }, 8000);
    });
  });
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(document.querySelectorAll("form[data-sent]"), function (form) { delete form.dataset.sent; });
  });
})();
