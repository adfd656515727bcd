"""A list through its pages: uploaded, its columns put right, analysed, decided, written, undone."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import jobs
from accounts.models import Event
from accounts.transitions import Refused
from registry.imports import files, workflow
from registry.models import Child, HeldReport, Import, ImportLayout
from tests.cast import a_child, signed_in
from tests.handed_in import DECREE, GASKEN, a_list, analysed, carried, content, row, written

ACTS = ("write-import", "stop-import", "undo-import", "drop-list", "decide-rows")


@pytest.fixture
def desk(cast: SimpleNamespace) -> Client:
    return signed_in(cast.petugas)


def upload(desk: Client, raw: bytes, name: str = "daftar.csv") -> Any:
    url = reverse("registry:hand-in-list")
    return desk.post(url, {"file": SimpleUploadedFile(name, raw)})


def of(source: Import, name: str = "import") -> str:
    return reverse(f"registry:{name}", kwargs={"code": source.code})


def mapped(source: Import, **changes: str) -> dict[str, str]:
    """What the page of the columns sends when nothing is changed but this."""
    return {f"kolom-{at}": name for at, name in source.columns["map"].items()} | changes


def page_of(desk: Client, url: str) -> str:
    answer = desk.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_works(cast: SimpleNamespace, desk: Client) -> None:
    answer = upload(desk, content([row(), row(Nama="Contoh Dua", Tgl_Lahir="")]))
    source = Import.objects.get()
    assert answer["Location"] == of(source, "map-list")
    page = page_of(desk, of(source, "map-list"))
    assert "Tgl Lahir" in page and "Analisis dulu" in page and "10,6" in page
    assert desk.post(of(source, "map-list"), mapped(source))["Location"] == of(source)
    waiting = desk.get(of(source))
    assert "Menunggu giliran" in waiting.content.decode() and waiting["Refresh"] == "3"
    carried()
    assert "Refresh" not in desk.get(of(source))
    page = page_of(desk, of(source))
    assert "Baru (1)" in page and "Ditolak (1)" in page and "Contoh Satu" in page
    assert not Child.objects.exists()
    assert "Tanggal lahir kosong" in page_of(desk, f"{of(source)}?hasil=ditolak")
    desk.post(of(source, "write-import"), {"decree": DECREE})
    carried()
    page = page_of(desk, of(source))
    assert "Sudah dimasukkan" in page and DECREE in page
    child = Child.objects.get()
    assert reverse("registry:child", kwargs={"code": child.code}) in page
    desk.post(of(source, "undo-import"))
    carried()
    assert "Dibatalkan" in page_of(desk, of(source)) and not Child.objects.exists()
    verbs = ["hand_in_list", "map_list", "analyse_list", "import_list", "undo_import"]
    told = Event.objects.filter(object_code=source.code, verb__in=verbs).order_by("id")
    assert [event.verb for event in told] == verbs


def test_a_mapping_is_put_right_and_remembered(cast: SimpleNamespace, desk: Client) -> None:
    rows = [row(Nama="Contoh Satu")]
    header = ["Siapa" if name == "Nama" else name for name in rows[0]]
    raw = content([{**rows[0], "Siapa": "Contoh Satu"}], header)
    assert "Baris judul kolom tidak ditemukan" in upload(desk, raw).content.decode()
    header[1] = "Nama Ayah Anak"  # and the child's own column is called otherwise
    header = ["Nama", *header]
    raw = content([{**rows[0], "Nama": "3", "Nama Ayah Anak": "Contoh Satu"}], header)
    upload(desk, raw)
    source = Import.objects.get()
    wrong = {**mapped(source), "kolom-0": ""}
    answer = desk.post(of(source, "map-list"), wrong)
    assert answer.status_code == 422 and "Pilih kolom mana" in answer.content.decode()
    right = {**wrong, "kolom-2": "child_name"}
    assert desk.post(of(source, "map-list"), right).status_code == 302
    carried()
    assert "Contoh Satu" in page_of(desk, of(source))
    assert ImportLayout.objects.count() == 1
    upload(desk, raw)
    again = Import.objects.first()
    assert again and again.columns["map"]["2"] == "child_name"
    assert "seperti terakhir kali" in page_of(desk, of(again, "map-list"))


def test_what_is_doubtful_a_person_decides(cast: SimpleNamespace, desk: Client) -> None:
    known = a_child(cast, name="Siti Contoh", sex="P")
    told = {"Nama": "Sitti Contho", "JK": "P", "Tgl Lahir": str(known.birth_date),
            "Nama Ibu": known.mother.name if known.mother else ""}  # fmt: skip
    source = analysed(cast, [row(**told), row(Nama="Contoh Dua", Berat="8400")])
    page = page_of(desk, of(source))
    assert "Perlu diputuskan orang (2)" in page and "Siti Contoh, sudah tercatat" in page
    assert "Apakah maksudnya 8,4 kg?" in page
    said = {"baris-2": known.code, "baris-3": "lewati", "baris-4": "baru", "baris-x": "baru"}
    desk.post(of(source, "decide-rows"), said)
    assert [one.decision for one in source.rows.order_by("number")] == [known.code, "lewati"]
    desk.post(of(source, "decide-rows"), {"baris-2": a_child(cast).code})
    assert source.rows.get(number=2).decision == known.code, "only what was offered"
    desk.post(of(source, "write-import"), {"decree": DECREE})
    carried()
    assert known.measurements.count() == 1 and Child.objects.count() == 2
    again = analysed(cast, [row(**told)])
    assert again.counts == {"sama": 1}, "who was recognised once is known"


def test_a_question_of_a_number_is_answered_for_a_known_child(
    cast: SimpleNamespace, desk: Client
) -> None:
    written(cast, [row()])
    known = Child.objects.get()
    source = analysed(cast, [row(Tanggal="2026-07-09", Berat="11200")])
    desk.post(of(source, "decide-rows"), {"baris-2": known.code})
    desk.post(of(source, "write-import"), {"decree": DECREE})
    carried()
    weights = [float(visit.weight_kg or 0) for visit in known.measurements.order_by("measured_on")]
    assert weights == [10.6, 11.2]


def test_a_google_form_becomes_held_reports_once(cast: SimpleNamespace, desk: Client) -> None:
    told = ("29/11/2026 10:15:00", "Kader Contoh", cast.desa.name, "Contoh Satu", "1,5 th",
            "Ibu Satu", "Petani", "Jalan Contoh 5", "https://contoh.invalid/kk")  # fmt: skip
    raw = content([dict(zip(GASKEN, told, strict=True))], GASKEN)
    for expected in (1, 1):
        upload(desk, raw)
        source = Import.objects.first()
        assert source
        desk.post(of(source, "map-list"), mapped(source))
        carried()
        desk.post(of(source, "write-import"))
        carried()
        assert HeldReport.objects.count() == expected
    held = HeldReport.objects.get()
    assert held.answers["child_name"] == "Contoh Satu" and held.answers["age_months"] == "18"
    page = page_of(desk, reverse("registry:held-report", kwargs={"code": held.code}))
    assert "Dari daftar Google Form" in page and "contoh.invalid" in page
    assert not Child.objects.exists()


# --- Not without the right, not at the wrong time -------------------------------------------------


def test_each_act_has_its_time(cast: SimpleNamespace, desk: Client) -> None:
    source = a_list(cast)
    for act in ("write-import", "undo-import", "stop-import", "begin-import-again"):
        answer = desk.post(of(source, act), {"decree": DECREE})
        assert answer.status_code == 409, act
    source = written(cast, [row()])
    for act in ("write-import", "drop-list", "decide-rows"):
        assert desk.post(of(source, act), {"decree": DECREE}).status_code == 409, act
    assert desk.post(of(source, "map-list"), mapped(source)).status_code == 409


def test_without_a_decree_nothing_is_written(cast: SimpleNamespace, desk: Client) -> None:
    source = analysed(cast, [row()])
    answer = desk.post(of(source, "write-import"), {"decree": " "})
    assert answer.status_code == 422 and "Tulis nomor surat keputusan" in answer.content.decode()
    with pytest.raises(Refused):  # nor past the form
        workflow.begin_write(cast.petugas, source, " ")
    assert jobs.take() is None


def test_while_it_is_worked_on_it_is_only_stopped(cast: SimpleNamespace, desk: Client) -> None:
    source = analysed(cast, [row()])
    desk.post(of(source, "write-import"), {"decree": DECREE})
    assert desk.post(of(source, "drop-list")).status_code == 409
    assert desk.post(of(source, "stop-import")).status_code == 302
    source.refresh_from_db()
    assert source.job and source.job.state == "cancelled" and source.state == "analysed"
    assert jobs.take() is None and not Child.objects.exists()
    assert desk.post(of(source, "drop-list")).status_code == 302
    source.refresh_from_db()
    assert source.state == "dropped" and not source.rows.exists()
    assert not (files.folder() / source.stored_name).is_file()


def test_a_file_that_is_no_list_is_refused_and_not_kept(
    cast: SimpleNamespace, desk: Client
) -> None:
    files.folder().mkdir(exist_ok=True)
    before = set(files.folder().iterdir())
    for raw, said in ((b"", "kosong"), (b"%PDF-1.7 contoh", "bukan daftar"),
                      (b"Nama;Tgl Lahir\n", "hanya berisi judul kolom")):  # fmt: skip
        answer = upload(desk, raw)
        assert answer.status_code == 422 and said in answer.content.decode()
    assert desk.post(reverse("registry:hand-in-list")).status_code == 422
    assert set(files.folder().iterdir()) == before and not Import.objects.exists()


def test_an_analysis_that_was_stopped_counts_for_nothing(
    cast: SimpleNamespace, desk: Client
) -> None:
    source = analysed(cast, [row()])
    desk.post(of(source, "map-list"), mapped(source))
    desk.post(of(source, "stop-import"))
    source.refresh_from_db()
    assert (source.state, source.counts, source.rows.count()) == ("uploaded", {}, 0)
    assert desk.post(of(source, "write-import"), {"decree": DECREE}).status_code == 409
    page = page_of(desk, of(source))
    assert jobs.STOPPED in page and "Periksa kolomnya" in page


# --- What stays outside ---------------------------------------------------------------------------


def test_rows_left_out_are_listed_and_come_back_as_a_list(
    cast: SimpleNamespace, desk: Client
) -> None:
    source = analysed(
        cast,
        [row(), row(Nama="=1+1", NIK="3302200503240001", Tgl_Lahir="kemarin", Berat="-"),
         row(Nama="Contoh Tiga", Posyandu="Seroja")],
    )  # fmt: skip
    page = page_of(desk, f"{of(source)}?hasil=ditolak")
    assert "Posyandu Seroja tidak dikenal" in page and "3302200503240001" not in page
    answer = desk.get(of(source, "left-out-rows"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "no-store" and text.startswith("\ufeffBaris;Sebab;NIK;Nama")
    assert ";'=1+1;" in text and "\n=" not in text and ";=" not in text and ";-;" not in text
    again = upload(desk, text.encode())
    assert again.status_code == 302
    source = Import.objects.first()  # type: ignore[assignment]
    assert source.columns["map"]["3"] == "child_name"
    assert Event.objects.get(verb="download_left_out").why == "n=2"
