/* The posyandu day. Everything works without this: it only saves taps.
   data-filter: names vanish while typing. data-once: a second tap sends nothing twice.
   data-walk: Enter goes to the next box, as Tab does. */
(function () {
  "use strict";
  var box = document.querySelector("[data-filter]");
  if (box) {
    var rows = [].slice.call(document.querySelectorAll(box.dataset.filter));
    var none = document.querySelector("[data-none]");
    box.addEventListener("input", function () {
      var asked = box.value.trim().toLowerCase(), shown = 0;
      rows.forEach(function (row) {
        row.hidden = row.dataset.find.indexOf(asked) < 0;
        if (!row.hidden) shown++;
      });
      document.querySelectorAll(".kids").forEach(function (part) {
        part.hidden = !part.querySelector("li:not([hidden])");
      });
      if (none) none.hidden = shown > 0;
    });
  }
  document.querySelectorAll("form[data-once]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(function () { delete form.dataset.sent; }, 8000);  /* a dead signal must not lock it */
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once]").forEach(function (form) { delete form.dataset.sent; });
  });
  document.querySelectorAll("form[data-walk]").forEach(function (form) {
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || !/^(INPUT|SELECT)$/.test(event.target.tagName)) return;
      event.preventDefault();
      var boxes = [].slice.call(form.querySelectorAll("input:not([type=hidden]), select, button"));
      var next = boxes[boxes.indexOf(event.target) + 1];
      if (next) { next.focus(); if (next.select) next.select(); }
    });
  });
})();
