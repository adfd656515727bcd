"""The admin's list of people: who works here, in which role, where and until when."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import workflow
from accounts.access import allowed, who
from accounts.forms import GrantForm, InviteForm
from accounts.models import Grant, User
from accounts.paging import PARAMETER, Order
from accounts.roles import DUTIES, Role
from accounts.transitions import Refused
from accounts.views.devices import phones_of

PAGE = 50
BY_NAME = Order("akun", ("full_name", "code"))
TONES = {"active": "hijau", "invited": "kuning", "closed": "netral"}
ADDRESS = "one_time_address"  # in the session, until its page has shown it once


@require_safe
@allowed("manage_accounts")
def people(request: HttpRequest) -> HttpResponse:
    admin = who(request)
    role, text = request.GET.get("peran", ""), request.GET.get("cari", "").strip()[:80]
    found = User.objects.in_scope(admin)
    if role in Role.values:
        found = found.with_role(role, admin)
    if text:
        found = found.named(text)
    page = BY_NAME.page(_with_grants(found, admin), request.GET.get(PARAMETER, ""), PAGE)
    context = {
        "rows": [(person, TONES[person.standing]) for person in page.rows], "role": role,
        "pager": page.pager(request.GET), "text": text, "roles": Role.choices,
        "title": "Akun",
    }  # fmt: skip
    return render(request, "accounts/people.html", context)


@never_cache
@require_safe
@allowed("manage_accounts")
def person(request: HttpRequest, code: str) -> HttpResponse:
    admin = who(request)
    found = get_object_or_404(_with_grants(User.objects.in_scope(admin), admin), code=code)
    of, address = request.session.get(ADDRESS, ("", ""))
    if of == code:
        del request.session[ADDRESS]
    context = {
        "person": found, "tone": TONES[found.standing], "title": str(found),
        "grants": [(grant, grant.is_valid()) for grant in found.grants_here],  # type: ignore[attr-defined]
        "address": address if of == code else "", "is_me": found == admin,
        "crumbs": [("Akun", reverse("accounts:people"))], "today": timezone.localdate(),
        "phones": phones_of(admin, found),
        "is_kader": any(g.role == Role.KADER for g in found.grants_here),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("manage_accounts")
def invite(request: HttpRequest) -> HttpResponse:
    """First the role, by a link; then the few boxes that role needs."""
    role = _role(request)
    if not role:
        return _choose_role(request, "Undang orang")
    admin = who(request)
    form = InviteForm(_programme(admin), role, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, token = workflow.invite(admin, role, _programme(admin), **form.cleaned_data)
        _keep_address(request, made, token)
        return redirect("accounts:person", made.code)
    return _grant_page(request, form, role, "Undang orang")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("manage_accounts")
def add_grant(request: HttpRequest, code: str) -> HttpResponse:
    admin, role = who(request), _role(request)
    found = get_object_or_404(User.objects.in_scope(admin), code=code)
    if not role:
        return _choose_role(request, f"Tambah peran {found}", found)
    form = GrantForm(_programme(admin), role, request.POST or None)
    if request.method == "POST" and form.is_valid():

        def add() -> str:
            workflow.add_grant(admin, found, role, _programme(admin), **form.cleaned_data)
            return "Peran ditambahkan."

        return _tell(request, found, add)
    return _grant_page(request, form, role, f"Tambah peran {found}", found)


@require_POST
@allowed("manage_accounts")
def end_grant(request: HttpRequest, code: str, grant: str) -> HttpResponse:
    admin = who(request)
    found = get_object_or_404(Grant.objects.in_scope(admin), code=grant, user__code=code)

    def end() -> str:
        workflow.end_grant(admin, found)
        return f"Peran {found} diakhiri."

    return _tell(request, found.user, end)


@require_POST
@allowed("manage_accounts")
def reset(request: HttpRequest, code: str) -> HttpResponse:
    admin = who(request)
    found = get_object_or_404(User.objects.in_scope(admin), code=code)

    def renew() -> str:
        _keep_address(request, found, workflow.reset(admin, found))
        return "Alamat baru sudah dibuat. Kata sandi lama tidak berlaku lagi."

    return _tell(request, found, renew)


@require_POST
@allowed("manage_accounts")
def deactivate(request: HttpRequest, code: str) -> HttpResponse:
    admin = who(request)
    found = get_object_or_404(User.objects.in_scope(admin), code=code)

    def close() -> str:
        if workflow.deactivate(admin, found):
            return "Akun dinonaktifkan. Orang ini tidak dapat masuk lagi."
        return "Semua perannya di sini diakhiri."

    return _tell(request, found, close)


# --- Parts ----------------------------------------------------------------------------------------


def _tell(request: HttpRequest, found: User, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what happened or why not, and go back to the person's page."""
    try:
        messages.success(request, act())
    except Refused as refused:
        if refused.stranger:
            raise PermissionDenied from refused
        messages.error(request, refused.sentence)
    return redirect("accounts:person", found.code)


def _keep_address(request: HttpRequest, found: User, token: str) -> None:
    """For the one page that shows it: the database keeps the digest only."""
    address = settings.SITE_URL + reverse("accounts:accept", args=[token])
    request.session[ADDRESS] = (found.code, address)


def _programme(admin: User) -> Any:
    """The programme the admin works in; the right to be here came with a grant for it."""
    return admin.grants_for("manage_accounts")[0].programme


def _role(request: HttpRequest) -> str:
    role = request.GET.get("peran", "")
    return role if role in Role.values else ""


def _choose_role(request: HttpRequest, title: str, found: User | None = None) -> HttpResponse:
    context = {
        "title": title, "crumbs": _crumbs(found),
        "roles": [(role, Role(role).label, DUTIES[Role(role)]) for role in Role.values],
    }  # fmt: skip
    return render(request, "accounts/choose_role.html", context)


def _grant_page(
    request: HttpRequest, form: GrantForm, role: str, title: str, found: User | None = None
) -> HttpResponse:
    context = {
        "title": title, "form": form, "label": Role(role).label, "duty": DUTIES[Role(role)],
        "crumbs": _crumbs(found), "found": found,
    }  # fmt: skip
    return render(request, "accounts/grant.html", context, status=422 if form.errors else 200)


def _crumbs(found: User | None) -> list[tuple[str, str]]:
    crumbs = [("Akun", reverse("accounts:people"))]
    return crumbs + ([(str(found), reverse("accounts:person", args=[found.code]))] if found else [])


def _with_grants(found: QuerySet[User], admin: User) -> QuerySet[User]:
    """The people with ``grants_here``: their grants in this admin's reach, newest first."""
    here = Grant.objects.in_scope(admin).select_related("posyandu__desa", "puskesmas")
    newest = here.with_area_name().prefetch_related("desa").order_by("-valid_from", "-id")
    return found.prefetch_related(Prefetch("grants", queryset=newest, to_attr="grants_here"))
