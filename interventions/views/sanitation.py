"""Clean water and sanitation: find the family, plan the work, finish it with its proof."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.paging import PARAMETER
from accounts.transitions import Refused
from interventions import targets, workflow
from interventions.forms.plain import StartForm, StopForm
from interventions.forms.sanitation import HouseholdSearchForm, WorkEndForm, WorkPlanForm
from interventions.models import SanitationWork
from interventions.rows import household_row
from interventions.views.answers import form_page, sent, told
from registry.models import Child, Household, Mother

PAGE = 25
FILTERS = ("q", "desa")
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@allowed("run_interventions")
@require_safe
def households(request: HttpRequest) -> HttpResponse:
    """Families not yet fit and without a work; with a search, any family of the programme."""
    programme = request.user.programme
    form = HouseholdSearchForm(request.GET, programme=programme)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _families(request.user, asked.get("q", ""), asked.get("desa"))
    place = request.GET.get(PARAMETER, "")
    page = targets.HOUSEHOLDS.page(rows.select_related("desa"), place, PAGE)
    record(
        request.user, "list_households", fields=[n for n in FILTERS if request.GET.get(n)],
        why=f"n={len(page.rows)} of {page.count}", action="run_interventions",
    )  # fmt: skip
    context = {
        "form": form,
        "searched": bool(asked.get("q")),
        "rows": [household_row(household, request.user) for household in page.rows],
        "count": page.count,
        "pager": page.pager(request.GET),
    }
    return render(request, "interventions/households.html", context)


def _families(user: Any, words: str, desa: Any) -> QuerySet[Household]:
    if not words:
        return targets.households(user, desa)
    family = {"household": OuterRef("pk"), "name__icontains": words}
    rows = Household.objects.in_scope(user, "run_interventions").in_desa(desa)
    return rows.filter(
        Q(head_name__icontains=words)
        | Q(address__icontains=words)
        | Exists(Mother.objects.filter(**family))
        | Exists(Child.objects.filter(**family))
    )


@allowed("run_interventions")
@get_or_post
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a work for one household."""
    rows = Household.objects.in_scope(request.user, "run_interventions")
    household = get_object_or_404(
        rows.select_related("programme__region", "desa", "posyandu"), code=code
    )
    form = WorkPlanForm(
        **sent(request), programme=household.programme,
        household=household, initial={"planned_start": household.programme.today()},
    )  # fmt: skip
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            work = workflow.plan_work(request.user, household, **form.cleaned_data)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Pekerjaan sudah direncanakan.")
            return redirect(work)
    return form_page(
        request, form, title="Rencanakan pekerjaan air atau sanitasi", submit="Simpan rencana",
        back=reverse("interventions:households"), status=status,
        lead=f"{household} · {household.full_address}",
    )  # fmt: skip


def _work(request: HttpRequest, code: str, action: str = "") -> SanitationWork:
    rows = SanitationWork.objects.in_scope(request.user, action).select_related(
        "programme__region", "desa", "posyandu", "household__desa", "child", "partner",
        "photo_before", "photo_after",
    )  # fmt: skip
    return get_object_or_404(rows, code=code)


@allowed("see_interventions")
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    work = _work(request, code)
    record(request.user, "view_help", work, action="see_interventions")
    return card(request, work)


def card(
    request: HttpRequest, work: SanitationWork, status: int = 200, **forms: Any
) -> HttpResponse:
    """One work: before, after, who pays, how it stands."""
    today = work.programme.today()
    context = {
        "work": work,
        "today": today,
        "photos": [
            (label, photo)
            for label, photo in (("Sebelum", work.photo_before), ("Sesudah", work.photo_after))
            if photo
        ],
        "verbs": workflow.verbs(request.user, work),
        "start_form": StartForm(initial={"on": today}),
        "stop_form": StopForm(),
        **forms,
    }
    return render(request, "interventions/work.html", context, status=status)


@allowed("run_interventions")
@get_or_post
def complete(request: HttpRequest, code: str) -> HttpResponse:
    """Finish a work: condition after, cost, BAST, photos, what the home is now."""
    work = _work(request, code, "run_interventions")
    form = WorkEndForm(
        **sent(request), work=work,
        initial={"ended_on": work.programme.today()},
    )  # fmt: skip
    status = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            workflow.complete_work(
                request.user, work, said["ended_on"],
                photos=form.photos(), household=form.household(),
                **{name: said[name] for name in ("cost_real", "condition_after", "bast_number")},
            )  # fmt: skip
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Pekerjaan selesai.")
            return redirect(work)
    return form_page(
        request, form, title="Selesaikan pekerjaan", submit="Selesaikan pekerjaan", status=status,
        back=work.get_absolute_url(), lead=f"{work.get_kind_display()} · {work.household}",
    )  # fmt: skip
