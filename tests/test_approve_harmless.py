"""Setujui yang wajar: what is harmless is shown, then verified, each by its own act."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event, User
from registry import workflow
from registry.desk import harmless as desk
from registry.documents import CleanFile, store
from registry.models import Child, Document, HeldReport, Submission
from tests.cast import a_child, a_submission, person, signed_in

URL = "/laporan/wajar/"
NAMES = (
    "Jaka Purwita", "Bunga Melur", "Tirta Sanggar", "Laras Wibisana", "Candra Kirana",
    "Surya Adiwangsa", "Anggun Pratiwi", "Pelita Harapan",
)  # fmt: skip
MOTHERS = ("Wagiyem", "Sartinah", "Ponirah", "Rukmini", "Kasiyati", "Tumirah", "Lasmi", "Darsih")


def harmless(place: Any, **changes: Any) -> Submission:
    """A report nothing speaks against: a girl of 12 months, well grown, with a photo."""
    number = Submission.objects.count()
    values = {
        "reporter": place.kader,
        "sign": 4,
        "child_name": NAMES[number % len(NAMES)],
        "mother_name": MOTHERS[number % len(MOTHERS)],
        "birth_date": date.today() - timedelta(days=365 + 9 * number),
        "weight_kg": Decimal("9.0"),
        "length_height_cm": Decimal("74.5"),
    }
    report = a_submission(place, **(values | changes))
    _photo(place, report)
    return report


def _photo(place: Any, report: Submission) -> None:
    store(
        CleanFile(report.code.encode(), "image/jpeg", "jpg"), programme=place.programme,
        desa=report.desa, posyandu=report.posyandu, kind=Document.Kind.PAPER, submission=report,
    )  # fmt: skip


def page(user: User, query: str = "") -> str:
    return signed_in(user).get(f"{URL}?{query}").content.decode()


def send(user: User, *reports: Submission) -> HttpResponse:
    return signed_in(user).post(URL, {"report": [one.code for one in reports]}, follow=True)


def status(report: Submission) -> str:
    report.refresh_from_db()
    return report.status


# --- It works -----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    first, second, third = (harmless(cast) for _ in range(3))
    shown = page(cast.petugas)
    assert all(one.child_name in shown and one.code in shown for one in (first, second, third))
    assert "3 laporan akan diverifikasi sebagai anak baru" in shown
    answer = send(cast.petugas, first, second)
    assert "2 laporan terverifikasi." in answer.content.decode()
    assert [status(one) for one in (first, second, third)] == ["approved", "approved", "received"]
    assert first.child and first.child.measurements.get().alert == "hijau"
    acts = Event.objects.filter(verb="approve", user=cast.petugas)
    assert {*acts.values_list("object_code", flat=True)} == {first.code, second.code}
    assert first.decisions.get().reason == "Diverifikasi bersama laporan wajar lainnya."


def test_opening_the_page_changes_nothing(cast: SimpleNamespace) -> None:
    report = harmless(cast)
    page(cast.petugas)
    assert status(report) == "received" and Child.objects.count() == 0


def test_the_queue_leads_there_with_its_filters(cast: SimpleNamespace) -> None:
    here = harmless(cast)
    there = harmless(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    asked = f"desa={cast.desa.code}"
    queue = signed_in(cast.petugas).get(f"/laporan/?{asked}").content.decode()
    assert f'href="{URL}?{asked}"' in queue
    shown = page(cast.petugas, asked)
    assert here.code in shown and there.code not in shown
    answer = signed_in(cast.petugas).post(f"{URL}?{asked}", {"report": [here.code]})
    assert answer["Location"] == f"/laporan/?{asked}"


def test_no_more_than_a_person_reads_through(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MOST", 2)
    first, second, third = (harmless(cast) for _ in range(3))
    shown = page(cast.petugas)
    assert "2 laporan akan diverifikasi" in shown and "1 lagi tampil sesudah ini" in shown
    assert first.code in shown and second.code in shown and third.code not in shown
    send(cast.petugas, first, second, third)
    assert [status(one) for one in (first, second, third)] == ["approved", "approved", "received"]


def test_nothing_ticked_is_said(cast: SimpleNamespace) -> None:
    harmless(cast)
    assert "Belum ada yang dicentang" in send(cast.petugas).content.decode()


# --- Who may not --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["tim", "camat", "sekcam", "bidan", "kader"])
def test_only_verifying_roles_may(cast: SimpleNamespace, role: str) -> None:
    report, user = harmless(cast), getattr(cast, role)
    assert signed_in(user).get(URL).status_code == 403
    assert send(user, report).status_code == 403 and status(report) == "received"


def test_nobody_verifies_their_own(cast: SimpleNamespace) -> None:
    report = harmless(cast, reporter=cast.petugas)
    assert report.code not in page(cast.petugas) and "laporan Anda sendiri" in page(cast.petugas)
    answer = send(cast.petugas, report).content.decode()
    assert f"{report.receipt_text} laporan Anda sendiri" in answer
    assert status(report) == "received"
    send(cast.petugas_dua, report)
    assert status(report) == "approved"


def test_nobody_verifies_what_they_put_right(cast: SimpleNamespace) -> None:
    """Corrected by petugas, verified by a colleague, undone: it is new again, but not for them."""
    report = harmless(cast)
    Event.objects.create(
        user=cast.petugas, programme=cast.programme, verb="correct", object_kind="submission",
        object_code=report.code,
    )  # fmt: skip
    send(cast.petugas, report)
    assert status(report) == "received"
    with pytest.raises(workflow.Refused, match="petugas lain"):
        workflow.approve(cast.petugas, report, workflow.Approval())


def test_another_programme_is_out_of_reach(cast: SimpleNamespace) -> None:
    there = harmless(cast.gasken)
    assert there.code not in page(cast.petugas)
    send(cast.petugas, there)
    assert status(there) == "received"


# --- What is not harmless -----------------------------------------------------------------------

ODD: list[tuple[dict[str, Any], str]] = [
    ({"status": "edited"}, "baru diperbaiki kader"),
    ({"status": "rejected"}, "sudah ditangani petugas lain"),
    ({"reporter": None}, "dikirim tanpa akun"),
    ({"retyped": True}, "ada tanda pada kirimannya"),
    ({"confirmed": True}, "ada tanda pada kirimannya"),
    ({"birth_date": None, "age_months": 12}, "isian belum lengkap"),
    ({"mother_name": ""}, "isian belum lengkap"),
    ({"length_height_cm": None}, "isian belum lengkap"),
    ({"child_name": "Jаka Purwita"}, "ada huruf asing"),
    ({"photos_expected": 2}, "foto KK atau akta belum ada"),
    ({"length_height_cm": Decimal("66")}, "angkanya perlu dilihat"),
    ({"weight_kg": Decimal("19")}, "angkanya perlu dilihat"),
]


@pytest.mark.parametrize(("changes", "why"), ODD)
def test_what_is_odd_is_left_out_and_said(
    cast: SimpleNamespace, changes: dict[str, Any], why: str
) -> None:
    report, plain = harmless(cast, **changes), harmless(cast)
    before = report.status
    shown = page(cast.petugas)
    assert report.code not in shown and plain.code in shown
    answer = send(cast.petugas, report, plain).content.decode()
    assert f"1 laporan tidak ikut: {report.receipt_text} {why}." in answer
    assert (status(report), status(plain)) == (before, "approved")


def test_without_a_photo_it_is_looked_at(cast: SimpleNamespace) -> None:
    report = harmless(cast)
    Document.objects.all().delete()
    assert "foto KK atau akta belum ada" in send(cast.petugas, report).content.decode()
    assert status(report) == "received"


def test_a_child_known_already_is_looked_at(cast: SimpleNamespace) -> None:
    report = harmless(cast)
    a_child(cast, name=report.child_name, birth_date=report.birth_date, sex="P")
    assert "anaknya mungkin sudah terdata" in send(cast.petugas, report).content.decode()
    assert status(report) == "received" and Child.objects.count() == 1


def test_two_reports_of_one_child_are_looked_at(cast: SimpleNamespace) -> None:
    one = harmless(cast)
    two = harmless(
        cast, child_name=one.child_name, birth_date=one.birth_date, mother_name=one.mother_name
    )
    said = send(cast.petugas, one, two).content.decode()
    assert said.count("laporan lain mungkin tentang anak yang sama") == 2
    assert Child.objects.count() == 0


def test_what_was_decided_or_held_before_is_looked_at(cast: SimpleNamespace) -> None:
    undone, held = harmless(cast), harmless(cast)
    workflow.reject(cast.kasi, undone, "Bukan warga.")
    workflow.undo(cast.kasi, undone, "Ternyata warga.")
    HeldReport.objects.create(
        programme=cast.programme, why="old_form", client_id="x", digest="x", answers={},
        submission=held,
    )  # fmt: skip
    send(cast.petugas, undone, held)
    assert (status(undone), status(held)) == ("received", "received")


def test_what_changed_since_the_page_was_shown_is_left_out_and_said(cast: SimpleNamespace) -> None:
    taken, plain = harmless(cast), harmless(cast)
    page(cast.petugas)
    workflow.reject(cast.kasi, taken, "Bukan warga.")
    answer = send(cast.petugas, taken, plain).content.decode()
    assert "1 laporan terverifikasi." in answer
    assert f"{taken.receipt_text} sudah ditangani petugas lain" in answer
    assert (status(taken), status(plain)) == ("rejected", "approved")


def test_many_reports_ask_no_more_than_one(cast: SimpleNamespace) -> None:
    client = signed_in(person("petugas", cast.programme))

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get(URL)
        return len(made)

    harmless(cast)
    few = queries()
    for _ in range(6):
        harmless(cast)
    assert queries() == few


def test_the_address_is_no_reports(cast: SimpleNamespace) -> None:
    assert reverse("registry:harmless-reports") == URL
