"""URLs of the read API, from its table; whatever else stands under /api/ is told in JSON, too."""

from django.urls import path, re_path

from reports.api import views
from reports.api.endpoints import ENDPOINTS

app_name = "api"
urlpatterns = [
    *(path(f"v1/{e.path}", views.read, {"endpoint": e.name}, name=e.name) for e in ENDPOINTS),
    path("v1/openapi.json", views.openapi, name="openapi"),
    re_path(r"^(?P<rest>.*)$", views.nowhere, name="nowhere"),
]
