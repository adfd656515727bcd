"""Who may be there already: part of a page, while staff type somebody in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.models import record
from registry.forms.homes import MaybeKnown
from registry.forms.mothers import MotherForm
from registry.forms.people import ChildForm
from registry.lookup.candidates import Found


@allowed("register_person")
@require_POST
def child_alike(request: HttpRequest) -> HttpResponse:
    """The children of the area who may be the one that is being typed in."""
    return _typed(request, ChildForm(request.POST, user=request.user), "child")


@allowed("register_person")
@require_POST
def mother_alike(request: HttpRequest) -> HttpResponse:
    """The mothers of the area who may be the one that is being typed in."""
    return _typed(request, MotherForm(request.POST, user=request.user), "mother")


def _typed(request: HttpRequest, form: MaybeKnown, kind: str) -> HttpResponse:
    """As far as the form is filled in; a box that is wrong counts as empty."""
    form.is_valid()
    found = form.candidates or form.alike()
    shown(request, found, kind)
    context: dict[str, Any] = {"found": found, "typing": True}
    response = render(request, f"registry/people/_maybe_{kind}.html", context)
    response["Cache-Control"] = "no-store"
    return response


def shown(request: HttpRequest, found: list[Found], kind: str) -> None:
    """Who is shown as perhaps the same has been seen: an event, as every list of people is."""
    if found:
        verb = {"child": "list_children", "mother": "list_mothers"}[kind]
        record(request.user, verb, why=f"alike n={len(found)}", action="register_person")
