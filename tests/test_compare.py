"""Mengapa berbeda dengan e-PPGBM?: day against month table, posture, and what explains a result."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event
from growth.age import completed_months
from growth.compare import compare, explain
from growth.zscore import Reading, score
from registry import visits
from registry.models import Child
from tests.cast import a_child, signed_in

INDICES = ("tb_u", "bb_u", "bb_tb", "imt_u")


def boy(days: int, cm: float, measure: str = "l", kg: float = 7.0) -> Reading:
    return Reading("L", days, kg, cm, measure)


def ways(reading: Reading, months: int, index: str = "tb_u") -> dict[str, str]:
    return {way.code: way.words for way in compare(index, reading, months).variants}


# --- Facts of domain.md §10 --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "by_day"), [(183, "−1,94 SD, normal"), (198, "−2,28 SD, pendek"),
                         (212, "−2,59 SD, pendek")],
)  # fmt: skip
def test_fact_6_days_decide_and_the_month_table_calls_all_three_normal(
    days: int, by_day: str
) -> None:
    found = compare("tb_u", boy(days, 63.5), 6)
    assert found.ours.words == by_day
    assert found.by_month.words == "−1,94 SD, normal"
    assert found.limits == "batas −2 SD di tabel 63,4 cm, anak 63,5 cm"
    assert found.same_class == (days == 183)


def test_fact_5_the_posture_carries_the_child_over_its_second_birthday() -> None:
    """81,0 cm lying on day 730 and, as 80,3 cm, on day 731: −2,23 both; without 0,7 cm −2,01."""
    born = date(2022, 3, 10)
    lying, standing = date(2024, 3, 9), date(2024, 3, 10)
    assert (completed_months(born, lying), completed_months(born, standing)) == (23, 24)
    before = compare("tb_u", boy((lying - born).days, 81.0, kg=9.8), 23)
    after = compare("tb_u", boy((standing - born).days, 81.0, kg=9.8), 24)
    assert before.ours.z == after.ours.z == after.by_month.z == -2.23
    plain = {way.code: way for way in after.variants}["tanpa_koreksi"]
    assert plain.words == "−2,01 SD, pendek"


def test_fact_4_standing_under_two_years() -> None:
    reading = Reading("P", 547, 8.8, 76.0, "h")
    found = compare("tb_u", reading, 17)
    assert found.ours.z == -1.37
    assert {way.code: way.z for way in found.variants}["tanpa_koreksi"] == -1.61
    weight = compare("bb_tb", reading, 17)
    assert weight.ours.z == -0.82
    assert {way.code: way.z for way in weight.variants}["tanpa_koreksi"] == -0.66


# --- The printed table -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "shown"), [(1, -0.17), (3, -0.85), (6, -1.34), (12, -1.56), (36, -1.86)]
)
def test_rounding_age_down_hides_as_much_as_is_known(months: int, shown: float) -> None:
    """A boy at −2,00 on the last day of a month, scored by completed months (zscore.md §3)."""
    from growth.lms import value_at
    from growth.tables import table

    day = round((months + 1) * 30.4375) - 1
    cm = value_at(-2, table("lfa").rows[1][day])
    measure = "l" if day < 731 else "h"
    found = compare("tb_u", boy(day, cm, measure), months)
    assert found.ours.z == -2.0
    assert found.by_month.z == pytest.approx(shown, abs=0.011)


@pytest.mark.parametrize(
    ("cm", "code"),
    [(63.3, "pendek"), (63.4, "normal"), (61.2, "pendek"), (61.1, "sangat_pendek"),
     (74.1, "normal"), (74.2, "tinggi")],
)  # fmt: skip
def test_a_printed_limit_belongs_to_the_milder_class(cm: float, code: str) -> None:
    """Boys at 6 months: −3 61,2 · −2 63,4 · +3 74,1 as printed to one decimal."""
    found = compare("tb_u", boy(183, cm), 6).by_month.found
    assert found and found.code == code


def test_weight_for_height_is_read_at_half_centimetres() -> None:
    near, far = (compare("bb_tb", boy(300, cm, kg=7.5), 9) for cm in (70.0, 70.2))
    assert near.by_month.z == near.ours.z == far.by_month.z != far.ours.z
    assert near.by_month.name == "Tabel cetak"


# --- What explains another result --------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "code", "kind", "first"),
    [
        (None, "", "same", ""),
        (None, "pendek", "same", ""),
        (-2.59, "", "same", ""),
        (-1.94, "", "explained", "bulan"),
        (None, "normal", "explained", "bulan"),
        (-1.94, "tinggi", "explained", "bulan"),  # the number decides
        (None, "sangat_pendek", "explained", "lebih_tua"),
        (-1.61, "", "explained", "kelamin"),
        (None, "tinggi", "unexplained", ""),
        (4.0, "", "unexplained", ""),
    ],
)
def test_the_reason_is_found(z: float | None, code: str, kind: str, first: str) -> None:
    answer = explain(compare("tb_u", boy(212, 63.5), 6), z, code)
    assert answer.kind == kind
    assert (answer.reasons[0].code if answer.reasons else "") == first


def test_a_way_the_visit_does_not_allow_is_not_offered() -> None:
    assert not {"tanpa_koreksi", "cara_ukur"} & ways(boy(212, 63.5), 6).keys()  # under 9 months
    assert "cara_ukur" in ways(boy(400, 72), 13)
    assert "lebih_muda" not in ways(boy(10, 50), 0)  # not born yet
    assert not ways(Reading("L", 400, 8, 72, "l", oedema=True), 13, "bb_u")
    assert compare("tb_u", Reading("L", 400, 8), 13).ours.words == "tidak dapat dihitung"
    assert compare("tb_u", boy(1900, 110, "h"), 62).variants == ()


@given(
    st.sampled_from(INDICES), st.sampled_from("LP"), st.integers(0, 1826),
    st.one_of(st.none(), st.floats(0.9, 40)), st.one_of(st.none(), st.floats(38, 130)),
    st.sampled_from(["l", "h", "", None]),
)  # fmt: skip
def test_it_never_fails_and_ours_is_the_score(
    index: str, sex: str, days: int, kg: float | None, cm: float | None, measure: str | None
) -> None:
    reading = Reading(sex, days, kg, cm, measure)
    found = compare(index, reading, min(int(days / 30.4375), 59))
    names = {"tb_u": "zlen", "bb_u": "zwei", "bb_tb": "zwfl", "imt_u": "zbmi"}
    assert found.ours.z == getattr(score(reading), names[index])
    explain(found, -2.0)
    explain(found, None, "normal")


# --- The page ----------------------------------------------------------------------------------


def a_boy(cast: SimpleNamespace, days: int = 212, **numbers: Any) -> Child:
    today = cast.programme.today()
    child = a_child(cast, sex="L", birth_date=today - timedelta(days=days))
    values = {"measured_on": today, "weight_kg": Decimal("7"), "measure": "l",
              "length_height_cm": Decimal("63.5")}  # fmt: skip
    visits.add_measurement(None, child, values | numbers)
    return child


def page(client: Client, child: Child, query: str = "") -> str:
    response = client.get(reverse("registry:child-compare", args=[child.code]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_both_ways_in_words(cast: SimpleNamespace) -> None:
    child, client = a_boy(cast), signed_in(cast.bidan)
    text = page(client, child)
    assert "hari): −2,59 SD, pendek." in text
    assert "Menurut tabel bulan (6 bulan): −1,94 SD, normal" in text
    assert "Kelasnya berbeda" in text and "Tabel bulan menganggap anak tepat berumur 6" in text
    assert Event.objects.filter(verb="compare_child", object_code=child.code).count() == 1
    assert (
        reverse("registry:child-compare", args=[child.code])
        in client.get(reverse("registry:child", args=[child.code])).content.decode()
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?kelas=normal", "<b>Tabel bulan</b>: −1,94 SD, normal."),
        ("?nilai=-1,94", "<b>Tabel bulan</b>"),
        ("?nilai=%E2%88%921.94", "<b>Tabel bulan</b>"),
        ("?kelas=pendek", "Sama dengan hasil portal ini."),
        ("?kelas=tinggi", "Tidak satu pun cara hitung"),
        ("?nilai=abc", "Tulis nilai z dengan angka"),
        ("?indeks=bb_u&kelas=bb_kurang", "Tidak satu pun cara hitung"),
        ("?indeks=apa&kelas=apa&kunjungan=apa&nilai=999", "Portal ini, umur dalam hari"),
    ],
)
def test_it_answers_what_the_other_screen_shows(
    cast: SimpleNamespace, query: str, said: str
) -> None:
    assert said in page(signed_in(cast.kader), a_boy(cast), query)


def test_an_older_visit_can_be_chosen(cast: SimpleNamespace) -> None:
    child = a_boy(cast)
    first = child.measurements.get()
    visits.add_measurement(None, child, {
        "measured_on": first.measured_on - timedelta(days=29), "weight_kg": Decimal("6.8"),
        "measure": "l", "length_height_cm": Decimal("63.0"),
    })  # fmt: skip
    old = child.measurements.order_by("measured_on").first()
    text = page(signed_in(cast.bidan), child, f"?kunjungan={old.code}")
    assert "63,0 cm" in text and "hari): −2,59" not in text


def test_without_a_z_nothing_is_compared(cast: SimpleNamespace) -> None:
    client = signed_in(cast.bidan)
    swollen = a_boy(cast, oedema=True)
    assert "tidak dihitung karena edema" in page(client, swollen, "?indeks=bb_u&kelas=bb_kurang")
    assert "Belum pernah diukur" in page(client, a_child(cast))
    assert "60 bulan atau lebih" in page(client, a_boy(cast, 1900))
