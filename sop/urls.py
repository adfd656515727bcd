"""URLs of the SOP."""

from django.urls import path

from sop import views

app_name = "sop"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("disposisi/baru/", views.disposisi_new, name="disposisi-new"),
    path("disposisi/<slug:code>/", views.disposisi, name="disposisi"),
    path("disposisi/<slug:code>/pdf/", views.disposisi_pdf, name="disposisi-pdf"),
    path("disposisi/<slug:code>/berhenti/", views.stop_repeating, name="stop-repeating"),
    path("lembar/", views.sheet, name="sheet"),
    path("lembar/<int:number>/", views.arrange, name="arrange"),
    path("bulan/<slug:code>/", views.run, name="run"),
    path("bulan/<slug:code>/<int:number>/mulai/", views.start, name="start"),
    path("bulan/<slug:code>/<int:number>/selesai/", views.finish, name="finish"),
    path("bulan/<slug:code>/<int:number>/catat/", views.note, name="note"),
    path("bulan/<slug:code>/<int:number>/baca/", views.read, name="read"),
]
