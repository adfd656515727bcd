/* Photos: made small on the phone, then sent one by one, each on its own, after the report.
   A photo leaves the phone only on a JSON answer that names it; what is no answer of ours (a
   captive portal, a timeout, 5xx) keeps it.

   Foto.shrink(file)  -> Promise<Blob>   upright JPEG, long side 1280 px, 150 kB at most; PDFs and
                                         what cannot be decoded stay as they are. Rejects with a
                                         sentence (error.words) when that is over 8 MB.
   Foto.parts(files)  -> Promise<[{part, blob}]>   each file once; rejects with error.words
                                         when there are more than 10
   Foto.send(url, {client_id, receipt}, parts, done) -> Promise<{stored, expected, left, reason,
                                         code}>; url is the form's address. done(part, stored) is
                                         called when a part may be forgotten: stored, or no longer
                                         wanted because the report is decided.
   Foto.remember(receipt), list() -> Promise<[{code, at}]>, forget(): what this phone sent, as codes
   and moments. Also read by the service worker. */
self.Foto = (function () {
  "use strict";
  var SIDE = 1280, BYTES = 150000, RAW = 8 * 1024 * 1024, FILES = 10, WAIT = 90000, SHELF = "laporan-hp";
  var TOO_MANY = "Paling banyak 10 foto untuk satu laporan. Pilih lagi yang paling jelas.";
  var TOO_BIG = "Berkas ini lebih dari 8 MB. Ambil fotonya lagi, atau kirim tanpa foto dahulu.";

  /* --- Small and upright --- */

  function isPdf(file) { return file.type === "application/pdf" || /\.pdf$/i.test(file.name || ""); }

  function asItIs(file) {
    if (file.size <= RAW) return file;
    var error = new Error("too big");
    error.words = TOO_BIG;
    throw error;
  }

  function shrink(file) {
    if (isPdf(file)) return Promise.resolve(file).then(asItIs);
    return Promise.all([decode(file), header(file)]).then(function (both) {
      var picture = both[0], exif = both[1], width = picture.width, height = picture.height;
      if (exif.plain && file.size <= BYTES && Math.max(width, height) <= SIDE) return file;
      var turn = turnedAlready(exif, width, height) ? 1 : exif.turn;
      return squeeze(picture, width, height, turn, Math.min(SIDE, Math.max(width, height)), 0.82);
    }).catch(function () { return asItIs(file); });
  }

  function decode(file) {
    if (!self.createImageBitmap) return element(file);
    return createImageBitmap(file, { imageOrientation: "from-image" })
      .catch(function () { return createImageBitmap(file); })   /* older phones know no such option */
      .catch(function () { return element(file); });
  }

  function element(file) {
    return new Promise(function (resolve, reject) {
      var picture = new Image(), url = URL.createObjectURL(file);
      picture.onload = function () { URL.revokeObjectURL(url); resolve(picture); };
      picture.onerror = function () { URL.revokeObjectURL(url); reject(new Error("no picture")); };
      picture.src = url;
    });
  }

  /* What the first bytes of a JPEG say: its EXIF turn (1-8), its width and height as stored. */
  function header(file) {
    return new Response(file.slice(0, 262144)).arrayBuffer().then(function (buffer) {
      var view = new DataView(buffer), at = 2, found = { turn: 1, plain: false };
      if (view.getUint16(0) !== 0xFFD8) return found;
      found.plain = true;
      while (at + 9 < view.byteLength) {
        var mark = view.getUint16(at), size = view.getUint16(at + 2);
        if ((mark & 0xFF00) !== 0xFF00) break;
        if (mark === 0xFFE1) { found.plain = false; found.turn = turnOf(view, at + 4, size) || found.turn; }
        if (mark >= 0xFFC0 && mark <= 0xFFC2) { found.height = view.getUint16(at + 5); found.width = view.getUint16(at + 7); break; }
        at += 2 + size;
      }
      return found;
    }).catch(function () { return { turn: 1, plain: false }; });
  }

  function turnOf(view, at, size) {
    if (view.getUint32(at) !== 0x45786966) return 0;             /* "Exif" */
    var base = at + 6, little = view.getUint16(base) === 0x4949, end = Math.min(at + size, view.byteLength);
    var list = base + view.getUint32(base + 4, little), many = view.getUint16(list, little);
    for (var n = 0, row = list + 2; n < many && row + 12 <= end; n++, row += 12) {
      if (view.getUint16(row, little) === 0x0112) return view.getUint16(row + 8, little);
    }
    return 0;
  }

  /* Whether the browser turned it by itself: its sides tell, else what it says of itself. */
  function turnedAlready(exif, width, height) {
    if (exif.turn > 4 && exif.width && exif.width !== exif.height) return width === exif.height && height === exif.width;
    return !!(self.CSS && CSS.supports && CSS.supports("image-orientation", "from-image"));
  }

  var TURNS = { 2: [-1, 0, 0, 1, 1, 0], 3: [-1, 0, 0, -1, 1, 1], 4: [1, 0, 0, -1, 0, 1], 5: [0, 1, 1, 0, 0, 0], 6: [0, 1, -1, 0, 1, 0], 7: [0, -1, -1, 0, 1, 1], 8: [0, -1, 1, 0, 0, 1] };

  function draw(picture, width, height, turn, side) {
    var by = side / Math.max(width, height), w = Math.max(1, Math.round(width * by)), h = Math.max(1, Math.round(height * by));
    var canvas = document.createElement("canvas"), lies = turn > 4;
    canvas.width = lies ? h : w;
    canvas.height = lies ? w : h;
    var pen = canvas.getContext("2d"), t = TURNS[turn];
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "#fff";                                      /* a transparent PNG on white paper */
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if (t) pen.transform(t[0], t[1], t[2], t[3], t[4] * canvas.width, t[5] * canvas.height);
    pen.drawImage(picture, 0, 0, w, h);
    return canvas;
  }

  /* Step down in quality first, then in size: words on a KK stay readable the longest that way. */
  function squeeze(picture, width, height, turn, side, quality) {
    var canvas = draw(picture, width, height, turn, side);
    return (function step() {
      return new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", quality); }).then(function (blob) {
        if (!blob) throw new Error("no canvas");
        if (blob.size <= BYTES) { if (picture.close) picture.close(); return blob; }
        quality -= 0.1;
        if (quality >= 0.4) return step();
        return side > 320 ? squeeze(picture, width, height, turn, Math.round(side * 0.8), 0.72) : blob;
      });
    })();
  }

  /* --- One by one --- */

  function newPart() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }

  /* One after the other: two pictures unpacked at once are more than an old phone holds. */
  function parts(files) {
    var seen = {}, chosen = Array.prototype.filter.call(files, function (file) {
      var key = [file.name, file.size, file.lastModified].join("|");
      return !seen[key] && (seen[key] = true);
    }), made = [];
    if (chosen.length > FILES) return Promise.reject(Object.assign(new Error("too many"), { words: TOO_MANY }));
    return chosen.reduce(function (before, file) {
      return before.then(function () { return shrink(file); }).then(function (blob) { made.push({ part: newPart(), blob: blob }); });
    }, Promise.resolve()).then(function () { return made; });
  }

  function nameOf(blob) {
    return "foto." + (isPdf(blob) ? "pdf" : (/^image\/(\w{1,5})$/.exec(blob.type) || [0, "jpg"])[1]);
  }

  function post(url, ids, item) {
    var body = new FormData(), stop = self.AbortController && new AbortController();
    body.append("client_id", ids.client_id);
    body.append("receipt", ids.receipt);
    body.append("part", item.part);
    body.append("file", item.blob, nameOf(item.blob));
    var timer = setTimeout(function () { if (stop) stop.abort(); }, WAIT);
    return fetch(url.replace(/[?#].*$/, "").replace(/\/?$/, "/foto/"), {
      method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin",
      redirect: "error", signal: stop ? stop.signal : undefined
    }).then(function (answer) {
      clearTimeout(timer);
      return answer.json().then(function (said) { return { status: answer.status, said: said }; });
    }, function (error) { clearTimeout(timer); throw error; });
  }

  /* What our own answer says is wrong; another portal's page says nothing. */
  function wordsOf(said) {
    var errors = said.errors || {};
    return Object.keys(errors).map(function (name) { return [].concat(errors[name]).join(" "); }).join(" ");
  }

  function send(url, ids, items, done) {
    var result = { stored: 0, expected: 0, left: [], reason: "", code: "" };
    return items.reduce(function (before, item) {
      return before.then(function () { return post(url, ids, item); }).then(function (reply) {
        var said = reply.said || {}, words = wordsOf(said);
        if (reply.status === 200 && said.part === item.part) {
          result.stored = said.stored;
          result.expected = said.expected;
          return done && done(item.part, true);
        }
        if (words && reply.status === 409) return done && done(item.part, false);
        throw Object.assign(new Error("kept"), { code: "K-" + reply.status, words: words });
      }).catch(function (error) {
        result.left.push(item.part);
        result.code = /^K/.test(error.code) ? error.code : "K-0";
        result.reason = error.words || "Foto belum terkirim. Foto tetap tersimpan di HP ini dan dikirim lagi nanti.";
      });
    }, Promise.resolve()).then(function () { return result; });
  }

  /* --- Codes of the reports this phone sent: no names, nothing else --- */

  /* In IndexedDB, so that the service worker can note what it sent while no page was open. */
  function shelf(mode, act) {
    return new Promise(function (resolve, reject) {
      var opening = indexedDB.open(SHELF, 1);
      opening.onupgradeneeded = function () { opening.result.createObjectStore("kode"); };
      opening.onerror = function () { reject(opening.error); };
      opening.onsuccess = function () {
        var db = opening.result, change = db.transaction("kode", mode), found = [];
        change.oncomplete = function () { db.close(); resolve(found); };
        change.onabort = change.onerror = function () { db.close(); reject(change.error); };
        act(change.objectStore("kode"), found);
      };
    });
  }
  function remember(code) {
    if (!/^[0-9A-Z-]{13,15}$/.test(code)) return Promise.resolve();
    return shelf("readwrite", function (codes) {
      var known = codes.get(code);                               /* seen again: the first day stands */
      known.onsuccess = function () { if (!known.result) codes.put(Date.now(), code); };
    }).catch(function () { /* no storage */ });
  }
  function list() {
    return shelf("readonly", function (codes, found) {
      var walk = codes.openCursor();
      walk.onsuccess = function () {
        if (!walk.result) return;
        found.push({ code: walk.result.key, at: walk.result.value });
        walk.result.continue();
      };
    }).then(function (found) { return found.sort(function (a, b) { return b.at - a.at; }).slice(0, 100); });
  }
  function forget() {
    return shelf("readwrite", function (codes) { codes.clear(); }).catch(function () { /* no storage */ });
  }

  /* A form that is sent whole (a correction) gets its photo made small in its own box. */
  function inItsBox(event) {
    var box = event.target, file = box.files && box.files[0];
    if (!file || !box.form || !box.form.hasAttribute("data-foto")) return;
    shrink(file).then(function (blob) {
      if (box.files[0] !== file || blob === file) return;
      var bag = new DataTransfer();
      bag.items.add(new File([blob], nameOf(blob), { type: blob.type }));
      box.files = bag.files;
    }).catch(function () { /* it goes as it is, and the portal says what is wrong */ });
  }
  if (typeof document !== "undefined") document.addEventListener("change", inItsBox);

  return { shrink: shrink, parts: parts, send: send, remember: remember, list: list, forget: forget };
})();
