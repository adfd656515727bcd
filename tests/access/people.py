"""Access rows of children and mothers."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from registry import visits
from registry.models import Breastfeeding, Mother, PregnancyCheck
from tests.access.row import Row
from tests.cast import a_child, a_mother, a_pregnancy


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_child(place).code}


def _visit(place: SimpleNamespace) -> dict[str, Any]:
    child = a_child(place)
    numbers = {"measured_on": place.programme.today(), "weight_kg": Decimal("9.5")}
    return {"code": child.code, "visit": visits.add_measurement(None, child, numbers).code}


def _mother(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_mother(place).code}


def _pregnant(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_pregnancy(place).mother.code}


def _ended(place: SimpleNamespace) -> dict[str, Any]:
    pregnancy = a_pregnancy(place)
    pregnancy.ended_on = place.programme.today()
    pregnancy.save()
    return {"code": pregnancy.mother.code}


def _born(place: SimpleNamespace) -> dict[str, Any]:
    day = place.programme.today()
    return {"code": a_pregnancy(place, 39, ended_on=day, outcome="lahir").mother.code}


def _born_child(place: SimpleNamespace) -> dict[str, Any]:
    born, today = _born(place), place.programme.today()
    child = a_child(place, mother=Mother.objects.get(**born), birth_date=today)
    return born | {"child": child.code}


def _nursing(place: SimpleNamespace) -> dict[str, Any]:
    mother, today = a_mother(place), place.programme.today()
    Breastfeeding.objects.create(mother=mother, started_on=today - timedelta(days=30))
    return {"code": mother.code}


def _checked(place: SimpleNamespace) -> dict[str, Any]:
    pregnancy, today = a_pregnancy(place), place.programme.today()
    PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=today, hb=Decimal("11"))
    return {"code": pregnancy.mother.code, "day": str(today)}


REGISTER, MEASURE, CHECK = "register_person", "measure_child", "check_pregnancy"
ROWS: list[Row] = [
    Row("registry:children", "see_children"),
    Row("registry:child-new", REGISTER),
    Row("registry:child-alike", REGISTER, method="post"),
    Row("registry:child", "see_children", _child, scoped=True),
    Row("registry:child-measure", MEASURE, _child, scoped=True),
    Row("registry:measurement-correct", MEASURE, _visit, scoped=True),
    Row("registry:child-correct", REGISTER, _child, scoped=True),
    Row("registry:child-nik", "reveal_nik", _child, "post", True),
    Row("registry:mothers", "see_mothers"),
    Row("registry:mother-new", REGISTER),
    Row("registry:mother-alike", REGISTER, method="post"),
    Row("registry:mother", "see_mothers", _mother, scoped=True),
    Row("registry:mother-correct", REGISTER, _mother, scoped=True),
    Row("registry:mother-nik", "reveal_nik", _mother, "post", True),
    Row("registry:pregnancy-new", REGISTER, _mother, scoped=True),
    Row("registry:pregnancy-correct", CHECK, _pregnant, scoped=True),
    Row("registry:pregnancy-check", CHECK, _pregnant, scoped=True),
    Row("registry:check-correct", CHECK, _checked, scoped=True),
    Row("registry:pregnancy-end", CHECK, _pregnant, "post", True),
    Row("registry:pregnancy-reopen", CHECK, _ended, "post", True),
    Row("registry:birth-new", REGISTER, _born, scoped=True),
    Row("registry:birth-link", REGISTER, _born_child, "post", True),
    Row("registry:breastfeeding-new", REGISTER, _mother, scoped=True),
    Row("registry:breastfeeding-end", CHECK, _nursing, "post", True),
    Row("registry:exclusive-note", MEASURE, _child, "post", True),
]
