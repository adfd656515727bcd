/* The receipt page: keeps the code on the phone that sent the report, waits for its photos.
   The phone's own list: asks for the state of each code it keeps. */
(function () {
  "use strict";
  var receipt = document.querySelector("[data-receipt]"), shelf = document.querySelector("[data-phone-reports]");
  var MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");
  var SIGNS = { received: "biru", has_issues: "oranye", edited: "biru", approved: "hijau", rejected: "merah", held: "kuning", practice: "kuning" };
  var MARKS = { biru: "■", oranye: "◆", hijau: "✓", merah: "▲", kuning: "●", netral: "○" };

  function ask(address) {
    return fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { return answer.json().then(function (said) { return answer.status === 404 && said.errors ? null : said; }); });
  }
  function make(tag, words, name) {
    var made = document.createElement(tag);
    if (words) made.textContent = words;
    if (name) made.className = name;
    return made;
  }

  function onReceipt() {
    var code = receipt.dataset.receipt, from = document.createElement("a"), tries = 0;
    from.href = document.referrer;
    /* Reached from the form: this phone sent it. Who types a code in only looks. */
    if (from.host === location.host && /^\/l\/[^/]+\/$/.test(from.pathname)) Foto.remember(code);
    if (receipt.dataset.waiting === "0") return;
    var timer = setInterval(check, 5000);
    if (self.Kotak) Kotak.on("change", check);
    function check() {
      if (++tries > 100) clearInterval(timer);
      if (tries > 100 || document.visibilityState === "hidden") return;
      ask(location.pathname).then(function (said) {
        if (said && said.photos && said.photos.stored > +receipt.dataset.stored) location.reload();
      }).catch(function () { /* no signal: the page stays as it is */ });
    }
  }

  function day(at) {
    var on = new Date(at);
    return on.getDate() + " " + MONTHS[on.getMonth()] + " " + on.getFullYear();
  }
  function show(box, label, tone, more) {
    var sign = make("span", "", "status tone-" + tone), mark = make("span", MARKS[tone]);
    mark.setAttribute("aria-hidden", "true");
    sign.appendChild(mark);
    sign.appendChild(document.createTextNode(label));
    box.textContent = "";
    box.appendChild(sign);
    if (more) box.appendChild(make("span", " " + more, "small"));
  }
  function row(kept) {
    var line = make("div"), head = make("dt"), link = make("a", kept.code, "num"), box = make("dd", "Melihat kabarnya…");
    link.href = shelf.dataset.status + kept.code + "/";
    head.appendChild(link);
    head.appendChild(make("br"));
    head.appendChild(make("span", day(kept.at), "small"));
    line.appendChild(head);
    line.appendChild(box);
    ask(link.href).then(function (said) {
      if (!said) { show(box, "Sudah tidak ada", "netral"); return; }
      var waits = said.photos.expected - said.photos.stored, open = /received|has_issues|edited/.test(said.status);
      show(box, said.label, SIGNS[said.status] || "netral", open && waits > 0 ? waits + " foto menunggu" : "");
    }).catch(function () { box.textContent = "Tidak ada sinyal"; });
    return line;
  }
  function draw(kept) {
    shelf.textContent = "";
    if (!kept.length) {
      shelf.appendChild(make("p", "Belum ada laporan yang dikirim dari HP ini.", "muted"));
      return;
    }
    var list = make("dl", "", "facts"), again = make("button", "Hapus daftar ini dari HP", "btn");
    kept.forEach(function (one) { list.appendChild(row(one)); });
    again.type = "button";
    again.addEventListener("click", function () { Foto.forget().then(begin); });
    shelf.appendChild(list);
    shelf.appendChild(make("p", "Menghapus daftar ini tidak menghapus laporannya.", "small"));
    shelf.appendChild(again);
  }

  function begin() { Foto.list().catch(function () { return []; }).then(draw); }

  if (receipt) onReceipt();
  if (shelf) begin();
  if (shelf && self.Kotak) Kotak.on("change", begin);   /* a code the receipt page had no time to note */
})();
