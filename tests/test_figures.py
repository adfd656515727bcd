"""The figures of a month: counted by date, each balita once, Σ/Σ, and nothing silently left out."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.models import Activity, Attendance, Partner, PmtEpisode
from registry.models import Breastfeeding, Child, Decision, Measurement
from reports.charts import stunting_bars, wilson
from reports.document import conclusions, with_shares
from reports.figures import AGE_GROUPS, COLUMN, PARTS, figures_of
from reports.months import Month
from tests.cast import a_child, a_mother, a_pregnancy, a_submission, signed_in


@pytest.fixture
def month(cast: SimpleNamespace) -> Month:
    """The last full month."""
    return Month.of(cast.programme.today()).back()


def measured(child: Child, on: date, haz: str | None = "-1", **values: Any) -> Measurement:
    """A counted visit; the other two indices are normal unless given."""
    values = {"weight_kg": Decimal("9"), "waz": Decimal("-1"), "whz": Decimal("0")} | values
    return Measurement.objects.create(
        child=child, measured_on=on, haz=Decimal(haz) if haz else None, **values
    )


def a_balita(place: Any, haz: str | None = "-1", **values: Any) -> Child:
    """A balita measured in the last full month."""
    on = Month.of(place.programme.today()).back().last
    child = a_child(place, **{k: values.pop(k) for k in ("desa", "posyandu") if k in values})
    measured(child, on, haz, **values)
    return child


def row_of(figures: dict[str, Any], desa: Any) -> dict[str, Any]:
    return next(row for row in figures["desa"] if row["key"] == desa.code)


def test_people_are_counted_by_date_and_desa(cast: SimpleNamespace, month: Month) -> None:
    a_child(cast, birth_date=month.last)  # born on the last day
    a_child(cast, birth_date=date(month.last.year - 2, month.last.month, 1))  # 24 months passed
    a_child(cast, birth_date=month.last + timedelta(days=1))  # not born yet
    a_child(cast, months=72)  # lulus balita
    a_child(cast, left_on=month.last)  # moved out
    a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    a_pregnancy(cast, weeks=20)
    a_pregnancy(cast, weeks=20, ended_on=month.first)
    Breastfeeding.objects.create(mother=a_mother(cast), started_on=month.first)
    figures = figures_of(cast.programme, month)
    here = row_of(figures, cast.desa)
    assert (here["balita"], here["baduta"], here["hamil"], here["menyusui"]) == (2, 1, 1, 1)
    assert row_of(figures, cast.other_desa)["balita"] == 1
    assert figures["total"]["balita"] == 3
    assert len(figures["desa"]) == 16, "a desa without anybody still has its row"


@pytest.mark.parametrize(
    ("haz", "n", "severe"),
    [("-1.99", 0, 0), ("-2.00", 0, 0), ("-2.01", 1, 0), ("-3.00", 1, 0), ("-3.01", 1, 1)],
)
def test_the_limit_belongs_to_the_milder_class(
    cast: SimpleNamespace, month: Month, haz: str, n: int, severe: int
) -> None:
    a_balita(cast, haz)
    stunting = figures_of(cast.programme, month)["total"]["stunting"]
    assert (stunting["n"], stunting["severe"], stunting["total"]) == (n, severe, 1)


def test_each_balita_counts_once_by_its_latest_visit(cast: SimpleNamespace, month: Month) -> None:
    child = a_child(cast)
    measured(child, month.first - timedelta(days=1), "-4")  # the month before
    measured(child, month.first, "-2.5")
    measured(child, month.first + timedelta(days=9), "-2.2", superseded=True)
    measured(child, month.first + timedelta(days=9), "-1.5", revision=2)  # the correction counts
    measured(child, month.last + timedelta(days=1), "-4")  # the month after
    total = figures_of(cast.programme, month)["total"]
    assert (total["measured"], total["stunting"]["n"], total["stunting"]["total"]) == (1, 0, 1)


def test_what_cannot_be_counted_is_counted_apart(cast: SimpleNamespace, month: Month) -> None:
    a_balita(cast, "-2.5")
    a_balita(cast, "-7", haz_flag=True)
    a_balita(cast, None)
    guessed = a_balita(cast, "-2.5")
    Child.objects.filter(pk=guessed.pk).update(birth_precision=Child.Precision.MONTH)
    total = figures_of(cast.programme, month)["total"]
    assert total["measured"] == 4
    assert total["stunting"] == {
        "n": 1, "severe": 0, "total": 1, "flagged": 1, "missing": 1, "approximate": 1
    }  # fmt: skip


def test_oedema_is_severely_wasted_whatever_the_weight(cast: SimpleNamespace, month: Month) -> None:
    a_balita(cast, "-1", whz=None, waz=None, oedema=True)
    total = figures_of(cast.programme, month)["total"]
    assert (total["wasting"]["n"], total["wasting"]["severe"], total["wasting"]["total"]) == (
        1,
        1,
        1,
    )
    assert (total["underweight"]["total"], total["underweight"]["missing"]) == (0, 1)


def test_underweight_is_not_stunting(cast: SimpleNamespace, month: Month) -> None:
    a_balita(cast, "-1", waz=Decimal("-2.5"), whz=Decimal("-3.5"))
    total = figures_of(cast.programme, month)["total"]
    assert [total[word]["n"] for word in COLUMN] == [0, 1, 1]


def test_weight_gained_is_n_of_n_and_t(cast: SimpleNamespace, month: Month) -> None:
    """N/D′ 75 % in one desa and 0 % in the other are 60,0 % (3/5); O, B and doubt stay outside."""
    for letter in "NNNTOB":
        a_balita(cast, weight_gain=letter)
    a_balita(cast, weight_gain="N", waz_flag=True)
    a_balita(cast, weight_gain="T", desa=cast.other_desa, posyandu=cast.kenanga)
    figures = figures_of(cast.programme, month)
    assert row_of(figures, cast.desa)["gain"] == {"n": 3, "total": 4}
    total = with_shares(figures["total"])["gain"]
    assert total == {"n": 3, "total": 5, "share": "60,0 %"}
    assert "60,0 % (3/5)" in " ".join(conclusions(figures))
    chosen = Child.objects.of(cast.programme)
    assert [chosen.of_gain(x, month.last, since=month.first).count() for x in "NT"] == [3, 2]
    listed = signed_in(cast.petugas).get(f"/anak/?bulan={month}&gizi=naik").content.decode()
    assert "3 balita" in listed


def test_who_comes_again_without_being_weighed_keeps_the_letter(
    cast: SimpleNamespace, month: Month
) -> None:
    again = a_balita(cast, weight_gain="N")
    again.measurements.update(measured_on=month.first)
    Measurement.objects.create(child=again, measured_on=month.last, lila_cm=Decimal("14"))
    assert figures_of(cast.programme, month)["total"]["gain"] == {"n": 1, "total": 1}
    listed = signed_in(cast.petugas).get(f"/anak/?bulan={month}&gizi=naik").content.decode()
    assert "1 balita" in listed and again.name in listed


def test_figures_frozen_before_n_and_t_still_read(cast: SimpleNamespace, month: Month) -> None:
    a_balita(cast, weight_gain="N")
    figures = figures_of(cast.programme, month)
    for row in (figures["total"], *figures["desa"], *figures["ages"]):
        del row["gain"]
    assert "gain" not in with_shares(figures["total"])
    assert "N/D′" not in " ".join(conclusions(figures))


def test_the_other_programme_is_never_counted(cast: SimpleNamespace, month: Month) -> None:
    a_balita(cast.gasken, "-2.5")
    a_submission(cast.gasken, received_at=month.clock(cast.gasken.programme)[0])
    total = figures_of(cast.programme, month)["total"]
    assert (total["balita"], total["measured"], total["received"]) == (0, 0, 0)
    there = figures_of(cast.gasken.programme, month)
    assert (there["total"]["stunting"]["n"], len(there["desa"])) == (1, 13)


def test_reports_of_the_month_and_what_became_of_them(cast: SimpleNamespace, month: Month) -> None:
    begins, ends = month.clock(cast.programme)
    sent: dict[str, Any] = {"received_at": begins}
    a_submission(cast, **sent)
    a_submission(cast, **sent, status="rejected")
    for hours in (2, 4, 9):
        decided = begins + timedelta(hours=hours)
        done = a_submission(cast, **sent, status="approved", decided_at=decided)
    Decision.objects.create(submission=done, verb="send_back", reason="foto buram")
    Decision.objects.create(submission=done, verb="send_back", reason="masih buram")
    a_submission(cast, received_at=begins - timedelta(seconds=1))
    a_submission(cast, received_at=ends)
    assert figures_of(cast.programme, month)["submissions"] == {
        "received": 5, "approved": 3, "rejected": 1, "with_kader": 0, "waiting": 1,
        "sent_back": 1, "median_hours": 4.0,
    }  # fmt: skip


def test_a_month_ends_at_midnight_of_the_kecamatan(cast: SimpleNamespace, month: Month) -> None:
    """23.30 WIB on the last day is 16.30 UTC: still this month."""
    late = datetime.combine(month.last, datetime.min.time(), cast.programme.tz)
    a_submission(cast, received_at=late + timedelta(hours=23, minutes=30))
    assert figures_of(cast.programme, month)["total"]["received"] == 1


def test_empty_is_said_and_is_no_zero_percent(cast: SimpleNamespace, month: Month) -> None:
    figures = figures_of(cast.programme, month)
    assert with_shares(figures["total"])["stunting"]["share"] == "–"
    assert figures["submissions"]["median_hours"] is None
    stunting = figures["indicators"][3]
    assert stunting["value"] == "–" and "Belum ada" in stunting["note"]


def test_figures_equal_the_naive_count(cast: SimpleNamespace, month: Month) -> None:
    """Random children, visits and revisions, counted again in plain Python."""
    dice = random.Random(7)
    places = [(cast.desa, cast.melati), (cast.other_desa, cast.kenanga)]
    for _ in range(60):
        desa, posyandu = dice.choice(places)
        child = a_child(cast, months=dice.randint(0, 66), desa=desa, posyandu=posyandu)
        if dice.random() < 0.2:
            Child.objects.filter(pk=child.pk).update(birth_precision="month")
        for day in dice.sample(range(-5, 35), dice.randint(0, 3)):
            measured(
                child, month.first + timedelta(days=day),
                dice.choice([None, f"{dice.uniform(-4, 1):.2f}"]), haz_flag=dice.random() < 0.1,
            )  # fmt: skip
    figures = figures_of(cast.programme, month)
    for desa, _ in places:
        assert row_of(figures, desa)["stunting"] == naive(cast, desa, month)
    for word in COLUMN:
        for part in PARTS:
            ages = sum(row[word][part] for row in figures["ages"])
            assert ages == figures["total"][word][part], "age groups hold every child once"


def naive(cast: SimpleNamespace, desa: Any, month: Month) -> dict[str, int]:
    count = dict.fromkeys(PARTS, 0)
    for child in Child.objects.filter(programme=cast.programme, desa=desa):
        visits = [
            visit
            for visit in child.measurements.all()
            if month.first <= visit.measured_on <= month.last and not visit.superseded
        ]
        if not visits or child.birth_date > month.last or child.months(month.last) >= 60:
            continue
        last = max(visits, key=lambda visit: visit.measured_on)
        if child.is_approximate:
            count["approximate"] += 1
        elif last.haz_flag:
            count["flagged"] += 1
        elif last.haz is None:
            count["missing"] += 1
        else:
            count["total"] += 1
            count["n"] += last.haz < -2
            count["severe"] += last.haz < -3
    return count


def test_the_number_of_queries_does_not_grow(cast: SimpleNamespace, month: Month) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            figures_of(cast.programme, month)
        return len(asked)

    few = queries()
    for _ in range(12):
        a_balita(cast, "-2.5")
        a_balita(cast, "-2.5", desa=cast.other_desa, posyandu=cast.kenanga)
        a_submission(cast, received_at=month.clock(cast.programme)[0])
        a_pregnancy(cast)
    assert queries() == few
    assert few <= 40


def test_age_groups_are_those_of_the_who() -> None:
    assert [months for months, _ in AGE_GROUPS] == [6, 12, 24, 36, 48, 60]


def test_a_running_month_is_read_today(cast: SimpleNamespace) -> None:
    running = Month.of(cast.programme.today())
    figures = figures_of(cast.programme, running)
    assert figures["on"] == str(min(running.last, cast.programme.today()))
    assert figures["is_over"] == (running.last <= cast.programme.today())


# --- Indicators --------------------------------------------------------------------------------


def test_six_indicators_with_their_n_n_and_source(cast: SimpleNamespace, month: Month) -> None:
    found = figures_of(cast.programme, month)["indicators"]
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]
    assert all(one["source"] for one in found)
    assert "236" in found[3]["note"], "KEMPLING began with 236 cases"


def test_help_reaches_the_stunted(cast: SimpleNamespace, month: Month) -> None:
    helped, _, tall = a_balita(cast, "-2.5"), a_balita(cast, "-2.5"), a_balita(cast, "-1")
    for child in (helped, tall):
        PmtEpisode.objects.create(
            programme=cast.programme, desa=child.desa, household=child.household, child=child,
            indication="stunting", planned_days=56, menu="Telur", funding="mitra",
            partner=cast.partner, status="running", planned_start=month.first,
            planned_end=month.last, started_on=month.first,
        )  # fmt: skip
    found = figures_of(cast.programme, month)["indicators"]
    assert (found[1]["n"], found[1]["total"], found[1]["value"]) == (1, 2, "50,0 %")
    partners = Partner.objects.filter(programme=cast.programme, is_active=True).count()
    assert (found[2]["n"], found[2]["total"]) == (1, partners)


def test_activities_count_attendance_and_gain(cast: SimpleNamespace, month: Month) -> None:
    held = Activity.objects.create(
        programme=cast.programme, desa=cast.desa, kind="parenting", title="Kelas Contoh",
        place="Balai", funding="apbdes", status="completed", held_on=month.first,
        started_on=month.first, planned_start=month.first, planned_end=month.first,
    )  # fmt: skip
    for pre, post in ((40, 60), (50, 60), (70, None)):
        Attendance.objects.create(activity=held, name="Contoh", pre_score=pre, post_score=post)
    found = figures_of(cast.programme, month)["indicators"]
    assert "3 orang hadir" in found[2]["note"]
    assert (found[5]["value"], found[5]["n"], found[5]["total"]) == ("1", 2, 3)
    assert "+15,0" in found[5]["note"]


def test_a_year_ago_stands_beside_today(cast: SimpleNamespace, month: Month) -> None:
    a_balita(cast, "-2.5")
    before = a_child(cast, months=30)
    measured(before, month.back(12).first, "-2.5")
    found = figures_of(cast.programme, month)["indicators"][3]
    assert (found["value"], found["n"], found["total"]) == ("100,0 %", 1, 1)
    assert f"{month.back(12).label}: 100,0 % (1/1)" in found["note"]


# --- The chart ---------------------------------------------------------------------------------


def test_bars_are_sorted_by_need_and_the_unmeasured_come_last() -> None:
    def row(label: str, n: int, total: int) -> dict[str, Any]:
        return {"key": label, "label": label, "stunting": {"n": n, "total": total}}

    bars = stunting_bars([row("Sedikit", 1, 10), row("Kosong", 0, 0), row("Banyak", 5, 10)])
    assert [bar["label"] for bar in bars] == ["Banyak", "Sedikit", "Kosong"]
    assert [bar["value"] for bar in bars] == ["50,0 %", "10,0 %", "–"]
    assert all(0 <= bar["width"] <= 100 for bar in bars)
    assert bars[0]["low"] < bars[0]["width"] < bars[0]["high"]


@pytest.mark.parametrize(
    ("n", "total", "low", "high"), [(0, 0, 0, 1), (0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634)]
)
def test_the_whisker_is_wilsons(n: int, total: int, low: float, high: float) -> None:
    assert wilson(n, total) == pytest.approx((low, high), abs=5e-4)


def test_frozen_figures_hold_no_name(cast: SimpleNamespace, month: Month) -> None:
    child = a_balita(cast, "-2.5")
    a_submission(cast, received_at=timezone.now(), child_name="Anak Rahasia")
    text = str(figures_of(cast.programme, month))
    assert child.name not in text and child.mother.name not in text and "Rahasia" not in text
