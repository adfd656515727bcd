"""Mothers: the list, the card, pregnancies with their examinations, breastfeeding."""

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
from registry import mother_cards, registering
from registry.forms.mothers import CheckForm, EndForm, MotherForm, NursingForm, PregnancyForm
from registry.models import Breastfeeding, Child, Mother, Pregnancy
from registry.mother_lists import MotherList
from registry.timeline import actions, consent_items, event_items, made_item, timeline
from registry.views.people import asked, told

NOT_PREGNANT = "Ibu ini tidak tercatat hamil. Catat kehamilannya dahulu."
NOT_NURSING = "Ibu ini tidak tercatat menyusui."


def _mother(request: HttpRequest, code: str, action: str = "see_mothers") -> Mother:
    rows = Mother.objects.in_scope(request.user, action).select_related(
        "programme__region", "household__desa", "desa", "posyandu", "created_by"
    )
    return get_object_or_404(rows, code=code)


@allowed("see_mothers")
@require_safe
def mothers(request: HttpRequest) -> HttpResponse:
    """Pregnant and breastfeeding mothers of the area."""
    chosen = MotherList(request.GET, request.user)
    page = chosen.page(chosen.mothers())
    rows = [chosen.row(mother) for mother in page]
    why = f"n={len(rows)} of {page.paginator.count}"
    record(request.user, "list_mothers", fields=chosen.used, why=why, action="see_mothers")
    context = {
        "rows": rows,
        "chosen": chosen,
        "count": page.paginator.count,
        "form": chosen.form(),
        "pager": chosen.pager(page),
        "may_register": request.user.may("register_person"),
    }
    return render(request, "registry/people/mothers.html", context)


@allowed("see_mothers")
@require_safe
def mother(request: HttpRequest, code: str) -> HttpResponse:
    """One mother's card."""
    found = _mother(request, code)
    record(request.user, "view_mother", found, action="see_mothers")
    return _card(request, found)


@allowed("reveal_nik")
@require_POST
def mother_nik(request: HttpRequest, code: str) -> HttpResponse:
    """The card once more with NIK and KK number in full; every time is written down."""
    found = _mother(request, code, "reveal_nik")
    record(request.user, "reveal_nik", found, fields=["kk", "nik"], action="reveal_nik")
    response = _card(request, found, revealed=True)
    response["Cache-Control"] = "no-store"
    return response


def _card(
    request: HttpRequest,
    found: Mother,
    *,
    revealed: bool = False,
    status: int = 200,
    **ends: EndForm,
) -> HttpResponse:
    """``ends``: the form that was refused, by what it should have ended."""
    user, today = request.user, found.programme.today()
    pregnancies = list(found.pregnancies.prefetch_related("checks__created_by").order_by("-hpht"))
    nursings = list(found.breastfeedings.select_related("child").order_by("-started_on"))
    consents = list(found.consents.select_related("recorded_by"))
    children = Child.objects.in_scope(user).filter(mother=found).with_latest(today)
    now = next((p for p in pregnancies if p.ended_on is None), None)
    items = [
        made_item(found, "Ibu terdaftar"),
        *mother_cards.items(pregnancies, nursings),
        *consent_items(consents),
        *event_items(found),
    ]
    context = {
        "mother": found,
        "pregnancy": mother_cards.carried(now, list(now.checks.all()), today) if now else None,
        "past": [mother_cards.ended_words(p) for p in pregnancies if p.ended_on],
        "nursing": next((n for n in nursings if n.ended_on is None), None),
        "children": mother_cards.child_rows(children.order_by("-birth_date"), today),
        "items": timeline(user, found, items),
        "actions": actions(user, found),
        "consents": consents,
        "revealed": revealed,
        "screening": SCREENING,
        "may": {name: user.may(name) for name in
                ("check_pregnancy", "register_person", "reveal_nik")},
        "ends": {name: EndForm(auto_id=f"{name}_%s") for name in ("pregnancy", "nursing")} | ends,
    }  # fmt: skip
    return render(request, "registry/people/mother.html", context, status=status)


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
def pregnancy_new(request: HttpRequest, code: str) -> HttpResponse:
    """A known mother is pregnant."""
    found = _mother(request, code, "register_person")
    form = PregnancyForm(asked(request), today=found.programme.today())
    title = "Catat kehamilan"
    return _form_page(request, found, form, title, lambda: registering.begin_pregnancy(
        request.user, found, form.pregnancy()), "Kehamilan tercatat.")  # fmt: skip


@allowed("register_person")
@require_http_methods(["GET", "HEAD", "POST"])
def breastfeeding_new(request: HttpRequest, code: str) -> HttpResponse:
    """A known mother breastfeeds."""
    found = _mother(request, code, "register_person")
    form = NursingForm(asked(request), mother=found, today=found.programme.today())

    def begin() -> Breastfeeding:
        since, child = form.cleaned_data["started_on"], form.cleaned_data["child"]
        return registering.begin_breastfeeding(request.user, found, since, child)

    return _form_page(request, found, form, "Catat menyusui", begin, "Ibu menyusui tercatat.")


@allowed("check_pregnancy")
@require_http_methods(["GET", "HEAD", "POST"])
def pregnancy_check(request: HttpRequest, code: str) -> HttpResponse:
    """Examine a pregnant woman: weight, LiLA, Hb, TTD."""
    found = _mother(request, code, "check_pregnancy")
    pregnancy = _carried(found)
    if pregnancy is None:
        messages.error(request, NOT_PREGNANT)
        return redirect("registry:mother", code=code)
    form = CheckForm(asked(request), pregnancy=pregnancy, today=found.programme.today())
    return _form_page(request, found, form, "Periksa kehamilan", lambda: (
        registering.check_pregnancy(request.user, pregnancy, form.cleaned_data)
    ), "Pemeriksaan tersimpan.")  # fmt: skip


def _form_page(
    request: HttpRequest, found: Mother, form: forms.Form, title: str, act: Any, done: str
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
    context = {"mother": found, "form": form, "title": title}
    return render(request, "registry/people/mother_form.html", context, status=status)


# --- Ending ------------------------------------------------------------------------------------


@allowed("check_pregnancy")
@require_POST
def pregnancy_end(request: HttpRequest, code: str) -> HttpResponse:
    """The pregnancy ended."""
    found = _mother(request, code, "check_pregnancy")
    done = "Akhir kehamilan tercatat."
    return _end(request, found, _carried(found), registering.end_pregnancy, done, NOT_PREGNANT)


@allowed("check_pregnancy")
@require_POST
def breastfeeding_end(request: HttpRequest, code: str) -> HttpResponse:
    """The mother stopped breastfeeding."""
    found = _mother(request, code, "check_pregnancy")
    nursing = found.breastfeedings.filter(ended_on__isnull=True).first()
    done = "Akhir menyusui tercatat."
    return _end(request, found, nursing, registering.end_breastfeeding, done, NOT_NURSING)


def _end(
    request: HttpRequest, found: Mother, thing: Any, act: Any, done: str, missing: str
) -> HttpResponse:
    if thing is None:
        messages.error(request, missing)
        return redirect("registry:mother", code=found.code)
    name, status = "pregnancy" if isinstance(thing, Pregnancy) else "nursing", 422
    form = EndForm(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            act(request.user, thing, form.cleaned_data["ended_on"])
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, done)
            return redirect("registry:mother", code=found.code)
    return _card(request, found, status=status, **{name: form})


def _carried(found: Mother) -> Pregnancy | None:
    """The pregnancy not yet ended."""
    open_one = found.pregnancies.filter(ended_on__isnull=True).select_related("mother__programme")
    return open_one.first()
