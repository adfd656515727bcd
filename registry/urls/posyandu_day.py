"""URLs of the posyandu day: one address per posyandu, date and child."""

from datetime import date

from django.urls import URLPattern, path, register_converter

from registry.views import posyandu_day as views
from registry.views import posyandu_offline, posyandu_paper


class DayConverter:
    """A calendar day of this century in an address: 2026-11-22."""

    regex = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "hari")
DAY = "hari-posyandu/<slug:posyandu>/<hari:on>/"
urls: list[URLPattern] = [
    path("hari-posyandu/", views.days, name="posyandu-days"),
    path("hari-posyandu/luring/", posyandu_offline.shell, name="posyandu-offline"),
    path(DAY, views.day, name="posyandu-day"),
    path(f"{DAY}data.json", posyandu_offline.data, name="posyandu-data"),
    path(f"{DAY}daftar.pdf", posyandu_paper.printed, name="posyandu-paper"),
    path(f"{DAY}isi/", posyandu_paper.table, name="posyandu-table"),
    path(f"{DAY}<slug:child>/", views.child, name="posyandu-child"),
    path(f"{DAY}<slug:child>/perbaiki/", views.correct, name="posyandu-correct"),
    path(f"{DAY}<slug:child>/tidak-hadir/", views.absent, name="posyandu-absent"),
    path(f"{DAY}<slug:child>/asi/", views.asi, name="posyandu-asi"),
]
