/* While somebody is typed in at a desk: who may be there already, shown below the boxes.
   <div data-alike="address" aria-live="polite">; without this script the form asks before it saves. */
(function () {
  "use strict";
  var PAUSE = 700;
  var place = document.querySelector("[data-alike]");
  var form = place && place.closest("form");
  if (!form || !window.fetch) return;
  var timer, asking, last = "";

  function typed() {
    var said = new FormData(form);
    said.delete("not_same");
    return new URLSearchParams(said);
  }
  function ask() {
    var body = typed(), text = body.toString();
    if (text === last) return;
    last = text;
    if (asking) asking.abort();
    asking = new AbortController();
    fetch(place.dataset.alike, { method: "POST", body: body, signal: asking.signal, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (html) { place.innerHTML = html; })
      .catch(function () { /* typed on, or no signal: the form asks again when it is sent */ });
  }
  form.addEventListener("change", function () {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
})();
