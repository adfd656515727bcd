"""Children: the list, the card, registering, measuring, putting data right, showing a NIK."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from registry import exports, registering, visits
from registry.alerts import answers
from registry.children import cards
from registry.exports import Offer
from registry.families import life
from registry.forms.people import ChildForm, CorrectChildForm
from registry.forms.visits import CorrectMeasurementForm, MeasureForm
from registry.identity import index_of
from registry.lists import Asked, ChildList
from registry.models import Child, Mother
from registry.mothers import exclusive
from registry.mothers.lists import MotherList
from registry.timeline import actions, timeline
from registry.timelines import child as child_rows
from registry.views.alike import shown

FILES = (
    Offer(exports.EXCEL, "registry:children-export", "xlsx"),
    Offer(exports.CSV, "registry:children-export", "csv"),
    Offer("Kolom e-PPGBM", "registry:children-eppgbm"),
)


def told(form: Any, refused: Refused) -> int:
    """Put a refusal on the form as its sentence; the status to answer with."""
    if refused.stranger:
        raise PermissionDenied(refused.sentence)
    form.add_error(None, refused.sentence)
    return 409


def asked(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: an empty sending is one too."""
    return request.POST if request.method == "POST" else None


def seen(request: HttpRequest, person: Child | Mother, action: str) -> None:
    """A page about one person tells what is known of them: an event, as opening the card is."""
    is_child = isinstance(person, Child)
    record(request.user, "view_child" if is_child else "view_mother", person, action=action)


def page_of(request: HttpRequest, chosen: Asked, verb: str, *files: Offer) -> dict[str, Any]:
    """One page of a list of people for its template; reading it is an event. ``files``: as what
    it can be taken home."""
    page = chosen.page()
    why = f"{chosen.searched_by} n={len(page.rows)} of {page.count}".strip()
    record(request.user, verb, fields=chosen.used, why=why, action=chosen.action)
    return {
        "rows": [chosen.row(person) for person in page.rows],
        "chosen": chosen,
        "count": page.count,
        "form": chosen.form(),
        "pager": chosen.pager(page),
        "downloads": exports.offers(chosen, *files),
        "may_register": request.user.may("register_person"),
    }


def by_nik(request: HttpRequest, chosen: ChildList | MotherList, verb: str) -> HttpResponse | None:
    """A whole NIK was searched for: the same list by code, for no NIK stays in an address."""
    if chosen.searched_by != "nik":
        return None
    one = next(iter(chosen.rows()), None)
    why = f"nik n={1 if one else 0}"
    record(request.user, verb, fields=chosen.used, why=why, action=chosen.action)
    return redirect(chosen.by_code(one))


def _child(request: HttpRequest, code: str, action: str = "see_children") -> Child:
    rows = Child.objects.in_scope(request.user, action).select_related(
        "programme__region", "household__desa", "mother", "desa", "posyandu", "created_by"
    )
    return get_object_or_404(rows, code=code)


@allowed("see_children")
@require_safe
def children(request: HttpRequest) -> HttpResponse:
    """The children of the area, worst alert first."""
    chosen = ChildList(request.GET, request.user)
    if elsewhere := by_nik(request, chosen, "list_children"):
        return elsewhere
    files = (*FILES, *exports.more_of_children)
    context = page_of(request, chosen, "list_children", *files)
    return render(request, "registry/people/children.html", context)


@allowed("see_children")
@require_safe
def child(request: HttpRequest, code: str) -> HttpResponse:
    """One child's card."""
    found = _child(request, code)
    record(request.user, "view_child", found, action="see_children")
    return _card(request, found)


@allowed("reveal_nik")
@require_POST
def child_nik(request: HttpRequest, code: str) -> HttpResponse:
    """The card once more with NIK and KK number in full; every time is written down."""
    found = _child(request, code, "reveal_nik")
    record(request.user, "reveal_nik", found, fields=["kk", "nik"], action="reveal_nik")
    response = _card(request, found, revealed=True)
    response["Cache-Control"] = "no-store"
    return response


def _card(request: HttpRequest, found: Child, *, revealed: bool = False) -> HttpResponse:
    user, today = request.user, found.programme.today()
    index, half = request.GET.get("grafik", ""), request.GET.get("bagian", "")
    rows = child_rows.read(user, found)
    items = child_rows.items(found, rows)
    context = {
        "child": found,
        "age": found.age_text(today),
        "card": cards.card(
            found, rows.visits, index if index in cards.CHARTS else "tb_u", today, half
        ),
        "box": answers.child_box(user, found, rows.visits, rows.answers),
        "exclusive": exclusive.read(found, found.exclusive_months.all(), today),
        "items": timeline(user, found, items),
        "actions": actions(user, found),
        "consents": rows.consents,
        "documents": rows.papers if user.may("open_document") else None,
        "revealed": revealed,
        "away": life.away_words(found, today),
        "last_event": life.last_among(rows.lived),
        "may": {name: user.may(name) for name in
                ("measure_child", "register_person", "reveal_nik", "see_mothers",
                 "merge_people")},
    }  # fmt: skip
    return render(request, "registry/people/child.html", context)


# --- Registering -------------------------------------------------------------------------------


@allowed("register_person")
@require_http_methods(["GET", "HEAD", "POST"])
def child_new(request: HttpRequest) -> HttpResponse:
    """Register a child with family, consent and perhaps a first visit."""
    form = ChildForm(asked(request), user=request.user)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            made = _register(request, form)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, f"{made.name} terdaftar.")
            return redirect("registry:child", code=made.code)
    shown(request, form.candidates, "child")
    return render(request, "registry/people/child_new.html", {"form": form}, status=status)


def _register(request: HttpRequest, form: ChildForm) -> Child:
    return registering.register_child(
        request.user,
        form.where(),
        family=form.family(),
        child=form.child(),
        consent=form.consent(),
        nik=form.cleaned_data["nik"],
        numbers=form.numbers() if form.is_measured else None,
    )


@allowed("register_person")
@require_http_methods(["GET", "HEAD", "POST"])
def child_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put a child's own data right; a new birth date or sex scores every visit anew."""
    found = _child(request, code, "register_person")
    form = CorrectChildForm(asked(request), child=found, user=request.user)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        kk = form.cleaned_data["kk"]
        try:
            changed = registering.correct_child(request.user, found, form.changes(), kk)
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, _corrected(changed))
            return redirect("registry:child", code=code)
    seen(request, found, "register_person")
    context = {"form": form, "child": found}
    if status == 409:
        context["holder"] = _holder(request, form.cleaned_data["nik"], found)
    return render(request, "registry/people/child_correct.html", context, status=status)


def _holder(request: HttpRequest, nik: str, but: Child) -> Child | None:
    """Whose NIK this is, when the reader may see that child; nothing is told of others."""
    rows = Child.objects.in_scope(request.user).exclude(pk=but.pk)
    return rows.filter(nik_index=index_of(nik)).first() if nik else None


def _corrected(changed: list[str]) -> str:
    if not changed:
        return "Tidak ada yang diubah."
    scored = {"sex", "birth_date", "birth_precision"} & set(changed)
    return "Data anak diperbaiki." + (" Semua hasil ukur dihitung ulang." if scored else "")


# --- Measuring ---------------------------------------------------------------------------------


@allowed("measure_child")
@require_http_methods(["GET", "HEAD", "POST"])
def child_measure(request: HttpRequest, code: str) -> HttpResponse:
    """Add one visit; its result is said at once."""
    found = _child(request, code, "measure_child")
    form = MeasureForm(asked(request), child=found, today=found.programme.today())
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            made = visits.add_measurement(request.user, found, form.numbers())
        except Refused as refused:
            status = told(form, refused)
        else:
            return _measured(request, made)
    return _measure_page(request, found, form, status)


@allowed("measure_child")
@require_http_methods(["GET", "HEAD", "POST"])
def measurement_correct(request: HttpRequest, code: str, visit: str) -> HttpResponse:
    """Put one visit right with a reason; the old numbers stay readable."""
    found = _child(request, code, "measure_child")
    old = get_object_or_404(found.measurements.current(), code=visit)
    today = found.programme.today()
    form = CorrectMeasurementForm(asked(request), measurement=old, today=today)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            made = visits.correct_measurement(request.user, old, form.numbers(), reason)
        except Refused as refused:
            status = told(form, refused)
        else:
            return _measured(request, made)
    return _measure_page(request, found, form, status, correcting=old)


def _measured(request: HttpRequest, made: Any) -> HttpResponse:
    level = {"merah": messages.ERROR, "oranye": messages.WARNING, "kuning": messages.WARNING,
             "biru": messages.INFO}.get(made.alert, messages.SUCCESS)  # fmt: skip
    messages.add_message(request, level, cards.result_sentence(made))
    return redirect("registry:child", code=made.child.code)


def _measure_page(
    request: HttpRequest, found: Child, form: MeasureForm, status: int, **extra: Any
) -> HttpResponse:
    seen(request, found, "measure_child")
    context = {
        "child": found,
        "form": form,
        "age": found.age_text(found.programme.today()),
        "before": [cards.visit_words(visit) for visit in form.others[:3]],
        **extra,
    }
    return render(request, "registry/people/measure.html", context, status=status)
