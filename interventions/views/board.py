"""The board: who needs help and has none, what is running, planned, ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import allowed
from accounts.models import record
from interventions.board import GROUPS, NEEDED, TITLES, Board

FILTERS = ("pilar", "status", "desa")
STATUS_CHOICES = [
    (NEEDED, "Perlu bantuan"),
    *((word, TITLES[group]) for word, group in GROUPS.items()),
]


@allowed("see_interventions")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Targets and helps of one pillar; the filters stay in the address."""
    asked = Board(request.GET, request.user)
    sections = asked.sections()
    shown = sum(len(section.rows) for section in sections)
    record(
        request.user, "list_help", fields=[n for n in FILTERS if request.GET.get(n)],
        why=f"n={shown}", action="see_interventions",
    )  # fmt: skip
    context = {
        "board": asked,
        "sections": sections,
        "statuses": STATUS_CHOICES[1:] if asked.is_activity else STATUS_CHOICES,
        "may_run": request.user.may("run_interventions"),
    }
    return render(request, "interventions/board.html", context)
