"""Root URLs. Every path here has a row in the access table (tests/access)."""

from django.urls import include, path

from kempling import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("merek/<slug:code>.css", views.brand, name="brand"),
    path("", include("accounts.urls")),
    path("", include("registry.urls")),
    path("", include("interventions.urls")),
    path("sop/", include("sop.urls")),
    path("", include("reports.urls")),
]
