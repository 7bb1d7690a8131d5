/* A button to print, shown only where the browser prints: those inside other apps have the call, and nothing behind it. */
(function () {
  "use strict";
  var place = document.querySelector("[data-print]"), inside = /MicroMessenger|; wv\)|DingTalk|AlipayClient|QQ\//;
  if (!place || typeof window.print !== "function" || inside.test(navigator.userAgent)) { return; }
  place.hidden = false;
  place.querySelector("button").addEventListener("click", function () { window.print(); });
})();
