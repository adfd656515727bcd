"""A list is written whole, as single entry would have stored it, and twice changes nothing."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from registry.models import Child, Consent, Household, Measurement, Mother
from tests.handed_in import DAY, DECREE, analysed, only, outcomes, row, write, written


def test_it_works(cast: SimpleNamespace) -> None:
    source = written(cast, [row()])
    assert source.state == "written" and source.counts == {"baru": 1}
    child = Child.objects.get()
    assert (child.name, child.sex, child.desa) == ("Contoh Satu", "L", cast.desa)
    assert child.mother and child.mother.phone == "081200000001"
    visit = child.measurements.get()
    assert (visit.measured_on, visit.weight_kg, visit.lila_cm) == (DAY, Decimal("10.6"), None)
    assert visit.haz is not None and visit.weight_gain == "B"
    assert child.last_visit == visit
    basis = Consent.objects.get(child=child)
    assert (basis.method, basis.decree, basis.giver) == ("dasar", DECREE, "")
    assert Event.objects.filter(verb="import_child", object_code=child.code).count() == 1
    assert Event.objects.get(verb="import_list").why == "new=1 update=0"


def test_the_same_list_again_changes_nothing(cast: SimpleNamespace) -> None:
    rows = [row(), row(Nama="Contoh Dua", JK="P", Tanggal="2026-07-09", Berat="9.9")]
    written(cast, rows)
    again = analysed(cast, rows)
    assert outcomes(again) == ["sama", "sama"]
