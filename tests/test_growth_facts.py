"""The acceptance facts of growth, each by its number in domain.md §10: facts 1–22, half of 25.

What a nutritionist can check by hand: every number and every word of a fact stands here. z-scores
are exact to two decimals; L/P sex, "l" lying, "h" standing.
"""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from growth.age import age_in_days, completed_months, months_from_text
from growth.classify import Alert, alert, classify, classify_lila
from growth.gain import Weighing, weight_gain
from growth.lms import z_of
from growth.tables import BOY, GIRL, table
from growth.zscore import Reading, Scores, converted_length, score
from interventions import indications, targets
from regions.words import percent
from registry import visits
from registry.models import Child, Measurement
from registry.models.children import months_before, visits_until
from registry.mothers.pregnancy import gestation, is_anaemic, is_kek_risk, naegele, trimester
from registry.standards import pregnancy_limits
from reports.document import with_shares
from reports.figures import figures_of
from reports.months import Month
from tests.cast import a_child


def days(born: str, on: str) -> int:
    return age_in_days(date.fromisoformat(born), date.fromisoformat(on))


def months(born: str, on: str) -> int:
    return completed_months(date.fromisoformat(born), date.fromisoformat(on))


def child(sex: str, born: str, on: str, kg: float | None, cm: float, measure: str) -> Scores:
    return score(Reading(sex, days(born, on), kg, cm, measure))


def words(scores: Scores) -> dict[str, str]:
    """The label of each index that has a z."""
    z = {"bb_u": scores.zwei, "tb_u": scores.zlen, "bb_tb": scores.zwfl, "imt_u": scores.zbmi}
    return {index: found.label for index in z if (found := classify(index, z[index]))}


def said(found: Alert) -> str:
    return "; ".join(found.reasons)


def test_fact_01_a_stunted_girl_of_18_months():
    assert (days("2022-01-15", "2023-07-20"), months("2022-01-15", "2023-07-20")) == (551, 18)
    found = child("P", "2022-01-15", "2023-07-20", 8.2, 74.0, "l")
    assert (found.zlen, found.zwei, found.zwfl, found.zbmi) == (-2.34, -1.87, -1.00, -0.57)
    assert words(found) == {
        "tb_u": "Pendek", "bb_u": "Berat badan normal", "bb_tb": "Gizi baik", "imt_u": "Gizi baik"
    }  # fmt: skip


def test_fact_02_the_whos_own_examples():
    girl = score(Reading("P", 731, None, 77.5, "h"))
    assert (girl.zlen, words(girl)) == (-2.55, {"tb_u": "Pendek"})
    boy = score(Reading("L", 987, None, 72.86, "l"))
    assert boy.clenhei == pytest.approx(72.16)
    assert (boy.zlen, boy.flen) == (-6.09, 1)


def test_fact_03_standing_before_nine_months_is_a_mistake():
    after = score(Reading("L", 274, None, 60.0, "h"))
    assert (after.clenhei, after.zlen, after.c9mo_flag) == (60.7, -5.02, 0)
    before = score(Reading("L", 244, None, 60.0, "h"))
    assert (before.clenhei, before.zlen) == (60.0, -4.81)
    assert (before.c9mo_flag, before.cmeasure) == (1, None)
    assert "Anak di bawah 9 bulan tercatat berdiri, ukur terlentang" in said(alert(before))
    assert "tercatat berdiri" not in said(alert(after))


def test_fact_04_lying_and_standing_at_547_days():
    lying = child("P", "2023-01-05", "2024-07-05", 8.8, 76.0, "l")
    standing = child("P", "2023-01-05", "2024-07-05", 8.8, 76.0, "h")
    assert days("2023-01-05", "2024-07-05") == 547
    assert (lying.clenhei, lying.zlen, lying.zwfl) == (76.0, -1.61, -0.66)
    assert (standing.clenhei, standing.zlen, standing.zwfl) == (76.7, -1.37, -0.82)


def test_fact_05_the_second_birthday_can_be_730_days():
    born, eve, birthday, after = "2022-03-10", "2024-03-09", "2024-03-10", "2024-03-11"
    assert [(days(born, on), months(born, on)) for on in (eve, birthday)] == [(730, 23), (731, 24)]
    lying, converted = (child("L", born, on, 9.8, 81.0, "l") for on in (eve, birthday))
    assert (lying.clenhei, lying.zlen) == (81.0, -2.23)
    assert (converted.clenhei, converted.zlen) == (80.3, -2.23)
    standing = child("L", born, after, 9.8, 81.0, "h")
    assert (standing.zlen, standing.zwfl) == (-2.01, -1.16)
    assert words(standing)["tb_u"] == "Pendek"


def test_fact_06_age_in_days_decides_within_a_month():
    found = [score(Reading("L", day, None, 63.5, "l")) for day in (183, 198, 212)]
    assert [one.zlen for one in found] == [-1.94, -2.28, -2.59]
    assert [words(one)["tb_u"] for one in found] == ["Normal", "Pendek", "Pendek"]
    born = date(2024, 1, 1)
    assert {completed_months(born, born + timedelta(days=day)) for day in (183, 198, 212)} == {6}
    six_months = z_of(63.5, table("lfa").rows[BOY][round(6 * 30.4375)])
    assert classify("tb_u", six_months).label == "Normal", "a month table would call all Normal"


def test_fact_07_z_is_rounded_before_it_is_classed():
    assert days("2022-09-01", "2024-03-02") == 548
    expected = {
        75.0: (-1.97, "Normal"),
        74.9: (-2.00, "Normal"),
        74.8: (-2.04, "Pendek"),
        72.0: (-3.00, "Pendek"),
        71.9: (-3.03, "Sangat pendek"),
    }
    for cm, (z, label) in expected.items():
        found = child("P", "2022-09-01", "2024-03-02", None, cm, "l")
        assert (found.zlen, words(found)["tb_u"]) == (z, label), cm
    assert round(z_of(74.9, table("lfa").rows[GIRL][548]), 4) == -2.0014


def test_fact_08_a_boy_of_365_days_around_minus_three():
    expected = {68.7: (-2.96, "Pendek"), 68.6: (-3.00, "Pendek"), 68.5: (-3.05, "Sangat pendek")}
    for cm, (z, label) in expected.items():
        found = score(Reading("L", 365, None, cm, "l"))
        assert (found.zlen, words(found)["tb_u"]) == (z, label), cm
    assert round(z_of(68.6, table("lfa").rows[BOY][365]), 4) == -3.0048


def test_fact_09_wasted_though_not_stunted_is_red():
    assert days("2023-05-20", "2024-05-20") == 366
    found = child("L", "2023-05-20", "2024-05-20", 7.0, 72.5, "l")
    assert (found.zlen, found.zwei, found.zwfl) == (-1.38, -2.91, -3.14)
    labels = words(found)
    assert (labels["tb_u"], labels["bb_u"]) == ("Normal", "Berat badan kurang")
    assert labels["bb_tb"] == "Gizi buruk"
    told = alert(found)
    assert (told.level, told.label) == ("merah", "Rujuk hari ini")
    assert told.reasons == (
        "Berat menurut tinggi −3,14 SD: gizi buruk",
        "Berat menurut umur −2,91 SD: berat badan kurang",
    )


def test_fact_10_stunted_though_not_wasted():
    assert days("2021-06-01", "2024-06-01") == 1096
    found = child("P", "2021-06-01", "2024-06-01", 10.2, 84.0, "h")
    assert (found.zlen, found.zwei, found.zwfl) == (-2.90, -2.49, -1.01)
    labels = words(found)
    assert (labels["tb_u"], labels["bb_u"]) == ("Pendek", "Berat badan kurang")
    assert labels["bb_tb"] == "Gizi baik"


def test_fact_11_underweight_only_and_so_the_pmt_indication():
    assert days("2023-02-10", "2024-08-10") == 547
    found = child("P", "2023-02-10", "2024-08-10", 8.0, 76.0, "l")
    assert (found.zlen, found.zwei, found.zwfl) == (-1.61, -2.06, -1.77)
    labels = words(found)
    assert (labels["tb_u"], labels["bb_u"]) == ("Normal", "Berat badan kurang")
    assert labels["bb_tb"] == "Gizi baik"
    told = alert(found)
    assert told.level == "oranye"
    assert told.reasons == ("Berat menurut umur −2,06 SD: berat badan kurang",)
    visit = Measurement(haz=found.zlen, waz=found.zwei, whz=found.zwfl)
    assert indications.proposed(visit) == "bb_kurang"


def test_fact_12_a_tall_boy():
    assert days("2022-02-01", "2024-05-01") == 820
    found = child("L", "2022-02-01", "2024-05-01", 14.0, 99.5, "h")
    assert (found.zlen, words(found)["tb_u"], found.zwfl) == (3.07, "Tinggi", -1.03)


def test_fact_13_heavy_children():
    assert days("2023-08-08", "2024-08-08") == 366
    risk = child("L", "2023-08-08", "2024-08-08", 10.9, 77.0, "l")
    assert (risk.zwei, risk.zwfl) == (1.12, 1.14)
    labels = words(risk)
    assert (labels["bb_u"], labels["bb_tb"]) == ("Risiko berat badan lebih", "Berisiko gizi lebih")
    assert alert(risk).level == "biru"
    boy = score(Reading("L", 1216, 18.0, 98.0, "h"))
    assert (boy.zwfl, words(boy)["bb_tb"]) == (2.31, "Gizi lebih")
    girl = score(Reading("P", 1216, 21.0, 98.0, "h"))
    assert (girl.zwfl, words(girl)["bb_tb"]) == (3.80, "Obesitas")


def test_fact_14_the_day_of_birth_is_a_valid_age():
    found = score(Reading("P", 0, 3.0, 48.0, "l"))
    assert (found.zlen, found.zwei) == (-0.62, -0.52)


def test_fact_15_implausible_values_are_stored_and_in_no_count(cast: SimpleNamespace):
    today = cast.programme.today()
    boy = a_child(cast, sex="L", birth_date=today - timedelta(days=365))
    numbers = {"measured_on": today, "weight_kg": Decimal("9.0"), "measure": "l"}
    visits.add_measurement(None, boy, numbers | {"length_height_cm": Decimal("55.0")})
    stored = boy.measurements.get()
    assert (stored.haz, stored.haz_flag) == (Decimal("-8.73"), True)
    assert (stored.whz, stored.whz_flag) == (Decimal("8.75"), True)
    assert stored.weight_kg == Decimal("9.0")
    told = alert(score(Reading("L", 365, 9.0, 55.0, "l")))
    assert (stored.alert, told.level, told.label) == ("kuning", "kuning", "Ukur ulang")
    assert "Tinggi menurut umur −8,73 SD: di luar batas wajar" in told.reasons
    counting = visits_until(today)
    assert boy in Child.objects.flagged(counting)
    for word in ("stunting", "wasting"):
        for part in ("n", "severe", "total"):
            assert boy not in Child.objects.counted_as(counting, word, part), (word, part)
    assert boy not in Child.objects.stunted(counting)
    assert stored not in Measurement.objects.countable_haz()
    total = figures_of(cast.programme, Month.of(today))["total"]
    for word in ("stunting", "wasting"):
        counted = {part: total[word][part] for part in ("n", "severe", "total", "flagged")}
        assert counted == {"n": 0, "severe": 0, "total": 0, "flagged": 1}, word
    assert indications.proposed(stored) == "", "nor is it a reason for PMT"
    assert boy not in targets.children(cast.petugas, today)


def test_fact_16_outside_the_height_table():
    found = score(Reading("P", 761, 7.0, 64.0, "h"))
    assert (found.zwfl, found.fwfl, found.why["zwfl"]) == (None, None, "out_of_table")
    assert (found.zlen, found.flen) == (-6.89, 1)
    at_the_edge = score(Reading("P", 761, 7.0, 65.0, "h"))
    assert at_the_edge.zwfl is not None, "the table starts at 65.0"
    assert "Tinggi di luar tabel WHO" in said(alert(found))


def test_fact_17_the_last_day_is_1826():
    born = "2019-05-02"
    assert (days(born, "2024-05-01"), months(born, "2024-05-01")) == (1826, 59)
    assert child("P", born, "2024-05-01", 14.0, 100.0, "h").zlen == -1.98
    assert days(born, "2024-05-02") == 1827
    after = child("P", born, "2024-05-02", 14.0, 100.0, "h")
    assert (after.zlen, after.zwei, after.zwfl, after.zbmi) == (None, None, None, None)
    assert "lulus balita" in said(alert(after))


def test_fact_18_completed_months_and_baduta(cast: SimpleNamespace):
    assert months("2023-01-31", "2023-02-28") == 0
    assert months("2023-01-31", "2023-03-01") == 1
    assert months("2022-02-10", "2024-02-09") == 23
    assert months("2022-02-10", "2024-02-10") == 24
    toddler = a_child(cast, birth_date=date(2022, 2, 10))
    assert toddler in Child.objects.baduta(date(2024, 2, 9))
    assert toddler not in Child.objects.baduta(date(2024, 2, 10))
    assert days("2022-02-10", "2024-02-10") == 730
    assert converted_length(80.0, 730, "l") == 80.0, "still the length table"
    assert months_from_text("2 Tahun - 3 Bulan - 13 Hari") == 27


def test_fact_19_arm_circumference():
    expected = {
        11.4: "Gizi buruk akut", 11.5: "Gizi kurang akut", 12.4: "Gizi kurang akut", 12.5: "Normal"
    }  # fmt: skip
    for cm, label in expected.items():
        assert classify_lila(cm, 6).label == label
        assert classify_lila(cm, 59).label == label
        assert classify_lila(cm, 5).label == "Tidak berlaku"


def gain(sex: str, months_old: int, before_kg: float, grams: int) -> str:
    """Weighed on the 10th of two months, the growth line falling: KBM decides."""
    born = date(2025, 1, 5)
    month = date(2025, 1, 10).replace(month=1 + months_old)
    before = Weighing(month.replace(month=months_old), before_kg, waz=-0.5)
    now = Weighing(month, before_kg + grams / 1000, waz=-0.9)
    assert completed_months(born, month) == months_old
    return weight_gain(now, [before], sex=sex, born=born)


def test_fact_20_weight_gain_by_kbm(cast: SimpleNamespace):
    assert (gain("L", 7, 7.4, 350), gain("P", 7, 7.4, 350)) == ("T", "N")  # KBM 400, 300
    assert (gain("L", 11, 8.7, 250), gain("P", 11, 8.7, 250)) == ("T", "N")  # KBM 300, 200
    assert (gain("L", 7, 7.4, 400), gain("L", 7, 7.4, 399)) == ("N", "T"), "KBM itself is enough"
    born, now = date(2025, 1, 5), Weighing(date(2025, 8, 10), 7.75)
    before = Weighing(date(2025, 6, 10), 7.0)
    assert weight_gain(now, [before], sex="L", born=born) == "O", "not weighed last month"
    assert weight_gain(now, [], sex="L", born=born) == "B", "first weighing"
    month = Month.of(cast.programme.today()).back()
    days_on = {back: months_before(month.first + timedelta(days=9), back) for back in range(3)}
    letters = {}
    for sex, weights in (
        ("L", {1: "10.50", 0: "10.85"}),
        ("P", {1: "10.50", 0: "10.85"}),
        ("P", {2: "10.50", 0: "10.85"}),
        ("P", {0: "10.85"}),
    ):
        infant = a_child(cast, sex=sex, birth_date=months_before(days_on[0], 7))
        for back, kg in weights.items():
            numbers = {"measured_on": days_on[back], "weight_kg": Decimal(kg)}
            letters[infant.pk] = visits.add_measurement(None, infant, numbers).weight_gain
    assert "".join(letters.values()) == "TNOB"
    gained = figures_of(cast.programme, month)["total"]["gain"]
    assert gained == {"n": 1, "total": 2}, "O and B are outside N/D′"


def test_fact_21_oedema_is_red_even_at_normal_weight():
    plain = Reading("P", 551, 10.0, 80.0, "l", head_circ=46, muac=14)
    swollen = Reading("P", 551, 10.0, 80.0, "l", oedema=True, head_circ=46, muac=14)
    assert set(words(score(plain)).values()) == {"Berat badan normal", "Normal", "Gizi baik"}
    found = score(swollen)
    assert (found.zwei, found.zwfl, found.zbmi) == (None, None, None)
    assert [found.why[z] for z in ("zwei", "zwfl", "zbmi")] == ["oedema"] * 3
    assert None not in (found.zlen, found.zhc, found.zac)
    for told in (alert(found), alert(score(plain), oedema=True)):
        assert (told.level, told.reasons[0]) == ("merah", "Gizi buruk (edema)")


def test_fact_22_a_pregnancy_in_dates_and_bands():
    limits = pregnancy_limits(None)
    assert naegele(date(2025, 1, 20)) == date(2025, 10, 27)
    assert gestation(date(2025, 1, 20), date(2025, 4, 14)) == (12, 0)
    assert naegele(date(2025, 2, 22)) == date(2025, 12, 1)
    assert date(2025, 2, 22) + timedelta(days=280) == date(2025, 11, 29)
    assert is_kek_risk(23.4) is True
    assert is_kek_risk(23.5) is False
    first = date(2025, 1, 20)
    second, third = (trimester(first, first + timedelta(weeks=w), limits) for w in (20, 30))
    assert (second, third) == (2, 3)
    assert is_anaemic(10.6, second, limits) is False
    assert is_anaemic(10.6, third, limits) is True


def test_fact_25_a_kecamatan_is_the_sum_of_its_desa(cast: SimpleNamespace):
    month = Month.of(cast.programme.today()).back()

    def measured(place: dict[str, Any], stunted: int, of: int) -> None:
        for nth in range(of):
            girl = a_child(cast, birth_date=month.last - timedelta(days=551), **place)
            numbers = {"measured_on": month.last, "weight_kg": Decimal("8.2"), "measure": "l"}
            cm = Decimal("74.0" if nth < stunted else "80.0")
            visits.add_measurement(None, girl, numbers | {"length_height_cm": cm})

    measured({}, 8, 10)
    measured({"desa": cast.other_desa, "posyandu": cast.kenanga}, 1, 2)
    figures = figures_of(cast.programme, month)
    rows = {row["key"]: row["stunting"] for row in figures["desa"]}
    for place, share in ((cast.desa, "80,0 % (8/10)"), (cast.other_desa, "50,0 % (1/2)")):
        assert percent(rows[place.code]["n"], rows[place.code]["total"]) == share
    total = figures["total"]
    assert percent(total["stunting"]["n"], total["stunting"]["total"]) == "75,0 % (9/12)"
    assert with_shares(total)["stunting"]["share"] == "75,0 %", "never 65,0 %, the mean"
