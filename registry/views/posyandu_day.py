"""The posyandu day: choose it, the list, one child after the other."""

import functools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import View, allowed
from accounts.middleware import give_list_cookie
from accounts.models import record
from accounts.transitions import Refused
from growth.classify import ALERT_LABELS, SCREENING
from regions.models import Posyandu
from regions.posters import posyandu_title
from registry.area import posyandu_within
from registry.children import cards
from registry.forms.posyandu_day import NOT_YET, DayForm, EntryForm, FixForm
from registry.models import Child, Measurement
from registry.names import clean_text, name_key
from registry.posyandu import day as days_of
from registry.posyandu import entry
from registry.posyandu.past import past_days
from registry.views.people import asked, seen, told
from registry.views.submit import wants_json

ACTION = "hold_posyandu"


def at_posyandu(*, ahead: int = 0) -> Callable[[View], View]:
    """Hand the view the posyandu in scope; a day that has not come is answered with a sentence.

    ``ahead``: so many days before, the view may be opened already (the list to print).
    """

    def gate(view: View) -> View:
        @functools.wraps(view)
        def inner(request: HttpRequest, posyandu: str, on: date, **more: str) -> HttpResponse:
            rows = posyandu_within(request.user, ACTION).select_related("desa", "programme__region")
            place = get_object_or_404(rows, code=posyandu)
            if on > place.programme.today() + timedelta(days=ahead):
                messages.error(request, NOT_YET)
                return redirect(reverse("registry:posyandu-days") + "?pilih=1")
            return view(request, place, on, **more)

        return inner

    return gate


def _child(request: HttpRequest, posyandu: Posyandu, on: date, code: str) -> Child:
    """One of the children due on the day."""
    found = get_object_or_404(days_of.due(request.user, posyandu, on), code=code)
    found.programme = posyandu.programme
    return found


def day_context(posyandu: Posyandu, on: date, **more: Any) -> dict[str, Any]:
    today = posyandu.programme.today()
    return {
        "posyandu": posyandu,
        "place": posyandu_title(posyandu),
        "on": on,
        "is_today": on == today,
        "days_ago": (today - on).days,
        "screening": SCREENING,
        **more,
    }


# --- Which day ---------------------------------------------------------------------------------


@allowed(ACTION)
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Choose a posyandu and a day; who has one posyandu only goes straight to today."""
    today = request.user.programme.today()
    places = list(posyandu_within(request.user, ACTION).select_related("desa"))
    form = DayForm(request.GET if "posyandu" in request.GET else None, places=places, today=today)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        return redirect(form.leads_to, chosen["posyandu"], chosen["tanggal"])
    if len(places) == 1 and not request.GET:
        return redirect("registry:posyandu-day", places[0].code, today)
    past = past_days(places, today)
    context = {"form": form, "places": places, "past": past, "today": today}
    status = 422 if form.is_bound else 200
    return render(request, "registry/posyandu/days.html", context, status=status)


@allowed(ACTION)
@require_safe
@at_posyandu()
def day(request: HttpRequest, place: Posyandu, on: date) -> HttpResponse:
    """The children due, not yet measured first; ``q`` narrows the lists by name."""
    found = days_of.read(request.user, place, on)
    list_seen(request, found)
    q = clean_text(request.GET.get("q", ""))[:60]
    shown = _matching(found.rows, q)
    lists = {
        state: [row for row in getattr(found, state) if row.code in shown]
        for state in ("waiting", "absent", "measured")
    }
    context = day_context(place, on, day=found, q=q, lists=lists, shown=len(shown),
                          may_export=request.user.may("export_lists"))  # fmt: skip
    response = render(request, "registry/posyandu/day.html", context)
    give_list_cookie(request, response, request.user)  # for the script that keeps the list
    return response


def list_seen(request: HttpRequest, day: days_of.Day, verb: str = "view_posyandu_day") -> None:
    """A list of the day's children was shown or printed."""
    why = f"{day.on} n={len(day.rows)}"
    record(request.user, verb, day.posyandu, why=why, action=ACTION)


def _matching(rows: Any, q: str) -> set[str]:
    key = name_key(q)
    return {row.code for row in rows if key in row.child.name_key or key in name_key(row.mother)}


# --- One child ---------------------------------------------------------------------------------


@allowed(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@at_posyandu()
def child(request: HttpRequest, place: Posyandu, on: date, child: str) -> HttpResponse:
    """The entry page of one child; once measured, the same address shows the result."""
    found = _child(request, place, on, child)
    if request.method == "POST":
        return _entered(request, place, on, found)
    visit = entry.visit_on(found, on)
    if visit:
        return _result(request, place, on, found, visit)
    form = EntryForm(child=found, on=on, today=place.programme.today())
    return _entry_page(request, place, on, found, form)


def _entered(request: HttpRequest, place: Posyandu, on: date, found: Child) -> HttpResponse:
    """Store what was sent, and show the result; what is wrong or in doubt is asked back."""
    form = EntryForm(request.POST, child=found, on=on, today=place.programme.today())
    if not form.is_valid():
        return _refused(request, place, on, found, form)
    try:
        entered = entry.measure(request.user, found, form.numbers())
    except Refused as refused:
        return _refused(request, place, on, found, form, told(form, refused))
    if note := entry.tell_exclusive(request.user, found, form.told_exclusive, on):
        messages.warning(request, note)
    if wants_json(request):
        return _receipt(request, found, entered, asked=form.told_exclusive is not None)
    if entered.state == entry.TAKEN:
        return _taken(request, place, on, found, entered.visit, form.numbers())
    return _see_other(place, on, found)


def _see_other(place: Posyandu, on: date, found: Child) -> HttpResponse:
    response = redirect("registry:posyandu-child", place.code, on, found.code)
    response.status_code = 303
    return response


def _receipt(
    request: HttpRequest, found: Child, entered: entry.Entered, *, asked: bool
) -> HttpResponse:
    """The same answer for a script that keeps entries until there is a signal."""
    visit = entered.visit
    answer = {
        **_mark_of(request),
        "state": entered.state,
        "told": asked,
        "measurement": visit.code,
        "alert": visit.alert,
        "words": days_of.headline(found, visit),
        "stored": days_of.told_words(visit),
    }
    status = {entry.SAVED: 201, entry.DUPLICATE: 200, entry.TAKEN: 409}[entered.state]
    return JsonResponse(answer, status=status)


def _mark_of(request: HttpRequest) -> dict[str, str]:
    """The id of the entry that waited on the phone: by it the phone knows our receipt."""
    return {"client_id": request.POST.get("client_id", "")[:64]}


def _refused(
    request: HttpRequest, place: Posyandu, on: date, found: Child, form: EntryForm,
    status: int = 422,
) -> HttpResponse:  # fmt: skip
    if not wants_json(request):
        return _entry_page(request, place, on, found, form, status)
    answer: dict[str, Any] = {"errors": {n: list(map(str, e)) for n, e in form.errors.items()}}
    if form.doubts:
        answer["confirm"] = sorted({name for name, _ in form.doubts})
    return JsonResponse(answer, status=status)


def _entry_page(
    request: HttpRequest, place: Posyandu, on: date, found: Child, form: EntryForm,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    seen(request, found, ACTION)
    gone = found.absences.filter(on=on).exists()
    context = day_context(place, on, child=found, form=form, age=found.age_text(on), absent=gone)
    return render(request, "registry/posyandu/entry.html", context, status=status)


def _result(
    request: HttpRequest, place: Posyandu, on: date, found: Child, visit: Measurement
) -> HttpResponse:
    """What the numbers say, at once, and who is next."""
    seen(request, found, ACTION)
    whole = days_of.read(request.user, place, on)
    context = day_context(
        place, on, child=found, visit=visit, age=found.age_text(on),
        tone=visit.alert or "netral", label=ALERT_LABELS.get(visit.alert, ""),
        headline=days_of.headline(found, visit), gain=days_of.gain_words(visit),
        sizes=cards.sizes_words(visit), lines=days_of.plain_lines(found, visit),
        day=whole, next=whole.after(found), asks=whole.asks(found),
    )  # fmt: skip
    return render(request, "registry/posyandu/result.html", context)


def _taken(
    request: HttpRequest, place: Posyandu, on: date, found: Child, visit: Measurement,
    typed: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """Another kader was first: what stands, and the box to put it right with what was typed."""
    form = FixForm(measurement=visit, today=place.programme.today(), typed=typed)
    return _fix_page(request, place, on, found, visit, form, 409)


@allowed(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@at_posyandu()
def correct(request: HttpRequest, place: Posyandu, on: date, child: str) -> HttpResponse:
    """Put the day's numbers of a child right and come back to its result."""
    found = _child(request, place, on, child)
    visit = entry.visit_on(found, on)
    if visit is None:
        return redirect("registry:posyandu-child", place.code, on, found.code)
    form = FixForm(asked(request), measurement=visit, today=place.programme.today())
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            reason, saw = form.cleaned_data["reason"], request.POST.get("standing", "")
            entry.put_right(request.user, visit, form.numbers(), reason, saw)
        except Refused as refused:
            status = told(form, refused)
            visit = entry.visit_on(found, on) or visit
        else:
            return _see_other(place, on, found)
    return _fix_page(request, place, on, found, visit, form, status)


def _fix_page(
    request: HttpRequest, place: Posyandu, on: date, found: Child, visit: Measurement,
    form: FixForm, status: int,
) -> HttpResponse:  # fmt: skip
    seen(request, found, ACTION)
    context = day_context(
        place, on, child=found, visit=visit, form=form, age=found.age_text(on),
        stands=days_of.told_words(visit), taken=status == 409 and not form.is_bound,
    )  # fmt: skip
    return render(request, "registry/posyandu/fix.html", context, status=status)


@allowed(ACTION)
@require_POST
@at_posyandu()
def absent(request: HttpRequest, place: Posyandu, on: date, child: str) -> HttpResponse:
    """Note that a child did not come, and go on with the next."""
    found = _child(request, place, on, child)
    try:
        entry.absent(request.user, found, place, on)
    except Refused as refused:
        if wants_json(request):
            return _stands(refused.sentence)
        messages.error(request, refused.sentence)
        return _see_other(place, on, found)
    if wants_json(request):
        return JsonResponse({**_mark_of(request), "state": "absent", "stored": "Tidak hadir"})
    messages.success(request, f"{found.name} dicatat tidak hadir.")
    return redirect("registry:posyandu-day", place.code, on)


@allowed(ACTION)
@require_POST
@at_posyandu()
def asi(request: HttpRequest, place: Posyandu, on: date, child: str) -> HttpResponse:
    """The answer to "hanya ASI?" of a baby that is measured already."""
    found = _child(request, place, on, child)
    told_now = {"ya": True, "tidak": False}.get(request.POST.get("exclusive", ""))
    note = entry.tell_exclusive(request.user, found, told_now, on)
    if wants_json(request):
        if note:
            return _stands(note)
        return JsonResponse({**_mark_of(request), "state": "told", "stored": "Tercatat"})
    if note:
        messages.warning(request, note)
    return _see_other(place, on, found)


def _stands(sentence: str) -> HttpResponse:
    """Something else is known already: the script shows the sentence and asks no more."""
    return JsonResponse({"state": entry.TAKEN, "stored": sentence}, status=409)
