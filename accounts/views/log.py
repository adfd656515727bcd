"""The event log, to be read: newest first, by verb, person or code."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import allowed, who
from accounts.log_words import fields_of, why_of
from accounts.models import Event, EventQuerySet
from accounts.paging import PARAMETER, Order
from accounts.verbs import VERBS, kind_of, words_of

PAGE = 100
NEWEST_FIRST = Order("jejak", ("id",), descending=True, counted=False)
FILTERS = ("perbuatan", "orang", "kode")


@require_safe
@allowed("see_log")
def log(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    found = _chosen(Event.objects.in_scope(who(request)), asked)
    page = NEWEST_FIRST.page(found, request.GET.get(PARAMETER, ""), PAGE)
    context = {
        "title": "Jejak", "rows": [_row(event) for event in page.rows], "asked": asked,
        "verbs": sorted(VERBS.items(), key=lambda item: item[1]),
        "pager": page.pager(request.GET),
    }  # fmt: skip
    return render(request, "accounts/log.html", context)


def _chosen(events: EventQuerySet, asked: dict[str, str]) -> EventQuerySet:
    """The events asked for."""
    if asked["perbuatan"] in VERBS:
        events = events.filter(verb=asked["perbuatan"])
    if asked["orang"]:
        events = events.by_person(asked["orang"])
    if asked["kode"]:
        events = events.about(asked["kode"], asked["kode"].lower())
    return events.select_related("user", "grant", "programme")


def _row(event: Event) -> dict[str, Any]:
    return {
        "event": event,
        "who": str(event.user) if event.user else "Tanpa akun",
        "words": words_of(event.verb),
        "kind": kind_of(event.object_kind),
        "fields": fields_of(event.object_kind, event.fields),
        "why": why_of(event.why),
    }
