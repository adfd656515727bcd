"""N, T, O and B of the KMS: the rules, the KBM table, and how they follow every correction."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event
from growth import kbm
from growth.classify import alert
from growth.gain import Gain, Weighing, gains, is_bgm, transition, transitions, weight_gain
from growth.zscore import Reading, score
from kempling.limits import change
from registry import measuring, visits
from registry.children.changes import changes
from registry.models import Child, Measurement
from tests.cast import a_child, signed_in

BORN = date(2025, 1, 10)


def letter(sex: str, on: date, grams: int, *before: tuple[date, int], born: date = BORN) -> str:
    """The letter of a weighing without BB/U, so that KBM decides."""
    earlier = [Weighing(day, Decimal(g) / 1000) for day, g in before]
    return weight_gain(Weighing(on, Decimal(grams) / 1000), earlier, sex=sex, born=born)


# --- It works ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "gain", "boy", "girl"),
    [(7, 350, "T", "N"), (11, 250, "T", "N"), (7, 400, "N", "N"), (7, 299, "T", "T"),
     (12, 200, "N", "N"), (12, 199, "T", "T"), (2, 900, "N", "N"), (2, 899, "T", "T")],
)  # fmt: skip
def test_kbm_goes_by_the_age_reached(months: int, gain: int, boy: str, girl: str) -> None:
    year, month = divmod(months, 12)
    on = date(BORN.year + year, 1 + month, 15)
    before = (on - timedelta(days=30), 8000)
    assert letter("L", on, 8000 + gain, before) == boy
    assert letter("P", on, 8000 + gain, before) == girl


def test_the_first_weighing_is_b_and_after_a_missed_month_o() -> None:
    on = date(2025, 8, 15)
    assert letter("L", on, 8000) == "B"
    assert letter("L", on, 9000, (date(2025, 6, 15), 7000)) == "O"


def test_a_rising_line_is_n_whatever_kbm_says() -> None:
    before = Weighing(date(2025, 7, 15), Decimal("7.80"), Decimal("-0.50"))
    for waz, said in ((Decimal("-0.50"), "N"), (Decimal("-0.51"), "T")):
        this = Weighing(date(2025, 8, 15), Decimal("8.00"), waz)
        assert weight_gain(this, [before], sex="L", born=BORN) == said


def test_no_gain_is_t_even_when_the_line_rises() -> None:
    """In the first days the standard itself falls."""
    before = Weighing(date(2025, 1, 31), Decimal("3.0"), Decimal("-0.60"))
    this = Weighing(date(2025, 2, 1), Decimal("3.0"), Decimal("-0.40"))
    assert weight_gain(this, [before], sex="P", born=BORN) == "T"


def test_grams_are_whole_numbers() -> None:
    """8,15 − 7,75 is 400 g: float noise must not make it a T."""
    assert letter("L", date(2025, 8, 15), 8150, (date(2025, 7, 15), 7750)) == "N"


# --- The calendar ------------------------------------------------------------------------------


def test_the_month_before_counts_not_the_days() -> None:
    """31 January to 1 March is 29 days, but nobody weighed the child in February."""
    assert letter("L", date(2026, 3, 1), 9000, (date(2026, 1, 31), 8000)) == "O"
    assert letter("L", date(2026, 2, 1), 9000, (date(2026, 1, 31), 8000)) == "N"


def test_beyond_45_days_nothing_is_compared() -> None:
    first = (date(2026, 1, 1), 8000)
    assert letter("L", date(2026, 2, 15), 9000, first) == "N"  # 45 days
    assert letter("L", date(2026, 2, 16), 9000, first) == "O"


def test_two_weighings_in_a_month_are_both_compared_with_the_month_before() -> None:
    before = (date(2025, 11, 10), 8000), (date(2025, 11, 20), 8100)
    assert letter("L", date(2025, 12, 5), 8400, *before) == "N"  # with the last of November
    assert letter("L", date(2025, 12, 5), 8399, *before) == "T"
    twice = (*before, (date(2025, 12, 5), 8050))
    assert letter("L", date(2025, 12, 15), 8400, *twice) == "N"
    assert letter("L", date(2025, 11, 20), 8100, before[0]) == "B"  # the first month stays first


def test_from_sixty_months_nothing_is_said() -> None:
    on = date(2030, 1, 10)
    assert letter("L", on, 15000, (date(2029, 12, 10), 14000)) == ""
    assert letter("L", date(2030, 1, 9), 15000, (date(2029, 12, 10), 14000)) == "N"


# --- Doubt -------------------------------------------------------------------------------------


def test_a_doubtful_weight_is_no_base_and_no_n() -> None:
    odd = Weighing(date(2025, 11, 20), Decimal("12.0"), sound=False)
    good = Weighing(date(2025, 11, 10), Decimal("8.0"))
    this = Weighing(date(2025, 12, 10), Decimal("8.4"))
    assert weight_gain(this, [good, odd], sex="L", born=BORN) == "N"  # not with 12 kg
    assert weight_gain(this, [odd], sex="L", born=BORN) == ""
    up, down = (Weighing(date(2025, 12, 10), Decimal(kg), sound=False) for kg in ("12", "7"))
    assert weight_gain(up, [good], sex="L", born=BORN) == ""
    assert weight_gain(down, [good], sex="L", born=BORN) == "T"  # doubt silences no alarm


def runs(*grams: int | None) -> list[Gain]:
    """One weighing a month from June on; None = not weighed."""
    rows = [Weighing(date(2025, 6 + n, 15), Decimal(g) / 1000)
            for n, g in enumerate(grams) if g]  # fmt: skip
    return gains(rows, sex="L", born=BORN)


def test_t_in_a_row() -> None:
    assert runs(7000, 7000, 7000, 7900, 7900) == [
        ("B", 0), ("T", 1), ("T", 2), ("N", 0), ("T", 1),
    ]  # fmt: skip
    # A missed month ends the run: nobody knows what happened in between.
    assert runs(7000, 7000, None, 7000, 7000)[2:] == [("O", 0), ("T", 1)]


def test_two_t_of_one_month_are_one() -> None:
    rows = [Weighing(date(2025, month, day), Decimal(7))
            for month, day in ((6, 10), (7, 5), (7, 20), (8, 10))]  # fmt: skip
    assert [g.t_run for g in gains(rows, sex="P", born=BORN)] == [0, 1, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 2000), st.floats(0.5, 40)), max_size=12))
def test_any_row_of_weighings_gets_its_letters(rows: list[tuple[int, float]]) -> None:
    days = {BORN + timedelta(days=n): kg for n, kg in rows}
    weighings = [Weighing(day, days[day]) for day in sorted(days)]
    found = gains(weighings, sex="L", born=BORN)
    assert all(g.letter in "NTOB" and (g.t_run > 0) == (g.letter == "T") for g in found)
    for place, this in enumerate(weighings):
        alone = weight_gain(this, weighings[:place], sex="L", born=BORN)
        assert alone == found[place].letter


# --- KBM as data -------------------------------------------------------------------------------


def test_the_default_table() -> None:
    assert [kbm.DEFAULT.grams("L", m) for m in range(1, 13)] == [
        800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300, 200,
    ]  # fmt: skip
    assert [kbm.DEFAULT.grams("P", m) for m in (7, 10, 11, 59)] == [300, 300, 200, 200]
    assert kbm.DEFAULT.grams("L", 0) == 800 and kbm.DEFAULT.grams("L", 60) is None
    assert len(kbm.DEFAULT.boys) == len(kbm.DEFAULT.girls) == 60 and kbm.DEFAULT.source


def version(since: str, grams: int = 500, **changes: Any) -> dict[str, Any]:
    return {"from": since, "source": "Contoh", "L": [grams] * 60, "P": [grams] * 60} | changes


def test_the_version_of_the_day_is_in_force() -> None:
    versions = [version("2026-03-01", 300), version("2026-01-01", 250)]
    for on, grams in ((date(2025, 12, 31), 200), (date(2026, 1, 1), 250), (date(2027, 1, 1), 300)):
        assert kbm.in_force(versions, on).grams("L", 20) == grams
    assert kbm.in_force(None, date(2026, 1, 1)) is kbm.DEFAULT


@pytest.mark.parametrize(
    "broken",
    [version("kapan"), version("2026-01-01", source=" "), version("2026-01-01", L=[200] * 59),
     version("2026-01-01", P=[200.5] * 60), version("2026-01-01", 10), version("2026-01-01", True),
     version(None), "tabel", {}],
)  # fmt: skip
def test_a_broken_version_is_told_and_never_used(broken: Any) -> None:
    assert kbm.problems(broken)
    assert kbm.in_force([broken], date(2026, 6, 1)) is kbm.DEFAULT


def test_a_sound_version_has_no_problems() -> None:
    assert kbm.problems(version("2026-01-01")) == []


# --- The alert ---------------------------------------------------------------------------------


def well() -> Any:
    return score(Reading("L", 366, 9.6, 75.7, "l"))


@pytest.mark.parametrize(
    ("t_run", "after", "level", "said"),
    [(1, 1, "oranye", "Berat tidak naik (T)"), (1, 2, "biru", "Berat tidak naik (T)"),
     (2, 2, "oranye", "Berat tidak naik 2 bulan berturut-turut (2T)")],
)  # fmt: skip
def test_the_programme_says_which_t_is_referred(
    t_run: int, after: int, level: str, said: str
) -> None:
    found = alert(well(), weight_gain="T", t_run=t_run, refer_after_t=after)
    assert (found.level, found.reasons) == (level, (said,))


def test_bgm_is_said_in_words() -> None:
    found = alert(score(Reading("L", 366, 6.8, 70.0, "l")))
    assert "Di bawah garis merah (BGM)" in found.reasons
    assert is_bgm(Decimal("-3.01")) and not is_bgm(Decimal("-3.00"))
    assert not is_bgm(Decimal("-6.5"), flagged=True) and not is_bgm(None)


def test_a_doubted_number_alarms_but_never_reassures() -> None:
    assert alert(well()).level == "hijau"
    assert alert(well(), doubted=["weight_kg"]).level == "kuning"
    thin = alert(score(Reading("L", 366, 7.0, 72.5, "l")), doubted=["weight_kg"])
    assert thin.level == "merah"
    assert thin.reasons[0] == "Berat menurut tinggi ≈ −3,14 SD: gizi buruk"
    assert "Angka berat diragukan: ukur ulang" in thin.reasons


# --- From one class to another -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "before", "after", "words"),
    [
        ("tb_u", -2.5, -1.9, "Tinggi menurut umur membaik: dari pendek ke normal"),
        ("tb_u", -2.5, -3.2, "Tinggi menurut umur memburuk: dari pendek ke sangat pendek"),
        ("bb_tb", 0, 2.5, "Berat menurut tinggi memburuk: dari gizi baik ke gizi lebih"),
        ("bb_tb", -2.5, 2.5, "Berat menurut tinggi berubah: dari gizi kurang ke gizi lebih"),
        ("bb_u", 0, 0.5, "Berat menurut umur tetap berat badan normal"),
    ],
)
def test_a_change_of_class_in_words(index: str, before: float, after: float, words: str) -> None:
    change = transition(index, before, after)
    assert change and change.words == words


def test_what_is_not_known_has_not_changed() -> None:
    assert transition("tb_u", None, -1) is None and transition("tb_u", -1, None) is None
    assert [t.index for t in transitions({"tb_u": -1, "bb_u": -1}, {"bb_u": -2.5})] == ["bb_u"]


# --- Stored with every visit -------------------------------------------------------------------


def a_visit(child: Child, on: date, kg: str, **more: Any) -> Measurement:
    return visits.add_measurement(
        None, child, {"measured_on": on, "weight_kg": Decimal(kg), **more}
    )


def letters(child: Child) -> list[tuple[str, int]]:
    rows = child.measurements.current().order_by("measured_on")
    return list(rows.values_list("weight_gain", "t_run"))


@pytest.fixture
def days() -> list[date]:
    """The tenth of four months in a row, in the past."""
    return [date(2026, month, 10) for month in (3, 4, 5, 6)]


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    return a_child(cast, sex="L", birth_date=date(2024, 3, 10))


def test_every_visit_gets_its_letter(child: Child, days: list[date]) -> None:
    for day, kg in zip(days, ("12.0", "12.0", "12.0", "12.5"), strict=True):
        a_visit(child, day, kg)
    assert letters(child) == [("B", 0), ("T", 1), ("T", 2), ("N", 0)]
    second = child.measurements.get(measured_on=days[2])
    assert second.alert == "oranye"
    said = measuring.visit_of(second).alert.reasons
    assert "Berat tidak naik 2 bulan berturut-turut (2T)" in said


def test_a_visit_put_in_between_changes_the_ones_after_it(child: Child, days: list[date]) -> None:
    a_visit(child, days[0], "12.0")
    a_visit(child, days[2], "12.0")
    assert letters(child) == [("B", 0), ("O", 0)]
    a_visit(child, days[1], "12.0")
    assert letters(child) == [("B", 0), ("T", 1), ("T", 2)]
    event = Event.objects.get(verb="recompute", object_code=child.code)
    assert event.why == "n=1"


def test_an_old_visit_put_right_leaves_no_stale_letter(child: Child, days: list[date]) -> None:
    first, *_ = [a_visit(child, day, kg)
                 for day, kg in zip(days, ("12.0", "12.4", "12.4"), strict=False)]  # fmt: skip
    assert letters(child) == [("B", 0), ("N", 0), ("T", 1)]
    visits.correct_measurement(None, first, {"weight_kg": Decimal("12.4")}, "Salah baca")
    assert letters(child) == [("B", 0), ("T", 1), ("T", 2)]
    assert child.measurements.get(measured_on=days[1]).alert == "oranye"
    replaced = child.measurements.get(superseded=True)
    assert (replaced.weight_gain, replaced.t_run) == ("", 0)  # what is replaced does not count
    assert Event.objects.filter(verb="recompute", object_code=child.code).count() == 1


def test_a_new_sex_or_birth_date_works_every_visit_out_anew(child: Child) -> None:
    """8,0 to 8,2 kg at 11 months: below the boys' KBM of 300 g, enough for a girl."""
    visits.correct_child(None, child, {"birth_date": date(2025, 6, 5)})
    a_visit(child, date(2026, 4, 10), "8.00")
    boy = a_visit(child, date(2026, 5, 10), "8.20")
    assert boy.weight_gain == "T" and boy.waz is not None
    visits.correct_child(None, child, {"sex": "P"})
    girl = child.measurements.get(pk=boy.pk)
    assert girl.weight_gain == "N" and girl.waz != boy.waz
    assert Event.objects.get(verb="recompute", object_code=child.code).why == "n=2"
    visits.correct_child(None, child, {"birth_date": date(2021, 3, 1)})
    assert [said for said, _ in letters(child)] == ["", ""]  # lulus balita


def test_the_programmes_own_kbm_decides(child: Child, days: list[date]) -> None:
    a_visit(child, days[0], "12.0", length_height_cm=None)
    a_visit(child, days[1], "12.1")
    assert letters(child)[-1] == ("T", 1)
    child.programme.settings["kbm"] = [version(str(days[1]), 100)]
    assert visits.recompute(None, child) == 1
    assert letters(child)[-1] == ("N", 0)


def test_2t_as_the_programme_wants_it(child: Child, days: list[date]) -> None:
    child.programme.settings["refer_after_t"] = 2
    growing = {"length_height_cm": Decimal("88"), "measure": "h"}
    made = [a_visit(child, day, "12.0", **growing) for day in days[:3]]
    assert [visit.alert for visit in made] == ["hijau", "biru", "oranye"]


def test_stored_alerts_follow_the_limit(
    cast: SimpleNamespace, child: Child, days: list[date], django_assert_max_num_queries: Any
) -> None:
    growing = {"length_height_cm": Decimal("88"), "measure": "h"}
    for day in days[:3]:
        a_visit(child, day, "12.0", **growing)
    alerts = child.measurements.order_by("measured_on").values_list("alert", flat=True)
    assert list(alerts) == ["hijau", "oranye", "oranye"]
    with django_assert_max_num_queries(20):
        change(cast.admin, cast.programme, {"refer_after_t": Decimal(2)})
    assert list(alerts.all()) == ["hijau", "biru", "oranye"]
    child = Child.objects.get(pk=child.pk)
    assert visits.recompute(None, child) == 0  # as computing anew would say


def test_a_card_asks_nothing_per_visit(
    child: Child, days: list[date], django_assert_num_queries: Any
) -> None:
    for day in days:
        a_visit(child, day, "12.0")
    rows = list(child.measurements.current())
    with django_assert_num_queries(0):
        for row in rows:
            assert measuring.visit_of(row).alert.level == row.alert


def test_an_unknown_posture_never_says_that_a_child_is_well(cast: SimpleNamespace) -> None:
    """On the card, in the list, as a change of class ("belum dapat dihitung")."""
    child, today = a_child(cast, 26, sex="L", name="Tanpa Cara"), cast.programme.today()
    before = {"length_height_cm": Decimal("81"), "measure": "h"}
    a_visit(child, today - timedelta(days=31), "12.0", **before)
    well = a_visit(child, today, "12.4", length_height_cm=Decimal("88"))
    assert well.alert == "kuning" and well.haz is not None
    reasons = measuring.visit_of(well).alert.reasons
    assert any("belum dapat dihitung" in reason for reason in reasons)
    rows = list(child.measurements.current())
    assert [change for change in changes(rows) if "Tinggi" in change.words] == []
    client = signed_in(cast.bidan)
    listed = client.get("/anak/?gizi=diukur").content.decode()
    assert "Tanpa Cara" in listed and "Ukur ulang" in listed and "≈" in listed
    card = client.get(f"/anak/{child.code}/").content.decode()
    assert "belum pasti karena cara ukur belum diisi" in card.lower()
