/* A phone that was reported lost: hand over what waits in its outbox, then keep nothing.
   Loaded on the page of a revoked phone and on the page that binds it anew. The outbox's own
   sending is held back meanwhile by its lock, so that each report takes one road only.
   An item goes only after its receipt; whatever fails is tried again at the next visit. */
(function () {
  "use strict";
  if (!window.fetch || !window.indexedDB || !window.crypto || !crypto.subtle) return;
  var script = document.currentScript, CALL = { credentials: "same-origin", redirect: "error", cache: "no-store" };

  async function ask(url, body) {
    var options = Object.assign({ headers: { Accept: "application/json" } }, CALL);
    if (body) { options.method = "POST"; options.body = body; }
    var answer = await fetch(url, options);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  function load(src) {
    return new Promise(function (done, fail) {
      if (window.Kotak) { done(); return; }
      var tag = document.createElement("script");
      tag.src = src; tag.onload = done; tag.onerror = fail;
      document.head.appendChild(tag);
    });
  }
  function posted(csrf, fields) {
    var body = new FormData();
    body.append("csrfmiddlewaretoken", csrf);
    Object.keys(fields).forEach(function (name) { body.append(name, fields[name]); });
    return body;
  }
  async function handOver(id, csrf) {
    var item = await Kotak.edit(id);
    if (!item) return;
    var body = posted(csrf, { client_id: id, kind: item.kind || "", url: item.url || "", receipt: item.receipt || "", fields: JSON.stringify(item.fields || {}) });
    var photos = item.photos && Kotak.photos ? await Kotak.photos(id) : [];
    photos.forEach(function (photo) { body.append("document", photo.blob, photo.blob.type === "application/pdf" ? "foto.pdf" : "foto.jpg"); });
    var answer = await ask("/hp/titip/", body);
    if (!answer.receipt || answer.client_id !== id) throw new Error("no receipt");
    await Kotak.remove(id);
  }
  /* One item that cannot be handed over does not hold back the others, but nothing is wiped then. */
  async function empty(csrf) {
    await load(script.dataset.kotak);
    await Kotak.ready;
    var rows = await Kotak.list(), failed = null;
    for (var n = 0; n < rows.length; n++) {
      try { await handOver(rows[n].id, csrf); } catch (error) { failed = error; }
    }
    if (failed || (await Kotak.list()).length) throw failed || new Error("more came in");
    await Kotak.wipe();
    try { localStorage.clear(); sessionStorage.clear(); } catch (e) { /* not allowed: then nothing is there */ }
    if (window.caches) await Promise.all((await caches.keys()).map(function (name) { return caches.delete(name); }));
    await ask("/hp/titip/", posted(csrf, { wiped: "1" }));
  }
  async function begin() {
    var told = await ask("/hp/keadaan/");
    if (told.state !== "revoked") return;
    var act = function () { return empty(told.csrf); };
    await (navigator.locks ? navigator.locks.request("kotak", act) : act());
    var note = document.querySelector("[data-hp-note]");
    if (note) note.textContent = "Semua yang menunggu sudah diserahkan ke kantor kecamatan. HP ini sudah dikosongkan.";
  }
  begin().catch(function () { /* no signal, or an answer lost: the next visit goes on from here */ });
})();
