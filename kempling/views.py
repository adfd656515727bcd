"""The portal's own pages: home by role, the public pages, health."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed, who
from accounts.models import User
from accounts.transitions import Refused
from kempling import kbm, limits, office
from kempling.brand import colours, version, whole_sheet
from kempling.desk import desk
from kempling.public import contact_rows
from kempling.totals import blurred, totals
from regions.models import Programme
from registry.models import Consent

A_YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the portal serves and its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def brand(request: HttpRequest, code: str) -> HttpResponse:
    """The programme's two colours as CSS properties: brand is data, and CSP allows no inline.

    With ``?kader=<version>`` the whole sheet of the kader's pages, in these colours.
    """
    programme = get_object_or_404(Programme.objects.visible(), code=code)
    asked = request.GET.get("kader")
    css = colours(programme) if asked is None else whole_sheet(programme)
    response = HttpResponse(css, content_type="text/css")
    if asked == version(css):  # kept for ever; an older address gets today's text
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=3600)
    return response


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Apa yang harus saya kerjakan sekarang? For strangers: both programmes, and the way in."""
    if isinstance(request.user, User):
        return render(request, "home.html", desk(request.user))
    programmes = Programme.objects.visible().select_related("region")
    return render(request, "public/landing.html", {"programmes": programmes})


@login_not_required
@require_safe
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """What the programme is, who may join, whom to ask, how to report; numbers, never a name."""
    found = get_object_or_404(Programme.objects.visible().select_related("region"), code=code)
    counted = totals([found])[0]
    context = {
        "programme": found,
        "contacts": contact_rows(found),
        "partners": found.partners.filter(is_active=True),
        "children": blurred(counted.children),
        "verified": blurred(counted.verified),
        "today": found.today(),
    }
    return render(request, "public/programme.html", context)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Pemberitahuan privasi (UU 27/2022 art. 21): what the consent on the form refers to."""
    context = {
        "version": Consent.TEXT_VERSION,
        "programmes": Programme.objects.visible().select_related("region"),
        "programme": None,
    }
    return render(request, "public/privacy.html", context)


@allowed("manage_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def programme_settings(request: HttpRequest) -> HttpResponse:
    """Letterhead, contacts, hours and lengths of the programme one works in."""
    user = who(request)
    mine = _own_programme(user)
    form = office.OfficeForm(request.POST or None, programme=mine)
    if request.method == "POST" and form.is_valid():
        changed = office.change(user, mine, form.cleaned_data)
        said = "Pengaturan tersimpan." if changed else "Tidak ada yang berubah."
        messages.success(request, said)
        return redirect("programme-settings")
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form, "limits": limits.own_values(mine), "kbm": kbm.in_one_line(mine),
        "sees_sop": user.may("see_sop"),
    }  # fmt: skip
    return render(request, "office.html", context, status=status)


@allowed("manage_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def programme_limits(request: HttpRequest) -> HttpResponse:
    """The limits that sources dispute, each with its source and its default."""
    user = who(request)
    mine = _own_programme(user)
    form = limits.LimitsForm(request.POST or None, programme=mine)
    if request.method == "POST" and form.is_valid():
        changed = limits.change(user, mine, form.cleaned_data)
        messages.success(request, "Batas tersimpan." if changed else "Tidak ada yang berubah.")
        return redirect("programme-limits")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "undo": limits.DEFAULT, "crumbs": _settings_crumbs()}
    return render(request, "limits.html", context, status=status)


@allowed("manage_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def programme_kbm(request: HttpRequest) -> HttpResponse:
    """The KBM table in force, its history, and a form for the next one."""
    user = who(request)
    mine = _own_programme(user)
    form = kbm.KbmForm(request.POST or None, programme=mine)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            kbm.add(user, mine, form.version())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            status = 409
        else:
            messages.success(request, "Tabel KBM tersimpan.")
            return redirect("programme-kbm")
    context = {"form": form, "crumbs": _settings_crumbs(), **kbm.shown(mine)}
    return render(request, "kbm.html", context, status=status)


@allowed("manage_programme")
@require_POST
def programme_kbm_withdraw(request: HttpRequest, since: str) -> HttpResponse:
    """Take back a KBM table that has not begun."""
    user = who(request)
    try:
        kbm.withdraw(user, _own_programme(user), since)
        messages.success(request, "Tabel KBM ditarik.")
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("programme-kbm")


def _own_programme(user: User) -> Programme:
    return get_object_or_404(Programme, pk=user.programme.pk if user.programme else 0)


def _settings_crumbs() -> list[tuple[str, str]]:
    return [("Pengaturan program", reverse("programme-settings"))]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was kept too long or cookies are off: say so, and how to go on."""
    return render(request, "403_csrf.html", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many tries from one place; a minute is enough to go on."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response
