/* The verifier's desk: keys and the document's zoom and turn. Everything works without it.
   Keys: j/k next and previous in .queue; [data-key="v|b|t"]: a summary opens and its first box is focused,
   a link is followed, a button is only focused, so one slipped key never verifies a child;
   + - r 0 on the document that was touched last. */
(function () {
  "use strict";
  var VIEW = { "+": "in", "=": "in", "-": "out", r: "turn", 0: "reset" }, shown = null;
  function typing(target) { return target.closest("input, select, textarea, [contenteditable]"); }

  function step(by) {
    var links = Array.prototype.slice.call(document.querySelectorAll(".queue a"));
    var here = links.findIndex(function (a) { return a.hasAttribute("aria-current"); });
    var next = links[here < 0 ? 0 : here + by];
    if (next) next.click();
  }
  function press(key) {
    var target = document.querySelector('[data-key="' + key + '"]');
    if (!target) return false;
    if (target.tagName === "SUMMARY") {
      target.parentNode.open = true;
      target = target.parentNode.querySelector("textarea, select, input:not([type=hidden]), button") || target;
    } else if (target.tagName === "A") { target.click(); return true; }
    target.focus();
    target.scrollIntoView({ block: "center" });
    return true;
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    var key = event.key.toLowerCase();
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (VIEW[key] && shown) shown(VIEW[key]);
    else if (!/^[a-z]$/.test(key) || !press(key)) return;
    event.preventDefault();
  });

  /* <div class="viewer" data-viewer><div class="viewer-bar" hidden><button data-view="in|out|turn|reset">…
     Only the view turns: the stored picture stays as it came. */
  Array.prototype.forEach.call(document.querySelectorAll("[data-viewer]"), function (viewer) {
    var page = viewer.querySelector(".viewer-page"), bar = viewer.querySelector(".viewer-bar");
    var zoom = 1, turn = 0;
    if (!page || !page.querySelector("img")) return;
    function show(what) {
      if (what === "in") zoom = Math.min(4, zoom + 1);
      if (what === "out") zoom = Math.max(1, zoom - 1);
      if (what === "turn") turn = (turn + 1) % 4;
      if (what === "reset") { zoom = 1; turn = 0; }
      page.className = "viewer-page zoom-" + zoom + " turn-" + turn;
    }
    if (bar) bar.hidden = false;
    shown = shown || show;
    viewer.addEventListener("click", function (event) {
      var button = event.target.closest("[data-view]");
      shown = show;
      if (button) show(button.dataset.view);
    });
  });
})();
