"""URLs of the registry: the kader's pages, the verifier's desk, people, places."""

from django.urls import path

from registry.urls import alerts, growth, people, places, posyandu_day, quality
from registry.views import submit, verify

app_name = "registry"

kader = [
    path("l/<str:token>/", submit.report, name="report"),
    path("status/", submit.status_search, name="status-search"),
    path("status/<str:code>/", submit.status, name="status"),
    path("perbaikan/<str:token>/", submit.correction, name="correction"),
    path("laporan-saya/", submit.my_reports, name="my-reports"),
]
desk = [
    path("laporan/", verify.queue, name="queue"),
    path("laporan/<slug:code>/", verify.review, name="review"),
    path("laporan/<slug:code>/verifikasi/", verify.approve, name="approve"),
    path("laporan/<slug:code>/kembalikan/", verify.send_back, name="send-back"),
    path("laporan/<slug:code>/tautan/", verify.renew_correction, name="renew-correction"),
    path("laporan/<slug:code>/tolak/", verify.reject, name="reject"),
    path("laporan/<slug:code>/batalkan/", verify.undo, name="undo"),
    path("dokumen/<slug:code>/", verify.document, name="document"),
]
rooms = [posyandu_day, growth, alerts, quality, people, places]
urlpatterns = [*kader, *desk, *(url for room in rooms for url in room.urls)]
