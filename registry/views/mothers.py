"""Mothers: the list, the card, registering, breastfeeding and its exclusive months."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from growth.classify import SCREENING
from registry import exports, registering, standards
from registry.alerts import answers
from registry.exports import Offer
from registry.families import births, life
from registry.forms.births import EndPregnancyForm
from registry.forms.exclusive import ExclusiveForm
from registry.forms.mothers import CorrectMotherForm, EndForm, MotherForm, NursingForm
from registry.models import AlertAnswer, Breastfeeding, Child, Mother, Pregnancy
from registry.mothers import cards, exclusive, pregnancy_cards
from registry.mothers.lists import MotherList
from registry.mothers.pregnancy import Limits
from registry.timeline import actions, timeline
from registry.timelines import mother as mother_rows
from registry.views.alike import shown
from registry.views.people import asked, by_nik, page_of, seen, told

FILES = (
    Offer(exports.EXCEL, "registry:mothers-export", "xlsx"),
    Offer(exports.CSV, "registry:mothers-export", "csv"),
)
NOT_PREGNANT = "Ibu ini tidak tercatat hamil. Catat kehamilannya dahulu."
NOT_NURSING = "Ibu ini tidak tercatat menyusui."


def mother_in_scope(request: HttpRequest, code: str, action: str = "see_mothers") -> Mother:
    rows = Mother.objects.in_scope(request.user, action).select_related(
        "programme__region", "household__desa", "desa", "posyandu", "created_by"
    )
    return get_object_or_404(rows, code=code)


@allowed("see_mothers")
@require_safe
def mothers(request: HttpRequest) -> HttpResponse:
    """Pregnant and breastfeeding mothers of the area."""
    chosen = MotherList(request.GET, request.user)
    if elsewhere := by_nik(request, chosen, "list_mothers"):
        return elsewhere
    context = {
        **page_of(request, chosen, "list_mothers", *FILES),
        "forgotten": chosen.forgotten() if chosen.values["kelompok"] == "hamil" else 0,
        "forgotten_url": chosen.url(kelompok="lewat", tanda=""),
    }
    return render(request, "registry/people/mothers.html", context)


@allowed("see_mothers")
@require_safe
def mother(request: HttpRequest, code: str) -> HttpResponse:
    """One mother's card."""
    found = mother_in_scope(request, code)
    record(request.user, "view_mother", found, action="see_mothers")
    return card(request, found)


@allowed("reveal_nik")
@require_POST
def mother_nik(request: HttpRequest, code: str) -> HttpResponse:
    """The card once more with NIK and KK number in full; every time is written down."""
    found = mother_in_scope(request, code, "reveal_nik")
    record(request.user, "reveal_nik", found, fields=["kk", "nik"], action="reveal_nik")
    response = card(request, found, revealed=True)
    response["Cache-Control"] = "no-store"
    return response


def card(
    request: HttpRequest,
    found: Mother,
    *,
    revealed: bool = False,
    status: int = 200,
    **ends: EndForm,
) -> HttpResponse:
    """``ends``: the form that was refused, by what it should have ended."""
    user, today = request.user, found.programme.today()
    limits = standards.pregnancy_limits(found.programme)
    rows = mother_rows.read(user, found)
    pregnancies, children = rows.pregnancies, rows.children
    nursing_now = next((n for n in rows.nursings if n.ended_on is None), None)
    context = {
        "mother": found,
        **_pregnancies(user, found, pregnancies, rows.answers, limits),
        "past": [cards.ended_words(row, children) for row in pregnancies if row.ended_on],
        "nursing": nursing_now,
        "children": cards.child_rows(children, today),
        "nurslings": cards.nurslings(children, today),
        "items": timeline(user, found, mother_rows.items(found, rows)),
        "actions": actions(user, found),
        "consents": rows.consents,
        "revealed": revealed,
        "away": life.away_words(found, today),
        "last_event": life.last_among(rows.lived),
        "screening": SCREENING,
        "may": {name: user.may(name) for name in
                ("check_pregnancy", "register_person", "reveal_nik", "measure_child",
                 "merge_people")},
        "unborn": births.without_child(pregnancies),
        "ends": {"pregnancy": EndPregnancyForm(auto_id="pregnancy_%s"),
                 "nursing": EndForm(auto_id="nursing_%s")} | ends,
    }  # fmt: skip
    return render(request, "registry/people/mother.html", context, status=status)


def _pregnancies(
    user: Any, found: Mother, rows: list[Pregnancy], replies: list[AlertAnswer], limits: Limits
) -> dict[str, Any]:
    """The pregnancy she carries, with the box under its alert."""
    now = next((row for row in rows if row.ended_on is None), None)
    if now is None:
        return {"pregnancy": None, "box": None}
    today = found.programme.today()
    carried = pregnancy_cards.carried(now, now.checks.all(), today, limits)
    box = answers.pregnancy_box(user, found, now, replies, carried.alert.level)
    return {"pregnancy": carried, "box": box}


# --- Registering -------------------------------------------------------------------------------


@allowed("register_person")
@require_http_methods(["GET", "HEAD", "POST"])
def mother_new(request: HttpRequest) -> HttpResponse:
    """Register a pregnant or breastfeeding mother with household and consent."""
    form = MotherForm(asked(request), user=request.user)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            made = _register(request, form)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, f"{made.name} terdaftar.")
            return redirect("registry:mother", code=made.code)
    shown(request, form.candidates, "mother")
    return render(request, "registry/people/mother_new.html", {"form": form}, status=status)


def _register(request: HttpRequest, form: MotherForm) -> Mother:
    pregnant = form.is_pregnant
    return registering.register_mother(
        request.user,
        form.where(),
        family=form.family(),
        consent=form.consent(),
        pregnancy=form.pregnancy() if pregnant else None,
        nursing_since=None if pregnant else form.cleaned_data["nursing_since"],
    )


@allowed("register_person")
@require_http_methods(["GET", "HEAD", "POST"])
def mother_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put a mother's name, birth date, phone, job or NIK right."""
    found = mother_in_scope(request, code, "register_person")
    form = CorrectMotherForm(asked(request), mother=found)

    def correct() -> list[str]:
        return registering.correct_mother(request.user, found, form.changes())

    return form_page(request, found, form, "Perbaiki data ibu", correct, "Data ibu diperbaiki.")


@allowed("register_person")
@require_http_methods(["GET", "HEAD", "POST"])
def breastfeeding_new(request: HttpRequest, code: str) -> HttpResponse:
    """A known mother breastfeeds."""
    found = mother_in_scope(request, code, "register_person")
    form = NursingForm(asked(request), mother=found, today=found.programme.today())

    def begin() -> Breastfeeding:
        since, child = form.cleaned_data["started_on"], form.cleaned_data["child"]
        return registering.begin_breastfeeding(request.user, found, since, child)

    return form_page(request, found, form, "Catat menyusui", begin, "Ibu menyusui tercatat.")


def form_page(
    request: HttpRequest,
    found: Mother,
    form: forms.Form,
    title: str,
    act: Callable[[], Any],
    done: str,
    **extra: Any,
) -> HttpResponse:
    """One form about one mother: ask, act, and back to her card."""
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            act()
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, done)
            return redirect("registry:mother", code=found.code)
    seen(request, found, "see_mothers")
    context = {"mother": found, "form": form, "title": title, **extra}
    return render(request, "registry/people/mother_form.html", context, status=status)


# --- Exclusive breastfeeding -------------------------------------------------------------------


@allowed("measure_child")
@require_POST
def exclusive_note(request: HttpRequest, code: str) -> HttpResponse:
    """Answer one month of a child's exclusive breastfeeding, from the mother's or its own card."""
    child = get_object_or_404(
        Child.objects.in_scope(request.user, "measure_child").select_related("programme", "mother"),
        code=code,
    )
    form = ExclusiveForm(request.POST)
    back = form.back_to(child)
    if not form.is_valid():
        messages.error(request, "Pilih Ya atau Tidak untuk bulan yang ditanyakan.")
        return redirect(back)
    month, said, today = form.month_asked, form.answer, child.programme.today()
    try:
        exclusive.answer(request.user, child, month, said, today)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{exclusive.letters(month)}: {exclusive.SAID[said]}.")
    return redirect(back)


# --- Ending ------------------------------------------------------------------------------------


@allowed("check_pregnancy")
@require_POST
def breastfeeding_end(request: HttpRequest, code: str) -> HttpResponse:
    """The mother stopped breastfeeding."""
    found = mother_in_scope(request, code, "check_pregnancy")
    nursing = found.breastfeedings.filter(ended_on__isnull=True).first()
    if nursing is None:
        messages.error(request, NOT_NURSING)
        return redirect("registry:mother", code=found.code)
    form, status = EndForm(request.POST, auto_id="nursing_%s"), 422
    if form.is_valid():
        try:
            registering.end_breastfeeding(request.user, nursing, form.cleaned_data["ended_on"])
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Akhir menyusui tercatat.")
            return redirect("registry:mother", code=found.code)
    return card(request, found, status=status, nursing=form)
