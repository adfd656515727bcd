"""Pregnancies: begun, put right, examined, ended."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed
from accounts.transitions import Refused
from registry import registering
from registry.forms.births import EndPregnancyForm
from registry.forms.pregnancies import (
    CheckForm,
    CorrectCheckForm,
    CorrectPregnancyForm,
    PregnancyForm,
)
from registry.models import Mother, Pregnancy
from registry.mothers.pregnancy_cards import check_words
from registry.views.mothers import NOT_PREGNANT, card, form_page, mother_in_scope
from registry.views.people import asked, told

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@allowed("register_person")
@get_or_post
def pregnancy_new(request: HttpRequest, code: str) -> HttpResponse:
    """A known mother is pregnant."""
    found = mother_in_scope(request, code, "register_person")
    form = PregnancyForm(asked(request), mother=found, today=found.programme.today())

    def begin() -> Pregnancy:
        return registering.begin_pregnancy(request.user, found, form.pregnancy(), form.born())

    return form_page(request, found, form, "Catat kehamilan", begin, "Kehamilan tercatat.")


@allowed("check_pregnancy")
@get_or_post
def pregnancy_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put HPHT, HPL and the other numbers of a pregnancy right."""
    found = mother_in_scope(request, code, "check_pregnancy")
    pregnancy = _carried(found)
    if pregnancy is None:
        return _not_pregnant(request, found)
    today = found.programme.today()
    form = CorrectPregnancyForm(asked(request), pregnancy=pregnancy, today=today)

    def correct() -> list[str]:
        return registering.correct_pregnancy(request.user, pregnancy, form.changes(), form.born())

    done = "Data kehamilan diperbaiki."
    return form_page(request, found, form, "Perbaiki data kehamilan", correct, done)


@allowed("check_pregnancy")
@get_or_post
def pregnancy_check(request: HttpRequest, code: str) -> HttpResponse:
    """Examine a pregnant woman: weight, LiLA, Hb, TTD."""
    found = mother_in_scope(request, code, "check_pregnancy")
    pregnancy = _carried(found)
    if pregnancy is None:
        return _not_pregnant(request, found)
    form = CheckForm(asked(request), pregnancy=pregnancy, today=found.programme.today())
    return form_page(request, found, form, "Periksa kehamilan", lambda: (
        registering.check_pregnancy(request.user, pregnancy, form.values())
    ), "Pemeriksaan tersimpan.", before=_before(form))  # fmt: skip


@allowed("check_pregnancy")
@get_or_post
def check_correct(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """Put one examination right with a reason; the old numbers stay readable."""
    found = mother_in_scope(request, code, "check_pregnancy")
    pregnancy = _carried(found)
    if pregnancy is None:
        return _not_pregnant(request, found)
    old = get_object_or_404(
        pregnancy.checks.current().select_related("pregnancy__mother__programme"),
        checked_on=_day(day),
    )
    form = CorrectCheckForm(asked(request), check=old, today=found.programme.today())
    return form_page(request, found, form, "Perbaiki pemeriksaan", lambda: (
        registering.correct_check(request.user, old, form.values(), form.cleaned_data["reason"])
    ), "Pemeriksaan diperbaiki.", correcting=old, before=_before(form))  # fmt: skip


@allowed("check_pregnancy")
@require_POST
def pregnancy_end(request: HttpRequest, code: str) -> HttpResponse:
    """The pregnancy ended, and how; a live birth leads on to the child."""
    found = mother_in_scope(request, code, "check_pregnancy")
    pregnancy = _carried(found)
    if pregnancy is None:
        return _not_pregnant(request, found)
    form, status = EndPregnancyForm(request.POST, auto_id="pregnancy_%s"), 422
    if form.is_valid():
        on, outcome = form.cleaned_data["ended_on"], form.cleaned_data["outcome"]
        try:
            registering.end_pregnancy(request.user, pregnancy, on, outcome)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Akhir kehamilan tercatat.")
            born = outcome == Pregnancy.Outcome.BORN and request.user.may("register_person")
            return redirect(f"registry:{'birth-new' if born else 'mother'}", code=found.code)
    return card(request, found, status=status, pregnancy=form)


@allowed("check_pregnancy")
@require_POST
def pregnancy_reopen(request: HttpRequest, code: str) -> HttpResponse:
    """The end of the last pregnancy was a mistake: she still carries it."""
    found = mother_in_scope(request, code, "check_pregnancy")
    last = found.pregnancies.select_related("mother__programme").order_by("-hpht").first()
    if last is None:
        return _not_pregnant(request, found)
    try:
        registering.reopen_pregnancy(request.user, last)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Akhir kehamilan dibatalkan. Ibu tercatat hamil lagi.")
    return redirect("registry:mother", code=found.code)


def _carried(found: Mother) -> Pregnancy | None:
    """The pregnancy not yet ended."""
    open_one = found.pregnancies.filter(ended_on__isnull=True).select_related("mother__programme")
    return open_one.first()


def _not_pregnant(request: HttpRequest, found: Mother) -> HttpResponse:
    messages.error(request, NOT_PREGNANT)
    return redirect("registry:mother", code=found.code)


def _before(form: CheckForm) -> list[tuple[date, str]]:
    """The last examinations beside this one, to compare with."""
    return [(check.checked_on, check_words(check)) for check in form.others[:3]]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
