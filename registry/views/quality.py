"""Mutu data: the month's page, and the list behind each of its numbers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import allowed, who
from accounts.models import record
from accounts.paging import PARAMETER
from growth.quality import CHECKS
from regions.paper import print_paper
from registry.lists import PER_PAGE
from registry.posyandu import quality as measured
from registry.posyandu.quality import LISTS, NOT_MEASURED, Quality
from registry.posyandu.quality_asked import ACTION, MODES, QualityAsked


@allowed(ACTION)
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """How a month was measured: by check, by person or by posyandu."""
    chosen = QualityAsked(request.GET, request.user)
    found = Quality(chosen)
    by_posyandu = chosen.values["menurut"] == "posyandu" and not chosen.person
    lines = found.places() if by_posyandu else found.people()
    order = measured.BY_COVERAGE if by_posyandu else measured.BY_NEED
    page = order.page(lines, request.GET.get(PARAMETER, ""), measured.PER_PAGE)
    _seen(request, chosen, found.total.n)
    summary = found.summary()
    context = {
        **summary, "chosen": chosen, "form": chosen.form(),
        "missing_url": chosen.list_url(NOT_MEASURED) if summary["done"] < summary["due"] else "",
        "lines": page.rows, "count": page.count, "pager": chosen.pager(page),
        "by_posyandu": by_posyandu, "all_url": chosen.url(posyandu="", pencatat=""),
        "print_url": chosen.print_url(), "tabs": [] if chosen.whose else _tabs(chosen),
    }  # fmt: skip
    return render(request, "registry/posyandu/quality.html", context)


@allowed(ACTION)
@require_safe
def quality_print(request: HttpRequest) -> HttpResponse:
    """The month on paper for the puskesmas: sums, who wants company, coverage; no child's name."""
    chosen = QualityAsked(request.GET, request.user)
    found = Quality(chosen)
    people = [] if chosen.person else found.people()
    context = {
        **found.summary(), "whose": chosen.paper_title, "on": chosen.today, "people": len(people),
        "named": [line for line in people if line["said"]],
        "places": [] if chosen.person else found.places(),
    }  # fmt: skip
    made = print_paper("registry/posyandu/quality_paper.html", who(request).programme, context)
    _seen(request, chosen, found.total.n, "cetak")
    headers = {"Content-Disposition": f'inline; filename="mutu-data-{chosen.values["bulan"]}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@allowed(ACTION)
@require_safe
def quality_list(request: HttpRequest, which: str) -> HttpResponse:
    """The visits behind one number, or the children who were not measured."""
    if which not in LISTS:
        raise Http404
    chosen = QualityAsked(request.GET, request.user)
    found = Quality(chosen)
    rows = found.not_measured() if which == NOT_MEASURED else found.behind(which)
    order = measured.CHILDREN if which == NOT_MEASURED else measured.VISITS
    page = order.page(rows, request.GET.get(PARAMETER, ""), PER_PAGE)
    _seen(request, chosen, page.count or 0, which)
    context = {
        "chosen": chosen, "which": which, "title": LISTS[which], "month": chosen.month[0],
        "tip": CHECKS[which].tip if which in CHECKS else "", "count": page.count,
        "rows": measured.listed(page.rows, which, chosen), "pager": chosen.pager(page),
        "crumbs": [("Mutu data", chosen.url())],
    }  # fmt: skip
    return render(request, "registry/posyandu/quality_list.html", context)


def _seen(request: HttpRequest, chosen: QualityAsked, count: int, which: str = "") -> None:
    fields = [*chosen.used, which] if which else list(chosen.used)
    record(request.user, "view_quality", fields=fields, why=f"n={count}", action=ACTION)


def _tabs(chosen: QualityAsked) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": chosen.url(menurut=mode),
         "open": mode == chosen.values["menurut"]}
        for mode, label in MODES.items()
    ]  # fmt: skip
