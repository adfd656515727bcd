/* Kotak kirim: what waits on this phone for a signal, and drafts. Also read by the service worker.
   Everything is encrypted (AES-GCM, a key that cannot leave the browser) and stands in IndexedDB
   "kotak". An item leaves only on an answer of ours with its receipt and its own client_id.

   Kotak.ready                 rejects where the browser cannot do it: then the plain form is used
   Kotak.put(item) -> id       {kind, url, fields: {name: value | [values]}, title, words, photos:
                               [Blob | {part, blob}], version, who, id}; the id is the client_id; the
                               id of a waiting item replaces it
   Kotak.list(kind) -> [item with at, tries, reason, code, state, errors, confirm, stored; photos: n]
                               state: menunggu (goes by itself) | dilihat (a person must look) | foto
   Kotak.photos(id) -> [{part, blob}]
   Kotak.send(id to go first), retry(id), edit(id) -> item with its errors, remove(id), shareText(id), wipe()
   Kotak.draft(key) -> {save(fields), load(), clear()}   kept for 72 hours
   Kotak.on("change" | "sent", fn)                       sent: (id, receipt, item, answer) */
(function (scope) {
  "use strict";
  if (scope.Kotak) return;
  var HOUR = 3600000, DRAFT = 72 * HOUR, NEVER = 8640000000000000, TURN = 40000;
  var MARK = "/kotak-kirim/tanda/", SHELVES = ["kunci", "isi", "foto", "draf"];
  var heard = { change: [], sent: [] }, db, key, tail = Promise.resolve(), busy = 0, fetched = null;
  var page = typeof document !== "undefined", script = page && document.currentScript;
  var channel = scope.BroadcastChannel ? new BroadcastChannel("kotak") : null;
  var REASONS = {
    "K-0": "Tidak ada sinyal. Terkirim sendiri kalau sinyal kembali.",
    "K-1": "Jaringan terlalu lambat. Dicoba lagi sendiri.",
    "K-2": "Jaringan meminta masuk dulu (WiFi). Buka peramban, masuk ke WiFi itu, lalu kirim ulang.",
    "K-3": "Waktu masuk sudah habis. Masuk lagi dengan akun Anda, lalu terkirim sendiri.",
    "K-4": "Jawaban kantor tidak lengkap. Dicoba lagi sendiri.",
    "K-400": "Ada isian yang tidak terbaca. Ubah lalu kirim lagi, atau hubungi kantor kecamatan.",
    "K-403": "Izin halaman sudah lewat. Kirim ulang; kalau tetap tidak bisa, hubungi kantor kecamatan.",
    "K-404": "Alamat formulir ini tidak berlaku lagi. Hubungi kantor kecamatan dan sebutkan kode ini.",
    "K-409": "Data ini sudah diisi lebih dulu. Periksa, lalu kirim ulang atau hapus.",
    "K-413": "Fotonya terlalu besar. Ubah lalu pilih foto yang lebih kecil.",
    "K-422": "Ada yang perlu diperiksa. Ubah lalu kirim lagi.",
    "K-429": "Terlalu banyak laporan sekaligus. Dicoba lagi sendiri."
  };
  function reason(code) { return REASONS[code] || (code < "K-5" ? "Belum diterima. Hubungi kantor kecamatan dan sebutkan kode ini." : "Portal kantor sedang terganggu. Dicoba lagi sendiri."); }

  /* --- The store --- */

  function asked(request) {
    return new Promise(function (done, fail) {
      request.onsuccess = function () { done(request.result); };
      request.onerror = function () { fail(request.error); };
    });
  }
  function open() {
    var request = indexedDB.open("kotak", 1);
    request.onupgradeneeded = function () { SHELVES.forEach(function (name) { request.result.createObjectStore(name); }); };
    return asked(request);
  }
  /* One transaction; resolves when it is durable, with what act's request answered. */
  function within(names, mode, act) {
    return new Promise(function (done, fail) {
      var change = db.transaction(names, mode), answer = act.apply(null, [].concat(names).map(function (n) { return change.objectStore(n); }));
      change.oncomplete = function () { done(answer && answer.result); };
      change.onabort = change.onerror = function () { fail(change.error); };
    });
  }
  function read(shelf, id) { return within(shelf, "readonly", function (s) { return s.get(id); }); }
  function all(shelf) { return within(shelf, "readonly", function (s) { return s.getAll(); }); }
  function drop(shelf, id) { return within(shelf, "readwrite", function (s) { s.delete(id); }); }
  function ofItem(id) { return IDBKeyRange.bound(id + "/", id + "/\uffff"); }

  async function begin() {
    if (!scope.indexedDB || !scope.crypto || !crypto.subtle) throw new Error("no store");
    db = await open();
    db.onversionchange = function () { db.close(); };
    var fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await within("kunci", "readwrite", function (s) {          /* two pages at once: the first key stands */
      var known = s.get("kunci");
      known.onsuccess = function () { if (!known.result) s.put(fresh, "kunci"); };
    });
    key = await read("kunci", "kunci");
    var now = Date.now();
    await within("draf", "readwrite", function (s) {
      var walk = s.openCursor();
      walk.onsuccess = function () {
        if (!walk.result) return;
        if (walk.result.value.until < now) walk.result.delete();
        walk.result.continue();
      };
    });
  }

  async function seal(buffer) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv: iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, key, buffer) };
  }
  function unseal(row) { return crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, key, row.box); }
  async function wrap(value) { return seal(new TextEncoder().encode(JSON.stringify(value))); }
  async function unwrap(row) { return JSON.parse(new TextDecoder().decode(await unseal(row))); }

  async function item(id) { var row = await read("isi", id); return row && unwrap(row); }
  async function items() {
    var rows = await all("isi"), found = [];
    for (var n = 0; n < rows.length; n++) {
      try { found.push(await unwrap(rows[n])); } catch (e) { /* another key's: nobody can read it */ }
    }
    return found.sort(function (a, b) { return a.at - b.at; });
  }
  async function keep(it) {
    var row = await wrap(it);
    await within("isi", "readwrite", function (s) { s.put(row, it.id); });
  }
  /* Writes back what a try changed, unless the person has taken the item in hand meanwhile. */
  async function note(it, change) {
    var now = await item(it.id);
    if (!now || now.rev !== it.rev) return false;
    await keep(Object.assign(it, change));
    return true;
  }

  function hex() { return Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1); }).join(""); }
  function emit(name, args, far) {
    heard[name].forEach(function (fn) { fn.apply(null, args); });
    if (channel && !far) try { channel.postMessage([name, args]); } catch (e) { /* closing */ }
  }
  if (channel) channel.onmessage = function (event) { emit(event.data[0], event.data[1], true); };

  /* --- In and out --- */

  async function put(given) {
    await api.ready;
    var id = given.id || hex(), was = await item(id), photos = [];
    var it = Object.assign({}, given, { id: id, at: was ? was.at : Date.now(), rev: was ? was.rev + 1 : 1, tries: 0, next: 0, state: "menunggu", code: "", reason: "", errors: null, photos: was ? was.photos : 0 });
    for (var n = 0; n < (given.photos || []).length; n++) {
      var one = given.photos[n], part = one.part || hex(), blob = one.blob || one;
      var row = await seal(await new Response(blob).arrayBuffer());
      photos.push(Object.assign(row, { id: id + "/" + part, part: part, type: blob.type }));
    }
    if (photos.length) it.photos = photos.length;
    var sealed = await wrap(it);
    await within(["isi", "foto"], "readwrite", function (isi, foto) {
      isi.put(sealed, id);
      if (photos.length) foto.delete(ofItem(id));              /* other photos were chosen */
      photos.forEach(function (p) { foto.put(p, p.id); });
    });
    if (page) lasting();
    emit("change", []);
    return id;
  }
  async function lasting() {
    try { if (navigator.storage && !(await navigator.storage.persisted())) navigator.storage.persist(); } catch (e) { /* asked for, not needed */ }
    try { (await navigator.serviceWorker.ready).sync.register("kotak"); } catch (e) { /* the page sends */ }
  }
  function forget(id) {
    return within(["isi", "foto"], "readwrite", function (isi, foto) { isi.delete(id); foto.delete(ofItem(id)); });
  }
  async function remove(id) { await api.ready; await forget(id); emit("change", []); }

  async function list(kind) {
    await api.ready;
    return (await items()).filter(function (it) { return !kind || it.kind === kind; });
  }
  async function edit(id) {
    await api.ready;
    var it = await item(id);
    if (it && it.state === "menunggu") await note(it, { next: Date.now() + HOUR / 4 });  /* not sent under her hands */
    return it;
  }
  async function retry(id) {
    await api.ready;
    var it = await item(id);
    if (it) await note(it, { next: 0, state: it.receipt ? "foto" : "menunggu" });
    return send(id);
  }
  async function shareText(id) {
    await api.ready;
    var it = await item(id);
    if (!it) return "";
    return it.words || Object.keys(it.fields || {}).map(function (name) { return name + ": " + it.fields[name]; }).join("\n");
  }

  /* --- Sending --- */

  async function call(url, options, seconds) {
    var stop = scope.AbortController ? new AbortController() : null, timer;
    var late = new Promise(function (_, fail) {
      timer = setTimeout(function () { fail({ code: "K-1" }); if (stop) stop.abort(); }, seconds * 1000);
    });
    var asking = (async function () {
      var answer = await fetch(url, Object.assign({ credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop ? stop.signal : undefined }, options));
      var text = answer.type === "opaqueredirect" ? "" : await answer.text(), said = null;
      try { said = JSON.parse(text); } catch (e) { /* a page, not an answer */ }
      return { status: answer.status, away: answer.type === "opaqueredirect", said: said, wait: +(answer.headers.get("Retry-After") || 0) };
    })();
    try { return await Promise.race([asking, late]); }
    catch (error) { throw error && error.code && /^K/.test(error.code) ? error : { code: "K-0" }; }
    finally { clearTimeout(timer); }
  }
  /* A fresh CSRF token; the mark in it tells our answer from the page of a WiFi's door. */
  async function mark() {
    if (scope.navigator && navigator.onLine === false) throw { code: "K-0" };
    var got = await call(MARK, { headers: { Accept: "application/json", "X-Kotak": "1" } }, 20);
    if (got.said && got.said.kotak === "kempling") return got.said;
    throw { code: got.status >= 500 ? "K-" + got.status : "K-2" };
  }
  function body(it, csrf, photos) {
    var sent = photos.length ? new FormData() : new URLSearchParams();
    Object.keys(it.fields).forEach(function (name) {
      [].concat(it.fields[name]).forEach(function (value) { if (name !== "csrfmiddlewaretoken" && name !== "client_id") sent.append(name, value); });
    });
    sent.append("csrfmiddlewaretoken", csrf);
    sent.append("client_id", it.id);
    photos.slice(0, 1).forEach(function (p) { sent.append("document", p.blob, p.blob.type === "application/pdf" ? "foto.pdf" : "foto.jpg"); });
    return sent;
  }
  function later(it, got) {
    var soon = Math.min(30000 * Math.pow(2, it.tries), HOUR / 2);
    if (got.status === 429) return Math.max(got.wait * 1000, 5000);
    if (got.status >= 500 || got.status === 403) return soon;
    return got.status === 422 ? NEVER : 6 * HOUR;              /* others may be mended at the office */
  }
  /* true when the item's report is stored over there. Throws {code} when nothing answered. */
  async function deliver(it, csrf) {
    var legacy = it.photos && page && !(await photoSender()) ? await photosOf(it.id) : [];
    if (it.photos && !legacy.length && it.kind === "laporan") it.fields.photos_expected = String(it.photos);
    var got = await call(it.url, { method: "POST", body: body(it, csrf, legacy), headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", "X-Kotak": "1" } }, legacy.length ? 90 : 20);
    var said = got.said || {}, receipt = said.receipt || said.measurement || said.stored;
    if ((got.status === 200 || got.status === 201) && receipt && said.client_id === it.id) {
      await received(it, String(receipt), said, legacy.length > 0);
      return;
    }
    if (got.away) throw { code: "K-3" };
    if (got.status < 400) throw { code: got.said ? "K-4" : "K-2" };
    var code = "K-" + got.status, looks = got.status < 500 && got.status !== 429 && got.status !== 403;
    var sentence = got.status !== 422 && said.errors && said.errors.__all__ ? said.errors.__all__.join(" ") : reason(code);
    await note(it, { tries: it.tries + 1, next: Date.now() + later(it, got), state: looks ? "dilihat" : "menunggu", code: code, reason: sentence, errors: said.errors || null, confirm: said.confirm || null, stored: said.stored });
  }
  async function received(it, receipt, said, whole) {
    var left = { id: it.id, kind: it.kind, url: it.url, at: it.at, rev: it.rev, tries: 0, next: 0, state: "foto", code: "", reason: "Laporan sudah diterima, fotonya menunggu.", title: "Foto laporan " + receipt, receipt: receipt, photos: it.photos, fields: {} };
    var now = await item(it.id);
    if (now && now.rev === it.rev) {                           /* else it was changed under way: that one goes next */
      if (it.photos && !whole) await keep(left); else await forget(it.id);
    }
    if (it.kind === "laporan") photoSender().then(function (sender) { if (sender) sender.remember(receipt); });  /* Laporan saya di HP ini */
    if (it.kind === "laporan") await within("kunci", "readwrite", function (s) { s.put(receipt, "resi/" + receipt); });
    emit("sent", [it.id, receipt, { kind: it.kind, url: it.url, photos: it.photos }, said]);
  }

  /* --- Photos, after the receipt (foto.js) --- */

  function photoSender() {
    if (scope.Foto || !page || !script || !script.dataset.foto) return Promise.resolve(scope.Foto);
    return fetched = fetched || new Promise(function (done) {
      var tag = document.createElement("script");
      tag.src = script.dataset.foto;
      tag.onload = function () { done(scope.Foto); };
      tag.onerror = function () { fetched = null; done(); };
      document.head.appendChild(tag);
    });
  }
  async function photosOf(id) {
    var rows = await within("foto", "readonly", function (s) { return s.getAll(ofItem(id)); }), found = [];
    for (var n = 0; n < rows.length; n++) found.push({ part: rows[n].part, blob: new Blob([await unseal(rows[n])], { type: rows[n].type }) });
    return found;
  }
  async function deliverPhotos(it) {
    var sender = await photoSender();
    if (!sender) return;
    var parts = await photosOf(it.id), gone = [];
    var told = parts.length ? await sender.send(it.url, { client_id: it.id, receipt: it.receipt }, parts, function (part) { gone.push(drop("foto", it.id + "/" + part)); }) : { left: [] };
    await Promise.all(gone);
    if (!told.left.length) { await forget(it.id); return; }
    await note(it, { tries: it.tries + 1, next: Date.now() + Math.min(30000 * Math.pow(2, it.tries), HOUR / 2), photos: told.left.length, code: told.code || "K-0", reason: told.reason || it.reason });
  }

  /* Words first, photos after them; the one a person is waiting for before all others. */
  async function sendAll(first) {
    var way = await trip(first, false);
    if (way && !api.leaving) await trip(first, true);          /* else the next page sends them */
  }
  /* Each item by itself: what one meets does not hold back the others. False: no way out. */
  async function trip(first, photos) {
    var due = (await items()).filter(function (it) { return it.next <= Date.now() && (it.state === "foto") === photos; }), way = true;
    due.sort(function (a, b) { return (b.id === first) - (a.id === first) || a.at - b.at; });
    for (var n = 0; n < due.length; n++) {
      var it = due[n], ours = null;
      try {
        ours = await mark();
        if (ours.revoked) { if (page) location.assign("/masuk/pin/"); throw { code: "K-3" }; }   /* hp.js hands it over there */
        if (it.who && ours.who !== it.who) throw { code: "K-3" };
        if (it.state === "foto") await deliverPhotos(it); else await deliver(it, ours.csrf);
      } catch (error) {
        var code = error && error.code && /^K/.test(error.code) ? error.code : "K-4";
        var same = { code: code, reason: it.state === "foto" ? it.reason : reason(code), state: it.state === "foto" ? "foto" : "menunggu" };
        if (!ours) {                                           /* no way out at all: the same for every one */
          for (; n < due.length; n++) await note(due[n], due[n].state === "menunggu" ? same : {});
          way = false;
          break;
        }
        await note(it, Object.assign(same, { tries: it.tries + 1 }));
      }
      emit("change", []);
    }
    if (due.length) emit("change", []);
    return way;
  }
  /* One round after another, also among tabs and the service worker. */
  function send(first) {
    function all() { return sendAll(first); }
    var round = tail.then(async function () {
      await api.ready;
      busy++;
      try { return await (scope.navigator && navigator.locks ? navigator.locks.request("kotak", all) : all()); }
      finally { busy--; }
    });
    tail = round.catch(function () {});
    return round;
  }

  /* --- Drafts --- */

  function draft(name) {
    return {
      save: async function (fields) {
        await api.ready;
        var row = Object.assign(await wrap({ at: Date.now(), fields: fields }), { until: Date.now() + DRAFT });
        await within("draf", "readwrite", function (s) { s.put(row, name); });
      },
      load: async function () {
        await api.ready;
        var row = await read("draf", name);
        try { return row && row.until > Date.now() ? await unwrap(row) : null; } catch (e) { return null; }
      },
      clear: async function () { await api.ready; await drop("draf", name); }
    };
  }
  async function wipe() {
    await api.ready;
    await within(["isi", "foto", "draf"], "readwrite", function (a, b, c) { a.clear(); b.clear(); c.clear(); });
    indexedDB.deleteDatabase("laporan-hp");                    /* the codes of what was sent, too */
    emit("change", []);
  }

  var api = scope.Kotak = {
    ready: null, leaving: false, put: put, list: list, send: send, retry: retry, edit: edit, remove: remove, shareText: shareText,
    draft: draft, wipe: wipe, foto: photoSender, photos: photosOf,
    on: function (name, fn) { heard[name].push(fn); }
  };
  api.ready = begin();
  api.ready.catch(function () { /* the plain form does it */ });
  if (!page) return;

  /* --- On a page: when to try, and the banner --- */

  function sendIfAny() {
    if (busy || document.visibilityState === "hidden") return;
    list().then(function (rows) { if (rows.length) return send(); }).catch(function () {});
  }
  setInterval(sendIfAny, TURN);
  window.addEventListener("online", function () { setTimeout(sendIfAny, 500); });
  document.addEventListener("visibilitychange", sendIfAny);

  function since(at) {
    var minutes = Math.floor((Date.now() - at) / 60000);
    if (minutes < 60) return minutes < 2 ? "baru saja" : minutes + " menit lalu";
    return minutes < 48 * 60 ? Math.floor(minutes / 60) + " jam lalu" : Math.floor(minutes / 1440) + " hari lalu";
  }
  api.since = since;
  async function banner() {
    var box = document.querySelector("[data-kotak]");
    if (!box) return;
    var rows = await list().catch(function () { return []; });
    var look = rows.filter(function (row) { return row.state === "dilihat"; }).length;
    box.hidden = !rows.length;
    if (!rows.length) return;
    var link = box.querySelector("a") || box.appendChild(document.createElement("a"));
    link.href = "/kotak-kirim/";
    link.textContent = rows.length + " kiriman menunggu di HP ini, yang terlama disimpan " + since(rows[0].at) + (look ? "; " + look + " perlu dilihat" : "") + ". Buka kotak kirim";
  }
  api.on("change", banner);
  /* The codes of what was sent, also by the service worker, for "Laporan saya" on this phone. */
  async function receipts() {
    var range = IDBKeyRange.bound("resi/", "resi/\uffff");
    var codes = await within("kunci", "readonly", function (s) { return s.getAll(range); }), shelf = codes.length && await photoSender();
    if (!shelf) return;
    await Promise.all(codes.map(shelf.remember));
    await within("kunci", "readwrite", function (s) { s.delete(range); });
    emit("change", []);
  }
  function loaded() {
    banner();
    api.ready.then(sendIfAny).then(receipts).catch(function () {});
  }
  /* After the page's other scripts, which want to hear what is sent. */
  if (document.readyState === "complete") loaded(); else document.addEventListener("DOMContentLoaded", loaded);
  if (navigator.serviceWorker) window.addEventListener("load", function () {
    navigator.serviceWorker.register("/sw.js").then(function () { return navigator.serviceWorker.ready; }).then(function (there) {
      there.active.postMessage({ keep: location.pathname });   /* the page of the first visit, for the second */
    }).catch(function () { /* no worker: the page alone sends */ });
  });
})(typeof self !== "undefined" ? self : window);
