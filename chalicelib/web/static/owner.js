/* The reporter's page: signature with the finger, copy of the private link, printing. */
(function () {
  "use strict";
  function one(selector) { return document.querySelector(selector); }

  /* what was typed in the form is sent: the draft has done its work */
  if (one("[data-sent]")) { try { localStorage.removeItem("baoxiu:draft"); } catch (none) { /* there was none */ } }

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

  var print = one("[data-print]");
  if (print) { print.addEventListener("click", function () { window.print(); }); }

  var form = document.getElementById("sign");
  if (form && window.SignaturePad) {
    var canvas = form.querySelector("canvas"), unsigned = document.getElementById("unsigned");
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
    pad.addEventListener("beginStroke", function () { unsigned.hidden = true; });
    form.querySelector("[data-clear]").addEventListener("click", function () { pad.clear(); });
    form.addEventListener("submit", function (event) {
      if (pad.isEmpty()) {
        event.preventDefault();
        unsigned.hidden = false;
        canvas.focus();
        return;
      }
      form.elements.signature.value = pad.toDataURL("image/png");
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
