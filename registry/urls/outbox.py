"""URLs of the kotak kirim and of the service worker, which must stand at the root."""

from django.urls import URLPattern, path

from registry.views import outbox

urls: list[URLPattern] = [
    path("sw.js", outbox.service_worker, name="service-worker"),
    path("kotak-kirim/", outbox.outbox, name="outbox"),
    path("kotak-kirim/tanda/", outbox.mark, name="outbox-mark"),
]
