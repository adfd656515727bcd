"""URLs of timelines: of a child, a mother, a family; each with one page to print."""

from django.urls import URLPattern, path

from registry.views import timelines

urls: list[URLPattern] = [
    path("anak/<slug:code>/riwayat/", timelines.child, name="child-timeline"),
    path("anak/<slug:code>/riwayat.pdf", timelines.child_print, name="child-timeline-print"),
    path("ibu/<slug:code>/riwayat/", timelines.mother, name="mother-timeline"),
    path("ibu/<slug:code>/riwayat.pdf", timelines.mother_print, name="mother-timeline-print"),
    path("keluarga/<slug:code>/riwayat/", timelines.household, name="household-timeline"),
    path(
        "keluarga/<slug:code>/riwayat.pdf",
        timelines.household_print,
        name="household-timeline-print",
    ),
]
