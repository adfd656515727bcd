"""URLs of sop."""

from django.urls import path  # noqa: F401

app_name = "sop"
urlpatterns: list = []
