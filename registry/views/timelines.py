"""Riwayat: the whole timeline of a child, a mother or a family, by kind, and on one page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import allowed, who
from accounts.models import record
from registry.models import Child, Mother
from registry.timeline import KINDS, Item, Known, kinds_of, of_kind, whole
from registry.timelines import child as child_rows
from registry.timelines import household as family_rows
from registry.timelines import mother as mother_rows
from registry.timelines import paper
from registry.views.households import household_in_scope, seen_of

View = Callable[[HttpRequest, str], HttpResponse]
CHILDREN, MOTHERS = "see_children", "see_mothers"


def _child(request: HttpRequest, code: str) -> tuple[Known, list[Item]]:
    rows = Child.objects.in_scope(request.user, CHILDREN).select_related(
        "programme__region", "household__desa", "mother", "desa", "posyandu", "created_by",
        "last_visit",
    )  # fmt: skip
    found: Child = get_object_or_404(rows, code=code)
    return found, child_rows.items(found, child_rows.read(request.user, found))


def _mother(request: HttpRequest, code: str) -> tuple[Known, list[Item]]:
    rows = Mother.objects.in_scope(request.user, MOTHERS).select_related(
        "programme__region", "household__desa", "desa", "posyandu", "created_by"
    )
    found: Mother = get_object_or_404(rows, code=code)
    return found, mother_rows.items(found, mother_rows.read(request.user, found))


def _household(request: HttpRequest, code: str) -> tuple[Known, list[Item]]:
    found, user = household_in_scope(request, code), request.user
    mothers, children = (list(seen_of(model, user, found)) for model in (Mother, Child))
    rows = family_rows.read(user, found, mothers, children)
    return found, family_rows.items(found, mothers, children, rows)


# kind of person -> (how it is fetched with its items, the permission, the verb of looking at it,
# the name of its card)
PEOPLE: dict[str, tuple[Any, str, str, str]] = {
    "child": (_child, CHILDREN, "view_child", "Kartu anak"),
    "mother": (_mother, MOTHERS, "view_mother", "Kartu ibu"),
    "household": (_household, CHILDREN, "view_household", "Kartu keluarga"),
}


def _page(noun: str) -> View:
    """The page of one kind of person."""
    fetch, action, verb, card = PEOPLE[noun]

    @allowed(action)
    @require_safe
    def page(request: HttpRequest, code: str) -> HttpResponse:
        person, items = fetch(request, code)
        everything, kind = whole(request.user, person, items), _kind(request)
        record(request.user, verb, person, fields=_asked(kind), action=action)
        context = {
            "name": paper.name_of(person),
            "items": of_kind(everything, kind),
            "tabs": _tabs(everything, kind),
            "card_url": reverse(f"registry:{noun}", args=[code]),
            "card": card,
            "print_url": reverse(f"registry:{noun}-timeline-print", args=[code])
            + (f"?jenis={kind}" if kind else ""),
            "kind": KINDS.get(kind, ""),
        }
        return render(request, "registry/timelines/page.html", context)

    return page


def _printed(noun: str) -> View:
    """The same on one page of paper."""
    fetch, action, _, _ = PEOPLE[noun]

    @allowed(action)
    @require_safe
    def printed(request: HttpRequest, code: str) -> HttpResponse:
        user = who(request)
        person, items = fetch(request, code)
        kind = _kind(request)
        shown = of_kind(whole(user, person, items), kind)
        made = paper.timeline_pdf(person, shown, kind, str(user), timezone.now())
        record(user, "print_timeline", person, fields=_asked(kind), action=action)
        headers = {
            "Content-Disposition": f'inline; filename="riwayat-{code}.pdf"',
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(made, content_type="application/pdf", headers=headers)

    return printed


def _kind(request: HttpRequest) -> str:
    """The kind asked for; an unknown one is all."""
    asked = request.GET.get("jenis", "")
    return asked if asked in KINDS else ""


def _asked(kind: str) -> list[str]:
    return ["jenis"] if kind else []


def _tabs(items: list[Item], kind: str) -> list[dict[str, Any]]:
    """All, and each kind there is anything of, with how many."""
    counts = {key: sum(key in kinds_of(item) for item in items) for key in KINDS}
    shown = [("", "Semua", len(items))]
    shown += [
        (key, label, counts[key]) for key, label in KINDS.items() if counts[key] or key == kind
    ]
    return [
        {"url": f"?jenis={key}" if key else "?", "label": label, "count": number,
         "active": key == kind}
        for key, label, number in shown
    ]  # fmt: skip


child, mother, household = (_page(noun) for noun in PEOPLE)
child_print, mother_print, household_print = (_printed(noun) for noun in PEOPLE)
