"""Families: the list, the card and its paper, the KK number, correcting, looking at the house."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed, who
from accounts.models import record
from accounts.transitions import Refused
from registry import exports, standards
from registry.exports import Offer
from registry.families import cards, correcting, facts, homes, paper, residents
from registry.families.family_list import HouseholdList
from registry.forms.households import CorrectHouseholdForm, HomeForm
from registry.models import Child, Household, Mother
from registry.timeline import actions, timeline
from registry.timelines import household as family_rows
from registry.views.people import asked, by_nik, page_of, told

FILES = (
    Offer(exports.EXCEL, "registry:households-export", "xlsx"),
    Offer(exports.CSV, "registry:households-export", "csv"),
)
SEE, REGISTER = "see_children", "register_person"
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def household_in_scope(request: HttpRequest, code: str, action: str = SEE) -> Household:
    """A family whose house or one of whose people lies in the user's area."""
    rows = Household.objects.known_to(request.user, action).select_related(
        "programme__region", "desa", "posyandu", "created_by"
    )
    return get_object_or_404(rows, code=code)


@allowed(SEE)
@require_safe
def households(request: HttpRequest) -> HttpResponse:
    """The families of the area, by the name of their head."""
    chosen = HouseholdList(request.GET, request.user)
    if elsewhere := by_nik(request, chosen, "list_households"):
        return elsewhere
    context = page_of(request, chosen, "list_households", *FILES)
    return render(request, "registry/families/households.html", context)


@allowed(SEE)
@require_safe
def household(request: HttpRequest, code: str) -> HttpResponse:
    """One family's card."""
    found = household_in_scope(request, code)
    record(request.user, "view_household", found, action=SEE)
    return render(request, "registry/families/household.html", _card(request.user, found))


@allowed("reveal_nik")
@require_POST
def household_kk(request: HttpRequest, code: str) -> HttpResponse:
    """The card once more with the KK number in full; every time is written down."""
    found = household_in_scope(request, code, "reveal_nik")
    record(request.user, "reveal_nik", found, fields=["kk"], action="reveal_nik")
    context = _card(request.user, found) | {"revealed": True}
    response = render(request, "registry/families/household.html", context)
    response["Cache-Control"] = "no-store"
    return response


@allowed(SEE)
@require_safe
def household_print(request: HttpRequest, code: str) -> HttpResponse:
    """The card with its timeline as a PDF of one page."""
    found, user = household_in_scope(request, code), who(request)
    card = _card(user, found)
    made = paper.card_pdf(
        found, card["members"], card["home"], card["verdict"], card["items"], str(user),
        timezone.now(),
    )  # fmt: skip
    record(user, "print_household", found, action=SEE)
    headers = {
        "Content-Disposition": f'inline; filename="keluarga-{found.code}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _card(user: Any, found: Household) -> dict[str, Any]:
    """What the card shows: only those of the family whom this user may see, the others counted."""
    today, limits = found.programme.today(), standards.pregnancy_limits(found.programme)
    mothers = list(seen_of(Mother, user, found).with_state(today))
    children = list(seen_of(Child, user, found).with_latest(today))
    everybody = Child.objects.filter(household=found).count()
    everybody += Mother.objects.filter(household=found).count()
    rows = family_rows.read(user, found, mothers, children)
    last = homes.newest(reversed(rows.looks))
    named = [mother.pk for mother in mothers]
    return {
        "household": found,
        "members": cards.members(found, mothers, children, today),
        "hidden": everybody - len(mothers) - len(children),
        "home": cards.home_lines(found, last),
        "verdict": facts.verdicts([found], today, limits, named)[found.pk],
        "resident": residents.words(found) if residents.asks(found.programme) else "",
        "items": timeline(user, found, family_rows.items(found, mothers, children, rows)),
        "actions": actions(user, found),
        "documents": rows.papers if user.may("open_document") else None,
        "may": {name: user.may(name) for name in ("register_person", "note_home", "reveal_nik")},
    }


def seen_of(model: Any, user: Any, found: Household) -> Any:
    rows = model.objects.in_scope(user).filter(household=found).select_related("desa", "posyandu")
    return rows.defer("nik").order_by("name_key", "id")


# --- Changing ----------------------------------------------------------------------------------


@allowed(REGISTER)
@get_or_post
def household_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put head, address, dasawisma, posyandu, KK number and warga kecamatan right."""
    found = household_in_scope(request, code, REGISTER)
    form = CorrectHouseholdForm(asked(request), household=found, user=request.user)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        kk, said = form.cleaned_data["kk"], form.resident_answer()
        try:
            changed = correcting.correct_household(request.user, found, form.changes(), kk, said)
        except Refused as refused:
            status = told(form, refused)
        else:
            done = "Data keluarga diperbaiki." if changed else "Tidak ada yang diubah."
            messages.success(request, done)
            return redirect("registry:household", code=code)
    record(request.user, "view_household", found, action=REGISTER)
    context = {"form": form, "household": found}
    return render(request, "registry/families/correct.html", context, status=status)


@allowed(homes.NOTE)
@get_or_post
def home_note(request: HttpRequest, code: str) -> HttpResponse:
    """Lihat rumah: water, latrine and house as somebody sees them, on a phone in the doorway."""
    found = household_in_scope(request, code, homes.NOTE)
    last = homes.newest(found.home_checks.all().oldest_first())
    form = HomeForm(asked(request), household=found, last=last)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        seen_on = form.cleaned_data["seen_on"]
        try:
            homes.note(request.user, found, seen_on, form.answers())
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, "Keadaan rumah tercatat.")
            return redirect("registry:household", code=code)
    record(request.user, "view_household", found, action=homes.NOTE)
    context = {"form": form, "household": found, "home": cards.home_lines(found, last)}
    return render(request, "registry/families/home.html", context, status=status)
