"""The growth chart: the right curves, marks in the right place, one sentence, a sound drawing."""

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from growth.chart import Chart, Point, curve_chart
from growth.classes import CLASSES
from growth.lms import value_at
from growth.tables import table
from growth.zscore import Reading, score

INDICES = ("tb_u", "bb_u", "bb_tb", "imt_u")
SVG = "{http://www.w3.org/2000/svg}"


def point(day: int, kg=None, cm=None, measure="l", *, z=None, **more) -> Point:
    return Point(date(2025, 1, 15) + timedelta(days=day), day, kg, cm, measure, z, **more)


GIRL = [
    point(0, 2.9, 47.5, z=-0.89),
    point(183, 6.4, 62.5, z=-1.43),
    point(551, 8.2, 74.0, z=-2.34),
]


def spots(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def heights(chart: Chart) -> list[float]:
    """Heights of the lines at the right end, from the top of the paper."""
    return [spots(curve.path)[-1][1] for curve in reversed(chart.curves)]


@pytest.mark.parametrize("index", INDICES)
def test_lines_in_order_with_names_that_do_not_collide(index):
    """For weight +1 SD too: there "normal" ends, and grey print shows no tint."""
    chart = curve_chart(index, "P", GIRL)
    one = [] if index == "tb_u" else ["+1"]
    assert [curve.label for curve in chart.curves] == ["−3", "−2", "0", *one, "+2", "+3"]
    assert heights(chart) == sorted(heights(chart))
    names = [curve.label_y for curve in chart.curves]
    assert all(lower - upper >= 10 for lower, upper in zip(names, names[1:], strict=False))
    assert len({curve.dash for curve in chart.curves}) == 3 + len(one)


@pytest.mark.parametrize("index", INDICES)
def test_everything_stands_inside_the_frame(index):
    chart = curve_chart(index, 1, GIRL)
    everything = [spot for curve in chart.curves for spot in spots(curve.path)]
    everything += [(dot.x, dot.y) for dot in chart.dots]
    everything += [spot for band in chart.bands for spot in spots(band.path)]
    for x, y in everything:
        assert chart.left <= x <= chart.right
        assert chart.top <= y <= chart.bottom
    assert all(tick.label for tick in (*chart.x_ticks, *chart.y_ticks))


def test_a_child_on_a_line_is_drawn_on_it():
    """12 months, exactly −2 SD: the mark lies on the drawn −2 line."""
    on_the_line = value_at(-2, table("lfa").rows[2][365])
    chart = curve_chart("tb_u", "P", [point(365, None, on_the_line, z=-2.0)])
    drawn = spots(chart.curves[1].path)
    dot = chart.dots[0]
    (x0, y0), (x1, y1) = next(
        pair for pair in zip(drawn, drawn[1:], strict=False) if pair[0][0] <= dot.x <= pair[1][0]
    )
    assert dot.y == pytest.approx(y0 + (y1 - y0) * (dot.x - x0) / (x1 - x0), abs=0.5)
    assert dot.tone == "hijau"


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [([0, 700], "0", "24"), ([800, 1500], "24", "60"), ([500, 1500], "0", "60"), ([], "0", "24")],
)
def test_the_months_shown_hold_every_visit(days, first, last):
    chart = curve_chart("bb_u", "L", [point(day, 10) for day in days])
    assert (chart.x_ticks[0].label, chart.x_ticks[-1].label) == (first, last)
    assert len(chart.dots) == len(days)
    assert 7 <= len(chart.x_ticks) <= 11


def test_height_for_age_changes_tables_on_day_731():
    """A child measured lying at three years is drawn 0,7 cm lower, as it is judged."""
    lying = curve_chart("tb_u", "L", [point(1096, None, 90.0, "l", z=-1.5)])
    standing = curve_chart("tb_u", "L", [point(1096, None, 89.3, "h", z=-1.5)])
    assert lying.dots[0].y == standing.dots[0].y
    assert lying.dots[0].value_label == "90,0 cm"


def test_weight_for_height_moves_infant_lengths_to_the_standing_chart():
    chart = curve_chart("bb_tb", "L", [point(700, 11, 85.0, z=0), point(1000, 12, 84.3, "h", z=0)])
    assert chart.dots[0].x == chart.dots[1].x
    assert "tinggi 84,3 cm" in chart.sentence


def test_the_sentence_reads_the_latest_visit():
    chart = curve_chart("tb_u", "P", GIRL[::-1])
    assert chart.sentence == (
        "Pada 20 Juli 2026 panjang 74,0 cm, −2,34 SD: pendek. "
        "Perlu dipastikan bidan atau puskesmas."
    )
    assert chart.alt.endswith(chart.sentence)
    assert "anak perempuan, 0–24 bulan, 3 pengukuran" in chart.alt


@pytest.mark.parametrize(
    ("index", "visit", "words"),
    [
        ("bb_u", point(365, 9.25, z=-0.1), "berat 9,25 kg, −0,10 SD: berat badan normal."),
        ("imt_u", point(365, 9.0, 75.0, z=0), "IMT 16,0 kg/m², 0,00 SD: gizi baik."),
        ("bb_tb", point(366, 7.0, 72.5, z=Decimal("-3.14")),
         "berat 7,0 kg pada panjang 72,5 cm, −3,14 SD: gizi buruk. Perlu dipastikan"),
        ("tb_u", point(365, 9.0, 55.0, z=-8.73, flagged=True),
         "−8,73 SD: di luar batas wajar, ukur ulang."),
        ("tb_u", point(365, 9.0, 75.0), "panjang 75,0 cm, belum dapat dihitung."),
        ("tb_u", point(365, 9.0, 75.0, "", z=-0.3), "≈ −0,30 SD: belum pasti karena cara ukur"),
        ("bb_u", point(365, 7.5, z=-2.3, approximate=True), "≈ −2,30 SD: berat badan kurang."),
    ],
)  # fmt: skip
def test_what_the_sentence_says(index, visit, words):
    assert words in curve_chart(index, "L", [visit]).sentence


def test_no_visit_is_said_in_words():
    chart = curve_chart("tb_u", "L", [])
    assert (chart.dots, chart.polyline) == ((), "")
    assert chart.sentence == "Belum ada pengukuran. Garis menunjukkan standar WHO."


def test_class_shows_as_shape_and_as_colour():
    chart = curve_chart("bb_tb", "L", [
        point(100 + place, 7, 70, z=z)
        for place, z in enumerate([-3.5, -2.5, None, 2.5, 0])
    ])  # fmt: skip
    assert [dot.tone for dot in chart.dots] == ["merah", "oranye", "kuning", "biru", "hijau"]
    assert [mark.tone for mark in chart.marks] == [dot.tone for dot in chart.dots]
    assert len({mark.colour for mark in chart.marks}) == 5
    assert len({mark.shape for mark in chart.marks}) == 4  # kuning, hijau: hollow and full circle


@pytest.mark.parametrize(
    ("index", "days", "title"),
    [
        ("tb_u", [100, 500], "Panjang badan menurut umur (PB/U)"),
        ("tb_u", [800], "Tinggi badan menurut umur (TB/U)"),
        ("tb_u", [500, 800], "Panjang dan tinggi badan menurut umur (PB/U, TB/U)"),
        ("bb_tb", [730], "Berat menurut panjang badan (BB/PB)"),
        ("bb_tb", [500, 731], "Berat menurut tinggi badan (BB/TB)"),
        ("bb_u", [500], "Berat badan menurut umur (BB/U)"),
    ],
)
def test_the_title_says_panjang_or_tinggi_as_the_child_is_judged(index, days, title):
    chart = curve_chart(index, "L", [point(day, 10, 80, z=0) for day in days])
    assert chart.title == f"{title}, anak laki-laki"
    assert chart.alt.startswith(f"Grafik {title}")


@pytest.mark.parametrize("index", INDICES)
def test_the_key_names_every_class_with_its_limits(index):
    chart = curve_chart(index, "L", GIRL)
    assert [key.label for key in chart.key] == [c.label for c in reversed(CLASSES[index])]
    assert chart.key[-1].limits == "di bawah −3" and chart.key[-2].limits == "−3 sampai −2"
    assert chart.key[0].limits == f"di atas +{3 if index != 'bb_u' else 1}"


def test_lengths_below_the_table_are_not_drawn_on_its_edge():
    """Weight for height starts at 65 cm: a newborn's visits do not stand on a chart of heights."""
    shown = [point(0, 3, 50, z=0), point(400, 9, 75, z=0), point(800, 12, 86, "h", z=0)]
    assert len(curve_chart("bb_tb", "L", shown).dots) == 2


def test_what_cannot_stand_on_the_chart_is_left_out():
    chart = curve_chart(
        "tb_u", "P", [*GIRL, point(10, 3.0), point(1900, 15, 105), point(-3, 3, 50)]
    )
    assert len(chart.dots) == len(GIRL)


def test_only_the_latest_visit_carries_its_value():
    chart = curve_chart("tb_u", "P", GIRL)
    assert [dot.latest for dot in chart.dots] == [False, False, True]
    assert chart.dots[-1].label is not None


def test_labels_of_many_visits_thin_out():
    chart = curve_chart("bb_u", "L", [point(30 * n, 3 + 0.2 * n, z=-1) for n in range(60)])
    labels = [dot.label for dot in chart.dots if dot.label]
    assert len(chart.dots) == 60
    assert 3 <= len(labels) <= 8
    assert chart.dots[-1].label


def test_unknown_index_or_sex_draws_nothing():
    for index, sex in [("tb", "L"), ("tb_u", ""), ("tb_u", "x")]:
        with pytest.raises(KeyError):
            curve_chart(index, sex, GIRL)


def drawn(chart: Chart) -> ElementTree.Element:
    with translation.override("id"):
        html = render_to_string("components/_growth_chart.html", {"chart": chart})
    assert "style=" not in html
    return ElementTree.fromstring(html.strip())  # noqa: S314 - our own template


@pytest.mark.parametrize("index", INDICES)
def test_the_template_is_sound_svg_with_decimal_points(index, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    chart = curve_chart(index, "P", GIRL)
    figure = drawn(chart)
    svg = figure.find(f"{SVG}svg")
    assert svg.get("viewBox") == "0 0 360 320"
    assert svg.find(f"{SVG}title").text == chart.title
    assert svg.find(f"{SVG}desc").text == chart.alt
    for element in svg.iter():
        for name in {"x", "y", "dx", "dy", "stroke-width"} & element.attrib.keys():
            float(element.get(name))
        assert "," not in element.get("d", "") + element.get("transform", "")
    assert figure.find("p").text == chart.sentence


def test_a_chart_stays_light():
    """Bytes of the whole figure, uncompressed: 7 visits of a baby, 60 of a child of five."""
    few = [point(30 * n, 3 + 0.6 * n, 50 + 2 * n, z=-1) for n in range(7)]
    many = [point(30 * n, 3 + 0.2 * n, 50 + n, z=-1) for n in range(60)]
    for index in INDICES:
        for points, most in ((few, 12_000), (many, 22_000)):
            chart = curve_chart(index, "L", points)
            html = render_to_string("components/_growth_chart.html", {"chart": chart})
            assert len(html.encode()) < most


def test_each_mark_is_drawn_once_and_used():
    figure = drawn(curve_chart("tb_u", "P", GIRL))
    names = {f"#{path.get('id')}" for path in figure.iter(f"{SVG}path") if path.get("id")}
    used = {use.get("href") for use in figure.iter(f"{SVG}use")}
    assert used == names == {"#tb_u-hijau", "#tb_u-oranye"}


def test_each_mark_carries_its_class_as_a_class_name():
    assert (
        drawn(curve_chart("tb_u", "P", GIRL)).find(f".//{SVG}g[@class='growth-dot tone-oranye']")
        is not None
    )


@given(
    st.sampled_from(INDICES),
    st.sampled_from("LP"),
    st.lists(
        st.builds(
            lambda day, kg, cm, measure: (day, kg, cm, measure),
            st.integers(-10, 2000),
            st.one_of(st.none(), st.floats(0.1, 400)),
            st.one_of(st.none(), st.floats(1, 400)),
            st.sampled_from(["l", "h", ""]),
        ),
        max_size=12,
    ),
)
def test_no_visits_make_it_crash(index, sex, cells):
    points = []
    for day, kg, cm, measure in cells:
        found = score(Reading(sex, day, kg, cm, measure))
        z = {"tb_u": found.zlen, "bb_u": found.zwei, "bb_tb": found.zwfl, "imt_u": found.zbmi}
        points.append(point(day, kg, cm, measure, z=z[index]))
    chart = curve_chart(index, sex, points)
    for dot in chart.dots:
        assert chart.left <= dot.x <= chart.right
        assert chart.top <= dot.y <= chart.bottom
