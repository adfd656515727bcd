"""Root URLs. Every path here has a row in the access table (tests/access)."""

from django.urls import include, path

from accounts.urls import signin
from kempling import views

handler429 = "kempling.views.too_many"  # allauth looks for it here
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("merek/<slug:code>.css", views.brand, name="brand"),
    path("program/<slug:code>/", views.programme, name="programme"),
    path("pengaturan/", views.programme_settings, name="programme-settings"),
    path("pengaturan/batas/", views.programme_limits, name="programme-limits"),
    path("pengaturan/kbm/", views.programme_kbm, name="programme-kbm"),
    path(
        "pengaturan/kbm/<str:since>/tarik/",
        views.programme_kbm_withdraw,
        name="programme-kbm-withdraw",
    ),
    path("privasi/", views.privacy, name="privacy"),
    path("", include(signin)),
    path("", include("accounts.urls")),
    path("", include("registry.urls")),
    path("", include("interventions.urls")),
    path("sop/", include("sop.urls")),
    path("", include("reports.urls")),
    path("api/", include("reports.api.urls")),
]
