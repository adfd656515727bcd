"""Classes of Permenkes 2/2020, the alert of a visit, and numbers that are asked back."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth.classify import (
    ALERT_LABELS,
    ALERT_RANK,
    CLASSES,
    LILA_NOT_APPLICABLE,
    alert,
    classify,
    classify_lila,
    implausible,
    impossible,
)
from growth.zscore import Reading, Scores, score


def visit(sex="P", days=551, kg=10.0, cm=80.0, measure="l", **more) -> Scores:
    """A girl of 18 months whom nothing ails, unless said otherwise."""
    return score(Reading(sex, days, kg, cm, measure, **more))


# --- One test per row of the class table ---------------------------------------------------------

ROWS = [
    ("bb_u", "bb_sangat_kurang", "Berat badan sangat kurang", [-9.0, -3.01]),
    ("bb_u", "bb_kurang", "Berat badan kurang", [-3.0, -2.01]),
    ("bb_u", "bb_normal", "Berat badan normal", [-2.0, 0.0, 1.0]),
    ("bb_u", "risiko_bb_lebih", "Risiko berat badan lebih", [1.01, 2.0, 9.0]),
    ("tb_u", "sangat_pendek", "Sangat pendek", [-9.0, -3.01]),
    ("tb_u", "pendek", "Pendek", [-3.0, -2.01]),
    ("tb_u", "normal", "Normal", [-2.0, 0.0, 2.01, 3.0]),
    ("tb_u", "tinggi", "Tinggi", [3.01, 9.0]),
    *(
        (index, *row)
        for index in ("bb_tb", "imt_u")
        for row in [
            ("gizi_buruk", "Gizi buruk", [-9.0, -3.01]),
            ("gizi_kurang", "Gizi kurang", [-3.0, -2.01]),
            ("gizi_baik", "Gizi baik", [-2.0, 0.0, 1.0]),
            ("berisiko_gizi_lebih", "Berisiko gizi lebih", [1.01, 2.0]),
            ("gizi_lebih", "Gizi lebih", [2.01, 3.0]),
            ("obesitas", "Obesitas", [3.01, 9.0]),
        ]
    ),
]


@pytest.mark.parametrize(("index", "code", "label", "zs"), ROWS)
def test_each_row_of_permenkes_2_2020(index, code, label, zs):
    for z in zs:
        found = classify(index, z)
        assert (found.code, found.label) == (code, label), z


def test_the_rows_are_all_there_is():
    assert {(index, c.code) for index in CLASSES for c in CLASSES[index]} == {
        (index, code) for index, code, _, _ in ROWS
    }


def test_weight_for_age_is_never_called_gizi():
    assert not any("gizi" in growth_class.label.lower() for growth_class in CLASSES["bb_u"])


@pytest.mark.parametrize(
    ("raw", "code"),
    [(-2.0014, "normal"), (-2.006, "pendek"), (-3.0048, "pendek"), (-3.006, "sangat_pendek")],
)
def test_a_raw_z_is_rounded_first(raw, code):
    assert classify("tb_u", raw).code == code


def test_unknown_is_never_normal():
    assert classify("tb_u", None) is None
    assert classify("tb_u", math.nan) is None
    with pytest.raises(KeyError):
        classify("tb", 0.0)


@given(st.sampled_from(sorted(CLASSES)), st.floats(-60, 60))
def test_every_z_has_exactly_one_class(index, z):
    assert sum(growth_class.holds(round(z, 2)) for growth_class in CLASSES[index]) == 1


def test_lila_is_judged_from_6_to_59_months_only():
    assert classify_lila(11.4, 59).code == "lila_gizi_buruk"
    assert classify_lila(11.4, 60) is LILA_NOT_APPLICABLE
    assert classify_lila(11.4, None) is None
    assert classify_lila(None, 18) is None


# --- The alert -----------------------------------------------------------------------------------


def test_a_child_growing_well_is_green():
    found = alert(visit())
    assert (found.level, found.label, found.icon) == ("hijau", "Baik", "✓")
    assert found.reasons


def test_a_stunted_child_is_orange_with_its_reason_and_the_next_step():
    found = alert(visit(kg=8.2, cm=74.0))
    assert found.level == "oranye"
    assert found.reasons == ("Tinggi menurut umur −2,34 SD: pendek",)
    assert "bidan atau puskesmas" in found.next_step


def test_a_baby_is_no_target_of_pmt_and_lies():
    found = alert(visit(days=100, kg=4.0, cm=52.0), age_months=3, lying=True)
    assert found.level == "oranye"
    assert found.reasons[0].startswith("Panjang menurut umur −")
    assert "usulkan sasaran PMT" not in found.next_step and "cukup ASI" in found.next_step
    assert "usulkan sasaran PMT" in alert(visit(days=184, kg=5.0, cm=58.0), age_months=6).next_step


def test_an_arm_without_end_has_no_class():
    for junk in (math.inf, -math.inf, math.nan, 0, None):
        assert classify_lila(junk, 6) is None


def test_who_is_sixty_months_old_today_leaves():
    well, short = visit(days=1826, kg=16.0, cm=107.0), visit(days=1826, kg=14.0, cm=97.0)
    found = alert(well, age_months=60)
    assert (found.level, found.next_step) == ("hijau", "Catat sebagai lulus balita.")
    assert "bulan depan" in alert(well, age_months=59).next_step
    found = alert(short, age_months=60)
    assert found.level == "oranye" and "PMT" not in found.next_step


def test_what_to_watch_for_follows_from_the_sign():
    once = alert(visit(), weight_gain="T", t_run=1, refer_after_t=2)
    assert (once.level, "makan" in once.next_step) == ("biru", True)
    assert "BB/TB" not in once.next_step
    assert "BB/TB" in alert(visit("L", 366, 10.9, 77.0)).next_step
    tall = alert(visit("L", 820, 14.0, 99.5, "h"))
    assert (tall.level, tall.next_step) == ("biru", "Pantau bulan depan.")


def test_a_doubted_weight_is_not_called_below_the_red_line():
    light = visit(kg=6.0)
    assert "Di bawah garis merah (BGM)" in alert(light).reasons
    found = alert(light, doubted=["weight_kg"])
    assert (found.level, "Di bawah garis merah (BGM)" in found.reasons) == ("oranye", False)
    assert any("≈" in reason and "sangat kurang" in reason for reason in found.reasons)


def test_missing_posture_is_never_normal():
    found = alert(visit(measure=""))
    assert found.level == "kuning"
    assert any("belum dapat dihitung" in reason for reason in found.reasons)


def test_missing_posture_does_not_silence_an_alarm():
    found = alert(visit(kg=8.2, cm=74.0, measure=""))
    assert found.level == "oranye"
    assert found.reasons[0] == "Tinggi menurut umur ≈ −2,34 SD: pendek"
    assert any("belum dapat dihitung" in reason for reason in found.reasons)


def test_missing_posture_does_not_call_a_child_too_heavy():
    found = alert(visit("L", 366, 10.2, 74.0, ""))
    assert classify("bb_tb", visit("L", 366, 10.2, 74.0).zwfl).code == "berisiko_gizi_lebih"
    assert not any("berisiko" in reason for reason in found.reasons)


def test_standing_under_nine_months_asks_to_measure_lying():
    found = alert(visit("L", 244, 8.5, 70.0, "h"))
    assert found.level == "kuning"
    assert "terlentang" in found.reasons[0]


@pytest.mark.parametrize(
    "scores",
    [
        Scores(),
        visit(sex=None),
        visit(days=None),
        visit(days=-3),
        visit(kg=None),
        visit(cm=None),
        visit(kg=0),
        visit(kg=math.nan),
        visit("P", 3, 2.9, 44.9),
    ],
    ids=["nothing", "sex", "age", "unborn", "weight", "length", "zero", "unread", "short"],
)
def test_what_is_missing_is_never_green(scores):
    found = alert(scores)
    assert found.level in ("kuning", "oranye")
    assert any("belum dapat dihitung" in reason for reason in found.reasons)


def test_a_weight_alone_can_still_alarm():
    assert alert(visit(kg=6.0, cm=None)).level == "oranye"


def test_over_five_is_told_not_alarmed():
    found = alert(visit(days=1827, kg=14.0, cm=100.0))
    assert found.level == "biru"
    assert "lulus balita" in found.reasons[0]
    assert alert(visit(days=1827), oedema=True).level == "merah"


@pytest.mark.parametrize(
    ("lila", "months", "level"),
    [
        (11.4, 18, "merah"),
        (Decimal("11.5"), 18, "oranye"),
        (12.5, 18, "hijau"),
        (11.4, 5, "hijau"),
        (11.4, None, "hijau"),
    ],
)
def test_lila_raises_the_alert(lila, months, level):
    found = alert(visit(), lila, months)
    assert found.level == level
    if level == "merah":
        assert found.reasons == ("LiLA 11,4 cm: gizi buruk akut",)


def test_danger_sign_and_failing_to_gain():
    assert alert(visit(), danger_sign=True).level == "merah"
    assert alert(visit(), weight_gain="T").reasons == ("Berat tidak naik (T)",)
    for fine in ("N", "O", "B", None):
        assert alert(visit(), weight_gain=fine).level == "hijau"


def test_an_approximate_age_shows():
    found = alert(visit(kg=8.2, cm=74.0), approximate=True)
    assert found.reasons == ("Tinggi menurut umur ≈ −2,34 SD: pendek",)


def test_worst_sign_first():
    found = alert(visit("L", 366, 7.0, 72.5), 12.0, 12, weight_gain="T")
    ranks = [0, 1, 1, 1]
    assert found.rank == ranks[0]
    assert len(found.reasons) == len(ranks)
    assert found.reasons[0].endswith("gizi buruk")


def test_ranks_and_labels_cover_each_other():
    assert list(ALERT_RANK) == ["merah", "oranye", "kuning", "biru", "hijau"]
    assert sorted(ALERT_RANK.values()) == [0, 1, 2, 3, 4]
    assert ALERT_LABELS.keys() == ALERT_RANK.keys()
    assert {c.colour for classes in CLASSES.values() for c in classes} <= ALERT_RANK.keys()


# --- Impossible: refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kg", "cm"),
    [(0.9, 38.0), (40, 130), (8.4, 74), (Decimal("8.4"), Decimal("74.0")), (None, None)],
)
def test_possible_numbers_are_not_refused(kg, cm):
    assert impossible(kg, cm) == []


@pytest.mark.parametrize(
    ("kg", "cm", "months", "field", "sentence"),
    [
        (8400, 74, None, "weight_kg",
         "Berat 8400 terlalu besar. Apakah maksudnya 8,4 kg? Tulis dalam kilogram."),
        (84, 75, 14, "weight_kg",
         "Berat 84 kg terlalu besar untuk anak 14 bulan. Apakah maksudnya 8,4 kg?"),
        (0.84, 74, None, "weight_kg", "Berat 0,84 kg terlalu kecil. Apakah maksudnya 8,4 kg?"),
        (8.4, 0.84, None, "length_height_cm",
         "Tinggi 0,84 terlalu kecil. Apakah maksudnya 84 cm? Tulis dalam sentimeter."),
        (8.4, 840, None, "length_height_cm",
         "Tinggi 840 terlalu besar. Apakah maksudnya 84 cm? Tulis dalam sentimeter."),
        (8.4, 7.4, 14, "length_height_cm",
         "Tinggi 7,4 cm terlalu kecil untuk anak 14 bulan. Apakah maksudnya 74 cm?"),
        (8.4, 150, None, "length_height_cm",
         "Tinggi 150 cm terlalu besar. Periksa lagi, lalu tulis dalam sentimeter."),
        (74, 8.2, None, "weight_kg",
         "Berat 74 dan tinggi 8,2 tampaknya tertukar. "
         "Apakah maksudnya berat 8,2 kg dan tinggi 74 cm?"),
        (0, 74, None, "weight_kg", "Berat harus lebih dari 0. Kosongkan bila belum diukur."),
        (8.4, -74, None, "length_height_cm",
         "Tinggi harus lebih dari 0. Kosongkan bila belum diukur."),
        (math.nan, 74, None, "weight_kg", "Berat: tulis angka saja."),
        (8.4, math.inf, None, "length_height_cm", "Tinggi: tulis angka saja."),
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused_with_what_was_meant(kg, cm, months, field, sentence):
    assert impossible(kg, cm, months) == [(field, sentence)]


def test_lila_in_millimetres():
    assert impossible(8.4, 74, None, 115) == [
        ("lila_cm", "LiLA 115 terlalu besar. Apakah maksudnya 11,5 cm? Tulis dalam sentimeter.")
    ]


def test_both_boxes_can_be_wrong_at_once():
    assert [field for field, _ in impossible(8400, 0.74)] == ["weight_kg", "length_height_cm"]


# --- Implausible: asked back once ----------------------------------------------------------------


def test_an_ordinary_child_is_not_asked_back():
    assert implausible(10.0, 80.0, visit(), 18) == []


def test_a_two_year_old_of_25_kg_is_asked_back_with_or_without_z():
    expected = [
        ("weight_kg", "Berat 25 kg terlalu besar untuk anak 24 bulan. Apakah angka ini benar?")
    ]
    assert implausible(25, 85, visit("P", 750, 25, 85, "h"), 24) == expected
    assert implausible(25, 85, None, 24) == expected
    assert implausible(Decimal(25), Decimal(85), visit(None, 750, 25, 85, "h"), 24) == expected


def test_a_lost_comma_is_offered_where_it_fits():
    assert implausible(1.05, 74, None, 14) == [
        ("weight_kg", "Berat 1,05 kg terlalu kecil untuk anak 14 bulan. Apakah maksudnya 10,5 kg?")
    ]


def test_flagged_height_is_asked_back():
    [(field, sentence)] = implausible(9, 55, visit("L", 365, 9.0, 55.0), 12)
    assert field == "length_height_cm"
    assert sentence.startswith("Tinggi 55 cm terlalu kecil untuk anak 12 bulan.")


def test_numbers_that_do_not_fit_each_other_are_asked_back():
    [(field, sentence)] = implausible(15, 75, visit("L", 365, 15.0, 75.0), 12)
    assert field == "weight_kg"
    assert sentence.startswith("Berat 15 kg dan tinggi 75 cm tidak cocok")


def test_standing_infants_are_asked_back():
    [(field, _)] = implausible(8.5, 70, visit("L", 244, 8.5, 70.0, "h"), 8)
    assert field == "measure"


def test_without_age_and_z_nothing_can_be_said():
    assert implausible(25, 85) == []
    assert implausible() == []


@given(
    st.one_of(st.none(), st.floats()),
    st.one_of(st.none(), st.floats()),
    st.one_of(st.none(), st.integers(-5, 90)),
    st.one_of(st.none(), st.floats()),
)
def test_no_number_makes_it_crash(kg, cm, months, lila):
    scores = score(Reading("L", (months or 0) * 30.4, kg, cm, "l", muac=lila))
    for field, sentence in [
        *impossible(kg, cm, months, lila),
        *implausible(kg, cm, scores, months, lila),
    ]:
        assert field in ("weight_kg", "length_height_cm", "lila_cm", "measure")
        assert sentence.endswith((".", "?"))
    assert alert(scores, lila, months).level in ALERT_RANK
