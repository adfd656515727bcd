"""The superior's pages about kader's phones: who has one, binding, revoking, ending a session."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import devices as phones
from accounts.access import allowed, who
from accounts.models import Device, Grant, User
from accounts.paging import PARAMETER, Order
from accounts.roles import Role
from accounts.transitions import Refused

PAGE = 50
BY_NAME = Order("hp kader", ("full_name", "code"))
ADDRESS = "enrolment_address"  # in the session, until its page has shown it once


@require_safe
@allowed("manage_devices")
def devices(request: HttpRequest) -> HttpResponse:
    """Every kader with her phones; who has none yet can be given one."""
    admin, text = who(request), request.GET.get("cari", "").strip()[:80]
    found = _kader(admin)
    if text:
        found = found.named(text)  # type: ignore[attr-defined]
    page = BY_NAME.page(found, request.GET.get(PARAMETER, ""), PAGE)
    context = {
        "rows": page.rows, "text": text, "pager": page.pager(request.GET), "title": "HP kader",
    }  # fmt: skip
    return render(request, "accounts/devices.html", context)


@never_cache
@require_safe
@allowed("manage_devices")
def kader_devices(request: HttpRequest, code: str) -> HttpResponse:
    """One kader's phones; after "Daftarkan HP" the one-time address and its QR, shown once."""
    admin = who(request)
    found = get_object_or_404(User.objects.in_scope(admin, "manage_devices"), code=code)
    of, address = request.session.get(ADDRESS, ("", ""))
    if of == code:
        del request.session[ADDRESS]
    context = {
        "person": found, "phones": phones_of(admin, found), "title": f"HP {found}",
        "address": address if of == code else "", "crumbs": [_crumb()],
    }  # fmt: skip
    return render(request, "accounts/devices_of_kader.html", context)


@require_POST
@allowed("manage_devices")
def make_enrolment(request: HttpRequest, code: str) -> HttpResponse:
    admin = who(request)
    found = get_object_or_404(User.objects.in_scope(admin, "manage_devices"), code=code)

    def make() -> str:
        token = phones.make_enrolment(admin, found)
        address = settings.SITE_URL + reverse("accounts:enrol", args=[token])
        request.session[ADDRESS] = (found.code, address)
        return ""

    return _tell(request, found, make)


@require_POST
@allowed("manage_devices")
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    admin, device = who(request), _device(request, code)

    def take() -> str:
        phones.revoke(admin, device)
        return (
            f"{device} dicabut. Laporan yang masih menunggu di HP itu diambil dahulu saat HP "
            "tersambung lagi, lalu HP dikosongkan."
        )

    return _tell(request, device.user, take)


@require_POST
@allowed("manage_devices")
def end_session(request: HttpRequest, code: str) -> HttpResponse:
    admin, device = who(request), _device(request, code)

    def end() -> str:
        phones.end_session(admin, device)
        return f"Sesi di {device} diakhiri. HP itu meminta PIN lagi."

    return _tell(request, device.user, end)


def phones_of(admin: User, found: User) -> list[tuple[Device, bool]]:
    """This person's phones, newest first, each with whether a session is open on it."""
    mine = list(Device.objects.in_scope(admin).filter(user=found))
    keys = [phone.session_key for phone in mine if phone.session_key]
    running = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    live = set(running.values_list("session_key", flat=True)) if keys else set()
    return [(phone, phone.session_key in live) for phone in mine]


# --- Parts ----------------------------------------------------------------------------------------


def _kader(admin: User) -> QuerySet[User]:
    """Kader at work here, and whoever else still has a bound phone, with what the list shows."""
    grants = Grant.objects.in_scope(admin, "manage_devices").valid().filter(role=Role.KADER)
    mine = Device.objects.in_scope(admin)
    found = User.objects.in_scope(admin, "manage_devices").filter(
        Q(pk__in=grants.values("user"), is_active=True) | Q(pk__in=mine.bound().values("user"))
    )
    here = grants.select_related("posyandu__desa")
    return found.prefetch_related(
        Prefetch("devices", queryset=mine, to_attr="phones_here"),
        Prefetch("grants", queryset=here, to_attr="grants_here"),
    )


def _device(request: HttpRequest, code: str) -> Device:
    known = Device.objects.in_scope(who(request)).select_related("user", "programme")
    return get_object_or_404(known, code=code)


def _crumb() -> tuple[str, str]:
    return ("HP kader", reverse("accounts:devices"))


def _tell(request: HttpRequest, found: User, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what happened or why not, and go back to this kader's phones."""
    try:
        said: Any = act()
    except Refused as refused:
        if refused.stranger:
            raise PermissionDenied from refused
        messages.error(request, refused.sentence)
    else:
        if said:
            messages.success(request, said)
    return redirect("accounts:kader-devices", found.code)
