"""URLs of posters and posyandu."""

from django.urls import path

from registry.views import places as views

urls = [
    path("poster/", views.posters, name="posters"),
    path("poster/buat/", views.link_make, name="link-make"),
    path("poster/<slug:code>.pdf", views.poster_pdf, name="poster-pdf"),
    path("poster/<slug:code>/ganti/", views.link_rotate, name="link-rotate"),
    path("poster/<slug:code>/cabut/", views.link_revoke, name="link-revoke"),
    path("posyandu/", views.posyandu, name="posyandu"),
    path("posyandu/tambah/", views.posyandu_add, name="posyandu-add"),
    path("posyandu/tempel/", views.posyandu_paste, name="posyandu-paste"),
]
