"""URLs of interventions."""

from django.urls import path  # noqa: F401

app_name = "interventions"
urlpatterns: list = []
