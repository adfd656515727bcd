"""URLs of catatan ganda: probable pairs, two cards side by side, merges and their undo."""

from django.urls import URLPattern, path

from registry.views import merging

urls: list[URLPattern] = [
    path("ganda/", merging.pairs, name="pairs"),
    path("ganda/riwayat/", merging.merges, name="merges"),
    path("ganda/riwayat/<slug:code>/", merging.merge, name="merge"),
    path("ganda/riwayat/<slug:code>/batalkan/", merging.undo, name="undo-merge"),
    path("ganda/<slug:kind>/<slug:code>/", merging.pick, name="pick-twin"),
    path("ganda/<slug:kind>/<slug:code>/<slug:other>/", merging.review, name="review-pair"),
    path("ganda/<slug:kind>/<slug:code>/<slug:other>/beda/", merging.apart, name="tell-apart"),
]
