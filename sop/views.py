"""Pages of the SOP: the months, one run with its steps, the lembar disposisi, the sheet."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from regions import paper
from sop import pages, workflow
from sop.clock import standard_text
from sop.forms import DayNoteForm, DisposisiForm, OutputForm, RowForm, first_words, values_of
from sop.models import Disposisi, Run, SopStep, StepRecord

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allowed("see_sop")
def runs(request: HttpRequest) -> HttpResponse:
    """The months of one year, the newest first, each with its state and its kept standards."""
    programme = request.user.programme
    workflow.open_month(programme, programme.today())
    mine = Run.objects.in_scope(request.user)
    years = sorted({month.year for month in mine.values_list("month", flat=True)}, reverse=True)
    year = pages.chosen(request.GET.get("tahun"), years)
    rows = pages.run_rows(mine.of_year(year).with_steps(), timezone.now()) if years else []
    missing = not Run.objects.of_month(programme, programme.today()).exists()
    context = {"rows": rows, "years": years, "year": year, "missing": missing}
    context |= {"month": programme.today(), "may_issue": request.user.may("issue_disposisi")}
    return render(request, "sop/runs.html", context)


@get_or_post
@allowed("issue_disposisi")
def disposisi_new(request: HttpRequest) -> HttpResponse:
    programme = request.user.programme
    form = DisposisiForm(programme, request.POST or None, initial=first_words(programme))
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "sop/disposisi_new.html", {"form": form}, status=status)
    try:
        made = workflow.issue(
            request.user,
            programme,
            values_of(form),
            opened_at=form.opened_at,
            form_id=form.form_id,
        )
    except Refused as refused:
        _forbid_strangers(refused)
        form.add_error(None, refused.sentence)
        return render(request, "sop/disposisi_new.html", {"form": form}, status=409)
    messages.success(request, f"Disposisi {made.number} diterbitkan.")
    return redirect("sop:run", made.runs.get(month=made.month).code)


@require_safe
@allowed("see_sop")
def disposisi(request: HttpRequest, code: str) -> HttpResponse:
    """The lembar disposisi, as it is printed."""
    sheet = _disposisi(request, code)
    return render(request, "sop/disposisi.html", pages.disposisi_page(request.user, sheet))


@require_safe
@allowed("see_sop")
def disposisi_pdf(request: HttpRequest, code: str) -> HttpResponse:
    sheet = _disposisi(request, code)
    context = pages.disposisi_paper(sheet)
    made = paper.print_paper("sop/disposisi_paper.html", sheet.programme, context)
    record(request.user, "print", sheet, action="see_sop")
    name = f"disposisi-{sheet.number.replace('/', '-').lower()}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@require_POST
@allowed("issue_disposisi")
def stop_repeating(request: HttpRequest, code: str) -> HttpResponse:
    query = Disposisi.objects.in_scope(request.user, "issue_disposisi").select_related("programme")
    sheet = get_object_or_404(query, code=code)
    try:
        workflow.stop_repeating(request.user, sheet)
    except Refused as refused:
        _forbid_strangers(refused)
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Pengulangan dihentikan. SOP yang sudah berjalan tetap berjalan.")
    return redirect("sop:disposisi", sheet.code)


@require_safe
@allowed("see_sop")
def run(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Run.objects.in_scope(request.user), code=code)
    return render(request, "sop/run.html", pages.run_page(request.user, found))


@require_POST
@allowed("work_sop")
def start(request: HttpRequest, code: str, number: int) -> HttpResponse:
    step = _step(request, code, number)
    act = functools.partial(workflow.start, request.user, step)
    return _act(request, step, "start", act, "Langkah dimulai.")


@require_POST
@allowed("work_sop")
def finish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    step = _step(request, code, number)
    form = OutputForm(step.output_name, request.POST)

    def act() -> None:
        workflow.finish(request.user, step, form.cleaned_data["output"])

    return _act(request, step, "finish", act, "Langkah selesai.", form)


@require_POST
@allowed("work_sop")
def note(request: HttpRequest, code: str, number: int) -> HttpResponse:
    step = _step(request, code, number)
    form = DayNoteForm(request.POST)

    def act() -> None:
        words = form.cleaned_data
        workflow.note_day(request.user, step, words["day"], words["note"])

    return _act(request, step, "note", act, "Catatan hari itu tersimpan.", form)


@require_POST
@allowed("work_sop")
def read(request: HttpRequest, code: str, number: int) -> HttpResponse:
    step = _step(request, code, number)
    act = functools.partial(workflow.read, request.user, step)
    return _act(request, step, "read", act, "Terima kasih, tercatat.")


@require_safe
@allowed("see_sop")
def sheet(request: HttpRequest) -> HttpResponse:
    """The SOP sheet of the programme, as its guideline prints it."""
    rows = SopStep.objects.in_scope(request.user)
    context = pages.sheet_page(list(rows)) | {"may_arrange": request.user.may("arrange_sop")}
    return render(request, "sop/sheet.html", context)


@get_or_post
@allowed("arrange_sop")
def arrange(request: HttpRequest, number: int) -> HttpResponse:
    rows = SopStep.objects.in_scope(request.user, "arrange_sop").select_related("programme")
    row = get_object_or_404(rows, number=number)
    responsible = row.responsible_label
    standard = standard_text(row.standard_minutes, daily=row.is_daily)
    form = RowForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        row.refresh_from_db()  # the form wrote into it; the workflow compares and writes
        changed = workflow.arrange(request.user, row, form.values())
        words = "Berlaku mulai disposisi berikutnya." if changed else "Tidak ada yang berubah."
        messages.success(request, f"Baris {number}: {words}")
        return redirect("sop:arrange", number)
    context = {"form": form, "row": row, "rows": rows, "standard": standard}
    context |= {"responsible": responsible, "may_see": request.user.may("see_sop")}
    status = 422 if request.method == "POST" else 200
    return render(request, "sop/arrange.html", context, status=status)


def _disposisi(request: HttpRequest, code: str) -> Disposisi:
    """The lembar in scope; a secret one only for the Camat and those it goes to."""
    query = Disposisi.objects.in_scope(request.user)
    found = get_object_or_404(query.select_related("programme__region", "issued_by"), code=code)
    if not found.is_for(request.user):
        raise PermissionDenied
    return found


def _step(request: HttpRequest, code: str, number: int) -> StepRecord:
    query = StepRecord.objects.in_scope(request.user, "work_sop")
    return get_object_or_404(query.select_related("run__programme"), run__code=code, number=number)


def _act(
    request: HttpRequest,
    step: StepRecord,
    verb: str,
    act: Callable[[], object],
    done: str,
    form: Any = None,
) -> HttpResponse:
    """Do it and go back to the step; or show the page again with the reason and what was typed."""
    status, refused = 422, None
    try:
        if form is None or form.is_valid():
            act()
            messages.success(request, done)
            return redirect(f"{reverse('sop:run', args=[step.run.code])}#langkah-{step.number}")
        workflow.check(request.user, step, verb)
    except Refused as error:
        _forbid_strangers(error)
        status, refused = 409, error
    page = pages.run_page(request.user, step.run, answered=(step.number, form, refused))
    return render(request, "sop/run.html", page, status=status)


def _forbid_strangers(refused: Refused) -> None:
    if refused.stranger:
        raise PermissionDenied(refused.sentence) from refused
