"""Life events: people of a family come, leave, move, die; and a mistake is taken back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed
from accounts.transitions import Refused
from registry.families import life
from registry.families.life import Person
from registry.forms.life import LifeForm
from registry.models import Child, Household, LifeEvent, Mother
from registry.views.households import household_in_scope
from registry.views.people import asked, seen, told

REGISTER = "register_person"
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
SAID = {
    LifeEvent.Kind.CAME: "Kedatangan tercatat.",
    LifeEvent.Kind.LEFT: "Kepindahan tercatat. Mulai hari itu tidak dihitung lagi di sini.",
    LifeEvent.Kind.MOVED: "Kepindahan tercatat.",
    LifeEvent.Kind.DIED: "Tercatat. Turut berduka cita.",
}


@allowed(REGISTER)
@get_or_post
def child_event(request: HttpRequest, code: str) -> HttpResponse:
    """Something happened to a child, and perhaps to others of its family."""
    return _of_person(request, Child, code)


@allowed(REGISTER)
@get_or_post
def mother_event(request: HttpRequest, code: str) -> HttpResponse:
    """Something happened to a mother, and perhaps to others of her family."""
    return _of_person(request, Mother, code)


@allowed(REGISTER)
@get_or_post
def household_event(request: HttpRequest, code: str) -> HttpResponse:
    """Something happened to people of a family."""
    found = household_in_scope(request, code, REGISTER)
    return _page(request, found, "", found.get_absolute_url())


def _of_person(request: HttpRequest, model: Any, code: str) -> HttpResponse:
    rows = model.objects.in_scope(request.user, REGISTER).select_related(
        "household__desa", "household__programme"
    )
    person = get_object_or_404(rows, code=code)
    if request.method != "POST":
        seen(request, person, REGISTER)
    return _page(request, person.household, code, card_url(person))


def _page(request: HttpRequest, home: Household, chosen: str, back: str) -> HttpResponse:
    people = _people(request.user, home)
    form = LifeForm(asked(request), user=request.user, people=people, chosen=chosen)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            life.note(request.user, form.chosen(), form.told())
        except Refused as refused:
            status = told(form, refused)
        else:
            _say(request, form)
            return redirect(_after(request.user, form.chosen(), back))
    context = {"form": form, "household": home, "back": back}
    return render(request, "registry/families/life.html", context, status=status)


def _people(user: Any, home: Household) -> list[Person]:
    """Those of the family whom this user may register; the dead stand aside."""
    found: list[Person] = []
    for model in (Mother, Child):
        rows: Any = model.objects.in_scope(user, REGISTER).filter(household=home)
        living = rows.exclude(left_reason=LifeEvent.Kind.DIED)
        found += living.select_related("desa", "posyandu").order_by("name_key", "id")
    return found


def _say(request: HttpRequest, form: LifeForm) -> None:
    kind = LifeEvent.Kind(form.cleaned_data["kind"])
    said = SAID[kind]
    babies = [person for person in form.chosen() if isinstance(person, Child)]
    if kind == LifeEvent.Kind.DIED and babies:
        said += " Periksa juga catatan menyusui ibunya."
    messages.success(request, said)


def _after(user: Any, people: Sequence[Person], back: str) -> str:
    """Back to the card; who moved out of the user's area has none any more."""
    for person in people:
        rows: Any = type(person)._default_manager.in_scope(user)
        if rows.filter(pk=person.pk).exists():
            return back
    return reverse("registry:households")


def card_url(person: Person) -> str:
    return reverse(f"registry:{person._meta.model_name}", args=[person.code])


@allowed(REGISTER)
@require_POST
def life_take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Take back what was noted by mistake, for everybody it was noted for at once."""
    rows = LifeEvent.objects.in_scope(request.user, REGISTER).select_related("child", "mother")
    event = get_object_or_404(rows, code=code)
    person: Any = event.child or event.mother
    try:
        count = life.take_back(request.user, event)
    except Refused as refused:
        if refused.stranger:
            raise PermissionDenied(refused.sentence) from refused
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Catatan dibatalkan untuk {count} orang.")
    return redirect(card_url(person))
