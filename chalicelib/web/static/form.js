/* The form on the phone: keeps what is typed until it is sent, suggests from the words, remembers places. All of it works without. */
(function () {
  "use strict";
  var DRAFT = "baoxiu:draft", PLACES = "baoxiu:places", REPORTING = "baoxiu:reporting", WEEK = 7 * 86400000, PHONE = 11;

  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function id(name) { return document.getElementById(name); }
  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (none) { return null; } }
  function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (full) { /* then it isn't kept */ } }
  function forget(key) { try { localStorage.removeItem(key); } catch (none) { /* nothing there */ } }

  /* places reported from before, on this phone alone */
  var where = document.querySelector("[data-place]"), known = read(PLACES) || [];
  if (!Array.isArray(known)) { known = []; }
  if (where) {
    var here = { id: where.getAttribute("data-place"), label: where.getAttribute("data-label") };
    if (id("report")) { id("report").addEventListener("submit", function () { write(REPORTING, here); }); }
  }
  var again = document.querySelector("[data-again]");
  if (again && known.length) {
    known.forEach(function (place) {
      var row = document.createElement("li"), link = document.createElement("a");
      link.href = (document.querySelector("a[href$='/report']") || { pathname: "/report" }).pathname + "?p=" + encodeURIComponent(place.id);
      link.textContent = place.label;
      row.appendChild(link);
      again.querySelector("ul").appendChild(row);
    });
    again.hidden = false;
  }

  /* find a project by part of its name */
  var search = document.querySelector("[data-filter]");
  if (search) {
    search.addEventListener("input", function () {
      var wanted = search.value.trim().toLowerCase(), left = 0;
      each(document.querySelectorAll("#places > li"), function (row) {
        var link = row.querySelector("a"), also = (link && link.dataset.initials) || "";
        row.hidden = (row.textContent.toLowerCase() + " " + also).indexOf(wanted) < 0;
        left += row.hidden ? 0 : 1;
      });
      id("places-none").hidden = left > 0;
    });
  }

  var form = id("report");
  if (!form) { return; }
  var words = form.elements.words, category = form.elements.category, component = form.elements.component;

  /* the first field at fault */
  var wrong = form.querySelector("[aria-invalid=true], [aria-describedby^='e-'] input") || [id("danger-asked"), id("alike")].filter(function (box) { return !box.hidden; })[0];
  if (wrong) { wrong.focus(); if (wrong.scrollIntoView) { wrong.scrollIntoView({ block: "center" }); } }

  /* parts of the chosen category only */
  var groups = [].slice.call(component.querySelectorAll("optgroup"));
  function fit() {
    var chosen = component.value, mine = null;
    groups.forEach(function (group) {
      if (group.parentNode) { component.removeChild(group); }
      if (group.getAttribute("data-category") === category.value) { mine = group; }
    });
    if (mine) { component.appendChild(mine); component.value = chosen; if (component.selectedIndex < 0) { component.value = ""; } }
    id("component").hidden = !mine;
  }
  function kinds() {
    var kind = form.querySelector("[name=kind]:checked"), work = !kind || kind.value === "repair";
    id("when").hidden = !work;
    if (!work && !category.value) { document.querySelector(".about").hidden = true; }
    else { document.querySelector(".about").hidden = false; }
  }
  category.addEventListener("change", function () { category.setAttribute("data-own", ""); fit(); hint(true); });
  each(form.querySelectorAll("[name=kind]"), function (radio) { radio.addEventListener("change", kinds); });

  /* what the words suggest, and what is open here already: asked after a pause, not for every letter */
  var timer = null, asked = "", asks = 0;
  function hint(now) {
    clearTimeout(timer);
    timer = setTimeout(function () {
      var text = words.value.trim(), phone = form.elements.phone.value.trim(), question = text + "|" + category.value + "|" + phone, kind = form.querySelector("[name=kind]:checked");
      if ((text.length < 3 && !category.value) || question === asked || asks > 11) { return; }
      asked = question; asks += 1;
      var request = new XMLHttpRequest(), work = !kind || kind.value === "repair";
      request.open("POST", form.getAttribute("data-hints"));
      request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
      request.onload = function () {
        var answer;
        if (request.status !== 200) { return; }
        try { answer = JSON.parse(request.responseText); } catch (other) { return; }
        show(answer);
      };
      request.send("words=" + encodeURIComponent(text) + "&category=" + encodeURIComponent(category.hasAttribute("data-own") ? category.value : "") +
        (work ? "&place=" + encodeURIComponent(form.elements.place.value) + "&phone=" + encodeURIComponent(phone) : ""));
    }, now ? 0 : 900);
  }
  var clear = false;
  function danger() { var said = form.querySelector("[name=danger]:checked"); return said ? said.value : ""; }
  function urgent() { id("urgent").hidden = !clear && danger() !== "yes"; }
  each(form.querySelectorAll("[name=danger]"), function (radio) { radio.addEventListener("change", urgent); });
  function show(answer) {
    if (!category.hasAttribute("data-own")) { category.value = answer.category || ""; fit(); }
    clear = answer.emergency;
    id("danger-asked").hidden = !answer.ask && !danger();
    urgent();
    var box = id("alike");
    if (answer.alike) {
      box.innerHTML = answer.alike; /* our own template, escaped there */
      box.hidden = false;
      form.elements.seen.value = "1";
    } else if (!form.hasAttribute("data-kept")) {
      box.hidden = true;
      form.elements.seen.value = "";
    }
  }
  words.addEventListener("input", function () { hint(false); });
  words.addEventListener("blur", function () { hint(true); });
  form.elements.phone.addEventListener("change", function () { hint(true); });
  form.elements.phone.addEventListener("input", function () { if (this.value.replace(/\D/g, "").length >= PHONE) { hint(false); } });

  /* the draft: on this phone, until it is sent or a week old */
  function photos() { return [].map.call(form.querySelectorAll("input[name=photos]"), function (field) { return field.value; }); }
  function save() {
    var draft = { at: Date.now(), fields: {}, when: [], photos: photos(), own: category.hasAttribute("data-own") };
    each(form.elements, function (field) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.name === "consent" || field.name === "danger") { return; }
      if (field.name === "when") { if (field.checked) { draft.when.push(field.value); } }
      else if (field.type === "radio") { if (field.checked) { draft.fields[field.name] = field.value; } }
      else { draft.fields[field.name] = field.value; }
    });
    if (draft.fields.words || draft.fields.phone || draft.fields.email || draft.photos.length) { write(DRAFT, draft); }
  }
  function restore(draft) {
    Object.keys(draft.fields).forEach(function (name) {
      var field = form.elements[name];
      if (!field || name === "mark" || name === "place") { return; }
      if (field.length && field[0] && field[0].type === "radio") {
        each(field, function (radio) { radio.checked = radio.value === draft.fields[name]; });
      } else { field.value = draft.fields[name]; }
    });
    each(form.querySelectorAll("[name=when]"), function (box) { box.checked = (draft.when || []).indexOf(box.value) >= 0; });
    if (draft.own) { category.setAttribute("data-own", ""); } /* else it was what the words said then */
    if (draft.fields.words) { id("draft").hidden = false; }
  }
  var draft = read(DRAFT);
  if (draft && draft.fields && Date.now() - draft.at < WEEK) {
    if (!form.hasAttribute("data-kept") && !words.value) { restore(draft); }
  } else { forget(DRAFT); }
  id("draft").querySelector("[data-forget]").addEventListener("click", function () {
    forget(DRAFT); form.reset(); category.removeAttribute("data-own"); fit(); kinds(); id("draft").hidden = true; words.focus();
  });
  /* who reported from this phone before: asked for once */
  var me = read("baoxiu:me");
  if (me && !form.hasAttribute("data-kept")) {
    ["phone", "name", "email"].forEach(function (name) { if (!form.elements[name].value && typeof me[name] === "string") { form.elements[name].value = me[name]; } });
  }
  var saving = null;
  function later() { clearTimeout(saving); saving = setTimeout(save, 300); }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("photos", later);

  /* one tap, one report: the mark in the form makes it one anyway */
  form.addEventListener("submit", function () {
    save();
    write("baoxiu:me", { phone: form.elements.phone.value, name: form.elements.name.value, email: form.elements.email.value });
    var go = id("send");
    setTimeout(function () { go.disabled = true; }, 0);
    setTimeout(function () { go.disabled = false; }, 8000);
  });
  window.addEventListener("pageshow", function () { id("send").disabled = false; });

  fit(); kinds();
})();
