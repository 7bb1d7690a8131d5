/* A file of a letter is hashed here and compared with what the page says; nothing is sent. */
(function () {
  "use strict";
  var room = document.querySelector("[data-check]"), subtle = window.crypto && window.crypto.subtle;
  if (!room || !subtle || !window.FileReader || !window.Promise) { return; }
  var input = room.querySelector("input"), said = room.querySelector("[data-said]"), asked = 0;
  var sums = Array.prototype.map.call(document.querySelectorAll("[data-sum]"), function (row) {
    return { sum: row.getAttribute("data-sum"), of: row.getAttribute("data-of") };
  });

  function say(word, kind, more) {
    said.textContent = said.getAttribute("data-" + word) + (more ? " " + more : "");
    said.className = kind ? "notice " + kind : "hint";
  }

  function read(file) {
    return new Promise(function (done, failed) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.onerror = function () { failed(reader.error); };
      reader.readAsArrayBuffer(file);
    });
  }

  function check(file) {
    var mine = ++asked;
    say("reading", "");
    read(file).then(function (content) { return subtle.digest("SHA-256", content); }).then(function (digest) {
      var hex = Array.prototype.map.call(new Uint8Array(digest), function (byte) {
        return ("0" + byte.toString(16)).slice(-2);
      }).join("");
      var found = sums.filter(function (one) { return one.sum === hex; })[0];
      if (mine === asked) { say(found ? "matches" : "differs", found ? " " : "notice--bad", found ? found.of : ""); }
    }).catch(function () { if (mine === asked) { say("unread", "notice--bad"); } });
  }

  input.addEventListener("change", function () { if (input.files.length) { check(input.files[0]); } });
  ["dragover", "drop"].forEach(function (name) {
    room.addEventListener(name, function (event) {
      event.preventDefault();
      if (name === "drop" && event.dataTransfer.files.length) { check(event.dataTransfer.files[0]); }
    });
  });
  room.hidden = false;
})();
