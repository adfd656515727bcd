/* The kader's form: a fresh client id per report, the same id for a second try of the same report.
   The page and its id may come from a cache, so the id of the page is not trusted to be new.
   Only a short digest of what was typed is kept, in this tab, never the words. */
(function () {
  "use strict";
  var box = document.querySelector('input[name="client_id"]');
  if (!box || !box.form) return;
  var form = box.form, tried = false;

  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x + 256).toString(16).slice(1); }).join("");
    return h.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  /* Two 32-bit sums over the text fields: enough to tell "same" from "changed". */
  function digest() {
    var a = 2166136261, b = 3421674724;
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== "string" || /^(client_id|csrfmiddlewaretoken|confirmed)$/.test(name)) return;
      var text = name + "\u0001" + value.trim() + "\u0002";
      for (var i = 0; i < text.length; i++) {
        a = Math.imul(a ^ text.charCodeAt(i), 16777619);
        b = Math.imul(b ^ text.charCodeAt(i), 1540483477);
      }
    });
    return (a >>> 0).toString(36) + "." + (b >>> 0).toString(36);
  }
  function last() { try { return JSON.parse(sessionStorage.laporan) || {}; } catch (e) { return {}; } }
  function keep(id, text) { try { sessionStorage.laporan = JSON.stringify({ id: id, text: text }); } catch (e) { /* no storage */ } }

  form.addEventListener("submit", function (event) {
    var button = form.querySelector(".sendbar .btn, [type=submit], button:not([type])");
    if (button && button.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
    var text = digest(), before = last();
    if (before.text === text) box.value = before.id;   /* the same report again: the first receipt answers */
    else if (!tried) box.value = newId();              /* another report, also from a cached page */
    tried = true;                                      /* mended before it left: the id stays */
    keep(box.value, text);
    if (button) {
      button.setAttribute("aria-disabled", "true");
      button.dataset.words = button.textContent;
      button.textContent = "Mengirim…";
      setTimeout(function () { wake(button); }, 20000);   /* a dead signal must not lock the button */
    }
  });
  function wake(button) {
    if (!button || !button.dataset.words) return;
    button.textContent = button.dataset.words;
    delete button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
  /* Back from the receipt, with or without the browser's page cache: what is typed now is a new report. */
  window.addEventListener("pageshow", function () {
    tried = false;
    wake(form.querySelector("[aria-disabled=true]"));
  });
})();
