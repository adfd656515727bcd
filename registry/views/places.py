"""Posters and posyandu: printing, replacing and revoking report links; the list of posyandu."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.paging import PARAMETER, Order
from accounts.transitions import Refused
from regions.models import Programme, ReportLink
from registry import places, practice, resources
from registry.forms.places import DesaSettingsForm, PasteForm, PosterForm, PosyanduForm

PER_PAGE = 50
BY_PLACE = Order("poster", ("desa_code", "posyandu_name", "code"), counted=False)
BY_DESA = Order("posyandu", ("desa__code", "name", "id"))


def programme_of(request: HttpRequest) -> Programme:
    """The programme worked in; a person without one has no places to look after."""
    if request.user.programme is None:
        raise Http404
    return request.user.programme


def _in_desa(
    request: HttpRequest, rows: QuerySet[Any], order: Order
) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the page asked for by ``?desa=…&hal=…``, and what filter and pager show."""
    desa_list = list(programme_of(request).desa())
    desa = next((d for d in desa_list if d.code == request.GET.get("desa")), None)
    rows = rows.filter(desa=desa) if desa else rows
    page = order.page(rows, request.GET.get(PARAMETER, ""), PER_PAGE)
    pager = page.pager(request.GET)
    return page.rows, {"desa_list": desa_list, "desa": desa, "count": page.count, "pager": pager}


# --- Posters ----------------------------------------------------------------------------------


@allowed("manage_posters")
@require_safe
def posters(request: HttpRequest) -> HttpResponse:
    """The studio: report links that live or ended, their sizes and counters, and practice."""
    practice.forget()
    ended, now = request.GET.get("tab") == "berakhir", timezone.now()
    alive = ReportLink.objects.alive(now).values("pk")
    rows = places.links_of(request.user).real()
    rows = rows.exclude(pk__in=alive) if ended else rows.filter(pk__in=alive)
    links, context = _in_desa(request, rows.by_place(), BY_PLACE)
    context["rows"] = [(link, places.state_of(link, now)) for link in links]
    trial = places.links_of(request.user).practice().alive(now).first()
    form = PosterForm(programme_of(request), desa=context["desa_list"])
    context |= {"form": form, "ended": ended,
                "hidden": [("tab", "berakhir")] if ended else [], "trial": trial,
                "trial_state": places.state_of(trial, now) if trial else None}  # fmt: skip
    return render(request, "registry/places/posters.html", context)


@allowed("manage_posters")
@require_POST
def link_make(request: HttpRequest) -> HttpResponse:
    """Make the link of a place or of a set (or take what is there) and show the posters."""
    programme = programme_of(request)
    form = PosterForm(programme, request.POST)
    if not form.is_valid():
        messages.error(request, "Pilih dahulu tempatnya, lalu buat posternya.")
        return redirect("registry:posters")
    asked = {"ukuran": form.cleaned_data["size"] or "a4"}
    if form.is_set:
        desa = form.set_desa()
        places.make_missing_links(request.user, programme, desa)
        asked |= {"desa": desa.code} if desa else {}
        return redirect(f"{reverse('registry:poster-set')}?{urlencode(asked)}")
    link = places.make_link(request.user, programme, **form.chosen())
    url = reverse("registry:poster-pdf", args=[link.code])
    return redirect(f"{url}?{urlencode(asked)}")


@allowed("manage_posters")
@require_POST
def practice_make(request: HttpRequest) -> HttpResponse:
    """Make the QR kader practise with."""
    places.make_practice_link(request.user, programme_of(request))
    messages.success(request, "QR latihan siap. Cetak, lalu pakai saat pelatihan kader.")
    return redirect(f"{reverse('registry:posters')}#latihan")


@allowed("manage_posters")
@require_POST
def link_rotate(request: HttpRequest, code: str) -> HttpResponse:
    """Replace the code; posters already hung stay good for the overlap."""
    link = get_object_or_404(places.links_of(request.user), code=code)
    try:
        places.rotate_link(request.user, link, request.POST.get("generation", ""))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Kode {link.place} sudah diganti. Cetak dan pasang poster baru.")
    return redirect("registry:posters")


@allowed("manage_posters")
@require_POST
def link_revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Kill the code at once."""
    link = get_object_or_404(places.links_of(request.user), code=code)
    try:
        places.revoke_link(request.user, link)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Kode {link.place} sudah dicabut. Turunkan posternya.")
    return redirect("registry:posters")


# --- Posyandu ---------------------------------------------------------------------------------


@allowed("manage_places")
@require_safe
def posyandu(request: HttpRequest) -> HttpResponse:
    """The posyandu of the programme, by desa."""
    rows, context = _in_desa(request, places.posyandu_of(request.user), BY_DESA)
    context["rows"] = rows
    context["may_print"] = request.user.may("manage_posters")
    return render(request, "registry/places/posyandu.html", context)


@allowed("manage_places")
@require_http_methods(["GET", "HEAD", "POST"])
def desa_settings(request: HttpRequest) -> HttpResponse:
    """Which desa are perkotaan, which perdesaan: it decides whether a pit is a proper latrine."""
    programme = programme_of(request)
    form = DesaSettingsForm(programme, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changed = places.set_settings(request.user, programme, form.wanted())
        names = ", ".join(desa.name for desa in changed)
        messages.success(request, f"Diubah: {names}." if changed else "Tidak ada yang diubah.")
        return redirect("registry:desa-settings")
    context = {"form": form, "crumbs": _crumbs()}
    status = 422 if form.errors else 200
    return render(request, "registry/places/desa_settings.html", context, status=status)


@allowed("manage_places")
@require_http_methods(["GET", "HEAD", "POST"])
def posyandu_add(request: HttpRequest) -> HttpResponse:
    """One posyandu, by hand."""
    programme = programme_of(request)
    form = PosyanduForm(programme, request.POST or None, initial={"desa": request.GET.get("desa")})
    if request.method == "POST" and form.is_valid():
        try:
            added = places.add_posyandu(request.user, programme, **form.cleaned_data)
        except ValidationError as told:
            form.add_error(None, told)
        else:
            messages.success(request, f"Posyandu {added.name} sudah ditambahkan.")
            return redirect("registry:posyandu")
    context = {"form": form, "crumbs": _crumbs()}
    status = 422 if form.errors else 200
    return render(request, "registry/places/posyandu_add.html", context, status=status)


@allowed("manage_places")
@require_http_methods(["GET", "HEAD", "POST"])
def posyandu_paste(request: HttpRequest) -> HttpResponse:
    """A list: looked through first, stored when the person says so and no line has a problem."""
    programme, lines = programme_of(request), []
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text, store = form.cleaned_data["text"], "store" in request.POST
        lines = resources.read_list(request.user, programme, text, dry_run=not store)
        if store and not any(line.problem for line in lines):
            messages.success(request, _stored(lines))
            return redirect("registry:posyandu")
    problems = [line for line in lines if line.problem]
    context = {"form": form, "crumbs": _crumbs(), "lines": lines, "problems": problems,
               "changing": sum(line.outcome in {"new", "update"} for line in lines)}  # fmt: skip
    status = 422 if form.errors or problems else 200
    return render(request, "registry/places/posyandu_paste.html", context, status=status)


def _crumbs() -> list[tuple[str, str]]:
    return [("Posyandu", reverse("registry:posyandu"))]


def _stored(lines: list[resources.PastedLine]) -> str:
    count = [sum(line.outcome == outcome for line in lines) for outcome in ("new", "update")]
    return f"{count[0]} posyandu ditambahkan, {count[1]} diubah."
