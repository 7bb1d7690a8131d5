/* Photos chosen for a form of staff: made small, refused where they are none, shown, and kept as bytes until they are sent.

   Snaps.of(form) → [{type, data, url}]; Snaps.coming(form) → while photos are made small a promise: whether all could be; dress(root) gives life to the file choices of its forms. Words: data of #outbox. */
(function () {
  "use strict";
  var box = document.getElementById("outbox"), MOST = 9;
  if (!box) { return; }
  var say = box.dataset;

  var pictures = new WeakMap(); // form → [{type, data, url}]
  var making = new WeakMap(); // form → what ends when all that was chosen is made small
  function snaps(form) { var list = pictures.get(form); if (!list) { list = []; pictures.set(form, list); } return list; }
  function bytes(blob) {
    return new Promise(function (done, failed) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.onerror = function () { failed(reader.error); };
      reader.readAsArrayBuffer(blob);
    });
  }
  function dress(root) {
    Array.prototype.forEach.call(root.querySelectorAll("[data-snaps]"), function (field) {
      var list = field.querySelector("[data-previews]"), form = field.closest("form");
      Array.prototype.forEach.call(field.querySelectorAll(".pick"), function (pick) { pick.hidden = false; });
      Array.prototype.forEach.call(field.querySelectorAll("input[type=file]"), function (input) { input.addEventListener("change", function () {
        var files = Array.prototype.slice.call(input.files), room = MOST - snaps(form).length;
        field.classList.add("busy");
        note(field, files.length > room ? say.tooMany : "");
        var fine = true, made = files.slice(0, Math.max(room, 0)).reduce(function (before, file) {
          return before.then(function () { return window.Picking(file); }).then(function (blob) {
            return bytes(blob).then(function (data) {
              snaps(form).push({ type: blob.type || "image/jpeg", data: data, url: URL.createObjectURL(blob) });
            });
          }).catch(function (fault) { fine = false; note(field, say[fault.message] || say.kind); });
        }, making.get(form) || Promise.resolve()).then(function () {
          input.value = "";
          preview(list, form);
          if (making.get(form) === made) { making.delete(form); field.classList.remove("busy"); }
          return fine;
        });
        making.set(form, made);
      }); });
      preview(list, form);
    });
  }
  function note(field, text) {
    var old = field.querySelector(".error");
    if (old) { old.remove(); }
    if (!text) { return; }
    var made = document.createElement("p");
    made.className = "error"; made.setAttribute("role", "alert"); made.textContent = text;
    field.appendChild(made);
  }
  function preview(list, form) {
    list.textContent = "";
    snaps(form).forEach(function (photo, i) {
      var tile = document.createElement("div"), image = new Image(), take = document.createElement("button");
      tile.className = "snap";
      image.src = photo.url; image.alt = "";
      take.type = "button"; take.className = "take"; take.textContent = "×"; take.setAttribute("aria-label", say.removePhoto + " " + (i + 1));
      take.addEventListener("click", function () { snaps(form).splice(i, 1); preview(list, form); });
      tile.appendChild(image); tile.appendChild(take);
      list.appendChild(tile);
    });
    list.hidden = !list.children.length;
  }

  window.Snaps = {
    of: snaps, coming: function (form) { return making.get(form); }, dress: dress, preview: preview, note: note,
    set: function (form, was) { pictures.set(form, was); },
    clear: function (form) { pictures.delete(form); }
  };
})();
