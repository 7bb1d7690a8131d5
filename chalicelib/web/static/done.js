/* What a page says after a move, it says once: a reload, a bookmark or a copied address says it no more. */
(function () {
  "use strict";
  if (!window.history || !history.replaceState || !window.URLSearchParams) { return; }
  var left = new URLSearchParams(location.search);
  left.delete("done");
  history.replaceState(history.state, "", location.pathname + (String(left) ? "?" + left : "") + location.hash);
})();
