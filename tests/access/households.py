"""Access rows of families and life events."""

from types import SimpleNamespace
from typing import Any

from registry.families import life
from registry.models import LifeEvent
from tests.access.row import Row
from tests.cast import a_child, a_household, a_mother


def _household(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_household(place).code}


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_child(place).code}


def _mother(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_mother(place).code}


def _event(place: SimpleNamespace) -> dict[str, Any]:
    told = life.Told(LifeEvent.Kind.LEFT, place.programme.today())
    return {"code": life.note(place.petugas, [a_child(place)], told)[0].code}


SEE, REGISTER = "see_children", "register_person"
ROWS: list[Row] = [
    Row("registry:households", SEE),
    Row("registry:household", SEE, _household, scoped=True),
    Row("registry:household-kk", "reveal_nik", _household, "post", True),
    Row("registry:household-print", SEE, _household, scoped=True),
    Row("registry:household-correct", REGISTER, _household, scoped=True),
    Row("registry:home-note", "note_home", _household, scoped=True),
    Row("registry:household-event", REGISTER, _household, scoped=True),
    Row("registry:child-event", REGISTER, _child, scoped=True),
    Row("registry:mother-event", REGISTER, _mother, scoped=True),
    Row("registry:life-take-back", REGISTER, _event, "post", True),
]
