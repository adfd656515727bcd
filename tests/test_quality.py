"""Mutu data finds what wants a second look, says nothing of honest or few numbers, and whose."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import comb
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from growth.lms import value_at
from growth.quality import CHECKS, LEAST_N, Visit, judge, patterns, tally
from growth.tables import BOY, table
from registry import visits
from registry.models import Child, Measurement, Submission
from registry.todo import todo
from tests.cast import a_child, a_submission, person, signed_in
from tests.pictures import text_of

URL = reverse("registry:quality")
BORN, DAY = date(2025, 1, 10), date(2026, 3, 10)


def seen(day: date = DAY, weight: str = "9.3", height: str = "76.2", **more: Any) -> Visit:
    given = {"measure": "l", "born": BORN, "entered_on": day} | more
    return Visit("anak", day, weight_kg=Decimal(weight), height_cm=Decimal(height), **given)


def month_before(day: date, months: int = 1) -> date:
    return day - timedelta(days=30 * months)


def odd(visit: Visit, *earlier: Visit) -> set[str]:
    return {key for key, found in judge(visit, earlier).items() if found}


# --- One visit ---------------------------------------------------------------------------------


def test_an_ordinary_visit_is_not_odd() -> None:
    earlier = [seen(month_before(DAY), "9.1", "75.1"), seen(month_before(DAY, 2), "8.9", "74.2")]
    assert odd(seen(), *earlier) == set()
    assert set(judge(seen(), earlier)) == set(CHECKS)


@pytest.mark.parametrize(
    ("visit", "key"),
    [
        (seen(height="76.0"), "tinggi-bulat"),
        (seen(height="76.5"), "tinggi-bulat"),
        (seen(weight="9.5"), "berat-bulat"),
        (seen(weight="9.1", height="75.1"), "angka-sama"),
        (seen(weight="38.6", height="39.2"), "tertukar"),
        (seen(weight="76.2", height="9.3"), "tertukar"),
        (seen(flagged=True), "luar-batas"),
        (seen(confirmed=True), "dipastikan"),
        (seen(measure=""), "cara-ukur"),
        (seen(measure="h", born=DAY - timedelta(days=273)), "cara-ukur"),
        (seen(height="74.3"), "tinggi-turun"),
        (seen(entered_on=DAY + timedelta(days=32)), "terlambat"),
    ],
)
def test_each_kind_is_found_and_said(visit: Visit, key: str) -> None:
    earlier = [seen(month_before(DAY), "9.1", "75.1")]
    assert key in odd(visit, *earlier)
    assert CHECKS[key].said(visit, earlier)


@pytest.mark.parametrize(
    ("visit", "key"),
    [
        (seen(height="76.05"), "tinggi-bulat"),
        (seen(weight="9.1", height="75.2"), "angka-sama"),
        (seen(measure="h", born=DAY - timedelta(days=274)), "cara-ukur"),
        (seen(height="74.4"), "tinggi-turun"),
        (seen(entered_on=DAY + timedelta(days=31)), "terlambat"),
    ],
)
def test_each_limit_itself_is_still_fine(visit: Visit, key: str) -> None:
    assert key not in odd(visit, seen(month_before(DAY), "9.1", "75.1"))


def test_the_same_height_is_odd_the_third_time() -> None:
    one, two = seen(month_before(DAY), "9.0"), seen(month_before(DAY, 2), "8.8")
    assert "tinggi-sama" not in odd(seen(), one)
    assert "tinggi-sama" in odd(seen(), one, two)
    assert (
        CHECKS["tinggi-sama"].said(seen(), [one, two])
        == "Tinggi sama dengan 9 Januari 2026 dan 8 Februari 2026"
    )


def test_measured_again_within_a_fortnight_may_well_be_the_same() -> None:
    assert "angka-sama" not in judge(seen(), [seen(DAY - timedelta(days=13))])
    assert "angka-sama" in odd(seen(), seen(DAY - timedelta(days=14)))


def test_what_was_not_measured_is_not_asked() -> None:
    bare = seen()._replace(weight_kg=None, height_cm=None, entered_on=None)
    assert set(judge(bare, [seen(month_before(DAY))])) == {"luar-batas", "dipastikan"}


# --- Patterns ----------------------------------------------------------------------------------


def added(count: int, **more: str) -> Any:
    rows = [seen(**more) for _ in range(count)]
    return tally((row, judge(row, [])) for row in rows)


def test_many_round_numbers_are_a_pattern() -> None:
    assert patterns(added(20, height="76.0")) == ["Tinggi: banyak angka bulat, mungkin dibulatkan"]
    assert patterns(added(20, weight="9.5")) == ["Berat: banyak angka bulat, mungkin dibulatkan"]


def test_few_numbers_are_none() -> None:
    assert patterns(added(LEAST_N - 1, height="76.0", weight="9.5")) == []


def test_half_round_numbers_are_none_and_more_are() -> None:
    rows = [seen(height="76.0")] * 10 + [seen()] * 10
    assert patterns(tally((row, judge(row, [])) for row in rows)) == []
    rows += [seen(height="76.5")]
    assert patterns(tally((row, judge(row, [])) for row in rows)) != []


def test_numbers_carried_forward_are_a_pattern() -> None:
    rows = [(seen(), judge(seen(), [seen(month_before(DAY))])) for _ in range(5)]
    rows += [(seen(), judge(seen(), [seen(month_before(DAY), "9.1")])) for _ in range(16)]
    assert patterns(tally(rows)) == ["Angka sering sama dengan kunjungan sebelumnya"]
    assert patterns(tally(rows[1:])) == []  # 4 of 20: not more than a fifth


def test_the_rule_tells_an_honest_reader_wrongly_once_in_a_thousand_months() -> None:
    """Readings to 0.1 end in ,0 or ,5 by chance in 20 %: P(more than half of n) for n ≥ 20."""

    def more_than_half(n: int) -> float:
        return sum(comb(n, k) * 0.2**k * 0.8 ** (n - k) for k in range(n // 2 + 1, n + 1))

    assert round(more_than_half(20), 5) == 0.00056
    assert max(more_than_half(n) for n in range(20, 120)) < 0.001


def test_honest_measuring_shows_no_pattern() -> None:
    """300 people measure 40 children each with the small errors of a good board and scale."""
    chance = random.Random(42)
    for _ in range(300):
        month = [_honest_child(chance) for _ in range(40)]
        assert patterns(tally((this, judge(this, before)) for this, before in month)) == []


def _honest_child(chance: random.Random) -> tuple[Visit, list[Visit]]:
    """A boy's visit and the two before it, on his line ± 0.3 cm and ± 0.1 kg."""
    days, path = chance.randint(70, 1800), chance.gauss(-1, 1)
    lengths, weights = table("lfa").rows[BOY], table("wfa").rows[BOY]
    rows = []
    for age in (days, max(days - 30, 0), max(days - 60, 0)):
        height = value_at(path, lengths[age]) + chance.gauss(0, 0.3)
        weight = value_at(path, weights[age]) + chance.gauss(0, 0.1)
        rows.append(seen(DAY - timedelta(days=days - age), f"{weight:.1f}", f"{height:.1f}"))
    return rows[0], rows[1:]


# --- The page ----------------------------------------------------------------------------------


@pytest.fixture
def last_month(cast: SimpleNamespace) -> date:
    """The tenth of the last full month."""
    today: date = cast.programme.today()
    return (today.replace(day=1) - timedelta(days=1)).replace(day=10)


def measured(child: Child, on: date, weight: str, height: str, by: Any = None, **more: Any) -> Any:
    """A stored visit, noted on its own day."""
    row = Measurement.objects.create(
        child=child, measured_on=on, weight_kg=Decimal(weight), length_height_cm=Decimal(height),
        **{"measure": "l", "created_by": by, **more},
    )  # fmt: skip
    noted = datetime(on.year, on.month, on.day, 12, tzinfo=child.programme.tz)
    Measurement.objects.filter(pk=row.pk).update(created_at=noted)
    return row


def a_month(place: SimpleNamespace, on: date, by: Any, count: int = 20, height: str = "") -> None:
    """``count`` children measured once by one person; honest digits unless a height is given."""
    for number in range(count):
        digits = height or f"7{number % 9}.{'1246789'[number % 7]}"
        measured(a_child(place), on, f"9.{'1234678'[number % 7]}", digits, by)


def page(user: Any, **asked: str) -> Any:
    answer = signed_in(user).get(URL, asked)
    assert answer.status_code == 200
    return answer


def lines(answer: Any) -> dict[str, Any]:
    return {line["name"]: line for line in answer.context["lines"]}


def shares(answer: Any) -> dict[str, str]:
    return {c["label"]: f"{c['n']}/{c['total']}" for c in answer.context["checks"]}


def test_it_works(cast: SimpleNamespace, last_month: date) -> None:
    a_month(cast, last_month, cast.kader, height="76.5")
    a_month(cast, last_month, cast.bidan)
    answer = page(cast.nakes)
    found = lines(answer)
    assert list(found) == [str(cast.kader), str(cast.bidan)]  # who wants company first
    kader, bidan = found.values()
    assert kader["said"] == ["Tinggi: banyak angka bulat, mungkin dibulatkan"]
    assert kader["height"]["share"] == "100,0 % (20/20)" and bidan["said"] == []
    html = answer.content.decode()
    assert "Perlu didampingi" in html and "Tidak ada pola" in html
    assert shares(answer)["Tinggi berakhir ,0 atau ,5"] == "20/40"
    assert Event.objects.get(verb="view_quality").why == "n=40"


def test_a_pattern_waits_on_the_puskesmas_home_until_it_is_seen(
    cast: SimpleNamespace, last_month: date
) -> None:
    def waits(user: Any) -> list[str]:
        return [i["text"] for i in todo(user) if i["title"].startswith("Lihat mutu data")]

    a_month(cast, last_month, cast.bidan)
    assert waits(cast.nakes) == []
    a_month(cast, last_month, cast.kader, height="76.5")
    assert waits(cast.nakes) == ["1 pencatat perlu didampingi."]
    assert waits(cast.petugas) == waits(cast.kader) == waits(cast.admin) == []
    page(cast.nakes)
    assert waits(cast.nakes) == []


def test_every_number_opens_its_list(cast: SimpleNamespace, last_month: date) -> None:
    before = last_month - timedelta(days=31)
    for _ in range(3):
        child = a_child(cast)
        measured(child, before, "9.1", "76.3", cast.bidan)
        measured(child, last_month, "9.1", "76.3", cast.bidan)
    falls = a_child(cast)
    measured(falls, before, "9.1", "76.3", cast.bidan)
    measured(falls, last_month, "9.2", "75.5", cast.bidan, confirmed=True)
    answer = page(cast.nakes)
    numbers = {c["label"]: (c["n"], c["url"]) for c in answer.context["checks"] if c["url"]}
    assert {label: n for label, (n, _) in numbers.items()} == {
        CHECKS["angka-sama"].label: 3, CHECKS["tinggi-turun"].label: 1,
        CHECKS["tinggi-bulat"].label: 1, CHECKS["dipastikan"].label: 1,
    }  # fmt: skip
    for n, url in numbers.values():
        assert len(signed_in(cast.nakes).get(url).context["rows"]) == n
    html = signed_in(cast.nakes).get(numbers[CHECKS["tinggi-turun"].label][1]).content.decode()
    assert "Turun 0,8 cm dari 76,3 cm pada" in html and falls.name in html
    line = lines(answer)[str(cast.bidan)]
    everything = signed_in(cast.nakes).get(line["list"])
    assert len(everything.context["rows"]) == line["odd"] == 4  # one visit with two signs


def test_a_report_is_the_kaders_on_the_day_it_came(cast: SimpleNamespace, last_month: date) -> None:
    """The verifier's approval weeks later makes neither the verifier the one who measured, nor
    the kader late."""
    child = a_child(cast)
    row = measured(child, last_month, "9.1", "76.3", cast.petugas)
    Measurement.objects.filter(pk=row.pk).update(created_at=f"{last_month}T12:00Z")
    sent = datetime(last_month.year, last_month.month, 11, 9, tzinfo=cast.programme.tz)
    report = a_submission(
        cast, child=child, measurement=row, made_measurement=True, reporter=cast.kader
    )
    Submission.objects.filter(pk=report.pk).update(received_at=sent)
    late = sent + timedelta(days=60)
    Measurement.objects.filter(pk=row.pk).update(created_at=late)
    answer = page(cast.nakes)
    assert list(lines(answer)) == [str(cast.kader)]
    assert shares(answer)[CHECKS["terlambat"].label] == "0/1"
    Submission.objects.filter(pk=report.pk).update(received_at=late)
    assert shares(page(cast.nakes))[CHECKS["terlambat"].label] == "1/1"


def test_a_report_without_an_account_has_a_line_of_its_own(
    cast: SimpleNamespace, last_month: date
) -> None:
    row = measured(a_child(cast), last_month, "9.1", "76.3", cast.petugas)
    a_submission(cast, child=row.child, measurement=row, made_measurement=True, reporter=None)
    measured(a_child(cast), last_month, "9.1", "76.4", cast.bidan)
    found = lines(page(cast.nakes))
    assert set(found) == {"Laporan tanpa akun", str(cast.bidan)}
    alone = signed_in(cast.nakes).get(found["Laporan tanpa akun"]["url"])
    assert alone.context["total"].n == 1


def test_a_correction_is_not_late_and_the_old_numbers_are_gone(
    cast: SimpleNamespace, last_month: date
) -> None:
    old = measured(a_child(cast, months=20), last_month, "9.1", "76.0", cast.kader)
    numbers = {"weight_kg": Decimal("9.1"), "length_height_cm": Decimal("76.3"), "measure": "l"}
    visits.correct_measurement(cast.bidan, old, numbers, "Salah tulis")
    found = shares(page(cast.nakes))
    assert found["Tinggi berakhir ,0 atau ,5"] == "0/1"
    assert found[CHECKS["terlambat"].label] == "0/0"


def test_flags_and_doubts_of_the_stored_visit_count(
    cast: SimpleNamespace, last_month: date
) -> None:
    measured(a_child(cast), last_month, "9.1", "76.3", cast.kader, waz_flag=True)
    measured(a_child(cast), last_month, "9.1", "76.4", cast.kader, doubted=["weight_kg"])
    measured(a_child(cast), last_month, "9.1", "76.6", cast.kader, confirmed=True)
    found = shares(page(cast.nakes))
    assert found[CHECKS["luar-batas"].label] == "1/3"
    assert found[CHECKS["dipastikan"].label] == "2/3"


def test_one_person_and_one_posyandu_by_themselves(cast: SimpleNamespace, last_month: date) -> None:
    a_month(cast, last_month, cast.kader, count=3)
    measured(a_child(cast, posyandu=cast.mawar), last_month, "9.1", "76.3", cast.kader_mawar)
    answer = page(cast.nakes)
    hers = {line["code"]: line for line in answer.context["lines"]}[cast.kader_mawar.code]
    narrowed = signed_in(cast.nakes).get(hers["url"])
    assert narrowed.context["total"].n == 1 and len(narrowed.context["lines"]) == 1
    places = lines(page(cast.nakes, menurut="posyandu"))
    assert set(places) == {"Melati", "Mawar"}
    narrowed = signed_in(cast.nakes).get(places["Mawar"]["url"])
    assert (narrowed.context["done"], narrowed.context["due"]) == (1, 1)


def test_measured_of_due(cast: SimpleNamespace, last_month: date) -> None:
    """D/S: balita registered at the month's end, and those measured in it."""
    on_time, missed = a_child(cast), a_child(cast)
    measured(on_time, last_month, "9.1", "76.3", cast.kader)
    measured(missed, last_month - timedelta(days=31), "9.1", "76.3", cast.kader)
    a_child(cast, months=70)  # no balita any more
    a_child(cast, left_on=last_month)
    line = lines(page(cast.nakes, menurut="posyandu"))["Melati"]
    assert line["share"] == "50,0 % (1/2)"
    left = signed_in(cast.nakes).get(line["left"])
    assert [row["name"] for row in left.context["rows"]] == [missed.name]


def test_each_sees_their_own_area(cast: SimpleNamespace, last_month: date) -> None:
    here = a_child(cast)
    there = a_child(cast, posyandu=cast.kenanga, desa=cast.other_desa)
    for child, by in ((here, cast.kader), (there, cast.kader_desa_lain)):
        measured(child, last_month, "9.1", "76.0", by)
    url = reverse("registry:quality-list", args=["tinggi-bulat"])
    for user, expected in (
        (cast.bidan, [here]), (cast.nakes, [here]), (cast.nakes_lain, [there]),
        (cast.petugas, [here, there]),
    ):  # fmt: skip
        rows = signed_in(user).get(url).context["rows"]
        assert [row["name"] for row in rows] == [child.name for child in expected]
        assert page(user).context["total"].n == len(expected)
    kenanga = page(cast.nakes, posyandu=cast.kenanga.code, pencatat=cast.kader_desa_lain.code)
    assert kenanga.context["chosen"].whose == ""


def test_the_other_programme_is_not_there(cast: SimpleNamespace, last_month: date) -> None:
    measured(a_child(cast.gasken), last_month, "9.1", "76.0", cast.gasken.kader)
    assert page(cast.petugas).context["total"].n == 0


def test_the_month_is_the_last_full_one_unless_asked(
    cast: SimpleNamespace, last_month: date
) -> None:
    today = cast.programme.today()
    measured(a_child(cast), today, "9.1", "76.3", cast.kader)
    assert page(cast.nakes).context["month"] == last_month.replace(day=1)
    running = page(cast.nakes, bulan=f"{today:%Y-%m}")
    assert running.context["total"].n == 1 and "(berjalan)" in running.content.decode()
    assert page(cast.nakes, bulan="besok").context["total"].n == 0


def test_the_paper_names_who_wants_company_and_no_child(
    cast: SimpleNamespace, last_month: date
) -> None:
    a_month(cast, last_month, cast.kader, height="76.5")
    a_month(cast, last_month, cast.bidan, count=2)
    answer = signed_in(cast.nakes).get(page(cast.nakes).context["print_url"])
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert str(cast.kader) in text and str(cast.bidan) not in text and "1 dari 2 pencatat" in text
    assert "Melati" in text and "Anak Contoh" not in text
    assert Event.objects.filter(verb="view_quality", why="n=22").count() == 2


def test_an_empty_month_says_so(cast: SimpleNamespace) -> None:
    assert "Belum ada pengukuran" in page(cast.nakes).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"bulan": "0001-01"}, {"bulan": "9999-12"}, {"hal": "x"}, {"pencatat": "x" * 500},
     {"posyandu": "' or 1"}, {"menurut": "?"}, {"desa": "99"}],
)  # fmt: skip
def test_an_address_nobody_wrote_opens_a_page(cast: SimpleNamespace, asked: dict[str, str]) -> None:
    assert page(cast.nakes, **asked).context["total"].n == 0


def test_an_unknown_list_is_not_found(cast: SimpleNamespace) -> None:
    url = reverse("registry:quality-list", args=["lain"])
    assert signed_in(cast.nakes).get(url).status_code == 404


@pytest.mark.parametrize("asked", [{}, {"menurut": "posyandu"}])
def test_few_queries_whatever_the_size(
    cast: SimpleNamespace, last_month: date, asked: dict[str, str], django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.bidan)  # the narrowest area asks the most
    for _ in range(2):
        for _ in range(6):
            a_month(cast, last_month, person("kader", cast.programme, posyandu=cast.melati), 1)
        with django_assert_num_queries(7):  # six reads, and the event that says who looked
            client.get(URL, asked)
