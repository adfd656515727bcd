"""A whole import taken back: every row as before, and nothing lost that somebody built on."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Event
from registry import registering, visits
from registry.imports import files, workflow
from registry.merging.workflow import Choices, merge
from registry.models import Child, Consent, HeldReport, Household, Import, Mother
from tests.cast import a_child
from tests.handed_in import (
    DAY,
    GASKEN,
    analyse,
    analysed,
    carried,
    content,
    handed_in,
    row,
    undone,
    write,
    written,
)
from tests.test_import_write import data_rows
from tests.test_undo_merge import every_figure

NIK = "3302200503240001"


def test_it_works(cast: SimpleNamespace) -> None:
    """Every column of every row of people, every figure and list is what it was."""
    written(cast, [row(No_HP="", NIK=""), row(Nama="Contoh Dua", Tanggal="2026-07-09")])
    child = Child.objects.get(name="Contoh Satu")
    numbers = {"measured_on": DAY + timedelta(days=90), "weight_kg": Decimal("11.4")}
    visits.add_measurement(cast.bidan, child, numbers)
    figures, before = every_figure(cast), data_rows()
    more = [
        row(NIK=NIK, No_HP="081200000009", Nama_Ayah="Ayah Lain", Tanggal="2026-07-09", Berat="11"),
        row(Nama="Bunga Contoh", Tgl_Lahir="2024-11-30", Nama_Ibu="Ibu Bunga", JK="P"),
        row(Nama="Rama Contoh", Tgl_Lahir="2023-07-17", RT="05"),
    ]  # fmt: skip
    source = written(cast, more)
    assert source.counts == {"baru": 2, "berubah": 1} and data_rows() != before
    source = undone(cast, source)
    assert source.job and source.job.message == "3 baris dibatalkan, 0 tetap."
    assert data_rows() == before and every_figure(cast) == figures
    taken = Event.objects.filter(verb="undo_import_child")
    assert taken.count() == 3 and Event.objects.get(verb="undo_import").why == "n=3 of 3"


def test_what_somebody_built_on_stays_and_its_row_says_so(cast: SimpleNamespace) -> None:
    source = written(cast, [row(), row(Nama="Contoh Dua"), row(Nama="Contoh Tiga", RT="09")])
    measured, corrected = (
        Child.objects.get(name="Contoh Satu"),
        Child.objects.get(name="Contoh Dua"),
    )
    numbers = {"measured_on": DAY + timedelta(days=30), "weight_kg": Decimal("11")}
    visits.add_measurement(cast.bidan, measured, numbers)
    registering.correct_child(cast.petugas, corrected, {"father_name": "Ayah Benar"})
    source = undone(cast, source)
    left = {child.name for child in Child.objects.all()}
    assert left == {"Contoh Satu", "Contoh Dua"}
    assert measured.measurements.count() == 2 and corrected.measurements.count() == 1
    why = list(source.rows.order_by("number").values_list("reason", flat=True))
    assert why[0].startswith("Tetap ada: sudah punya catatan lain")
    assert why[1].startswith("Tetap ada: datanya sudah diperbaiki") and why[2] == ""
    assert source.job and source.job.message == "1 baris dibatalkan, 2 tetap."


def test_a_column_changed_since_keeps_the_later_value(cast: SimpleNamespace) -> None:
    written(cast, [row(Nama_Ayah="")])
    source = written(cast, [row(Nama_Ayah="Ayah Satu", RW="07")])
    child = Child.objects.get()
    registering.correct_child(cast.petugas, child, {"father_name": "Ayah Benar"})
    undone(cast, source)
    child.refresh_from_db()
    assert child.father_name == "Ayah Benar" and child.household.rw == "02"
    assert "Nama ayah: sudah diubah sejak itu" in source.rows.get().reason


def test_the_basis_goes_with_the_child_and_families_with_it(cast: SimpleNamespace) -> None:
    a_child(cast, name="Contoh Lama")
    before = [table.objects.count() for table in (Household, Mother, Consent)]
    undone(cast, written(cast, [row(), row(Nama="Contoh Adik", Tgl_Lahir="2025-09-01")]))
    assert [table.objects.count() for table in (Household, Mother, Consent)] == before


def test_held_reports_go_as_long_as_nobody_took_them(cast: SimpleNamespace) -> None:
    rows = [dict(zip(GASKEN, ("2026-11-29", "Kader Contoh", cast.desa.name, name, "14 bln",
                              "Ibu Satu", "Petani", "Jalan Contoh 5", ""), strict=True))
            for name in ("Contoh Satu", "Contoh Dua")]  # fmt: skip
    source = analyse(cast, handed_in(cast, content(rows, GASKEN)))
    workflow.begin_write(cast.petugas, source, "")
    carried()
    source.refresh_from_db()
    taken = HeldReport.objects.get(answers__child_name="Contoh Dua")
    HeldReport.objects.filter(pk=taken.pk).update(settled_at=timezone.now())
    undone(cast, source)
    assert HeldReport.objects.get() == taken
    assert "sudah ditangani petugas" in source.rows.get(number=3).reason


def test_who_was_meant_is_asked_anew(cast: SimpleNamespace) -> None:
    """An answer that was wrong goes with the import."""
    wrong = a_child(cast, name="Ahmad Fauzan", sex="L", birth_date=date(2024, 3, 5))
    rows = [row(Nama="Achmad Fauzan", Tgl_Lahir="2024-03-04", Nama_Ibu=wrong.mother.name)]
    source = analysed(cast, rows)
    assert source.rows.get().outcome == "orang"
    workflow.decide(cast.petugas, source, {2: wrong.code})
    source = write(cast, source)
    assert analysed(cast, rows).rows.get().outcome == "sama"
    undone(cast, source)
    assert analysed(cast, rows).rows.get().outcome == "orang"


def test_the_visit_below_the_one_that_goes_counts_again(cast: SimpleNamespace) -> None:
    """Two cards of one child were merged, and the numbers of the list were chosen."""
    kept = a_child(cast, name="Contoh Lain", sex="L", birth_date=date(2024, 3, 4))
    visits.add_measurement(cast.bidan, kept, {"measured_on": DAY, "weight_kg": Decimal("9.9")})
    source = written(cast, [row()])
    gone = Child.objects.get(name="Contoh Satu")
    merge(cast.petugas, kept, gone, Choices(gone=frozenset({f"child.measurement.{DAY}"})))
    undone(cast, source)
    counted = kept.measurements.current().get()
    assert (counted.weight_kg, counted.measured_on) == (Decimal("9.9"), DAY)


def test_a_birth_date_does_not_go_behind_a_visit_that_stays(cast: SimpleNamespace) -> None:
    born = date(2024, 3, 15)
    child = a_child(cast, name="Contoh Satu", sex="L", birth_date=born, birth_precision="month")
    child.mother.name, child.mother.name_key = "Ibu Satu", "ibu satu"
    child.mother.save()
    source = written(cast, [row()])
    child.refresh_from_db()
    assert child.birth_date == date(2024, 3, 5)
    visits.add_measurement(
        cast.bidan, child, {"measured_on": date(2024, 3, 9), "weight_kg": Decimal("3.1")}
    )
    source = undone(cast, source)
    child.refresh_from_db()
    assert child.birth_date == date(2024, 3, 5)
    assert "Tanggal lahir: sudah diubah" in source.rows.get().reason


# --- Its time -----------------------------------------------------------------------------------


def test_after_thirty_days_it_stays_and_its_rows_are_forgotten(cast: SimpleNamespace) -> None:
    source, waiting = written(cast, [row()]), analysed(cast, [row(Nama="Contoh Dua")])
    long_ago = timezone.now() - timedelta(days=31)
    Import.objects.filter(pk=source.pk).update(written_at=long_ago)
    Import.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    source.refresh_from_db()
    with pytest.raises(workflow.Refused, match="30 hari"):
        workflow.begin_undo(cast.petugas, source)
    call_command("forget_imports")
    assert not source.rows.exists() and not waiting.rows.exists()
    assert not (files.folder() / waiting.stored_name).exists() and Child.objects.count() == 1
    assert workflow.forget_old() == 0
