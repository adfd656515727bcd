/* The sign-in page: once nobody's posyandu list may be shown (the cookie "hari" is gone), the list
   kept on this phone goes too. What waits in the kotak kirim stays for its own kader. */
(function () {
  "use strict";
  if (!window.indexedDB || /(^|; )hari=/.test(document.cookie)) return;
  var asked = indexedDB.open("kotak");
  asked.onupgradeneeded = function () { asked.transaction.abort(); };   /* there is none: make none */
  asked.onsuccess = function () {
    var db = asked.result;
    try { db.transaction("draf", "readwrite").objectStore("draf").delete("hari"); } catch (e) { /* another kotak */ }
    db.close();
  };
})();
