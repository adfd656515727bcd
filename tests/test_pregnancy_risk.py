"""The rules of pregnancy: dates, limits, 4T, care, and one alert for card and list (fact 22)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import standards
from registry.models import Mother, Pregnancy, PregnancyCheck
from registry.mothers.alert import Carried, carried_by, carried_in, mother_alert
from registry.mothers.antenatal import Visit, a_week, anc, gain, gain_by_week, gain_range
from registry.mothers.pregnancy import (
    begun,
    bmi,
    four_t,
    gestation,
    is_anaemic,
    is_kek,
    is_kek_risk,
    is_overdue,
    naegele,
    short_mother,
    signs,
    thin,
    trimester,
)
from registry.mothers.weight_chart import Weighing, weight_chart
from tests.cast import a_mother, a_pregnancy, signed_in

LIMITS = standards.pregnancy_limits(None)
HPHT = date(2025, 1, 1)


def on_week(weeks: int, days: int = 0) -> date:
    return HPHT + timedelta(weeks=weeks, days=days)


def test_fact_22() -> None:
    assert naegele(date(2025, 1, 20)) == date(2025, 10, 27)
    assert gestation(date(2025, 1, 20), date(2025, 4, 14)) == (12, 0)
    assert naegele(date(2025, 2, 22)) == date(2025, 12, 1)
    assert naegele(date(2025, 2, 22)) != date(2025, 2, 22) + timedelta(days=280)
    assert is_kek_risk(23.4) and not is_kek_risk(23.5)
    assert not is_anaemic(10.6, 2, LIMITS) and is_anaemic(10.6, 3, LIMITS)


# --- Dates -------------------------------------------------------------------------------------


def test_hpl_takes_the_last_day_of_a_shorter_month() -> None:
    assert naegele(date(2025, 5, 24)) == date(2026, 2, 28)  # 31 May less three months


def test_before_hpht_there_is_no_age() -> None:
    assert gestation(HPHT, HPHT - timedelta(days=1)) is None
    assert gestation(HPHT, HPHT) == (0, 0) and gestation(HPHT, on_week(12, 6)) == (12, 6)
    assert Pregnancy(hpht=HPHT).weeks_text(HPHT - timedelta(days=1)) == ""


def test_an_hpl_by_usg_moves_the_age() -> None:
    hpl = naegele(HPHT)
    assert begun(HPHT) == begun(HPHT, hpl) == HPHT
    assert begun(HPHT, hpl + timedelta(days=10)) == HPHT + timedelta(days=10)
    moved = Pregnancy(hpht=HPHT, hpl_override=hpl + timedelta(weeks=2))
    assert moved.weeks_text(on_week(30)) == "28 minggu 0 hari"


@pytest.mark.parametrize(("weeks", "number"), [(0, 1), (12, 1), (13, 2), (27, 2), (28, 3)])
def test_trimester(weeks: int, number: int) -> None:
    assert trimester(HPHT, on_week(weeks, 6), LIMITS) == number


def test_the_trimesters_follow_the_settings() -> None:
    early = replace(LIMITS, trimester_2_ends=24.0)
    assert trimester(HPHT, on_week(25), LIMITS) == 2 and trimester(HPHT, on_week(25), early) == 3


def test_a_pregnancy_is_overdue_after_45_weeks() -> None:
    assert not is_overdue(HPHT, HPHT + timedelta(days=315))
    assert is_overdue(HPHT, HPHT + timedelta(days=316))
    later = naegele(HPHT) + timedelta(weeks=3)
    assert not is_overdue(HPHT, HPHT + timedelta(days=316), later)
    assert not is_overdue(HPHT, later + timedelta(days=35), later)
    assert is_overdue(HPHT, later + timedelta(days=36), later)


@pytest.mark.parametrize("days", [0, 1, 314, 315, 316, 400])
@pytest.mark.parametrize("override", [None, -14, 20])
def test_the_database_counts_as_the_rule_does(
    cast: SimpleNamespace, days: int, override: int | None
) -> None:
    today = cast.programme.today()
    hpht = today - timedelta(days=days)
    hpl = naegele(hpht) + timedelta(days=override) if override else None
    mother = a_pregnancy(cast, hpht=hpht, hpl_override=hpl).mother
    late = is_overdue(hpht, today, hpl)
    assert Mother.objects.pregnant(today).filter(pk=mother.pk).exists() is not late
    assert Mother.objects.overdue(today).filter(pk=mother.pk).exists() is late


# --- Food and blood ----------------------------------------------------------------------------


def test_kek_and_risiko_kek_are_two_things() -> None:
    assert is_kek_risk(None) is None and is_kek(None) is None
    assert is_kek(18.4) and not is_kek(18.5)
    assert bmi(Decimal("42.7"), Decimal("152")) == 18.5 and bmi(None, 152) is None
    assert thin(Decimal("41"), Decimal("152"))[0].text == "IMT sebelum hamil 17,7"
    assert thin(Decimal("42.7"), Decimal("152")) == [] and thin(41, None) == []
    carried = Carried(HPHT, height_cm=152, pre_weight_kg=41, lila=Decimal("22.8"))
    labels = [sign.label for sign in mother_alert(carried, on_week(20), LIMITS).signs]
    assert labels == ["Risiko KEK", "KEK"]


@pytest.mark.parametrize(
    ("hb", "number", "anaemic"),
    [(10.9, 1, True), (11.0, 1, False), (10.4, 2, True), (10.5, 2, False), (10.9, 3, True),
     (11.0, 3, False)],
)  # fmt: skip
def test_anaemia_by_trimester(hb: float, number: int, anaemic: bool) -> None:
    assert is_anaemic(hb, number, LIMITS) is anaemic
    assert is_anaemic(None, number, LIMITS) is None


def test_a_programme_may_hold_one_limit_for_all_trimesters(cast: SimpleNamespace) -> None:
    cast.programme.settings |= {"hb_trimester_2": 11, "hb_severe": 8}
    own = standards.pregnancy_limits(cast.programme)
    assert is_anaemic(10.6, 2, own) and not is_anaemic(10.6, 2, LIMITS)
    assert signs(None, 7.5, 3, own)[0].tone == "merah"
    assert signs(None, 7.5, 3, LIMITS)[0].tone == "oranye"


def test_signs_are_worst_first_and_never_guessed() -> None:
    assert signs(None, None, 3, LIMITS) == []
    assert signs(Decimal("23.5"), Decimal("11.0"), 3, LIMITS) == []
    found = signs(Decimal("22"), Decimal("6.9"), 1, LIMITS)
    assert [s.label for s in found] == ["Anemia berat", "Risiko KEK"]
    assert signs(None, Decimal("7.0"), 1, LIMITS)[0].label == "Anemia"


# --- 4T ----------------------------------------------------------------------------------------


def four(**values: Any) -> list[str]:
    known: dict[str, Any] = {"born": date(1998, 1, 1), "gravida": 2, "last_birth_on": None}
    known |= {"hpht": HPHT, "hpl": naegele(HPHT), "limits": LIMITS}
    return [f"{label}: {why}" for label, why in four_t(**(known | values))]


def test_4t_at_their_limits() -> None:
    assert four() == []
    assert four(born=date(2006, 6, 1)) == ["Terlalu muda: 18 tahun saat mulai hamil"]
    assert four(born=date(2005, 1, 2))[0].startswith("Terlalu muda: 19")
    assert four(born=date(2005, 1, 1)) == []  # 20 on the day of HPHT
    assert four(born=date(1989, 1, 2)) == []  # 35
    assert four(born=date(1989, 1, 1)) == ["Terlalu tua: 36 tahun saat mulai hamil"]
    assert four(last_birth_on=date(2023, 10, 9)) == ["Terlalu dekat: jarak kelahiran 23 bulan"]
    assert four(last_birth_on=date(2023, 10, 8)) == []  # HPL 8 October 2025
    assert four(gravida=3) == [] and four(gravida=4) == ["Terlalu banyak: kehamilan ke-4"]
    assert four(born=None, gravida=None) == []


def test_4t_follow_the_settings() -> None:
    own = replace(LIMITS, too_young=21.0, too_old=34.0, too_close_months=36.0, too_many=3.0)
    assert four(born=date(2004, 6, 1)) == [] and four(born=date(2004, 6, 1), limits=own)
    assert four(born=date(1989, 6, 1)) == [] and four(born=date(1989, 6, 1), limits=own)
    assert four(last_birth_on=date(2023, 1, 1)) == []
    assert four(last_birth_on=date(2023, 1, 1), limits=own)
    assert four(gravida=3, limits=own)


def test_a_short_mother() -> None:
    assert short_mother(Decimal("144.9"), LIMITS) == [("Ibu pendek", "tinggi 144,9 cm")]
    assert short_mother(Decimal("145"), LIMITS) == [] == short_mother(None, LIMITS)
    assert short_mother(Decimal("148"), replace(LIMITS, short_mother_cm=150.0))


# --- One alert ---------------------------------------------------------------------------------

WELL = Carried(
    HPHT, born=date(1998, 1, 1), gravida=1, height_cm=155, lila=26, hb=11.5, hb_on=on_week(29),
    checked_on=on_week(29),
)  # fmt: skip


def alert_of(on: date | None = None, **changes: Any) -> Any:
    return mother_alert(replace(WELL, **changes), on or on_week(30), LIMITS)


def test_good_is_only_what_is_wholly_known() -> None:
    assert alert_of().level == "hijau"
    missing: tuple[dict[str, Any], ...] = (
        {"born": None}, {"gravida": None}, {"height_cm": None}, {"lila": None},
        {"hb": None, "hb_on": None}, {"gravida": 2}, {"hb_on": on_week(20)},
        {"checked_on": on_week(20)},
    )  # fmt: skip
    for values in missing:
        assert alert_of(**values).level == "netral", values
    assert alert_of(gravida=2, last_birth_on=date(2021, 1, 1)).level == "hijau"


@pytest.mark.parametrize(
    ("changes", "level", "kind", "step"),
    [
        ({"hb": 6.9}, "merah", "anemia", "hari ini"),
        ({"hb": 10.9}, "oranye", "anemia", "TTD diminum"),
        ({"lila": 23.4}, "oranye", "kek", "PMT"),
        ({"pre_weight_kg": 44}, "oranye", "kek", "PMT"),
        ({"born": date(2007, 1, 1)}, "oranye", "risiko", "dokter"),
        ({"height_cm": 144}, "oranye", "risiko", "dokter"),
        ({"born": date(2007, 1, 1), "doctor_on": on_week(10)}, "biru", "risiko", "Pantau"),
        ({"lila": None, "hb": None, "hb_on": None}, "netral", "belum", "Lengkapi"),
    ],
)
def test_levels(changes: dict[str, Any], level: str, kind: str, step: str) -> None:
    found = alert_of(**changes)
    assert found.level == level and kind in found.kinds and step in found.next_step


def test_each_risk_of_the_week_has_its_step() -> None:
    found = alert_of(lila=22, hb=10, born=date(2007, 1, 1))
    assert found.kinds == {"kek", "anemia", "risiko"}
    for word in ("PMT", "TTD", "dokter"):
        assert word in found.next_step


def test_overdue_is_asked_for_before_anything_else() -> None:
    found = alert_of(on=on_week(45, 1), hb=6)
    assert (found.level, found.kinds) == ("kuning", {"lewat"})


@given(
    weeks=st.integers(0, 60), lila=st.none() | st.floats(12, 60), hb=st.none() | st.floats(2, 20),
    height=st.none() | st.floats(100, 200), weight=st.none() | st.floats(25, 200),
    gravida=st.none() | st.integers(1, 20), age=st.none() | st.integers(10, 60),
)  # fmt: skip
def test_no_numbers_break_it_and_nothing_unknown_is_good(
    weeks: int, lila: Any, hb: Any, height: Any, weight: Any, gravida: Any, age: Any
) -> None:
    on = on_week(weeks)
    carried = Carried(
        HPHT, born=HPHT - timedelta(days=age * 366) if age else None, gravida=gravida,
        height_cm=height, pre_weight_kg=weight, lila=lila, hb=hb, checked_on=on,
        hb_on=on if hb is not None else None,
    )  # fmt: skip
    found = mother_alert(carried, on, LIMITS)
    assert found.reasons and found.next_step
    if found.level == "hijau":
        assert lila >= 23.5 and hb >= 10.5 and height >= 145 and gravida == 1
        assert 20 <= age <= 36


def test_list_and_card_say_the_same(cast: SimpleNamespace) -> None:
    """The annotated row and the pregnancy with its examinations are one state."""
    today = cast.programme.today()
    mother = a_mother(cast, birth_date=date(2007, 3, 1))
    pregnancy = a_pregnancy(
        cast, 30, mother=mother, gravida=2, height_cm=Decimal("150"),
        last_birth_on=date(2024, 1, 1), pre_weight_kg=Decimal("41"),
    )  # fmt: skip
    for days, values in (
        (40, {"hb": Decimal("9.9"), "lila_cm": Decimal("22.5"), "by": "dokter"}),
        (20, {"hb": Decimal("11.2")}), (3, {"weight_kg": Decimal("47")}),
    ):  # fmt: skip
        on = today - timedelta(days=days)
        PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=on, **values)
    PregnancyCheck.objects.create(
        pregnancy=pregnancy, checked_on=today, hb=Decimal("5"), superseded=True
    )
    row = Mother.objects.with_state(today).get(pk=mother.pk)
    assert carried_by(row) == carried_in(pregnancy, pregnancy.checks.current())
    listed = carried_by(row)
    assert (listed.lila, listed.hb) == (Decimal("22.5"), Decimal("11.2"))
    assert listed.doctor_on == today - timedelta(days=40) and listed.checked_on is not None
    assert row.carried_code == pregnancy.code


def test_the_list_is_filtered_by_the_risk_the_card_tells(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    known: dict[str, Any] = {"gravida": 1, "height_cm": Decimal("155")}
    people = {}
    for name, values in {
        "kek": {"lila_cm": Decimal("22"), "hb": Decimal("12")},
        "anemia": {"lila_cm": Decimal("25"), "hb": Decimal("9")},
        "baik": {"lila_cm": Decimal("25"), "hb": Decimal("12")},
        "belum": {"lila_cm": Decimal("25")},
    }.items():
        mother = a_mother(cast, birth_date=date(1998, 1, 1))
        pregnancy = a_pregnancy(cast, 30, mother=mother, **known)
        PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=today, **values)
        people[name] = mother.name
    risky = a_mother(cast, birth_date=date(2008, 1, 1))
    a_pregnancy(cast, 10, mother=risky, **known)
    client = signed_in(cast.petugas)

    def names(risk: str) -> set[str]:
        return {row["name"] for row in client.get(f"/ibu/?tanda={risk}").context["rows"]}

    assert names("kek") == {people["kek"]} and names("anemia") == {people["anemia"]}
    assert names("risiko") == {risky.name} and names("belum") == {people["belum"], risky.name}
    page = client.get("/ibu/?tanda=kek").content.decode()
    assert "1 ibu hamil dengan tanda KEK atau risiko KEK" in page
    cast.programme.settings["too_young"] = 16
    cast.programme.save()
    assert names("risiko") == set()


# --- Care --------------------------------------------------------------------------------------


def test_anc_counts_bidan_and_doctor_by_trimester() -> None:
    visits = [
        Visit(on_week(8), "bidan"), Visit(on_week(16), "posyandu"), Visit(on_week(20), "bidan"),
        Visit(on_week(24), "dokter"), Visit(on_week(30), "dokter"), Visit(on_week(33), "bidan"),
    ]  # fmt: skip
    found = anc(visits, HPHT, on_week(30), LIMITS)
    assert (found.total, found.wanted) == (4, 6)
    assert found.by_trimester == {1: (1, 1), 2: (2, 2), 3: (1, 3)}
    assert found.doctor == {1: False, 3: True}
    assert found.lacking == ("belum diperiksa dokter pada trimester I",)
    assert anc(visits, HPHT, on_week(33), LIMITS).total == 5
    none = anc([], HPHT, on_week(28), LIMITS)
    assert none.lacking == (
        "trimester I hanya 0 dari 1 kali", "trimester II hanya 0 dari 2 kali",
        "belum diperiksa dokter pada trimester I", "belum diperiksa dokter pada trimester III",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("imt", "total"),
    [(18.4, (12.5, 18)), (18.5, (11.5, 16)), (24.9, (11.5, 16)), (25, (7, 11.5)),
     (29.9, (7, 11.5)), (30, (5, 9))],
)  # fmt: skip
def test_the_recommended_gain_by_imt(imt: float, total: tuple[float, float]) -> None:
    assert gain_range(imt) == total
    assert gain_by_week(imt, 0) == (0, 0) and gain_by_week(imt, 13) == (0.5, 2)
    assert gain_by_week(imt, 40) == pytest.approx(total) == gain_by_week(imt, 44)


def test_gain_is_judged_after_the_first_trimester_as_it_is_printed() -> None:
    assert gain(50, 20, 49, 13).verdict == "" and gain(50, 20, 49, 14).verdict == "kurang"
    at_29 = gain(49, 20.4, 55.95, 29)
    assert (at_29.kg, at_29.now, at_29.verdict) == (7.0, (7.0, 10.3), "sesuai")
    assert gain(49, 20.4, 55.94, 29).verdict == "kurang"
    assert gain(49, 20.4, 59.4, 29).verdict == "lebih"


def test_half_a_kilogram_a_week() -> None:
    start = (HPHT, 45.0)
    assert a_week(start, (on_week(4), 47.0)) == 0.5
    assert a_week(start, (on_week(0, 6), 47.0)) is None


def test_the_picture_says_in_words_what_it_draws() -> None:
    chart = weight_chart(20, [Weighing(on_week(20), 20, 4.0), Weighing(on_week(39), 39, 9.5)], "X.")
    assert "1 Oktober 2025: +9,5 kg, minggu 39" in chart.alt and chart.alt.startswith("X.")
    assert len(chart.dots) == 2 and chart.last is not None and chart.last[3] == "end"
    half = weight_chart(20, [Weighing(on_week(25), 25, 5.55)], "X.")  # as the card's words say it
    assert half.last is not None and half.last[2] == "+5,6 kg"
    lost = weight_chart(31, [Weighing(on_week(10), 10, -3.0)], "X.")
    assert lost.line == "" and lost.dots[0][1] <= lost.bottom and lost.zero < lost.bottom


def test_the_card_tells_care_and_gain(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    mother = a_mother(cast, birth_date=date(1998, 1, 1))
    pregnancy = a_pregnancy(
        cast, 30, mother=mother, gravida=1, height_cm=Decimal("152"), pre_weight_kg=Decimal("41")
    )
    for days, weight in ((28, "47.5"), (0, "49.5")):
        PregnancyCheck.objects.create(
            pregnancy=pregnancy, checked_on=today - timedelta(days=days), ttd=30,
            weight_kg=Decimal(weight), lila_cm=Decimal("22"), hb=Decimal("11.5"),
        )  # fmt: skip
    text = signed_in(cast.bidan).get(f"/ibu/{mother.code}/").content.decode()
    for said in ("60 dari 90 butir", "2 dari 6 kali", "Trimester I 0/1, II 1/2, III 1/3",
                 "+8,5 kg sampai minggu 30", "Sesuai anjuran", "12,5–18 kg", "IMT 17,7",
                 "0,5 kg per minggu sejak", "KEK: IMT sebelum hamil 17,7", "IOM 2009"):  # fmt: skip
        assert said in text, said
