"""The event log, to be read: newest first, by verb, person or code."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import allowed, who
from accounts.log_words import fields_of, why_of
from accounts.models import Event, EventQuerySet
from accounts.verbs import VERBS, kind_of, words_of

PAGE = 100
FILTERS = ("perbuatan", "orang", "kode")


@require_safe
@allowed("see_log")
def log(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    rows = list(_chosen(Event.objects.in_scope(who(request)), asked, request)[: PAGE + 1])
    asked = {name: value for name, value in asked.items() if value}
    next_url = ""
    if len(rows) > PAGE:
        next_url = "?" + urlencode(asked | {"sebelum": rows[PAGE - 1].pk})
    context = {
        "title": "Jejak", "rows": [_row(event) for event in rows[:PAGE]], "asked": asked,
        "verbs": sorted(VERBS.items(), key=lambda item: item[1]), "next_url": next_url,
    }  # fmt: skip
    return render(request, "accounts/log.html", context)


def _chosen(events: EventQuerySet, asked: dict[str, str], request: HttpRequest) -> EventQuerySet:
    """The events asked for, newest first, from below the one the page before ended with."""
    if asked["perbuatan"] in VERBS:
        events = events.filter(verb=asked["perbuatan"])
    if asked["orang"]:
        events = events.by_person(asked["orang"])
    if asked["kode"]:
        events = events.about(asked["kode"], asked["kode"].lower())
    before = request.GET.get("sebelum", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        events = events.filter(pk__lt=int(before))
    return events.select_related("user", "grant", "programme").order_by("-pk")


def _row(event: Event) -> dict[str, Any]:
    return {
        "event": event,
        "who": str(event.user) if event.user else "Tanpa akun",
        "words": words_of(event.verb),
        "kind": kind_of(event.object_kind),
        "fields": fields_of(event.object_kind, event.fields),
        "why": why_of(event.why),
    }
