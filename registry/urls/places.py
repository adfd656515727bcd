"""URLs of posters and posyandu."""

from django.urls import path

from registry.views import places as views
from registry.views import poster_papers

urls = [
    path("poster/", views.posters, name="posters"),
    path("poster/buat/", views.link_make, name="link-make"),
    path("poster/latihan/", views.practice_make, name="practice-make"),
    path("poster/posyandu.pdf", poster_papers.poster_set, name="poster-set"),
    path("poster/formulir.pdf", poster_papers.blank_form, name="paper-form-blank"),
    path("poster/<slug:code>/formulir.pdf", poster_papers.paper_form_pdf, name="paper-form"),
    path("poster/<slug:code>.pdf", poster_papers.poster_pdf, name="poster-pdf"),
    path("poster/<slug:code>/ganti/", views.link_rotate, name="link-rotate"),
    path("poster/<slug:code>/cabut/", views.link_revoke, name="link-revoke"),
    path("posyandu/", views.posyandu, name="posyandu"),
    path("posyandu/tambah/", views.posyandu_add, name="posyandu-add"),
    path("posyandu/tempel/", views.posyandu_paste, name="posyandu-paste"),
    path("posyandu/desa/", views.desa_settings, name="desa-settings"),
]
