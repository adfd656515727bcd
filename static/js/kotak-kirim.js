/* The page of the kotak kirim: what waits on this phone, and what a person can do about it. */
(function () {
  "use strict";
  var list = document.querySelector("[data-kotak-list]"), none = document.querySelector("[data-kotak-none]"), said = document.querySelector("[data-kotak-said]");
  if (!list || !window.Kotak) return;
  var WORDS = { menunggu: ["kuning", "● Menunggu"], dilihat: ["merah", "▲ Perlu dilihat"], foto: ["biru", "■ Fotonya menunggu"] };

  function make(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }
  function button(words, does) {
    var made = make("button", "btn", words);
    made.type = "button";
    made.addEventListener("click", does);
    return made;
  }
  function tell(text) { said.textContent = text; said.hidden = !text; }

  function card(row) {
    var made = make("section", "sheet stack"), head = make("div"), state = WORDS[row.state] || WORDS.menunggu, buttons = make("div", "row");
    head.appendChild(make("h2", "", row.title || "Kiriman"));
    head.appendChild(make("p", "status tone-" + state[0], state[1]));
    head.appendChild(make("p", "small muted", "Disimpan " + Kotak.since(row.at) + (row.photos && row.state !== "foto" ? ", dengan foto" : "") + (row.tries ? ", dicoba " + row.tries + " kali" : "")));
    made.appendChild(head);
    if (row.reason) made.appendChild(make("p", "", row.reason));
    if (row.code) made.appendChild(make("p", "small muted", "Kode untuk petugas: " + row.code));
    buttons.appendChild(button("Kirim ulang", function () {
      tell("Mengirim…");
      Kotak.retry(row.id).then(function () { return Kotak.list(); }).then(function (rows) {
        var still = rows.filter(function (r) { return r.id === row.id; })[0];
        if (still) tell("Belum terkirim. " + still.reason + " (" + still.code + ")");
      });
    }));
    if (row.kind === "laporan" && row.state !== "foto") buttons.appendChild(button("Ubah", function () { location.assign(row.url + "#ubah=" + row.id); }));
    if (row.words && row.state !== "foto") buttons.appendChild(button("Bagikan teks", function () { share(row); }));
    buttons.appendChild(button("Hapus", function () {
      if (window.confirm(row.state === "foto" ? "Hapus foto ini dari HP? Laporannya sudah diterima." : "Hapus kiriman ini dari HP? Isinya belum sampai ke petugas dan tidak bisa dikembalikan.")) Kotak.remove(row.id).then(function () { tell("Sudah dihapus dari HP ini."); });
    }));
    made.appendChild(buttons);
    return made;
  }
  async function share(row) {
    if (!window.confirm("Teks ini memuat nama anak dan orang tuanya. Bagikan hanya kepada petugas kecamatan, jangan ke grup.")) return;
    var text = await Kotak.shareText(row.id);
    if (navigator.share) { navigator.share({ text: text }).catch(function () {}); return; }
    try { await navigator.clipboard.writeText(text); tell("Teks sudah disalin. Tempelkan di pesan kepada petugas."); }
    catch (e) { tell(text); }
  }
  async function draw() {
    /* Another kader's entries of the posyandu day wait too, but are shown to nobody else. */
    var mine = (/(?:^|; )hari=([a-z0-9]+)/.exec(document.cookie) || [])[1];
    var rows = (await Kotak.list()).filter(function (row) { return !row.who || row.who === mine; });
    list.textContent = "";
    rows.forEach(function (row) { list.appendChild(card(row)); });
    none.hidden = rows.length > 0;
  }
  Kotak.on("change", draw);
  Kotak.on("sent", function (id, receipt, item) {
    if (item.kind !== "laporan") return;
    var link = make("a", "", receipt);
    link.href = "/status/" + receipt + "/";
    tell("Terkirim. Kode laporan: ");
    said.appendChild(link);
  });
  Kotak.ready.then(draw, function () { none.textContent = "Peramban ini tidak bisa menyimpan kiriman. Laporan langsung dikirim dari formulirnya."; none.hidden = false; });
})();
