"""URLs of a child's papers: the card as PDF, and why another screen differs."""

from django.urls import path

from registry.views import child_papers

urls = [
    path("anak/<slug:code>/kartu.pdf", child_papers.child_print, name="child-print"),
    path("anak/<slug:code>/mengapa/", child_papers.child_compare, name="child-compare"),
]
