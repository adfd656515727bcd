/* The kader's form: drafts, and sending through the kotak kirim. Without it the form works as it is.
   start.js loads it after the first drawing and keeps what was typed and pressed before.
   A fresh client id per report, the same id for a second try of the same report: the page and its
   id may come from a cache, so the id of the page is not trusted to be new. Only a short digest of
   what was sent is kept, in this tab, never the words. */
(function () {
  "use strict";
  var box = document.querySelector('input[name="client_id"]');
  if (!box || !box.form) return;
  var form = box.form, tried = false, usable = false, editing = "", shown = "", sent = {}, timer = 0, touched = Start.touched;
  var CARRIED = /^(client_id|csrfmiddlewaretoken|confirmed|stamp|form_version|photos_expected|filled_on|website)$/;
  var draft = window.Kotak ? Kotak.draft("laporan:" + location.pathname) : null;

  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x + 256).toString(16).slice(1); }).join("");
    return h.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  function make(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  function note(tone, title, text) {
    var made = make("div", "alert messages tone-" + tone);
    made.tabIndex = -1;
    made.appendChild(make("p", "alert-title", title));
    if (text) made.appendChild(make("p", "", text));
    return made;
  }
  function button(words, does, className) {
    var made = make("button", "btn " + (className || ""), words);
    made.type = "button";
    made.addEventListener("click", does);
    return made;
  }

  /* --- What stands in the form --- */

  function fields(typed) {
    var found = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== "string" || name === "csrfmiddlewaretoken" || (typed && (CARRIED.test(name) || !value.trim()))) return;
      found[name] = name in found ? [].concat(found[name], value) : value;
    });
    return found;
  }
  function fill(values) {
    [].forEach.call(form.elements, function (input) {
      if (!input.name || input.type === "file" || CARRIED.test(input.name)) return;
      var given = [].concat(input.name in values ? values[input.name] : []);
      if (input.type === "radio" || input.type === "checkbox") input.checked = given.indexOf(input.value) >= 0;
      else input.value = given.length ? given[0] : "";
    });
  }
  /* Two 32-bit sums over the text fields: enough to tell "same" from "changed". */
  function digest() {
    var a = 2166136261, b = 3421674724;
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== "string" || CARRIED.test(name)) return;
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

  /* The report in words, for a kader who hands it to the officer herself. */
  function words() {
    var place = document.querySelector(".kop-place"), lines = ["LAPORAN ANAK (belum terkirim lewat portal)"];
    if (place && place.textContent.trim()) lines.push(place.textContent.trim());
    [].forEach.call(form.querySelectorAll(".field"), function (field) {
      var label = field.querySelector(".label"), said = [];
      if (!label) return;
      [].forEach.call(field.querySelectorAll("input, select, textarea"), function (input) {
        if (input.type === "file" || (input.type === "radio" && !input.checked) || !input.value) return;
        if (input.type === "radio") said.push(input.parentNode.textContent.trim());
        else said.push(input.tagName === "SELECT" ? input.options[input.selectedIndex].text : input.value.trim());
      });
      var unit = field.querySelector(".unit");
      if (said.join("")) lines.push(label.firstChild.textContent.trim() + ": " + said.join("-") + (unit ? " " + unit.textContent : ""));
    });
    return lines.join("\n");
  }

  /* --- What is wrong, as the server's page says it --- */

  function missing() {
    var found = {};
    [].forEach.call(form.elements, function (input) {
      if (input.name && input.required && !input.validity.valid && !found[input.name]) found[input.name] = [input.getAttribute("data-needed") || "Isi bagian ini."];
    });
    either(found, ["mother_name", "father_name"], "Isi nama ibu atau nama ayah, salah satu sudah cukup.");
    either(found, ["birth_date", "birth_date_2", "age_months"], "Isi tanggal lahir. Kalau tidak tahu, isi umurnya dalam bulan.");
    return found;
  }
  function either(found, names, sentence) {
    var there = names.filter(function (name) { return form.elements[name]; });
    if (there.length && !there.some(function (name) { return form.elements[name].value.trim(); })) found[names[0]] = [sentence];
  }
  function clean() {
    [].forEach.call(form.querySelectorAll(".form-errors, .error"), function (old) { old.parentNode.removeChild(old); });
    [].forEach.call(form.querySelectorAll(".has-error"), function (old) { old.classList.remove("has-error"); });
    [].forEach.call(form.querySelectorAll("[aria-invalid]"), function (old) { old.removeAttribute("aria-invalid"); });
  }
  function complain(errors, doubts) {
    clean();
    var top = note("merah", "▲ Ada yang perlu diperbaiki"), list = make("ul");
    top.classList.add("form-errors");
    top.setAttribute("role", "alert");
    Object.keys(errors || {}).forEach(function (name) {
      var field = document.getElementById("div_id_" + name), row = list.appendChild(make("li")), text = [].concat(errors[name]).join(" ");
      if (!field) { row.textContent = text; return; }
      var input = field.querySelector("input, select, textarea"), label = field.querySelector(".label"), link = make("a", "", (label ? label.firstChild.textContent.trim() + ": " : "") + text);
      var line = make("p", "error", text), holder = document.getElementById("id_" + name + "_error");
      if (!holder) {
        holder = make("div");
        holder.id = "id_" + name + "_error";
        field.insertBefore(holder, field.querySelector(".control, .check"));
      }
      holder.appendChild(line);
      field.classList.add("has-error");
      if (input) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", holder.id); }
      link.href = "#" + (input && input.id && input.type !== "radio" ? input.id : field.id);
      row.appendChild(link);
    });
    top.appendChild(list);
    form.insertBefore(top, form.querySelector("fieldset"));
    if (doubts && !form.elements.confirmed) ask(top);
    top.focus();
    top.scrollIntoView();
  }
  function ask(after) {
    var made = note("kuning", "● Periksa angkanya sekali lagi", "Kalau memang benar, centang kotak ini lalu kirim lagi."), label = make("label", "check"), tick = make("input");
    tick.type = "checkbox"; tick.name = "confirmed"; tick.value = "1";
    label.appendChild(tick);
    label.appendChild(make("span", "", "Ya, angkanya sudah benar"));
    made.appendChild(label);
    form.insertBefore(made, after.nextSibling);
  }

  /* --- Sending --- */

  function lock() {
    var found = form.querySelector(".sendbar .btn, [type=submit], button:not([type])");
    if (!found) return;
    found.setAttribute("aria-disabled", "true");
    found.dataset.words = found.textContent;
    found.textContent = "Mengirim…";
    setTimeout(wake, 60000);                             /* a dead signal must not lock the button */
  }
  function wake() {
    var found = form.querySelector("[aria-disabled=true]");
    if (!found || !found.dataset.words) return;
    found.textContent = found.dataset.words;
    delete found.dataset.words;
    found.removeAttribute("aria-disabled");
  }
  function today() {
    var now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  form.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;                  /* start.js holds it until all is here */
    event.preventDefault();
    if (form.querySelector("[aria-disabled=true]")) return;
    var wrong = usable ? missing() : {};
    if (Object.keys(wrong).length) { complain(wrong); return; }
    var text = digest(), before = last(), day = form.elements.filled_on;
    if (editing) box.value = editing;
    else if (before.text === text) box.value = before.id;  /* the same report again: the first receipt answers */
    else if (!tried) box.value = newId();                  /* another report, also from a cached page */
    tried = true;                                          /* mended before it left: the id stays */
    if (day && day.value && today() > day.value) day.value = today();  /* the page was kept since then */
    keep(box.value, text);
    lock();
    clearTimeout(timer);
    if (usable) through(box.value).catch(plainly); else plainly();
  });
  /* The phone cannot keep it (full, forbidden): the form is sent as it stands. */
  function plainly() {
    Start.plainly().catch(function () {
      wake();
      complain({ __all__: ["HP ini tidak bisa menyimpan laporan, dan tidak ada sinyal. Jangan tutup halaman ini. Kirim lagi kalau sinyal kembali."] });
    });
  }
  async function through(id) {
    var file = form.querySelector("input[type=file]"), photos = [];
    if (file && file.files.length) {
      var maker = await Kotak.foto();
      try { photos = maker ? await maker.parts(file.files) : [].slice.call(file.files, 0, 1); }
      catch (error) {
        wake();
        complain({ document: [error.words || "Foto ini tidak terbaca. Ambil fotonya sekali lagi."] });
        return;
      }
    }
    var typed = fields();
    await Kotak.put({ id: id, kind: "laporan", url: location.pathname, fields: typed, title: typed.child_name, words: words(), photos: photos, version: typed.form_version });
    draft.clear();
    await Promise.race([Kotak.send(id).catch(function () {}), told(id)]);
    if (sent[id]) return;
    var row = (await Kotak.list("laporan")).filter(function (it) { return it.id === id; })[0];
    if (!row || row.state === "foto") { shown = id; return; }   /* sent by another page: its word comes */
    wake();
    if (row.state === "dilihat") {
      var item = await Kotak.edit(id);
      editing = id;
      complain(item.errors || { __all__: [row.reason + " (" + row.code + ")"] }, item.confirm);
    } else waits(row);
  }
  /* When something is known of this one, whatever becomes of the others; 45 seconds at most. */
  function told(id) {
    return new Promise(function (done) {
      setTimeout(done, 45000);
      Kotak.on("change", function () {
        Kotak.list("laporan").then(function (rows) {
          if (!rows.some(function (row) { return row.id === id && !row.code; })) done();
        });
      });
    });
  }
  function waits(row) {
    var panel = make("div", "stack"), said = note("kuning", "● Belum terkirim", "Tersimpan di HP ini. Terkirim sendiri kalau sinyal kembali.");
    if (row.code && row.code !== "K-0") said.appendChild(make("p", "", row.reason));
    if (row.code) said.appendChild(make("p", "small", "Kode untuk petugas: " + row.code));
    said.setAttribute("role", "status");
    panel.appendChild(make("div"));
    panel.appendChild(said);
    panel.appendChild(button("Laporkan anak lain", another, "btn-primary btn-block"));
    var link = make("a", "btn btn-block", "Buka kotak kirim");
    link.href = "/kotak-kirim/";
    panel.appendChild(link);
    shown = row.id;
    form.hidden = true;
    form.parentNode.insertBefore(panel, form);
    window.scrollTo(0, 0);
    said.focus();
    function another() {
      panel.parentNode.removeChild(panel);
      shown = editing = "";
      tried = touched = false;
      form.reset();
      clean();
      if (form.elements.confirmed) form.elements.confirmed.checked = false;
      form.hidden = false;
      window.scrollTo(0, 0);
    }
  }

  /* Back from the receipt, with or without the browser's page cache: what is typed now is a new report. */
  window.addEventListener("pageshow", function (event) {
    tried = false;
    if (window.Kotak) Kotak.leaving = false;
    if (event.persisted) editing = "";
    wake();
  });
  /* Shown from what the phone keeps, and its poster hangs no longer: what was begun is held at the office. */
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener("message", function (event) {
    if (event.data.gone === location.pathname && !touched && !editing && !shown) location.reload();
  });
  if (!draft) { Start.take(); return; }

  Kotak.on("sent", function (id, receipt) {
    sent[id] = receipt;
    if (id === box.value && (form.querySelector("[aria-disabled=true]") || shown === id)) {
      Kotak.leaving = true;
      location.assign("/status/" + receipt + "/");
    }
  });

  /* --- Drafts --- */

  function save() {
    clearTimeout(timer);
    if (!touched || editing || shown || form.querySelector("[aria-disabled=true]")) return;
    var typed = fields(true);
    if (Object.keys(typed).length) draft.save(typed).catch(function () {}); else draft.clear();
  }
  form.addEventListener("input", function () { touched = true; clearTimeout(timer); timer = setTimeout(save, 400); });
  form.addEventListener("change", function () { touched = true; clearTimeout(timer); timer = setTimeout(save, 100); });
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") save(); });

  function restored(found) {
    fill(found.fields);
    touched = true;
    var day = new Date(found.at).toDateString() === new Date().toDateString() ? "tadi" : "kemarin";
    var told = note("biru", "Isian " + day + " masih ada"), row = make("div", "row");
    told.setAttribute("role", "status");
    row.appendChild(button("Lanjutkan", function () { told.parentNode.removeChild(told); }));
    row.appendChild(button("Kosongkan", function () {
      fill({});
      touched = false;
      draft.clear();
      told.parentNode.removeChild(told);
    }));
    told.appendChild(row);
    form.insertBefore(told, form.querySelector("fieldset"));
  }
  Kotak.ready.then(async function () {
    usable = true;
    var file = form.querySelector("input[type=file]"), hint = document.getElementById("id_document_helptext");
    if (file) file.multiple = true;                       /* each photo goes by itself: foto.js */
    if (hint) hint.textContent += " Boleh beberapa foto.";
    var asked = /^#ubah=([\w-]+)$/.exec(location.hash), item = asked && await Kotak.edit(asked[1]);
    if (item && item.url === location.pathname && !item.receipt) {
      fill(item.fields);
      editing = box.value = item.id;
      if (item.errors) complain(item.errors, item.confirm);
      else form.insertBefore(note("biru", "Laporan dari kotak kirim", item.photos ? "Fotonya masih tersimpan. Pilih foto hanya kalau mau menggantinya." : "Ubah isinya, lalu kirim lagi."), form.querySelector("fieldset"));
      return;
    }
    if (asked) history.replaceState(null, "", location.pathname);
    var found = await draft.load();
    if (touched) save();                                  /* typed before this script came */
    else if (found && !form.querySelector(".form-errors")) restored(found);
  }).catch(function () { /* the plain form */ }).then(Start.take);
})();
