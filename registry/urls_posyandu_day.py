"""URLs of posyandu_day; registry/urls.py takes them in."""

from datetime import date

from django.urls import URLPattern, path, register_converter

from registry.views import posyandu_day as views


class DayConverter:
    """A calendar day in an address: 2026-11-22."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "hari")
_DAY = "hari-posyandu/<slug:posyandu>/<hari:on>/"
urls: list[URLPattern] = [
    path("hari-posyandu/", views.days, name="posyandu-days"),
    path(_DAY, views.day, name="posyandu-day"),
    path(f"{_DAY}daftar.pdf", views.printed, name="posyandu-paper"),
    path(f"{_DAY}isi/", views.table, name="posyandu-table"),
    path(f"{_DAY}<slug:child>/", views.child, name="posyandu-child"),
    path(f"{_DAY}<slug:child>/perbaiki/", views.correct, name="posyandu-correct"),
    path(f"{_DAY}<slug:child>/tidak-hadir/", views.absent, name="posyandu-absent"),
    path(f"{_DAY}<slug:child>/asi/", views.asi, name="posyandu-asi"),
]
