/* The posyandu day. Everything works without this on the plain pages: it saves taps, and words.
   data-filter: names vanish while typing. data-once: a second tap sends nothing twice. data-walk:
   Enter goes to the next box. Without a signal: [data-hari] keeps the day's list on this phone,
   form[data-luring] puts what could not be sent into the kotak kirim (kotak.js), [data-shell] is
   the page without data that shows both. The list is one person's: encrypted as the draft "hari",
   until tomorrow night or sign-out; the cookie "hari" says whose may be shown. */
(function () {
  "use strict";
  const $ = (what) => document.querySelector(what), all = (what) => [].slice.call(document.querySelectorAll(what));
  const asked = $("[data-filter]");
  function filter() {
    const words = asked.value.trim().toLowerCase(), none = $("[data-none]");
    const shown = all("[data-find]").filter((row) => !(row.hidden = row.dataset.find.indexOf(words) < 0)).length;
    all(".kids").forEach((part) => { part.hidden = !part.querySelector("li:not([hidden])"); });
    if (none) none.hidden = shown > 0;
  }
  if (asked) asked.addEventListener("input", filter);
  const once = all("form[data-once]");
  once.forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);   /* a dead signal must not lock it */
  }));
  window.addEventListener("pageshow", () => once.forEach((form) => { delete form.dataset.sent; }));
  all("form[data-walk]").forEach((form) => form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !/^(INPUT|SELECT)$/.test(event.target.tagName)) return;
    event.preventDefault();
    const boxes = [].slice.call(form.querySelectorAll("input:not([type=hidden]), select, button"));
    const next = boxes[boxes.indexOf(event.target) + 1];
    if (next) next.focus();
    if (next && next.select) next.select();
  }));

  const K = window.Kotak;
  if (!K) return;
  const NUMBERS = ["weight_kg", "length_height_cm", "lila_cm"];
  const UNITS = ["kg", "cm", "cm (LiLA)"];
  const DAY = /(\/hari-posyandu\/[^/]+\/\d{4}-\d\d-\d\d\/)(?:([a-z0-9]+)\/)?(?:tidak-hadir\/|asi\/)?$/;
  const SIGN_IN = "/masuk/?next=";
  const list = K.draft("hari"), shell = $("[data-shell]");
  let copy = { days: {} }, items = [], others = 0, user = cookie(), day = null, child = null, seen = "";

  function cookie() { return (/(?:^|; )hari=([a-z0-9]+)/.exec(document.cookie) || [])[1] || ""; }

  /* --- What the phone keeps ---------------------------------------------------------------- */
  async function load() {
    const found = user && await list.load(), kept = found && found.fields;
    if (kept && kept.user === user) {
      copy = kept;
      Object.keys(copy.days).forEach((url) => { if (copy.days[url].until < Date.now()) delete copy.days[url]; });
      await list.save(copy);
    } else {
      copy = { user: user, days: {} };
      await list.clear();
    }
  }
  async function recount() {
    const kept = await K.list("ukur");
    items = kept.filter((one) => one.who === user);
    others = kept.length - items.length;
  }
  async function fetchDay(url) {
    const answer = await ask(url + "data.json"), data = answer.json;
    if (!data || data.user !== user) return false;
    const until = new Date();
    until.setHours(48, 0, 0, 0);   /* the end of tomorrow, by the phone */
    copy.days[data.url] = Object.assign(data, { until: until.getTime(), at: Date.now() });
    Object.keys(copy.days).sort((a, b) => copy.days[b].at - copy.days[a].at).slice(3).forEach((one) => delete copy.days[one]);
    await list.save(copy);
    return true;
  }
  const childOf = (url, code) => ((copy.days[url] || {}).children || []).find((one) => one.code === code);
  /* One entry per address: typed again it takes the place of the one that waits. */
  async function put(url, fields, more) {
    const old = items.find((one) => one.url === url);
    await K.put({ kind: "ukur", id: old && old.id, url: url, fields: fields, who: user, title: "Hari posyandu " + more.on, more: more });
    await recount();
  }
  async function drop(one) { await K.remove(one.id); await recount(); show(); }
  async function ask(url, fields) {
    const limit = window.AbortController ? new AbortController() : null;
    const clock = setTimeout(() => limit && limit.abort(), 20000);
    try {
      const answer = await fetch(url, {
        method: fields ? "POST" : "GET", body: fields && new URLSearchParams(fields), cache: "no-store",
        credentials: "same-origin", headers: { Accept: "application/json" }, signal: limit ? limit.signal : undefined,
      });
      const json = !answer.redirected && /json/.test(answer.headers.get("Content-Type") || "");
      return { status: answer.status, json: json ? await answer.json() : null };
    } finally { clearTimeout(clock); }
  }
  /* The portal has it: the list says so at once. */
  async function received(id, receipt, item, said) {
    const found = DAY.exec(item.url || ""), one = found && childOf(found[1], found[2]);
    if (one) {
      if (/tidak-hadir/.test(item.url)) one.state = "absent";
      else if (/asi\/$/.test(item.url)) one.asks = false;
      else Object.assign(one, { state: "measured", told: said.stored, words: said.words, asks: one.asks && !said.told });
      await list.save(copy);
    }
    await changed();
  }
  async function changed() { await recount(); show(); }

  /* --- The page without data --------------------------------------------------------------- */
  function el(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }
  const say = (what, text) => { $(what).textContent = text; };
  function button(text, act) {
    const made = el("button", "btn", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }
  function chip(tone, sign, text) {
    const made = el("span", "status tone-" + tone), drawn = el("span", "", sign);
    drawn.setAttribute("aria-hidden", "true");
    made.append(drawn, text);
    return made;
  }
  const sizes = (fields) => NUMBERS.map((name, at) => fields[name] && fields[name].replace(".", ",") + " " + UNITS[at]).filter(Boolean)
    .concat(fields.oedema ? ["edema"] : []).join(" · ");
  const today = () => items.filter((one) => one.more.day === day.url);
  const heldOf = (one) => today().find((item) => item.more.child.code === one.code && item.more.act !== "asi");

  /* The days of the list, and those of which only waiting entries are left. */
  function days() {
    const known = Object.assign({}, copy.days);
    items.forEach((one) => {
      const at = one.more, own = known[at.day] || (known[at.day] = { url: at.day, place: at.place, day: at.on, children: [], at: 0 });
      if (!own.until && !own.children.some((kid) => kid.code === at.child.code)) own.children.push(at.child);
    });
    return known;
  }
  function show() {
    if (!shell) return;
    const known = days(), urls = Object.keys(known).sort((a, b) => known[b].at - known[a].at);
    const at = DAY.exec(decodeURIComponent(location.hash.slice(1)) || location.pathname) || [];
    day = known[at[1]] || known[urls[0]];
    child = day && at[2] ? day.children.find((one) => one.code === at[2]) : null;
    const view = !day ? "none" : child ? "entry" : "list";
    all("[data-view]").forEach((part) => { part.hidden = part.dataset.view !== view; });
    note();
    if (!day) return say("[data-empty]", others ? others + " catatan menunggu pemiliknya masuk lagi di HP ini." : "Belum ada daftar anak di HP ini.");
    say(".kop-place", day.place);
    if (!child) return showList(urls.map((url) => known[url]));
    if (seen !== day.url + child.code) { seen = day.url + child.code; showEntry(); }
  }
  /* Why the first of what waits has not gone yet. */
  function note() {
    const box = $("[data-note]"), stuck = items.find((one) => one.state === "menunggu" && one.reason);
    box.hidden = !stuck;
    if (!stuck) return;
    const out = stuck.code === "K-3" || stuck.code === "K-403";
    box.textContent = out ? "Masuk lagi, lalu kirim. Semua catatan tetap ada di HP ini. " : stuck.reason + " Semua catatan tetap ada di HP ini (" + stuck.code + ").";
    if (out) box.append(Object.assign(el("a", "", "Masuk"), { href: SIGN_IN + stuck.more.day }));
  }
  function showList(others) {
    seen = "";
    say("[data-day]", day.day);
    $("[data-days]").replaceChildren(...others.filter((one) => one !== day).map((one) =>
      Object.assign(el("a", "", one.place + ", " + one.day), { href: "#" + one.url })));
    const parts = { look: [], waiting: [], held: [], absent: [], measured: [] }, HEADS = { look: "Perlu dilihat", waiting: "Belum diukur", held: "Menunggu sinyal", absent: "Tidak hadir", measured: "Sudah diukur" };
    today().forEach((one) => parts[one.state === "dilihat" ? "look" : "held"].push(one.state === "dilihat" ? lookRow(one) : heldRow(one)));
    day.children.forEach((one) => { if (!heldOf(one)) parts[one.state].push(childRow(one)); });
    $("[data-lists]").replaceChildren(...Object.keys(parts).filter((name) => parts[name].length).map((name) => {
      const part = el("section", "kids"), head = el("h2", "", HEADS[name] + " "), rows = el("ul");
      head.append(el("span", "muted num", String(parts[name].length)));
      rows.append(...parts[name]);
      part.dataset.part = name;
      part.append(head, rows);
      return part;
    }));
    const typed = today().filter((one) => one.more.act === "ukur").length;
    say("[data-progress]", parts.measured.length + typed + " dari " + day.children.length + " sudah diukur" + (today().length ? ", " + today().length + " catatan belum terkirim" : ""));
    say("[data-kept]", day.until ? "Daftar tersimpan di HP ini sampai besok malam, atau sampai Anda keluar." : "");
    $("[data-send]").hidden = !items.some((one) => one.state === "menunggu");
    filter();
  }
  function row(one, text, still) {
    const made = el("li"), link = el(still ? "div" : "a", still ? "kid kid-still" : "kid");
    if (!still) link.href = "#" + day.url + one.code + "/";
    made.dataset.find = one.name.toLowerCase();
    link.append(el("span", "kid-name", one.name), el("span", "kid-note", text));
    made.append(link);
    return made;
  }
  function childRow(one) {
    const kind = one.sex + ", " + one.age;
    if (one.state !== "measured") {
      const made = row(one, one.last ? kind + " · terakhir " + one.last : kind);
      if (one.asks) made.firstChild.append(chip("biru", "■", "Tanyakan ASI"));
      return made;
    }
    const made = row(one, one.told, true);
    if (one.words) made.firstChild.append(el("span", "kid-note", one.words));
    if (one.asks && !today().some((item) => item.more.child.code === one.code)) {
      const box = el("div", "row kid-acts");
      box.append(el("b", "", "Bulan ini hanya ASI?"), ...["Ya", "Tidak"].map((said) => button(said, () => store(one, "asi", "asi/", { exclusive: said.toLowerCase() }))));
      made.append(box);
    }
    return made;
  }
  const typed = (one) => one.more.act === "absen" ? "Tidak hadir" : one.more.act === "asi" ? "Hanya ASI: " + one.fields.exclusive : sizes(one.fields);
  function heldRow(one) {
    const made = row(one.more.child, typed(one), one.more.act === "asi");
    made.firstChild.append(chip("kuning", "●", "Menunggu sinyal"));
    return made;
  }
  function lookRow(one) {
    const at = one.more, made = row(at.child, "Anda isi: " + typed(one), true), acts = el("div", "row kid-acts"), ours = at.act === "ukur";
    const words = one.errors ? Object.keys(one.errors).reduce((said, name) => said.concat(one.errors[name]), []) : [one.code === "K-404" ? "Anak ini tidak ada lagi di daftar hari itu." : one.reason + " (" + one.code + ")"];
    const again = (more) => put(one.url, Object.assign({}, one.fields, more), at).then(() => { show(); return K.send(); });
    if (one.code === "K-409") {
      made.firstChild.append(el("span", "kid-note", ours ? "Sudah diukur orang lain: " + one.stored : one.stored));
      acts.append(button(ours ? "Biarkan yang tersimpan" : "Mengerti", () => drop(one)));
      if (ours) acts.append(button("Pakai angka saya", () => replace(one)));
    } else {
      words.forEach((said) => made.firstChild.append(el("span", "kid-note", said)));
      if (one.confirm) acts.append(button("Ya, memang benar", () => again({ confirmed: "1" })));
      if (one.code === "K-422" && ours) acts.append(button("Betulkan", () => { location.hash = at.day + at.child.code + "/"; }));
      if (one.code !== "K-422") acts.append(button("Kirim lagi", () => again({})));
      acts.append(button("Hapus", () => { if (confirm("Hapus catatan " + at.child.name + " dari HP ini?")) drop(one); }));
    }
    made.append(acts);
    return made;
  }
  /* The portal's own page puts a stored number right; it opens with what was typed here. */
  async function replace(one) {
    const got = await ask("/kotak-kirim/tanda/").catch(() => ({}));
    if (!got.json) return alert("Belum ada sinyal. Coba lagi nanti.");
    const form = Object.assign(el("form"), { method: "post", action: one.url }), fields = Object.assign({ csrfmiddlewaretoken: got.json.csrf }, one.fields);
    Object.keys(fields).forEach((name) => form.append(Object.assign(el("input"), { type: "hidden", name: name, value: fields[name] })));
    document.body.append(form);
    form.submit();
  }

  /* --- One child --------------------------------------------------------------------------- */
  function showEntry() {
    const form = $("[data-entry]"), held = heldOf(child), fields = held && held.more.act === "ukur" ? held.fields : {};
    form.reset();
    $("[data-wrong]").hidden = true;
    $("[data-back]").href = "#" + day.url;
    say("[data-on]", day.day);
    say("[data-name]", child.name);
    say("[data-age]", (child.sex === "P" ? "Perempuan, " : child.sex === "L" ? "Laki-laki, " : "") + child.age);
    say("[for=id_length_height_cm]", child.posture === "l" ? "Panjang badan" : "Tinggi badan");
    NUMBERS.forEach((name) => {
      form.elements[name].value = fields[name] || "";
      say("#id_" + name + "_helptext", child.before[name] || (name === "lila_cm" ? "Misalnya 13,5" : "Belum pernah diukur"));
    });
    form.querySelectorAll("[name=measure]").forEach((one) => {
      one.checked = one.value === (fields.measure || child.posture);
      one.parentNode.hidden = child.lies && one.value === "h";
    });
    form.elements.oedema.checked = Boolean(fields.oedema);
    form.querySelectorAll("[name=exclusive]").forEach((one) => { one.checked = one.value === fields.exclusive; });
    $("#div_id_lila_cm").hidden = !child.lila;
    $("#div_id_exclusive").hidden = !child.asks;
    $("[data-absent]").hidden = Boolean(held) || child.state !== "waiting";
    scrollTo(0, 0);
    $("[data-name]").focus();
  }
  /* Only what can be said without the tables: no number, or one that no child has. */
  function wrong(form) {
    const said = [];
    let any = form.elements.oedema.checked;
    NUMBERS.forEach((name) => {
      const box = form.elements[name], given = box.value.replace(/\s/g, "").replace(",", ".");
      let words = "";
      if (given && !/^\d{1,5}(\.\d{1,2})?$/.test(given)) words = "tulis dengan angka saja, misalnya 8,4.";
      else if (given && (+given < +box.dataset.min || +given > +box.dataset.max))
        words = box.value + " terlalu " + (+given > +box.dataset.max ? "besar" : "kecil") + ". Periksa lagi alat dan komanya.";
      if (words) said.push($("[for=" + box.id + "]").textContent.trim() + ": " + words);
      if (words) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
      any = any || given;
    });
    if (!any) said.push("Isi berat, panjang atau tinggi, atau LiLA. Satu saja sudah boleh.");
    return said;
  }
  function fieldsOf(form) {
    const fields = {};
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && value.trim() && name !== "csrfmiddlewaretoken") fields[name] = value.trim();
    });
    return fields;
  }
  async function store(one, act, tail, fields) {
    const at = day.url, url = at + one.code + "/", gone = items.find((item) => item.url === url + "tidak-hadir/");
    await put(url + tail, fields, { act: act, day: at, place: day.place, on: day.day, child: one });
    if (act === "ukur" && gone) await K.remove(gone.id);
    if (location.hash === "#" + at) show(); else location.hash = at;
    K.send();
  }
  function begin() {
    $("[data-entry]").addEventListener("submit", (event) => {
      event.preventDefault();
      const said = wrong(event.target), box = $("[data-wrong]");
      box.hidden = !said.length;
      box.replaceChildren(...said.map((words) => el("p", "", words)));
      if (said.length) return box.scrollIntoView({ block: "center" });
      store(child, "ukur", "", fieldsOf(event.target));
    });
    $("[data-absent]").addEventListener("click", () => store(child, "absen", "tidak-hadir/", {}));
    $("[data-send]").addEventListener("click", () => Promise.all(items.filter((one) => one.state === "menunggu").map((one) => K.retry(one.id))));
    window.addEventListener("hashchange", show);
  }

  /* --- The plain pages --------------------------------------------------------------------- */
  /* Sent by script, so that a dead signal loses nothing: then it waits here. */
  async function onEntry(event) {
    const form = event.target;
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const plain = () => HTMLFormElement.prototype.submit.call(form);
    try { await Promise.race([opened, new Promise((_, late) => setTimeout(late, 5000))]); } catch (error) { return plain(); }
    const url = new URL(form.action).pathname, found = DAY.exec(url), fields = fieldsOf(form);
    const whole = Object.assign({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }, fields);
    const answer = await (navigator.onLine === false ? Promise.reject() : ask(url, whole)).catch(() => ({ status: 0 }));
    delete form.dataset.busy;
    if (answer.json && answer.status < 300) { location.href = form.dataset.luring === "absen" ? found[1] : url; return; }
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429 && answer.status !== 403) return plain();
    const one = childOf(found[1], found[2]) || { code: found[2], name: $("h1").textContent, age: "", sex: "", posture: fields.measure || "l", lila: true, before: {}, state: "waiting" };
    const at = copy.days[found[1]] || { place: $(".kop-place").textContent, day: found[1].split("/")[3] };
    try { await put(url, fields, { act: form.dataset.luring, day: found[1], place: at.place, on: at.day, child: one }); } catch (error) { return plain(); }
    const out = answer.status === 200 || answer.status === 403, box = el("div", "alert tone-kuning"), link = el("a", "btn btn-block", out ? "Masuk lagi" : "Daftar anak di HP ini");
    box.setAttribute("role", "status");
    box.append(el("p", "alert-title", "Tersimpan di HP ini"), el("p", "", out ? "Masuk lagi, lalu terkirim sendiri." : "Terkirim sendiri saat ada sinyal. Hasil dihitung setelah terkirim."));
    link.href = out ? SIGN_IN + found[1] : "/hari-posyandu/luring/#" + found[1];
    all("form[data-luring]").forEach((gone) => gone.remove());
    $("#isi").append(box, link);
  }

  /* Whoever taps before the store is open waits for it (onEntry); what another tab or the service
     worker sends from then on is heard before it is counted. */
  async function open() {
    await K.ready;
    await load();
    K.on("change", changed);
    K.on("sent", received);
    if (shell) begin();
    await changed();
  }
  async function start() {
    await opened;
    const url = page ? page.dataset.hari : shell && day && user && day.url;
    if (items.length) K.send();
    if (!url || navigator.onLine === false || !(await fetchDay(url).catch(() => false))) return;
    if (shell) return show();
    for (let tries = 0; tries < 60 && !(await shellKept()); tries++) await new Promise((done) => setTimeout(done, 500));
    $("[data-kept-here]").hidden = !(await shellKept());
  }
  /* The list alone is of no use: the service worker must keep the page that shows it. */
  const shellKept = async () => Boolean(window.caches && navigator.serviceWorker.controller && await caches.match("/hari-posyandu/luring/"));
  const page = $("[data-hari]"), forms = all("form[data-luring]");
  user = (page || forms[0] || { dataset: {} }).dataset.siapa || user;
  const opened = open();
  forms.forEach((form) => form.addEventListener("submit", onEntry));
  start().catch(() => { if (shell) say("[data-empty]", "HP ini tidak dapat menyimpan daftar. Pakai daftar cetak."); });
})();
