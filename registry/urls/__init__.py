"""URLs of the registry: the kader's pages, the verifier's desk, people, places."""

from django.urls import path

from registry.urls import (
    alerts,
    exports,
    growth,
    households,
    imports,
    merging,
    outbox,
    people,
    places,
    posyandu_day,
    quality,
    timelines,
)
from registry.views import correct, harmless, held, quarantine, status, submit, verify, walk_in

app_name = "registry"

kader = [
    path("l/<str:token>/", submit.report, name="report"),
    path("l/<str:token>/foto/", status.photo, name="photo"),
    path("status/", status.status_search, name="status-search"),
    path("status/<str:code>/", status.status, name="status"),
    path("laporan-hp/", status.phone_reports, name="phone-reports"),
    path("perbaikan/<str:token>/", correct.correction, name="correction"),
    path("hp/titip/", quarantine.hand_over, name="hand-over"),
    path("laporan-saya/", submit.my_reports, name="my-reports"),
]
desk = [
    path("laporan/", verify.queue, name="queue"),
    path("laporan/baru/", walk_in.walk_in, name="walk-in"),
    path("laporan/tertahan/", held.held_list, name="held-reports"),
    path("laporan/tertahan/<slug:code>/", held.held, name="held-report"),
    path("laporan/tertahan/<slug:code>/buang/", held.drop, name="drop-held"),
    path("laporan/wajar/", harmless.harmless_reports, name="harmless-reports"),
    path("laporan/<slug:code>/", verify.review, name="review"),
    path("laporan/<slug:code>/nik/", verify.nik_holders, name="nik-holders"),
    path("laporan/<slug:code>/verifikasi/", verify.approve, name="approve"),
    path("laporan/<slug:code>/kembalikan/", verify.send_back, name="send-back"),
    path("laporan/<slug:code>/tautan/", verify.renew_correction, name="renew-correction"),
    path("laporan/<slug:code>/tolak/", verify.reject, name="reject"),
    path("laporan/<slug:code>/batalkan/", verify.undo, name="undo"),
    path("dokumen/<slug:code>/", verify.document, name="document"),
]
rooms = [
    posyandu_day, growth, alerts, exports, quality, people, households, places, outbox, merging,
    imports, timelines,
]  # fmt: skip
urlpatterns = [*kader, *desk, *(url for room in rooms for url in room.urls)]
