"""Partners: the list with what each gives, and a partner's own page without names."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from interventions import partners, workflow
from interventions.forms.partners import PartnerForm
from interventions.models import Partner, PmtEpisode
from interventions.views.answers import form_page, sent, told

MOST_ROWS = 100


@allowed("see_interventions")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every partner of the programme and what it gives."""
    given = partners.given_by(partners.visible(request.user))
    rows = [
        (partner, given.get(partner.pk, partners.Given()))
        for partner in Partner.objects.filter(programme=request.user.programme)
    ]
    rows.sort(key=lambda row: (-row[1].total, row[0].name))
    may_run = request.user.may("run_interventions")
    return render(request, "interventions/partners.html", {"rows": rows, "may_run": may_run})


@allowed("run_interventions")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form, status = PartnerForm(**sent(request)), None
    if request.method == "POST" and form.is_valid():
        programme = request.user.programme
        try:
            partner = workflow.add_partner(request.user, programme, **form.cleaned_data)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, f"{partner.name} sudah ditambahkan.")
            return redirect("interventions:partners")
    return form_page(
        request, form, title="Tambah mitra", submit="Tambah mitra", status=status,
        back=reverse("interventions:partners"),
    )  # fmt: skip


@allowed("see_own_help")
@require_safe
def own_help(request: HttpRequest) -> HttpResponse:
    """What the partners this person signs in for have given: codes and numbers, no names."""
    mine = list(Partner.objects.own(request.user))
    pillars = [_newest(things) for _, things in partners.of_partners(mine)]
    rows = [_row(thing) for pillar in pillars for thing in pillar]
    record(request.user, "list_own_help", why=f"n={len(rows)}", action="see_own_help")
    context = {
        "partners": mine,
        "total": _sum(pillars, "n"),
        **{name: _sum(pillars, name) for name in partners.SUMS},
        "rows": sorted(rows, key=lambda row: (row["begin"], row["code"]), reverse=True),
        "most": MOST_ROWS,
        "today": request.user.programme.today(),
    }
    return render(request, "interventions/own_help.html", context)


def _newest(things: Any) -> list[Any]:
    """The newest helps of one pillar, each with the sums of all of them."""
    if things.model is PmtEpisode:
        things = things.with_days().select_related("child")
    newest = partners.with_sums(things).select_related("desa", "programme")
    return list(newest.order_by("-planned_start", "code")[:MOST_ROWS])


def _sum(pillars: list[list[Any]], name: str) -> int:
    """Of all helps, not only of the newest that are shown."""
    return sum(getattr(things[0], f"all_{name}") or 0 for things in pillars if things)


def _row(thing: Any) -> dict[str, Any]:
    """One help as figures: nothing here says whose it is."""
    pmt = isinstance(thing, PmtEpisode)
    return {
        "code": thing.code,
        "kind": f"PMT · {thing.group(thing.planned_start)}" if pmt else thing.get_kind_display(),
        "desa": thing.desa.title,
        "begin": thing.started_on or thing.planned_start,
        "end": thing.ended_on or thing.planned_end,
        "given": thing.given if pmt else None,
        "days": thing.planned_days if pmt else None,
        "status": thing.get_status_display(),
        "tone": thing.tone,
        "cost": thing.cost if thing.funding == "mitra" else None,
    }
