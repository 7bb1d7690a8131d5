/* Photos in a form: made small by picking.js, sent straight to the object store, tried again, removed.

   <ul class="photos shots" data-photos="/photos" data-max="9" data-compressor="…" data-words='{…}'>
     <li class="add"><label><input type="file" …></label></li>      one for what there is, one for the camera
   </ul>
   The ids of what arrived are hidden fields named `photos` (or data-name). A form whose photos are on their way waits, or goes without. */
(function () {
  "use strict";
  var AT_ONCE = 2, FOR_GOOD = { kind: 1, heic: 1, empty: 1 };

  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function keep(key, value) { try { sessionStorage.setItem(key, value); } catch (full) { /* shown without its picture */ } }
  function kept(key) { try { return sessionStorage.getItem(key); } catch (none) { return null; } }

  /* Whom the photos belong to: the ticket of the page, or the one that the form is going to make. */
  function whose(form) {
    var page = document.querySelector("[data-ticket]"), mark = form && form.elements.mark;
    return mark ? "mark=" + encodeURIComponent(mark.value) : "ticket=" + encodeURIComponent(page ? page.getAttribute("data-ticket") : "");
  }

  /* Fails with: lost (no signal, or nobody can answer now), elsewhere (an answer that is not ours), said:… (refused, in words), refused. */
  function ask(address, body) {
    return new Promise(function (done, failed) {
      var request = new XMLHttpRequest();
      request.open("POST", address);
      request.timeout = 20000;
      request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
      request.onload = function () {
        var answer = {};
        try { answer = JSON.parse(request.responseText) || {}; } catch (other) { /* not ours */ }
        if (request.status === 200 && answer.url && answer.fields) { done(answer); }
        else if (answer.error) { failed(new Error("said:" + answer.error)); }
        else { failed(new Error(request.status >= 500 || request.status === 429 ? "lost" : "elsewhere")); }
      };
      request.onerror = request.ontimeout = function () { failed(new Error("lost")); };
      request.send(body);
    });
  }

  function send(answer, blob, progress) {
    return new Promise(function (done, failed) {
      var body = new FormData(), request = new XMLHttpRequest();
      Object.keys(answer.fields).forEach(function (name) { body.append(name, answer.fields[name]); });
      body.append("file", blob, "photo.jpg");
      request.open("POST", answer.url);
      request.timeout = 120000;
      request.upload.onprogress = function (event) { if (event.lengthComputable) { progress(event.loaded / event.total); } };
      request.onload = function () {
        if (request.status === 201 || request.status === 204) { done(answer.id); }
        else { failed(new Error(request.status >= 500 || request.status === 429 ? "lost" : request.status >= 400 ? "refused" : "elsewhere")); }
      };
      request.onerror = request.ontimeout = function () { failed(new Error("lost")); };
      request.send(body);
    });
  }

  function thumbnail(image) {
    try {
      var canvas = document.createElement("canvas"), side = 160, w = image.naturalWidth, h = image.naturalHeight, cut = Math.min(w, h);
      canvas.width = canvas.height = side;
      canvas.getContext("2d").drawImage(image, (w - cut) / 2, (h - cut) / 2, cut, cut, 0, 0, side, side);
      return canvas.toDataURL("image/jpeg", 0.6);
    } catch (tainted) { return ""; }
  }

  function gallery(list) {
    var words = JSON.parse(list.getAttribute("data-words") || "{}"), most = Number(list.getAttribute("data-max") || 9);
    var adds = list.querySelectorAll(".add"), add = adds[0], inputs = list.querySelectorAll(".add input"), input = inputs[0], form = list.closest("form");
    var said = form && form.querySelector("[data-photos-said]"), queue = [], running = 0, sending = false, without = false, held = null;

    function count() { return list.querySelectorAll(".shot").length; }
    function busy() { return list.querySelectorAll(".shot.busy").length; }
    function failed() { return list.querySelectorAll(".shot.failed").length; }
    function changed() {
      each(adds, function (one) { one.hidden = count() >= most; });
      if (form) { form.dispatchEvent(new CustomEvent("photos", { bubbles: true })); }
      if (held && !busy() && !failed()) { held.hidden = true; }
      if (sending && !busy()) { sending = false; if (!failed()) { submit(); } else { hold(words.lost); } }
    }
    function button(name, word, act) {
      var made = document.createElement("button");
      made.type = "button"; made.className = name;
      made.setAttribute("aria-label", word + " " + words.photo);
      made.textContent = name === "take" ? "×" : word;
      made.addEventListener("click", act);
      return made;
    }
    function picture(tile, source) {
      var image = new Image();
      image.alt = words.photo; image.src = source;
      tile.insertBefore(image, tile.firstChild);
      return image;
    }
    function arrived(tile, id) {
      tile.className = "shot done";
      tile.setAttribute("data-id", id);
      var field = document.createElement("input");
      field.type = "hidden"; field.name = list.getAttribute("data-name") || "photos"; field.value = id;
      tile.appendChild(field);
    }
    function remove(tile) {
      return function () { tile.parentNode.removeChild(tile); queue = queue.filter(function (job) { return job.tile !== tile; }); changed(); input.focus(); };
    }
    function tile() {
      var made = document.createElement("li");
      made.className = "shot busy";
      made.appendChild(button("take", words.remove, remove(made)));
      list.insertBefore(made, add);
      return made;
    }
    function next() {
      while (running < AT_ONCE && queue.length) { run(queue.shift()); }
    }
    function run(job) {
      var box = job.tile, bar = document.createElement("progress");
      running += 1;
      box.className = "shot busy";
      each(box.querySelectorAll(".retry"), function (old) { box.removeChild(old); });
      bar.max = 1; bar.value = 0.02; bar.setAttribute("aria-label", words.photo);
      box.appendChild(bar);
      (job.blob ? Promise.resolve(job.blob) : window.Picking(job.file, list.getAttribute("data-compressor"))).then(function (blob) {
        job.blob = blob;
        if (!box.querySelector("img")) {
          var image = picture(box, URL.createObjectURL(blob));
          image.onload = function () { job.small = thumbnail(image); if (job.id) { keep("shot:" + job.id, job.small); } };
        }
        return ask(list.getAttribute("data-photos"), whose(form));
      }).then(function (answer) {
        return send(answer, job.blob, function (share) { bar.value = share; });
      }).then(function (id) {
        job.id = id;
        if (job.small) { keep("shot:" + id, job.small); }
        if (box.parentNode) { arrived(box, id); }
      }).catch(function (fault) {
        box.className = "shot failed";
        var what = String(fault.message);
        if (said) { said.textContent = what.indexOf("said:") === 0 ? what.slice(5) : words[what] || words.lost; }
        if (what !== "lost" && what !== "offline") { box.className = "shot failed refused"; }
        if (!FOR_GOOD[what]) { box.appendChild(button("retry", words.retry, function () { queue.push(job); next(); changed(); })); }
        else { box.appendChild(document.createTextNode(words.failed)); }
      }).then(function () {
        running -= 1;
        if (bar.parentNode) { bar.parentNode.removeChild(bar); }
        if (said && !failed()) { said.textContent = ""; }
        changed(); next();
      });
    }

    function hold(text) {
      var box = form.querySelector("[data-hold]") || form.querySelector("#hold");
      if (!box) {
        box = document.createElement("p");
        box.className = "notice notice--warn"; box.setAttribute("role", "alert"); box.setAttribute("data-hold", "");
        form.appendChild(box);
      }
      held = box;
      box.textContent = text + " ";
      var go = document.createElement("button");
      go.type = "button"; go.className = "btn small"; go.textContent = words.now;
      go.addEventListener("click", function () { without = true; submit(); });
      box.appendChild(go);
      box.hidden = false;
    }
    function submit() {
      var go = form.querySelector("button:not([type=button])");
      if (go) { go.click(); } else { form.submit(); }
    }

    each(list.querySelectorAll(".shot[data-id]"), function (old) {
      var small = kept("shot:" + old.getAttribute("data-id"));
      if (small) { picture(old, small); }
      old.insertBefore(button("take", words.remove, remove(old)), old.firstChild);
    });
    each(inputs, function (chosen) {
      chosen.addEventListener("change", function () {
        var room = most - count();
        each(Array.prototype.slice.call(chosen.files, 0, room), function (file) { queue.push({ tile: tile(), file: file }); });
        chosen.value = "";
        changed(); next();
      });
    });
    if (form) {
      form.addEventListener("submit", function (event) {
        if (without || (!busy() && !failed())) { return; }
        event.preventDefault();
        event.stopImmediatePropagation();
        if (busy()) { sending = true; hold(words.wait); } else { hold(words.lost); }
      });
    }
    window.addEventListener("online", function () {
      each(list.querySelectorAll(".shot.failed:not(.refused) .retry"), function (retry) { retry.click(); });
    });
    changed();
  }

  each(document.querySelectorAll("[data-photos]"), gallery);
})();
