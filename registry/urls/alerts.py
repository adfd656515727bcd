"""URLs of the priority list and of the answers to alerts."""

from django.urls import URLPattern, path

from registry.views import alerts

urls: list[URLPattern] = [
    path("prioritas/", alerts.priority, name="priority"),
    path("anak/<slug:code>/tindak-lanjut/", alerts.child_answer, name="alert-answer"),
    path("ibu/<slug:code>/tindak-lanjut/", alerts.mother_answer, name="mother-alert-answer"),
]
