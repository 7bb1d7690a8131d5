/* A file of settlements is put into the form as text, so that it is sent with it; without this, rows are pasted. */
(function () {
  "use strict";
  var form = document.querySelector("[data-settle]"), room = form && form.querySelector("[data-file]");
  if (!room || !window.FileReader) { return; }
  var file = room.querySelector("input[type=file]"), said = room.querySelector("[data-said]"), MOST = 2000000;
  room.hidden = false;
  file.addEventListener("change", function () {
    var chosen = file.files[0], reader = new FileReader();
    said.hidden = true;
    form.elements.content.value = "";
    if (!chosen) { return; }
    if (chosen.size > MOST) {
      said.textContent = file.getAttribute("data-limit");
      said.hidden = false;
      file.value = "";
      return;
    }
    reader.onload = function () {
      form.elements.content.value = String(reader.result).split(",")[1] || "";
      form.elements.name.value = chosen.name;
    };
    reader.readAsDataURL(chosen);
  });
})();
