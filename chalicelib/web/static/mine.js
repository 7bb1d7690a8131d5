/* What was opened on this device, kept on it alone: the reporter's tickets, the own page of who works here, the reporter's phone. */
(function () {
  "use strict";
  var MINE = "baoxiu:mine", HOME = "baoxiu:home", ALL = [MINE, "baoxiu:me", "baoxiu:places", "baoxiu:draft"], MOST = 20;
  var OWN = /^(\/\w+)?\/o\/[\w-]{22}$/, STAFF = /^(\/\w+)?\/[wdkb]\/[\w-]{22}$/;
  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (none) { return null; } }
  function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (full) { /* then it isn't kept */ } }
  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }
  function known() {
    var found = read(MINE);
    return (Array.isArray(found) ? found : []).filter(function (one) { return one && OWN.test(one.path); });
  }
  function without(path) { return known().filter(function (one) { return one.path !== path; }); }
  var path = location.pathname;

  each("[data-mine]", function (here) {
    if (!OWN.test(path)) { return; }
    var one = { path: path, number: here.getAttribute("data-mine"), what: here.getAttribute("data-what"), where: here.getAttribute("data-where"), state: here.getAttribute("data-state") };
    write(MINE, [one].concat(without(path)).slice(0, MOST));
  });
  each("[data-opens-nothing]", function () { write(MINE, without(path)); if (read(HOME) === path) { write(HOME, ""); } });
  each("[data-home-here]", function () { if (STAFF.test(path)) { write(HOME, path); } });
  each("a[data-home]", function (link) { var home = read(HOME); if (typeof home === "string" && STAFF.test(home) && home !== path) { link.setAttribute("href", home); link.textContent = link.getAttribute("data-home"); } });

  each("[data-mine-list]", function (box) {
    var list = box.querySelector("ul"), only = box.getAttribute("data-only"), forget = box.querySelector("[data-forget-all]");
    var all = known().filter(function (one) { return !only || one.where === only; });
    function part(parent, kind, text) { var made = document.createElement("span"); made.className = kind; made.textContent = text || ""; parent.appendChild(made); }
    all.forEach(function (one) {
      var row = document.createElement("li"), link = document.createElement("a"), top = document.createElement("span");
      link.href = one.path;
      top.className = "top";
      part(top, "", one.what); part(top, "muted", one.state);
      link.appendChild(top);
      part(link, "sub", (one.where || "") + " · " + (one.number || ""));
      row.appendChild(link);
      list.appendChild(row);
    });
    box.hidden = !all.length;
    if (forget) { forget.addEventListener("click", function () {
      ALL.forEach(function (key) { try { localStorage.removeItem(key); } catch (none) { /* nothing there */ } });
      if (window.caches) { caches.delete("tickets-1").catch(function () {}); }
      box.hidden = true;
    }); }
  });
})();
