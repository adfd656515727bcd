"""Only weighed this time: a child who was short or thin does not stop being so."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from growth.classify import Known, alert
from growth.zscore import Reading, score
from interventions import targets
from interventions.indications import is_gizi_buruk, proposed
from registry import measuring, visits
from registry.models import Child, Measurement
from registry.posyandu.day import headline
from tests.cast import a_child, signed_in

TODAY_AGE = 760  # days, on the day of the visit that only weighs


def measure(child: Child, day: int, kg: str, cm: str | None = None, **more: Any) -> Measurement:
    """A visit on the child's ``day`` of life; without ``cm`` nobody took its height."""
    on = child.birth_date + timedelta(days=day)
    numbers = {"measured_on": on, "weight_kg": Decimal(kg)} | more
    numbers |= {"length_height_cm": Decimal(cm), "measure": "h"} if cm else {}
    return visits.add_measurement(None, child, numbers)


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    """A boy who is TODAY_AGE days old today."""
    return a_child(cast, sex="L", birth_date=cast.programme.today() - timedelta(days=TODAY_AGE))


def on_board(cast: SimpleNamespace) -> list[Any]:
    return list(targets.children(cast.tim, cast.programme.today()))


def test_it_works(cast: SimpleNamespace, child: Child) -> None:
    """Pendek at 730 days; 30 days later only weighed: still oranye, still on the board."""
    short = measure(child, 732, "11.5", "79.0")
    weighed = measure(child, TODAY_AGE, "11.9")
    assert (weighed.haz, weighed.known_haz, weighed.known_haz_on) == (
        None, short.haz, short.measured_on,
    )  # fmt: skip
    said = measuring.visit_of(weighed).alert
    assert said.level == weighed.alert == "oranye"
    assert "belum diukur lagi: pendek" in said.reasons[0]
    assert any("Tinggi belum diukur" in reason for reason in said.reasons)
    assert headline(child, weighed).startswith("Pendek")
    assert [row.last_visit_id for row in on_board(cast)] == [weighed.pk]
    assert proposed(weighed) == "stunting"
    page = signed_in(cast.tim).get(reverse("interventions:board")).content.decode()
    assert "(diukur" in page


def test_gizi_buruk_stays_merah_and_is_no_target_of_pmt(
    cast: SimpleNamespace, child: Child
) -> None:
    thin = measure(child, 740, "8.0", "84.0")
    assert thin.alert == "merah" and thin.whz < -3
    weighed = measure(child, TODAY_AGE, "9.9")
    assert weighed.alert == "merah"
    assert is_gizi_buruk(weighed, 24)


def test_a_new_height_speaks_for_itself(child: Child) -> None:
    measure(child, 732, "11.5", "79.0")
    grown = measure(child, TODAY_AGE, "12.0", "86.0", doubted=[])
    assert grown.known_haz is None and grown.haz > -2 and grown.alert == "hijau"
    later = measure(child, TODAY_AGE + 30, "12.4")
    assert later.known_haz == grown.haz
    assert later.alert == "kuning"  # it alarms, and never reassures: the height is asked for


def test_an_old_height_speaks_no_more(child: Child) -> None:
    limit = measuring.KNOWN_FOR.days
    measure(child, 732, "11.5", "79.0")
    within, beyond = measure(child, 732 + limit, "13.0"), measure(child, 733 + limit, "13.0")
    assert (within.alert, beyond.alert) == ("oranye", "kuning")
    assert beyond.known_haz is None


def test_a_flagged_height_is_not_carried(child: Child) -> None:
    measure(child, 732, "11.5", "60.0")
    assert measure(child, TODAY_AGE, "11.9").known_haz is None


def test_correcting_the_height_changes_what_is_carried(child: Child) -> None:
    short = measure(child, 732, "11.5", "79.0")
    weighed = measure(child, TODAY_AGE, "11.9")
    visits.correct_measurement(None, short, {"length_height_cm": Decimal("87.0")}, "Salah baca")
    weighed.refresh_from_db()
    assert weighed.alert == "kuning" and weighed.known_haz > -2


def test_it_alarms_and_never_reassures() -> None:
    scores = score(Reading(sex="L", age_days=760, weight_kg=12))
    plain = alert(scores)
    for z, level in ((-3.5, "merah"), (-2.01, "oranye"), (-2.0, "kuning"), (3.5, "kuning")):
        said = alert(scores, known={"bb_tb": Known(z, date(2026, 5, 12))})
        assert said.level == level, z
        assert (said == plain) == (level == "kuning")
