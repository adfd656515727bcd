"""The weight card of the posyandu: channels, letters, a line broken where a month is missing."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from growth.age import completed_months
from growth.gain import Weighing, gains
from growth.kbm import DEFAULT
from growth.kms import Kms, kms
from growth.lms import value_at
from growth.tables import table
from growth.weighed import Weighed
from registry import visits
from tests.cast import a_child, signed_in

BORN = date(2025, 1, 15)
SVG = "{http://www.w3.org/2000/svg}"


def weighings(*told: tuple[str, float], sex: str = "L", waz: float | None = None) -> list[Weighed]:
    """Weighings with the letters that growth.gain gives them; (ISO day, kg)."""
    plain = [(date.fromisoformat(day), kg) for day, kg in told]
    scored = [Weighing(day, kg, waz) for day, kg in plain]
    letters = gains(scored, sex=sex, born=BORN)
    return [
        Weighed(
            day, (day - BORN).days, (months := completed_months(BORN, day)), kg, waz,
            found.letter, found.t_run, DEFAULT.grams(sex, months),
        )
        for (day, kg), found in zip(plain, letters, strict=True)
    ]  # fmt: skip


def drawn(card: Kms) -> ElementTree.Element:
    with translation.override("id"):
        html = render_to_string("components/_kms.html", {"kms": card})
    assert "style=" not in html
    return ElementTree.fromstring(html.strip().replace("<br>", ""))  # noqa: S314 - our own


def test_it_works() -> None:
    card = kms("L", weighings(("2025-09-10", 8.0), ("2025-10-10", 8.4), ("2025-11-12", 8.5)))
    assert card.title == "Kartu menuju sehat, anak laki-laki, 0–24 bulan"
    assert [dot.letter for dot in card.dots] == ["B", "N", "T"]
    assert [row.month for row in card.rows] == ["Sep 2025", "Okt 2025", "Nov 2025"]
    assert [(row.gain, row.kbm, row.letter) for row in card.rows] == [
        ("", "", "B"), ("+400", "300", "N"), ("+100", "300", "T"),
    ]  # fmt: skip
    assert card.sentence == (
        "Pada 12 November 2025 berat 8,5 kg, hanya naik 100 g sejak 10 Oktober 2025, "
        "kurang dari kenaikan minimal 300 g: T (tidak naik). "
        "Perlu dipastikan bidan atau puskesmas."
    )


def test_seven_lines_red_at_minus_three_orange_at_plus_one() -> None:
    """Told apart in grey: the red line whole and heavy, the orange one dashed and heavy."""
    card = kms("P", [])
    assert [curve.label for curve in card.curves] == ["−3", "−2", "−1", "0", "+1", "+2", "+3"]
    heavy = {c.label: (c.colour, c.dash) for c in card.curves if c.width > 2}
    assert heavy == {"−3": ("#b3261e", ""), "+1": ("#b45309", "7 3")}
    assert [band.tone for band in card.bands] == [
        "atas", "kuning", "hijau-muda", "hijau", "hijau-muda", "kuning", "bawah",
    ]  # fmt: skip
    assert card.sentence == "Belum pernah ditimbang. Garis menunjukkan standar WHO."


def test_a_missed_month_breaks_the_line_and_is_said() -> None:
    card = kms("L", weighings(
        ("2025-08-10", 7.6), ("2025-09-10", 8.0), ("2025-11-10", 8.4), ("2025-12-10", 8.8)
    ))  # fmt: skip
    assert [len(run.split()) for run in card.runs] == [2, 2]
    assert [row.words for row in card.rows][2] == "Tidak ditimbang"
    assert [row.letter for row in card.rows] == ["B", "N", "", "O", "N"]
    assert "memenuhi kenaikan minimal 300 g: N (naik)" in card.sentence


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([("2025-11-10", 8.0)], "penimbangan pertama: B (baru)."),
        ([("2025-09-10", 8.0), ("2025-11-10", 8.4)], "bulan sebelumnya tidak ditimbang"),
        ([("2025-10-10", 8.0), ("2025-11-10", 8.0)], "tetap sejak 10 Oktober 2025: T"),
        ([("2025-10-10", 8.0), ("2025-11-10", 7.8)], "turun 200 g sejak 10 Oktober 2025: T"),
        ([("2025-09-10", 8.0), ("2025-10-10", 8.0), ("2025-11-10", 7.8)],
         "Sudah 2 kali berturut-turut tidak naik (2T)."),
    ],
)  # fmt: skip
def test_what_the_sentence_says(told: list[tuple[str, float]], said: str) -> None:
    assert said in kms("L", weighings(*told)).sentence


def test_growth_along_the_line_is_n_though_less_than_kbm() -> None:
    first, then = weighings(("2025-10-10", 8.0), ("2025-11-10", 8.2), waz=-1.0)
    assert then.letter == "N"
    assert (
        "naik 200 g sejak 10 Oktober 2025, mengikuti garis: N" in kms("L", [first, then]).sentence
    )


@pytest.mark.parametrize(
    ("waz", "flagged", "words", "tone"),
    [(-3.01, False, "di bawah garis merah (BGM)", "merah"), (-3.0, False, "", "oranye"),
     (1.01, False, "di atas garis oranye", "biru"), (1.0, False, "", "hijau"),
     (-6.5, True, "", "kuning")],
)  # fmt: skip
def test_the_red_and_the_orange_line(waz: float, flagged: bool, words: str, tone: str) -> None:
    card = kms("L", [Weighed(date(2025, 11, 10), 299, 9, 7.0, waz, "B", 0, 300, flagged)])
    assert card.dots[0].tone == tone
    assert words in card.sentence if words else "garis merah" not in card.sentence


def test_a_weight_on_a_line_is_drawn_on_it() -> None:
    kg = value_at(-3, table("wfa").rows[1][365])
    card = kms("L", [Weighed(BORN + timedelta(days=365), 365, 12, kg, -3.0, "B")])
    red = card.curves[0].path[1:].replace("L", " ").split(" ")
    spots = [(float(x), float(y)) for x, y in zip(red[::2], red[1::2], strict=True)]
    dot = card.dots[0]
    (x0, y0), (x1, y1) = next(
        pair for pair in zip(spots, spots[1:], strict=False) if pair[0][0] <= dot.x <= pair[1][0]
    )
    assert dot.y == pytest.approx(y0 + (y1 - y0) * (dot.x - x0) / (x1 - x0), abs=0.5)


def test_the_half_is_that_of_the_last_weighing_and_can_be_chosen() -> None:
    told = weighings(("2026-12-10", 11.0), ("2027-01-20", 11.2), ("2027-02-20", 11.4))
    second = kms("L", told)
    assert (second.half, len(second.dots), second.x_ticks[0].label) == ("24", 2, "24")
    assert [row.letter for row in second.rows] == ["N", "N"]  # compared across the border
    first = kms("L", told, "0")
    assert (first.half, len(first.dots)) == ("0", 1)
    assert kms("L", told, "apa").half == "24"


def test_two_weighings_in_a_month_have_one_letter() -> None:
    card = kms("L", weighings(("2025-10-10", 8.0), ("2025-11-05", 8.1), ("2025-11-20", 8.5)))
    assert [dot.letter for dot in card.dots] == ["B", "", "N"]
    assert [row.weight for row in card.rows] == ["8,0", "8,5"]


def test_after_sixty_months_nothing_is_drawn() -> None:
    assert kms("L", [Weighed(BORN + timedelta(days=1827), 1827, 60, 18.0)]).dots == ()


def test_the_drawing_is_sound_light_and_speaks() -> None:
    many = [(str(BORN + timedelta(days=30 * n)), 3 + 0.4 * n) for n in range(25)]
    card = kms("L", weighings(*many))
    figure = drawn(card)
    svg = figure.find(f"{SVG}svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.find(f"{SVG}desc").text == card.alt  # type: ignore[union-attr]
    assert card.alt.endswith(card.sentence) and "25 penimbangan" in card.alt
    assert all("," not in path.get("d", "") for path in svg.iter(f"{SVG}path"))
    assert len(ElementTree.tostring(svg)) < 20_000


def test_the_tab_shows_it_with_its_rows(cast: SimpleNamespace) -> None:
    child = a_child(cast, 10)
    today = cast.programme.today().replace(day=1)
    for back, kg in ((1, "8.0"), (0, "8.1")):
        on = (today - timedelta(days=1)).replace(day=10) if back else today
        numbers: dict[str, Any] = {"measured_on": on, "weight_kg": Decimal(kg)}
        visits.add_measurement(None, child, numbers)
    url = reverse("registry:child", args=[child.code])
    text = signed_in(cast.bidan).get(f"{url}?grafik=kms").content.decode()
    assert "Kartu menuju sehat, anak perempuan" in text and "Per bulan" in text
    assert "hanya naik 100 g" in text and "<b>T</b>" in text
