"""One row of the access table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

Build = Callable[[SimpleNamespace], dict[str, Any]]


def nothing(place: SimpleNamespace) -> dict[str, Any]:
    """A URL without arguments."""
    return {}


@dataclass(frozen=True)
class Row:
    """Who may open one URL.

    ``action``: a word of ``accounts.roles.ACTIONS``; "" = anyone signed in; "public" = anyone.
    ``kwargs(place)`` makes an object of that place (``cast`` or ``cast.gasken``; the object lies
    in ``place.desa``, posyandu ``place.melati``) and returns the URL's arguments; it is None for a
    URL whose answer does not depend on a row.
    ``scoped``: the row must not exist (404) for people of another area. ``whole``: it belongs to
    the programme as a whole, so only the other programme is another area.
    ``method``: "get", or "post" for a page that only changes (GET must then be 405).
    ``data``: what a POST carries. ``ok``: the statuses that mean "was let in".
    """

    name: str
    action: str
    kwargs: Build = nothing
    method: str = "get"
    scoped: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    ok: frozenset[int] = frozenset({200, 302, 303, 409, 422})
