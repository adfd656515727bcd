"""A list is written whole, as single entry would have stored it, and twice changes nothing."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from accounts import jobs
from accounts.models import Event, Grant
from registry import measuring, registering, visits
from registry.identity import index_of, tail_of
from registry.imports import making, workflow
from registry.models import Child, Consent, Import, LookupKey, Measurement, Mother
from registry.models.placed import Known
from registry.names import name_key
from tests import import_files
from tests.cast import a_child, a_mother, signed_in
from tests.entered_twice import rows_of_everything
from tests.handed_in import (
    DAY,
    DECREE,
    HEADER,
    analyse,
    analysed,
    carried,
    content,
    handed_in,
    only,
    outcomes,
    row,
    write,
    written,
)

NIK = "3302200503240001"
OWN = ("id", "code", "created_at", "created_by_id", "imported", "child_id", "mother_id",
       "household_id", "nik", "kk", "posyandu_id", "last_visit_id")  # fmt: skip


def said(thing: Any) -> dict[str, Any]:
    """What a row says, without what tells it from another row."""
    names = {field.attname for field in thing._meta.concrete_fields} - set(OWN)
    return {name: getattr(thing, name) for name in names}


def test_it_works(cast: SimpleNamespace) -> None:
    source = written(cast, [row()])
    assert source.state == "written" and source.counts == {"baru": 1}
    child = Child.objects.get()
    assert (child.name, child.sex, child.desa) == ("Contoh Satu", "L", cast.desa)
    assert child.mother and child.mother.phone == "081200000001"
    visit = child.measurements.get()
    assert (visit.measured_on, visit.weight_kg, visit.lila_cm) == (DAY, Decimal("10.6"), None)
    assert visit.haz is not None and visit.weight_gain == "B"
    assert child.last_visit == visit
    basis = Consent.objects.get(child=child)
    assert (basis.method, basis.decree, basis.giver) == ("dasar", DECREE, "")
    assert Event.objects.filter(verb="import_child", object_code=child.code).count() == 1
    assert Event.objects.get(verb="import_list").why == "new=1 update=0"
    page = signed_in(cast.petugas).get("/anak/?kelompok=semua&q=conto+satu")
    assert "Contoh Satu" in page.content.decode(), "found as every child is"


def test_it_is_stored_as_typing_it_in_stores_it(cast: SimpleNamespace) -> None:
    """The same children by the list and by hand: z, N/T, alert, rank and search keys alike."""
    days = [
        ("2026-05-09", "7,1", "81"),
        ("2026-06-09", "10,6", "81,5"),
        ("2026-07-09", "10,6", "82"),
    ]
    written(cast, [row(NIK=NIK, Tanggal=day, Berat=kg, Tinggi=cm) for day, kg, cm in days])
    listed = Child.objects.get()
    keys = set(LookupKey.objects.filter(child=listed).values_list("key", flat=True))
    by_list = [said(one) for one in (listed, listed.mother, listed.household)]
    its_visits = [said(one) for one in listed.measurements.order_by("measured_on")]
    clear(listed)
    typed = by_hand(cast, days)
    by_person = [said(one) for one in (typed, typed.mother, typed.household)]
    assert by_list == by_person
    assert its_visits == [said(one) for one in typed.measurements.order_by("measured_on")]
    assert keys == set(LookupKey.objects.filter(child=typed).values_list("key", flat=True))


def clear(child: Child) -> None:
    """The child and its family as if they had never been."""
    family: list[Known] = [child, *filter(None, [child.mother]), child.household]
    Child.objects.filter(pk=child.pk).update(last_visit=None)
    for table in (Measurement, Consent, LookupKey):
        table.objects.filter(child=child).delete()  # type: ignore[attr-defined]
    for one in family:
        one.delete()


def by_hand(cast: SimpleNamespace, days: list[tuple[str, str, str]]) -> Child:
    where = {"programme": cast.programme, "desa": cast.desa, "posyandu": None}
    home = {"address": "Jalan Contoh 5", "rt": "01", "rw": "02", "head_name": "Ayah Satu"}
    family = {"mother_name": "Ibu Satu", "home": home,
              "mother_details": {"phone": "081200000001"}}  # fmt: skip
    facts = {"name": "Contoh Satu", "sex": "L", "birth_date": date(2024, 3, 5),
             "father_name": "Ayah Satu"}  # fmt: skip
    child = registering.register_child(
        cast.petugas, where, family=family, child=facts, nik=NIK,
        consent={"giver": "ibu", "method": Consent.Method.PAPER},
    )  # fmt: skip
    for day, kg, cm in days:
        numbers = {"measured_on": date.fromisoformat(day), "measure": "h",
                   "weight_kg": Decimal(kg.replace(",", ".")),
                   "length_height_cm": Decimal(cm.replace(",", "."))}  # fmt: skip
        draft, others = Measurement(**numbers), child.measurements.current()
        doubts = measuring.doubted(measuring.unlikely(child, draft, others))
        visits.add_measurement(cast.petugas, child, numbers | {"doubted": doubts})
    child.refresh_from_db()
    return child


# --- Twice, and beside what people typed ----------------------------------------------------------


def test_the_same_list_again_changes_nothing(cast: SimpleNamespace) -> None:
    rows = [row(), row(Nama="Contoh Dua", JK="P", Tanggal="2026-07-09", Berat="9.9")]
    written(cast, rows)
    before = data_rows()
    again = analysed(cast, rows)
    assert outcomes(again) == ["sama", "sama"] and again.counts == {"sama": 2}
    with pytest.raises(workflow.Refused, match="Tidak ada baris"):
        write(cast, again)
    assert data_rows() == before


def data_rows() -> dict[str, list[Any]]:
    """Every row of people, without what is kept of lists."""
    kept = ("registry.import", "registry.importrow", "registry.importlayout", "accounts.job",
            "registry.calledbefore")  # fmt: skip
    return {name: rows for name, rows in rows_of_everything().items() if name not in kept}


def test_what_staff_typed_stays_and_the_rest_follows(cast: SimpleNamespace) -> None:
    """The list is right where nobody has put anything right since, and fills what is empty."""
    written(cast, [row(No_HP="", RW="")])
    child = Child.objects.get()
    name = "Contoh Satu Putra"
    registering.correct_child(cast.petugas, child, {"name": name, "name_key": name_key(name)})
    told = row(Nama="Contoh Satu", Nama_Ayah="Ayah Lain", RW="07", No_HP="081200000009")
    source = analysed(cast, [told | {"Nama": name, "JK": "P"}])
    one = only(source)
    assert (one.outcome, one.reason) == ("berubah", "")
    assert [name for name, *_ in one.changes["fields"]] == [
        "Jenis kelamin", "Nama ayah", "Nomor HP", "RW",
    ]  # fmt: skip
    write(cast, source)
    registering.correct_child(cast.petugas, Child.objects.get(), {"father_name": "Ayah Benar"})
    kept = only(analysed(cast, [told | {"Nama": name, "JK": "P"}]))
    assert kept.outcome == "sama" and kept.changes["kept"] == ["Nama ayah"]
    child.refresh_from_db()
    assert (child.name, child.father_name, child.sex) == ("Contoh Satu Putra", "Ayah Benar", "P")
    assert child.household.rw == "07" and child.mother and child.mother.phone == "081200000009"


def test_sisters_do_not_change_their_mothers_number_back_and_forth(cast: SimpleNamespace) -> None:
    """Two rows tell two numbers of one mother: the first speaks for her, with every import."""
    rows = [row(No_HP="081200000001"), row(Nama="Contoh Dua", JK="P", No_HP="081200000002")]
    written(cast, rows)
    assert [mother.phone for mother in Mother.objects.all()] == ["081200000001"]
    again = analysed(cast, rows)
    assert outcomes(again) == ["sama", "sama"]


def test_a_number_of_another_family_is_not_taken_over(cast: SimpleNamespace) -> None:
    """The list tells a NIK of the mother that another mother has: nothing of hers changes."""
    written(cast, [row()])
    other = a_mother(cast, nik=NIK, nik_index=index_of(NIK))
    told = content([row() | {"NIK Ibu": NIK}], (*HEADER, "NIK Ibu"))
    assert outcomes(analyse(cast, handed_in(cast, told))) == ["sama"]
    mine = Mother.objects.exclude(pk=other.pk).get()
    assert mine.nik == "" and mine.nik_index is None


def test_a_writing_begun_again_after_it_was_done_says_so(cast: SimpleNamespace) -> None:
    """A worker that died between the writing and its last word: the next one writes nothing."""
    source = written(cast, [row()])
    before, job = data_rows(), source.job
    assert job and job.kind == "write_import"
    type(job).objects.filter(pk=job.pk).update(state="waiting", finished_at=None)
    carried()
    job.refresh_from_db()
    assert job.message == "Sudah dimasukkan." and data_rows() == before


def test_a_visit_that_stands_is_never_replaced(cast: SimpleNamespace) -> None:
    written(cast, [row()])
    source = analysed(cast, [row(Berat="10,9")])
    one = only(source)
    assert one.outcome == "orang" and "Angka di portal tidak diganti" in one.reason
    assert Measurement.objects.get().weight_kg == Decimal("10.6")


def test_it_is_judged_again_when_it_is_written(cast: SimpleNamespace) -> None:
    """A child that was typed in between the analysis and the writing is not made twice."""
    source = analysed(cast, [row(NIK=NIK), row(Nama="Contoh Dua")])
    a_child(cast, name="Contoh Satu", sex="L", birth_date=date(2024, 3, 5), nik=NIK,
            nik_index=index_of(NIK))  # fmt: skip
    write(cast, source)
    assert outcomes(source) == ["berubah", "baru"]
    assert Child.objects.filter(name="Contoh Satu").count() == 1
    assert "Sejak dianalisis" in source.rows.get(number=2).reason


# --- All of it, or none ---------------------------------------------------------------------------


def test_a_break_in_the_middle_leaves_nothing(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """security.md case 51: a refused row stays out, the accepted ones are written or are not."""
    rows = [row(Nama=f"Contoh {letter}") for letter in "ABCDE"] + [row(Nama="Contoh F", JK="")]
    source = analysed(cast, rows)
    before = data_rows()
    with monkeypatch.context() as broken:
        broken.setattr(workflow.analyse, "count", lambda source: 1 / 0)
        workflow.begin_write(cast.petugas, source, DECREE)
        job = jobs.take()
        assert job
        jobs.carry(job)
    assert (job.state, job.message) == ("failed", jobs.BROKE)
    assert data_rows() == before
    source.refresh_from_db()
    write(cast, source)
    assert outcomes(source) == ["baru"] * 5 + ["ditolak"] and Child.objects.count() == 5
    assert source.rows.get(number=7).reason == "Jenis kelamin kosong."


def test_who_lost_the_right_meanwhile_writes_nothing(cast: SimpleNamespace) -> None:
    source = analysed(cast, [row()])
    workflow.begin_write(cast.petugas, source, DECREE)
    Grant.objects.filter(user=cast.petugas).update(valid_until=date(2020, 1, 1))
    job = jobs.take()
    assert job
    jobs.carry(job)
    assert job.state == "failed" and "tidak lagi berwenang" in job.message
    assert not Child.objects.exists()


# --- Another kecamatan ----------------------------------------------------------------------------


def test_rows_of_another_kecamatan_are_never_touched(cast: SimpleNamespace) -> None:
    """security.md case 52: known only elsewhere is new here, and named elsewhere is refused."""
    there = a_child(cast.gasken, name="Contoh Satu", sex="L", birth_date=date(2024, 3, 5), nik=NIK,
                    nik_index=index_of(NIK))  # fmt: skip
    before = theirs(cast)
    header = ("id", "client_uuid", *content([]).decode().strip().split(";"))
    rows = [
        row(NIK=NIK) | {"id": there.pk, "client_uuid": there.code},
        row(Nama="Contoh Dua", Desa=cast.gasken.desa.name, Posyandu=cast.gasken.melati.name),
        row(Nama="Contoh Tiga", Kec="Sungailiat"),
    ]  # fmt: skip
    source = analyse(cast, handed_in(cast, content(rows, header)))
    assert outcomes(source) == ["baru", "ditolak", "ditolak"]
    assert sum("tidak dibaca" in note for note in source.columns["notes"]) == 2
    write(cast, source)
    mine = Child.objects.of(cast.programme).get()
    assert mine.pk != there.pk and mine.nik_index == there.nik_index
    assert theirs(cast) == before


def theirs(cast: SimpleNamespace) -> list[Any]:
    """Every column of the other programme's people."""
    tables: tuple[Any, ...] = (Child, Mother, Measurement, Consent)
    other = cast.gasken.programme
    rows = [list(table._base_manager.order_by("pk").values()) for table in tables]
    here = set(Child.everyone.of(cast.programme).values_list("pk", flat=True))
    return [
        [one for one in some if one.get("programme_id", other.pk) == other.pk
         and one.get("child_id") not in here]
        for some in rows
    ]  # fmt: skip


# --- Facts 23 and 24 of domain.md §10 -------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "visits"),
    [({"Berat": "-", "Tinggi": "-", "LiLA": "-"}, 1), ({"Tanggal": "2026-05-09"}, 2)],
)
def test_the_list_of_the_next_month_adds_a_visit_and_a_number(
    cast: SimpleNamespace, first: dict[str, str], visits: int
) -> None:
    written(cast, [row(NIK="", **first)])
    source = written(cast, [row(NIK=NIK)])
    child = Child.objects.get()
    assert source.counts == {"berubah": 1} and child.nik_index == index_of(NIK)
    assert child.measurements.count() == visits
    assert child.last_visit and child.last_visit.measured_on == DAY


def test_a_mother_is_found_by_the_number_a_list_brings(cast: SimpleNamespace) -> None:
    """By its last four digits, too."""
    header, number = (*HEADER, "NIK Ibu"), "3302205202980003"
    written(cast, [row()])
    raw = content([row() | {"NIK Ibu": number}], header)
    write(cast, analyse(cast, handed_in(cast, raw)))
    mother = Mother.objects.get()
    assert (mother.nik, mother.nik_tail) == (number, tail_of(number))


def test_fact_24(cast: SimpleNamespace) -> None:
    """A masked NIK, ``-``, a decimal comma and two kinds of date; matched by name, date, desa."""
    known = a_child(cast, name="Contoh Satu", sex="L", birth_date=date(2024, 3, 5))
    masked = {"NIK": "33022***********", "LiLA": "-", "Berat": "10,6", "Nama Ibu": ""}
    for day, expected in (("2026-06-09", "berubah"), ("09/06/2026", "sama")):
        source = analysed(cast, [row(**masked, Tanggal=day)])
        assert outcomes(source) == [expected]
        if expected == "berubah":
            write(cast, source)
    visit = known.measurements.get()
    assert (visit.weight_kg, visit.lila_cm, visit.measured_on) == (Decimal("10.6"), None, DAY)
    known.refresh_from_db()
    assert known.nik_index is None and Child.objects.count() == 1


def test_fact_24_the_weight_of_an_elephant(cast: SimpleNamespace) -> None:
    one = only(analysed(cast, [row(Berat="83..9")]))
    assert one.outcome == "ditolak" and one.reason.startswith("Berat:") and "83..9" in one.reason


@pytest.mark.parametrize("name", ["eppgbm.xls", "operasi.xlsx"])
def test_fact_24_a_table_named_xls_below_a_preamble(
    cast: SimpleNamespace, tmp_path: Any, name: str
) -> None:
    rows = import_files.eppgbm()
    path = tmp_path / name
    write_file = import_files.write_html if name.endswith(".xls") else import_files.write_xlsx
    write_file(path, rows)
    source = handed_in(cast, path.read_bytes(), name)
    assert source.header_row == 7
    source = analyse(cast, source)
    assert source.rows.count() == len(import_files.PEOPLE)


def test_fact_23_a_second_child_of_one_nik_is_a_question(cast: SimpleNamespace) -> None:
    written(cast, [row(NIK=NIK), row(Nama="Contoh Dua", NIK="")])
    assert Child.objects.filter(nik_index=None).get().name == "Contoh Dua"
    one = only(analysed(cast, [row(NIK=NIK, Nama="Contoh Lain", Tgl_Lahir="2023-01-09")]))
    known = Child.objects.get(nik_index=index_of(NIK))
    assert one.outcome == "orang" and "NIK sama" in one.reason and one.candidates == [known.code]
    assert one.choices == [known.code, "lewati"], "never a second child with it"


def test_an_analysis_begun_again_after_its_end_leaves_the_rows(cast: SimpleNamespace) -> None:
    source = analysed(cast, [row(), row(Nama="Contoh Dua")])
    before = list(source.rows.values())
    assert workflow.analyse_job(jobs.Task(source.job)) == "2 baris dianalisis."
    assert list(source.rows.values()) == before


# --- What is long ---------------------------------------------------------------------------------


def test_a_list_costs_queries_by_the_chunk_not_by_the_row(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    rows = [row(Nama=f"Contoh {n:03d}", Nama_Ibu=f"Ibu {n:03d}", RT=f"{n % 9}") for n in range(120)]
    source = analysed(cast, rows)
    workflow.begin_write(cast.petugas, source, DECREE)
    job = jobs.take()
    assert job
    with django_assert_max_num_queries(60):
        jobs.carry(job)
    assert job.state == "done" and Child.objects.count() == 120


def test_stopping_while_it_writes_leaves_nothing(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = analysed(cast, [row()])
    workflow.begin_write(cast.petugas, source, DECREE)
    job = jobs.take()
    assert job
    make = making.make

    def make_and_ask(chunk: Any) -> None:
        make(chunk)
        jobs.ask_to_stop(job)
        jobs.Task(job).heed()

    monkeypatch.setattr(making, "make", make_and_ask)
    with transaction.atomic():
        jobs.carry(job)
    assert job.state == "cancelled" and not Child.objects.exists()
    assert Import.objects.get().state == "analysed"
