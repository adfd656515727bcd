"""URLs of quality; registry/urls.py takes them in."""

from django.urls import URLPattern

urls: list[URLPattern] = []
