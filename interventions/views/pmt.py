"""PMT: plan it for a child or a pregnant woman, record the days, see what it changed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from growth.classify import SCREENING
from interventions import indications, workflow
from interventions.before_after import outcome_of
from interventions.feeding import Feeding
from interventions.forms.plain import EndForm, StartForm, StopForm
from interventions.forms.pmt import PmtDayForm, PmtPlanForm, PmtWeekForm
from interventions.models import PmtEpisode
from interventions.views.answers import form_page, sent, told
from regions.words import long_date, number
from registry.families.life import away_words
from registry.models import Child, Pregnancy
from registry.mothers.pregnancy import LILA_KEK_CM

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


# --- Planning ----------------------------------------------------------------------------------


@allowed("run_interventions")
@get_or_post
def plan_for_child(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a PMT for a child; a child with gizi buruk is referred instead."""
    children = Child.objects.in_scope(request.user, "run_interventions")
    child = get_object_or_404(
        children.select_related("programme__region", "desa", "posyandu", "household"), code=code
    )
    today = child.programme.today()
    latest = workflow.latest_measurement(child, today)
    back = reverse("registry:child", kwargs={"code": child.code})
    extra = {
        "person": child,
        "lead": f"{child.age_text(today)} · {child.desa.title}",
        "note": _last_words(child, latest),
        "screening": SCREENING,
        "refused": indications.why_not_child(child, latest, today),
    }
    first = {"indication": indications.proposed(latest), "planned_start": today}
    return _plan(request, child, back, first, extra, child=child)


@allowed("run_interventions")
@get_or_post
def plan_for_pregnancy(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a PMT for a pregnant woman."""
    pregnancies = Pregnancy.objects.in_scope(request.user, "run_interventions")
    pregnancy = get_object_or_404(
        pregnancies.select_related("programme__region", "desa", "posyandu", "mother__household"),
        code=code,
    )
    today = pregnancy.programme.today()
    back = reverse("registry:mother", kwargs={"code": pregnancy.mother.code})
    check = pregnancy.checks.current().filter(lila_cm__isnull=False).first()
    thin = bool(check and check.lila_cm < LILA_KEK_CM)
    extra = {
        "person": pregnancy.mother,
        "lead": f"Hamil {pregnancy.weeks_text(today)} · {pregnancy.desa.title}",
        "note": f"LiLA {number(check.lila_cm, 1)} cm pada {long_date(check.checked_on)}"
        if check else "LiLA belum pernah diukur.",
    }  # fmt: skip
    first = {"indication": "kek" if thin else "", "planned_start": today}
    return _plan(request, pregnancy, back, first, extra, pregnancy=pregnancy)


def _plan(
    request: HttpRequest,
    person: Child | Pregnancy,
    back: str,
    first: dict[str, Any],
    extra: dict[str, Any],
    **whom: Any,
) -> HttpResponse:
    form = PmtPlanForm(
        **sent(request), initial=first, programme=person.programme, for_child="child" in whom
    )
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            episode = workflow.plan_pmt(request.user, **whom, **form.cleaned_data)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "PMT sudah direncanakan. Tekan Mulai saat hari pertama tiba.")
            return redirect(episode)
    title = f"Rencanakan PMT: {extra['person'].name}"
    return form_page(
        request, form, title=title, submit="Simpan rencana", back=back, status=status,
        template="interventions/plan_pmt.html", **extra,
    )  # fmt: skip


def _last_words(child: Child, latest: Any) -> str:
    if latest is None:
        return "Belum pernah diukur. Ukur anak ini dahulu supaya hasil PMT dapat dinilai."
    about = "≈ " if child.is_approximate else ""
    names = (("haz", "TB/U"), ("whz", "BB/TB"), ("waz", "BB/U"))
    known = [
        f"{label} {about}{number(getattr(latest, name), 2)} SD"
        for name, label in names
        if getattr(latest, name) is not None and not getattr(latest, f"{name}_flag")
    ]
    said = " · ".join(known) or "Status gizi belum dapat dihitung"
    return f"{said} pada {long_date(latest.measured_on)}"


# --- One episode -------------------------------------------------------------------------------


def episode_for(request: HttpRequest, code: str, action: str = "") -> PmtEpisode:
    rows = PmtEpisode.objects.in_scope(request.user, action).select_related(
        "programme__region", "desa", "posyandu", "child", "pregnancy__mother", "partner", "baseline"
    )
    return get_object_or_404(rows, code=code)


@allowed("see_interventions")
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    episode = episode_for(request, code)
    record(request.user, "view_help", episode, action="see_interventions")
    return card(request, episode)


def card(
    request: HttpRequest, episode: PmtEpisode, status: int = 200, **forms: Any
) -> HttpResponse:
    """One PMT: how it stands, day by day, before and after."""
    today = episode.programme.today()
    feeding = Feeding(episode, today)
    context = {
        "episode": episode,
        "today": today,
        "feeding": feeding,
        "outcome": outcome_of(episode, today) if episode.started_on else None,
        "person_url": person_url(episode),
        "away": away_words(episode.person, today),
        "verbs": workflow.verbs(request.user, episode),
        "start_form": StartForm(initial={"on": today}),
        "stop_form": StopForm(),
        "screening": SCREENING,
        **forms,
    }
    return render(request, "interventions/pmt.html", context, status=status)


def person_url(episode: PmtEpisode) -> str:
    noun = "child" if episode.child else "mother"
    return reverse(f"registry:{noun}", kwargs={"code": episode.person.code})


@allowed("record_delivery")
@get_or_post
def record_day(request: HttpRequest, code: str) -> HttpResponse:
    """One day: given or not, how much was eaten."""
    episode = episode_for(request, code, "record_delivery")
    today = episode.programme.today()
    first = {"day": request.GET.get("tanggal") or today, "given": "1"}
    form, status = PmtDayForm(**sent(request), initial=first), None
    if request.method == "POST" and form.is_valid():
        try:
            day = workflow.record_day(request.user, episode, form.fed())
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, f"{long_date(day.day)} sudah dicatat.")
            return redirect(episode)
    return form_page(
        request, form, title="Catat hari makan", submit="Simpan hari ini", status=status,
        back=episode.get_absolute_url(), lead=_time_of(episode),
    )  # fmt: skip


@allowed("record_delivery")
@get_or_post
def record_week(request: HttpRequest, code: str) -> HttpResponse:
    """Seven days at once; what is recorded stands there, what has not come is closed."""
    episode = episode_for(request, code, "record_delivery")
    feeding = Feeding(episode, episode.programme.today())
    week = feeding.week(request.GET.get("ke", ""))
    form, status = PmtWeekForm(**sent(request), open_days=week.open_days), None
    if request.method == "POST" and form.is_valid():
        try:
            rows = workflow.record_days(request.user, episode, form.fed())
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, f"{len(rows)} hari sudah dicatat.")
            return redirect(episode)
    return form_page(
        request, form, title=f"Catat minggu ke-{week.number}", submit="Simpan minggu ini",
        status=status, back=episode.get_absolute_url(), lead=_time_of(episode),
        template="interventions/pmt_week.html", episode=episode, week=week,
        lines=week.lines(form),
    )  # fmt: skip


def _time_of(episode: PmtEpisode) -> str:
    if not episode.started_on:
        return f"{episode.person.name} · PMT ini belum dimulai."
    first, last = long_date(episode.started_on), long_date(episode.last_feeding_day)
    return f"{episode.person.name} · masa PMT {first} sampai {last}"


@allowed("run_interventions")
@get_or_post
def complete(request: HttpRequest, code: str) -> HttpResponse:
    """End a PMT, with its before and after in view."""
    episode = episode_for(request, code, "run_interventions")
    today: date = episode.programme.today()
    form, status = EndForm(**sent(request), initial={"ended_on": today}), None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            workflow.complete(
                request.user,
                episode,
                said["ended_on"],
                cost_real=said["cost_real"],
            )
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "PMT selesai.")
            return redirect(episode)
    return form_page(
        request, form, title="Selesaikan PMT", submit="Selesaikan PMT", status=status,
        back=episode.get_absolute_url(), lead=_time_of(episode),
        template="interventions/complete_pmt.html", episode=episode,
        outcome=outcome_of(episode, today), feeding=Feeding(episode, today), screening=SCREENING,
    )  # fmt: skip
