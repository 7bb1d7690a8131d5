/* What is chosen for a form becomes a JPEG that can be sent: Picking(file, address of the compressor) → Promise of a Blob.

   refused   Error "empty" (nothing in it), "heic" (this browser can't read it), "kind" (no picture); "offline" without the compressor
   limited   all pixels, not the long edge: a long screenshot stays readable */
(function () {
  "use strict";
  var PIXELS = 2600000, LONG = 2.2, LONG_PIXELS = 6000000, BYTES = 5 * 1048576, loading = null;

  function compressor(address) {
    if (window.Compressor) { return Promise.resolve(window.Compressor); }
    if (!address) { return Promise.reject(new Error("offline")); }
    loading = loading || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = function () { done(window.Compressor); };
      script.onerror = function () { loading = null; failed(new Error("offline")); };
      document.head.appendChild(script);
    });
    return loading;
  }
  /* jpeg, png, webp, heic or "" by the first bytes: a name proves nothing */
  function kind(file) {
    return new Promise(function (done) {
      var reader = new FileReader();
      reader.onload = function () {
        var b = new Uint8Array(reader.result), text = String.fromCharCode.apply(null, b);
        done(b[0] === 0xff && b[1] === 0xd8 ? "jpeg" : text.slice(1, 4) === "PNG" ? "png" : text.slice(8, 12) === "WEBP" ? "webp"
          : text.slice(4, 8) === "ftyp" && /hei|hev|mif1|msf1|avif/.test(text.slice(8)) ? "heic" : "");
      };
      reader.onerror = function () { done(""); };
      reader.readAsArrayBuffer(file.slice(0, 32));
    });
  }
  function size(file) {
    return new Promise(function (done, failed) {
      var image = new Image(), address = URL.createObjectURL(file);
      image.onload = function () { URL.revokeObjectURL(address); done({ width: image.naturalWidth, height: image.naturalHeight }); };
      image.onerror = function () { URL.revokeObjectURL(address); failed(new Error("kind")); };
      image.src = address;
    });
  }
  function scaled(box) {
    var long = Math.max(box.width, box.height) / Math.max(1, Math.min(box.width, box.height)) > LONG;
    var share = Math.min(1, Math.sqrt((long ? LONG_PIXELS : PIXELS) / Math.max(1, box.width * box.height)));
    return { width: Math.max(1, Math.round(box.width * share)), height: Math.max(1, Math.round(box.height * share)) };
  }

  window.Picking = function (file, address) {
    if (!file.size) { return Promise.reject(new Error("empty")); }
    return kind(file).then(function (found) {
      return size(file).then(function (box) {
        if (!box.width || !box.height) { throw new Error("kind"); }
        return compressor(address).then(function (Compressor) {
          var most = scaled(box);
          return new Promise(function (done, failed) {
            new Compressor(file, {
              maxWidth: most.width, maxHeight: most.height, quality: 0.8, mimeType: "image/jpeg", convertSize: 0,
              success: function (blob) { if (blob && blob.size) { done(blob); } else { failed(new Error("kind")); } },
              error: function () { failed(new Error("kind")); }
            });
          });
        }, function (fault) {
          if (/jpeg|png|webp/.test(found) && file.size <= BYTES) { return file; } /* small enough as it is */
          throw fault;
        });
      }).catch(function (fault) { throw found === "heic" && fault.message === "kind" ? new Error("heic") : fault; });
    });
  };
})();
