"""The posyandu day without a signal: the list a phone keeps, and the shell that shows it.

The shell holds no data and is the same for everybody; the list is handed out once per opening of
the day and kept encrypted on the phone (static/js/hari.js, keputusan.md).
"""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import allowed, who
from growth.words import long_date, measured, short_date
from regions.models import Posyandu
from regions.posters import posyandu_title
from registry.forms.posyandu_day import LILA_FROM_MONTH, OfflineForm, must_lie, posture_for
from registry.posyandu import day as days_of
from registry.views.posyandu_day import ACTION, at_posyandu, list_seen


@login_not_required
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page without data that a phone keeps; the script fills it from the phone's own list."""
    context = {"programme": None, "form": OfflineForm()}
    response = render(request, "registry/posyandu/offline.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@allowed(ACTION)
@require_safe
@at_posyandu()
def data(request: HttpRequest, place: Posyandu, on: date) -> HttpResponse:
    """The day's list for the phone, whose it is, and the token its entries are sent with."""
    found = days_of.read(request.user, place, on)
    list_seen(request, found)
    answer = {
        "user": who(request).code,
        "token": get_token(request),
        "url": reverse("registry:posyandu-day", args=[place.code, on]),
        "place": f"{posyandu_title(place)}, {place.desa.title}",
        "on": on.isoformat(),
        "day": long_date(on),
        "children": [_child(row) for row in found.rows],
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _child(row: days_of.Row) -> dict[str, Any]:
    """What a kader needs beside the scale, and no more: no mother, no address, no NIK."""
    child, on = row.child, row.on
    return {
        "code": row.code,
        "name": row.name,
        "sex": child.sex,
        "born": child.birth_date.isoformat(),
        "age": row.age,
        "posture": posture_for(child, on),
        "lies": must_lie(child, on),
        "lila": row.months >= LILA_FROM_MONTH,
        "asks": row.asked_month is not None,
        "last": row.last,
        "before": _before(row),
        "state": row.state,
        "told": row.told,
    }


def _before(row: days_of.Row) -> dict[str, str]:
    """``Terakhir 8,4 kg (10 Okt 26)`` beside the boxes, of the last visit before the day."""
    child = row.child
    known = {"weight_kg": (child.last_weight, "kg"), "length_height_cm": (child.last_length, "cm")}
    return {
        name: f"Terakhir {measured(float(n))} {unit} ({short_date(child.latest_measured_on)})"
        for name, (n, unit) in known.items()
        if n is not None
    }
