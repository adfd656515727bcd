"""URLs of families: the list, the card and what is done on it, life events."""

from django.urls import URLPattern, path

from registry.views import households, life

urls: list[URLPattern] = [
    path("keluarga/", households.households, name="households"),
    path("keluarga/<slug:code>/", households.household, name="household"),
    path("keluarga/<slug:code>/kk/", households.household_kk, name="household-kk"),
    path("keluarga/<slug:code>/kartu.pdf", households.household_print, name="household-print"),
    path("keluarga/<slug:code>/perbaiki/", households.household_correct, name="household-correct"),
    path("keluarga/<slug:code>/rumah/", households.home_note, name="home-note"),
    path("keluarga/<slug:code>/kejadian/", life.household_event, name="household-event"),
    path("anak/<slug:code>/kejadian/", life.child_event, name="child-event"),
    path("ibu/<slug:code>/kejadian/", life.mother_event, name="mother-event"),
    path("kejadian/<slug:code>/batal/", life.life_take_back, name="life-take-back"),
]
