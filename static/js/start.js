/* The first script of a kader's page: small, so that the page is drawn and can be typed into at
   once. The others (data-first, data-then, data-last) are fetched together after the first drawing,
   run one after the other, and are fetched again when the signal fails.
   form[data-late] has such a script: "Kirim" pressed before it came waits for it; when it does not
   come, the form is sent as it stands, with the client id of its page.

   Start.all         the others have run ("start-all" on the document)
   Start.touched     something was typed before the form's script came
   Start.take()      it is there: from now on sending is its work
   Start.plainly()   sends the form as it stands; rejects when nothing of ours answers */
(function () {
  "use strict";
  if (!window.Promise || !window.fetch) return;
  var MARK = "/kotak-kirim/tanda/", PATIENCE = 8000, SLOW = 20000, AGAIN = 4000;
  var given = document.currentScript.dataset, scripts = [given.first, given.then, given.last].filter(Boolean);
  var form = document.querySelector("form[data-late]"), button = form && form.querySelector(".sendbar .btn");
  var begun = false, busy = false, failed = 0, next = 0, taken = false, held = 0, words = "", said = null;

  function make(tag, more) { return document.head.appendChild(Object.assign(document.createElement(tag), more)); }
  function begin() {
    if (begun) return;
    begun = true;
    run();
    scripts.slice(1).forEach(function (src) { make("link", { rel: "preload", as: "script", href: src }); });
  }
  function run() {
    clearTimeout(next);
    if (busy) return;
    if (!scripts.length) { all(); return; }
    busy = true;
    var tag = make("script", { src: scripts[0] });
    tag.onload = function () { busy = false; failed = 0; scripts.shift(); run(); };
    tag.onerror = function () { busy = false; next = setTimeout(run, AGAIN * ++failed); };
  }
  function all() {
    if (Start.all) return;
    Start.all = true;
    document.dispatchEvent(new Event("start-all"));
  }

  /* --- "Kirim" before the form's script --- */

  function hold(event) {
    if (taken) return;
    event.preventDefault();
    if (held) return;
    if (said) said.parentNode.removeChild(said);
    said = null;
    words = button.textContent;
    button.textContent = "Mengirim…";
    button.setAttribute("aria-disabled", "true");
    held = setTimeout(alone, PATIENCE);
    begin();
    run();
  }
  function release() {
    clearTimeout(held);
    held = 0;
    button.textContent = words;
    button.removeAttribute("aria-disabled");
  }
  function alone() {
    token().then(function () {
      if (taken) return;
      taken = true;
      form.submit();
    }).catch(function () {
      if (taken) return;
      release();
      said = document.createElement("p");
      said.className = "alert tone-kuning";
      said.setAttribute("role", "status");
      said.textContent = "Belum terkirim: tidak ada sinyal. Jangan tutup halaman ini, isian masih ada. Kirim lagi kalau sinyal kembali.";
      form.insertBefore(said, button.parentNode);
    });
  }
  /* The page may be one the phone kept, made without this phone's cookie: its CSRF token is fetched. */
  function token() {
    var late = new Promise(function (_, fail) { setTimeout(fail, SLOW); });
    var asked = fetch(MARK, { headers: { Accept: "application/json", "X-Kotak": "1" }, credentials: "same-origin", cache: "no-store" });
    return Promise.race([late, asked.then(function (answer) { return answer.json(); })]).then(function (told) {
      if (told.kotak !== "kempling") throw new Error("the door of a WiFi");
      form.elements.csrfmiddlewaretoken.value = told.csrf;
    });
  }
  function take() {
    if (taken) return;
    taken = true;
    if (!held) return;
    release();
    if (form.requestSubmit) form.requestSubmit(); else button.click();
  }

  window.Start = { all: false, touched: false, take: take, plainly: function () { return token().then(function () { form.submit(); }); } };
  if (form) {
    form.addEventListener("submit", hold);
    form.addEventListener("input", function () { Start.touched = true; });
    form.addEventListener("change", function () { Start.touched = true; });
  }
  window.addEventListener("online", run);
  setTimeout(begin, 2000);                               /* not in sight, or a browser that does not tell */
  try { new PerformanceObserver(begin).observe({ type: "paint", buffered: true }); } catch (e) { /* it does not */ }
})();
