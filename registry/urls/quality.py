"""URLs of mutu data: the month, its paper, and the list behind each number."""

from django.urls import URLPattern, path

from registry.views import quality

urls: list[URLPattern] = [
    path("mutu/", quality.quality, name="quality"),
    path("mutu/cetak/", quality.quality_print, name="quality-print"),
    path("mutu/<slug:which>/", quality.quality_list, name="quality-list"),
]
