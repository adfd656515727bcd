"""What every page of the portal needs to know: the programme, the demo ribbon, the menu."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# label, URL name, permission that opens it, icon (heroicons outline)
MENU = (
    ("Beranda", "home", "", "home"),
    ("Hari posyandu", "registry:posyandu-days", "hold_posyandu", "calendar-days"),
    ("Laporan masuk", "registry:queue", "see_queue", "inbox-arrow-down"),
    ("Anak", "registry:children", "see_children", "users"),
    ("Ibu", "registry:mothers", "see_mothers", "heart"),
    ("Keluarga", "registry:households", "see_children", "home-modern"),
    ("Prioritas", "registry:priority", "see_children", "bell-alert"),
    ("Impor", "registry:imports", "import_lists", "arrow-up-tray"),
    ("Mutu data", "registry:quality", "see_quality", "chart-bar"),
    ("Tindakan", "interventions:board", "see_interventions", "hand-raised"),
    ("Laporan saya", "registry:my-reports", "see_own_reports", "paper-airplane"),
    ("Bantuan saya", "interventions:own-help", "see_own_help", "gift"),
    ("SOP", "sop:runs", "see_sop", "clipboard-document-check"),
    ("Laporan bulanan", "reports:months", "see_reports", "document-chart-bar"),
    ("Poster", "registry:posters", "manage_posters", "qr-code"),
    ("Posyandu", "registry:posyandu", "manage_places", "map-pin"),
    ("HP kader", "accounts:devices", "manage_devices", "device-phone-mobile"),
    ("Akun", "accounts:people", "manage_accounts", "key"),
    ("Kunci baca", "accounts:keys", "manage_keys", "finger-print"),
    ("Pengaturan", "programme-settings", "manage_programme", "cog-6-tooth"),
    ("Jejak", "accounts:log", "see_log", "clock"),
)


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html. ``programme`` is the signed-in person's, else what the view gave."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    context: dict[str, Any] = {"demo": settings.DEMO, "menu": [], "site_url": settings.SITE_URL}
    if signed_in:
        context["programme"] = user.programme  # type: ignore[union-attr]
        context["role_label"] = user.title  # type: ignore[union-attr]
        context["menu"] = [_item(request, *row) for row in MENU if _opens(user, row[2])]
    return context


def _opens(user: Any, action: str) -> bool:
    return not action or user.may(action)


def _item(request: HttpRequest, label: str, name: str, _action: str, icon: str) -> dict[str, Any]:
    url = reverse(name)
    here = request.path == url if name == "home" else request.path.startswith(url)
    return {"label": label, "url": url, "icon": icon, "active": here}
