/* A file of a form: sent straight to the object store, then the form goes with its id. Photos beside it go their own way.

   <form data-scan="/b/…/scan" data-for="seal" data-words='{…}'> with a file, `upload` and of a letter `letter`; what
   happens is said at [data-said]. With data-optional it may go without a file. */
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("form[data-scan]"), function (form) {
    var file = form.querySelector("input[type=file]:not([accept='image/*'])"), said = form.querySelector("[data-said]");
    var words = JSON.parse(form.getAttribute("data-words")), busy = false;
    function fail(text) { busy = false; said.textContent = text || words.failed; delete form.dataset.sent; }
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented || form.elements.upload.value) { return; }
      if (!file.files.length && form.hasAttribute("data-optional")) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (busy) { return; }
      if (!file.files.length) { fail(words.none); file.focus(); return; }
      busy = true;
      said.textContent = words.busy;
      var one = file.files[0], asked = new URLSearchParams({ type: one.type || "application/octet-stream" });
      if (form.dataset.for) { asked.append("for", form.dataset.for); }
      if (form.elements.letter) { asked.append("letter", form.elements.letter.value); }
      fetch(form.getAttribute("data-scan"), { method: "POST", body: asked, credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (to) {
          if (!to.url || !to.fields) { fail(to.error); return; }
          var body = new FormData();
          Object.keys(to.fields).forEach(function (name) { body.append(name, to.fields[name]); });
          body.append("file", one, "scan");
          return fetch(to.url, { method: "POST", body: body }).then(function (answer) {
            if (answer.status !== 201 && answer.status !== 204) { fail(); return; }
            form.elements.upload.value = to.id;
            busy = false;
            delete form.dataset.sent;
            if (form.requestSubmit) { form.requestSubmit(); } else { form.submit(); }
          });
        })
        .catch(function () { fail(); });
    });
  });
})();
