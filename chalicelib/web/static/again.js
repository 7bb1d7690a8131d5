/* What is being made in the background is looked at again after a moment. */
(function () {
  "use strict";
  if (document.querySelector("[data-again]")) { setTimeout(function () { location.reload(); }, 2000); }
}());
