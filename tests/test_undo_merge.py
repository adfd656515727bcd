"""A merge taken back: everything as before, what came later where it belongs, or a sentence."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from accounts.transitions import Refused
from interventions.models import PmtDay
from kempling.totals import totals
from registry import registering, visits
from registry import workflow as desk
from registry.alerts import answers
from registry.merging import clashes
from registry.merging.columns import lines_of
from registry.merging.undoing import look
from registry.merging.workflow import Choices, merge, undo_merge
from registry.models import AlertAnswer, Child, Household, Measurement, Merge, Mother
from registry.models.placed import Known
from registry.people import Approval
from reports.figures import figures_of
from reports.months import Month
from tests import environment
from tests.cast import a_child, a_pregnancy, a_submission, signed_in
from tests.entered_twice import World, rows_of_everything
from tests.helps import a_pmt

LISTS = (
    "/anak/?kelompok=semua", "/anak/?gizi=tidak_ditimbang", "/ibu/?kelompok=semua", "/ibu/",
    "/ibu/?kelompok=menyusui", "/prioritas/", "/mutu-data/", "/tindakan/?pilar=pmt",
    "/tindakan/?pilar=sanitasi", "/tindakan/?pilar=kegiatan", "/hari-posyandu/?pilih=1",
    "/laporan/",
)  # fmt: skip


def every_figure(cast: SimpleNamespace) -> dict[str, Any]:
    """The figures of two months, the public totals, and every list as people see it."""
    programme = cast.programme
    this = Month.of(programme.today())
    found: dict[str, Any] = {
        str(month): figures_of(programme, month) | {"taken_at": ""} for month in (this, this.back())
    }
    found["totals"] = totals([programme])
    for user in (cast.kasi, cast.bidan):
        client = signed_in(user)
        for url in LISTS:
            page = client.get(url)
            found[f"{user}{url}"] = re.sub(r"(token|nonce|dicetak)[^>]+", "", page.content.decode())
    return found


# --- Any families ------------------------------------------------------------------------------


def pairs_of(world: World) -> Iterator[tuple[Known, Known]]:
    for people in (world.children, world.mothers, world.homes):
        yield tuple(world.chance.sample(people, 2))  # type: ignore[misc]


def some(world: World, keys: list[str]) -> frozenset[str]:
    return frozenset(key for key in keys if world.chance.random() < 0.4)


def choices_of(world: World, kept: Known, gone: Known) -> Choices:
    """Any decision a person could take on the page."""
    keys = [f"{kept._meta.model_name}.{line.key}" for line in lines_of(type(kept))]
    keys += [clash.key for clash in clashes.all_of(kept, gone)]
    return Choices(
        also=some(world, ["mother", "household"]), gone=some(world, keys), kept=some(world, keys)
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(environment.rounds(3, 60)))
def test_merging_and_undoing_changes_nothing(cast: SimpleNamespace, seed: int) -> None:
    """Every column of every row, and every number of every page, whatever was merged and chosen;
    while it stands, each is counted once and every row is kept."""
    world = World(cast, seed)
    figures, before = every_figure(cast), rows_of_everything()
    done: list[Merge] = []
    for kept, gone in pairs_of(world):
        kept, gone = (type(one).everyone.get(pk=one.pk) for one in (kept, gone))
        if kept.merged_into or gone.merged_into:
            continue
        try:
            done.append(merge(cast.petugas, kept, gone, choices_of(world, kept, gone)))
        except Refused:
            continue
    parts = [kind for row in done for kind, *_ in row.moved["parts"]]
    for model in (Child, Mother, Household):
        there = len(before[model._meta.label_lower])
        assert model.objects.count() == there - parts.count(model._meta.model_name)
        assert model.everyone.count() == there
    assert no_row_hangs_on_the_merged() and nothing_is_lost(before, done)
    for row in reversed(done):
        assert undo_merge(cast.kasi, row) == []
    assert rows_of_everything() == before
    assert every_figure(cast) == figures
    assert done


def no_row_hangs_on_the_merged() -> bool:
    gone = Child.everyone.filter(merged_into__isnull=False)
    return not (
        Measurement.objects.filter(child__in=gone).exists()
        or Child.objects.filter(mother__merged_into__isnull=False).exists()
        or Child.objects.filter(household__merged_into__isnull=False).exists()
        or Mother.objects.filter(household__merged_into__isnull=False).exists()
    )


def nothing_is_lost(before: dict[str, list[Any]], done: list[Merge]) -> bool:
    """Every row is in its table, or with the merge."""
    kept = {
        (step["of"], row["id"])
        for merge in done for step in merge.moved["steps"] if step["do"] == "remove"
        for row in step["rows"]
    }  # fmt: skip
    now = rows_of_everything()
    return all(
        row["id"] in {other["id"] for other in now[table]} or (table, row["id"]) in kept
        for table, rows in before.items() if table != "keys"
        for row in rows if "id" in row
    )  # fmt: skip


# --- What came later ---------------------------------------------------------------------------


def weigh(child: Child, ago: int, kg: str) -> Measurement:
    on = child.programme.today() - timedelta(days=ago)
    return visits.add_measurement(None, child, {"measured_on": on, "weight_kg": Decimal(kg)})


@pytest.fixture
def two(cast: SimpleNamespace) -> tuple[Child, Child]:
    one, again = a_child(cast), a_child(cast)
    weigh(one, 60, "7.5")
    weigh(again, 30, "8")
    return one, again


def test_it_works(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    done = merge(cast.petugas, one, again)
    assert undo_merge(cast.kasi, done) == []
    assert list(Child.objects.order_by("pk")) == [one, again]
    done.refresh_from_db()
    assert done.undone_by == cast.kasi
    event = Event.objects.get(verb="undo_merge")
    assert (event.object_code, event.why) == (one.code, again.code)


def test_what_was_added_since_stays_and_is_named(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    done = merge(cast.petugas, one, again)
    weigh(one, 3, "8.2")
    report = a_submission(cast, weight_kg=None, length_height_cm=None, measured_on=None)
    desk.approve(cast.petugas, report, Approval(child=one))
    stays = undo_merge(cast.petugas, done)
    assert [words.split()[0] for words in stays] == ["pengukuran", "laporan", "persetujuan"]
    assert [m.weight_kg for m in one.measurements.current()] == [Decimal("8.2"), Decimal("7.5")]
    assert [m.weight_kg for m in again.measurements.current()] == [Decimal(8)]
    assert one.measurements.current().first().weight_gain == "O"


def test_own_data_put_right_since_stay(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    done = merge(cast.petugas, one, again, Choices(gone=frozenset({"child.name"})))
    visits.correct_child(cast.petugas, one, {"name": "Nama Benar", "name_key": "nama benar"})
    assert undo_merge(cast.petugas, done) == ["nama anak yang diperbaiki"]
    one.refresh_from_db()
    assert one.name == "Nama Benar"


def test_a_birth_date_put_right_since_stays_with_its_precision(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    one.birth_precision, one.birth_date = "month", again.birth_date - timedelta(days=9)
    one.save()
    done = merge(cast.petugas, one, again, Choices(gone=frozenset({"child.birth_date"})))
    born = again.birth_date - timedelta(days=1)
    visits.correct_child(cast.petugas, one, {"birth_date": born})
    assert undo_merge(cast.petugas, done) == ["tanggal lahir yang diperbaiki"]
    one.refresh_from_db()
    assert (one.birth_date, one.birth_precision) == (born, "day")


def test_an_answer_goes_where_its_visit_goes(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    done = merge(cast.petugas, one, again)
    answers.answer(cast.bidan, one, "dirujuk", cast.programme.today())
    assert undo_merge(cast.petugas, done) == []
    assert AlertAnswer.objects.get().child == again


def test_a_visit_put_right_since_goes_back_put_right(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    done = merge(cast.petugas, one, again)
    visit = one.measurements.current().first()
    visits.correct_measurement(cast.bidan, visit, {"weight_kg": Decimal("8.1")}, "Salah baca")
    assert undo_merge(cast.petugas, done) == []
    assert [m.weight_kg for m in again.measurements.current()] == [Decimal("8.1")]
    assert again.measurements.count() == 2 and one.measurements.count() == 1


def test_feeding_days_go_back_with_their_pmt(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    episode = a_pmt(cast, child=again, begun=2)
    done = merge(cast.petugas, one, again)
    PmtDay.objects.create(episode=episode, day=cast.programme.today(), given=False)
    assert undo_merge(cast.petugas, done) == []
    episode.refresh_from_db()
    assert episode.child == again and episode.days.count() == 1


# --- What cannot be told apart -----------------------------------------------------------------


def refused(cast: SimpleNamespace, done: Merge, words: str) -> None:
    rows = rows_of_everything()
    with pytest.raises(Refused, match=words):
        undo_merge(cast.petugas, done)
    assert rows_of_everything() == rows
    done.refresh_from_db()
    assert done.undone_at is None


def test_a_shared_day_put_right_since(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    weigh(again, 60, "7.6")
    done = merge(cast.petugas, one, again)
    visit = one.measurements.current().last()
    visits.correct_measurement(cast.bidan, visit, {"weight_kg": Decimal("7.7")}, "Salah baca")
    refused(cast, done, "pengukuran")


def test_a_pmt_planned_on_a_visit_of_the_other(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    done = merge(cast.petugas, one, again)
    a_pmt(cast, child=one)
    refused(cast, done, "PMT")


def test_a_report_decided_anew_since(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    report = a_submission(cast)
    desk.approve(cast.petugas, report, Approval(child=again))
    done = merge(cast.petugas, one, again)
    report.refresh_from_db()
    desk.undo(cast.petugas, report, "Salah anak.")
    refused(cast, done, "laporan")


def test_a_check_of_a_shared_day_put_right_since(cast: SimpleNamespace) -> None:
    mine, twice = a_pregnancy(cast), a_pregnancy(cast)
    today = cast.programme.today()
    for pregnancy in (mine, twice):
        registering.check_pregnancy(
            cast.bidan, pregnancy, {"checked_on": today, "hb": Decimal("11")}
        )
    done = merge(cast.petugas, mine.mother, twice.mother)
    row = mine.checks.current().get()
    registering.correct_check(
        cast.bidan, row, {"hb": Decimal("12"), "checked_on": today}, "Salah baca"
    )
    refused(cast, done, "pemeriksaan hamil")


def test_it_is_taken_back_once_and_by_who_may(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    done = merge(cast.petugas, *two)
    for user in (cast.bidan, cast.tim, cast.gasken.petugas):
        with pytest.raises(Refused) as told:
            undo_merge(user, done)
        assert told.value.stranger
    undo_merge(cast.petugas, done)
    with pytest.raises(Refused, match="sudah dibatalkan"):
        undo_merge(cast.kasi, done)


def test_looking_changes_nothing(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    done = merge(cast.petugas, *two)
    weigh(two[0], 3, "8.2")
    rows = rows_of_everything()
    assert look(done).stays == look(done).stays != []
    assert rows_of_everything() == rows
