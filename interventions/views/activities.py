"""Activities: plan a class or meeting, then write down who came and what it gave."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from interventions import attendance, workflow
from interventions.forms.activities import ActivityPlanForm, GuestForm, HoldForm, MotherCameForm
from interventions.forms.plain import StopForm
from interventions.models import Activity
from interventions.views.answers import form_page, sent, told

BLANK_LINES, MOST_GUESTS = 5, 200
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@allowed("run_interventions")
@get_or_post
def plan(request: HttpRequest) -> HttpResponse:
    """Plan one activity."""
    programme = request.user.programme
    form = ActivityPlanForm(
        **sent(request), programme=programme, initial={"planned_start": programme.today()}
    )
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            activity = workflow.plan_activity(request.user, programme, **form.cleaned_data)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Kegiatan sudah direncanakan.")
            return redirect(activity)
    return form_page(
        request, form, title="Rencanakan kegiatan", submit="Simpan rencana", status=status,
        back=f"{reverse('interventions:board')}?pilar=kegiatan",
    )  # fmt: skip


def _activity(request: HttpRequest, code: str, action: str = "") -> Activity:
    rows = Activity.objects.in_scope(request.user, action).select_related(
        "programme__region", "desa", "posyandu", "partner", "photo"
    )
    return get_object_or_404(rows, code=code)


@allowed("see_interventions")
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    activity = _activity(request, code)
    record(request.user, "view_help", activity, action="see_interventions")
    return card(request, activity)


def card(request: HttpRequest, activity: Activity, status: int = 200, **forms: Any) -> HttpResponse:
    """One activity: the plan, or who came and how much they learned."""
    people = list(activity.attendance.select_related("mother"))
    context = {
        "activity": activity,
        "people": people,
        "figures": attendance.figures(people),
        "verbs": workflow.verbs(request.user, activity),
        "stop_form": StopForm(),
        **forms,
    }
    return render(request, "interventions/activity.html", context, status=status)


@allowed("run_interventions")
@get_or_post
def hold(request: HttpRequest, code: str) -> HttpResponse:
    """The attendance list: tick mothers, write other names; then the activity is done.

    "Tambah baris" only gives more lines: nothing is stored, everything typed is kept.
    """
    activity = _activity(request, code, "run_interventions")
    form = HoldForm(**sent(request), initial={"held_on": activity.planned_start})
    lines = [
        (mother, MotherCameForm(**sent(request), prefix=mother.code).name_boxes(mother.name))
        for mother in attendance.mothers_of(request.user, activity)
    ]
    guests = _guests(request)
    if request.method != "POST":
        record(request.user, "list_mothers", why=f"n={len(lines)}", action="run_interventions")
    if request.method == "POST" and "tambah" in request.POST:
        return _attendance_page(request, activity, form, lines, guests, 200)
    status = None
    all_valid = [form.is_valid(), guests.is_valid(), *(line.is_valid() for _, line in lines)]
    if request.method == "POST" and all(all_valid):
        try:
            workflow.hold(
                request.user, activity, form.cleaned_data.pop("held_on"),
                attendance.came(lines, guests), **form.cleaned_data,
            )  # fmt: skip
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Daftar hadir tersimpan. Kegiatan selesai.")
            return redirect(activity)
    elif request.method == "POST":
        status = 422
    return _attendance_page(request, activity, form, lines, guests, status or 200)


def _guests(request: HttpRequest) -> "BaseFormSet[Any]":
    """Lines for names outside the registry; a press on "Tambah baris" gives more of them."""
    lines = formset_factory(
        GuestForm, extra=BLANK_LINES, max_num=MOST_GUESTS, absolute_max=MOST_GUESTS
    )
    guests = lines(_more_lines(request), prefix="tamu")
    for number, line in enumerate(guests, 1):
        line.name_boxes(f"orang ke-{number}")
    return guests


def _more_lines(request: HttpRequest) -> Any:
    """What was sent, with more lines when "Tambah baris" was pressed; None when nothing was."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if "tambah" in data:
        now = data.get("tamu-TOTAL_FORMS", "")
        known = int(now) if now.isascii() and now.isdigit() and len(now) < 4 else BLANK_LINES
        data["tamu-TOTAL_FORMS"] = str(min(known + BLANK_LINES, MOST_GUESTS))
    return data


def _attendance_page(
    request: HttpRequest, activity: Activity, form: Any, lines: Any, guests: Any, status: int
) -> HttpResponse:
    return form_page(
        request, form, title="Catat pelaksanaan", submit="Simpan dan selesaikan", status=status,
        back=activity.get_absolute_url(), lead=f"{activity.title} · {activity.desa.title}",
        template="interventions/hold_activity.html", activity=activity, lines=lines, guests=guests,
        wrong_lines=request.method == "POST" and "tambah" not in request.POST
        and (any(line.errors for _, line in lines) or any(guests.errors)),
    )  # fmt: skip
