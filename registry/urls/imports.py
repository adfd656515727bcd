"""URLs of lists from elsewhere: handed in, mapped, analysed, written, undone."""

from django.urls import URLPattern, path

from registry.views import import_steps, imports, reconcile

urls: list[URLPattern] = [
    path("impor/", imports.imports, name="imports"),
    path("impor/baru/", imports.hand_in, name="hand-in-list"),
    path("impor/<slug:code>/", import_steps.one, name="import"),
    path("impor/<slug:code>/kolom/", imports.map_columns, name="map-list"),
    path("impor/<slug:code>/baca-ulang/", imports.read_again, name="read-list-again"),
    path("impor/<slug:code>/putuskan/", import_steps.decide, name="decide-rows"),
    path("impor/<slug:code>/masukkan/", import_steps.write, name="write-import"),
    path("impor/<slug:code>/hentikan/", import_steps.stop, name="stop-import"),
    path("impor/<slug:code>/mulai-lagi/", import_steps.begin_again, name="begin-import-again"),
    path("impor/<slug:code>/batalkan/", import_steps.undo, name="undo-import"),
    path("impor/<slug:code>/buang/", import_steps.drop, name="drop-list"),
    path("impor/<slug:code>/tidak-masuk.csv", import_steps.left_out, name="left-out-rows"),
    path("impor/<slug:code>/beda/", reconcile.page, name="reconciled"),
    path("impor/<slug:code>/beda.xlsx", reconcile.download, name="reconciled-file"),
]
