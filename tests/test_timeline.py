"""Riwayat of a child, a mother and a family: everything, by kind, and on one page of paper."""

import io
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Event, User
from registry import visits, workflow
from registry.alerts import answers
from registry.documents import CleanFile, store
from registry.families import homes, life
from registry.models import Document, LifeEvent, Measurement, PregnancyCheck
from registry.people import Approval
from registry.timeline import KINDS
from tests.cast import a_child, a_mother, a_pregnancy, a_submission, signed_in
from tests.helps import a_pmt, a_work
from tests.pictures import text_of

NOUNS = ("child", "mother", "household")


@pytest.fixture
def lived(cast: SimpleNamespace) -> SimpleNamespace:
    """A family to which a little of everything happened, from the report on."""
    today = cast.programme.today()
    report = a_submission(cast, child_name="Jaka Purwita", mother_name="Wagiyem")
    with_paper(cast, report)
    child = workflow.approve(cast.petugas, report, Approval())
    mother, household = child.mother, child.household
    assert mother
    answers.answer(cast.bidan, child, "dirujuk", today, "Ke puskesmas")
    pregnancy = a_pregnancy(cast, mother=mother)
    PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=today, lila_cm=Decimal(22))
    homes.note(cast.bidan, household, today, {"water_source": "sumur_terbuka"})
    a_pmt(cast, begun=3, child=child, funding="mitra", partner=cast.partner)
    a_work(cast, begun=2, household=household)
    told = life.Told(LifeEvent.Kind.MOVED, today, to_desa=cast.desa, to_posyandu=cast.mawar)
    life.note(cast.petugas, [child, mother], told)
    return SimpleNamespace(child=child, mother=mother, household=household, report=report)


def with_paper(place: Any, report: Any) -> None:
    store(
        CleanFile(report.code.encode(), "image/jpeg", "jpg"), programme=place.programme,
        desa=report.desa, posyandu=report.posyandu, kind=Document.Kind.PAPER, submission=report,
    )  # fmt: skip


def ask(user: User, noun: str, person: Any, query: str = "", paper: str = "") -> HttpResponse:
    url = reverse(f"registry:{noun}-timeline{paper}", args=[person.code])
    return signed_in(user).get(f"{url}?{query}")


def page(user: User, noun: str, person: Any, query: str = "") -> str:
    return ask(user, noun, person, query).content.decode()


def titles(user: User, noun: str, person: Any, kind: str = "") -> list[str]:
    answer: Any = ask(user, noun, person, f"jenis={kind}")
    return [item["title"] for item in answer.context["items"]]


# --- It works -----------------------------------------------------------------------------------

SAID = {
    "child": {
        "laporan": "Laporan: diverifikasi", "ukur": "Diukur: 8,2 kg", "tanda": "Diukur: 8,2 kg",
        "kunjungan": "Ditindaklanjuti: dirujuk", "bantuan": "PMT dimulai",
        "dokumen": "KK atau akta kelahiran diterima", "kejadian": "Pindah posyandu atau desa",
        "data": "Anak terdaftar",
    },
    "mother": {
        "laporan": "Laporan kader tentang Jaka Purwita diterima", "ukur": "Diperiksa: LiLA 22",
        "tanda": "Diperiksa: LiLA 22", "kunjungan": "Rumah dilihat", "bantuan": "Jamban",
        "dokumen": "KK atau akta kelahiran diterima", "kejadian": "Pindah posyandu atau desa",
        "data": "Ibu terdaftar",
    },
    "household": {
        "laporan": "Laporan kader tentang Jaka Purwita diterima",
        "ukur": "Jaka Purwita: diukur: 8,2 kg", "tanda": "Wagiyem: diperiksa: LiLA 22",
        "kunjungan": "Jaka Purwita: ditindaklanjuti: dirujuk", "bantuan": "PMT dimulai",
        "dokumen": "KK atau akta kelahiran diterima",
        "kejadian": "Jaka Purwita: pindah posyandu atau desa", "data": "Keluarga terdaftar",
    },
}  # fmt: skip


@pytest.mark.parametrize("noun", NOUNS)
def test_it_works(cast: SimpleNamespace, lived: SimpleNamespace, noun: str) -> None:
    """Every kind has its item, and all of them stand together."""
    person = getattr(lived, noun)
    everything = titles(cast.petugas, noun, person)
    for kind, said in SAID[noun].items():
        found = titles(cast.petugas, noun, person, kind)
        assert any(title.startswith(said) for title in found), (kind, found)
        assert {*found} < {*everything}
    html = page(cast.petugas, noun, person)
    assert all(label in html for label in KINDS.values()) and "Dibiayai " in html


@pytest.mark.parametrize("noun", NOUNS)
def test_it_is_one_page_of_paper(cast: SimpleNamespace, lived: SimpleNamespace, noun: str) -> None:
    answer = ask(cast.petugas, noun, getattr(lived, noun), paper="-print")
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    text = text_of(answer.content)
    assert "Riwayat" in text and "Dibiayai" in text and str(cast.petugas) in text
    event = Event.objects.get(verb="print_timeline")
    assert (event.user, event.object_code) == (cast.petugas, getattr(lived, noun).code)


def test_who_paid_stands_beside_the_help(cast: SimpleNamespace, lived: SimpleNamespace) -> None:
    assert "Dibiayai Mitra Contoh" in page(cast.bidan, "child", lived.child, "jenis=bantuan")


def test_a_long_timeline_stays_one_page_and_says_what_is_left_out(cast: SimpleNamespace) -> None:
    child, today = a_child(cast, months=58), cast.programme.today()
    Measurement.objects.bulk_create(
        Measurement(
            child=child, measured_on=today - timedelta(days=30 * back), weight_kg=12, alert="biru"
        )
        for back in range(1, 56)
    )  # fmt: skip
    answer = ask(cast.petugas, "child", child, "jenis=ukur", "-print")
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    text = text_of(answer.content)
    assert "UKUR DAN PERIKSA" in text.upper() and "kejadian sebelumnya ada di portal" in text


def test_the_cards_lead_there(cast: SimpleNamespace, lived: SimpleNamespace) -> None:
    for noun in NOUNS:
        person = getattr(lived, noun)
        card = signed_in(cast.petugas).get(reverse(f"registry:{noun}", args=[person.code]))
        assert reverse(f"registry:{noun}-timeline", args=[person.code]) in card.content.decode()


def test_opening_one_is_written_down(cast: SimpleNamespace, lived: SimpleNamespace) -> None:
    for noun in NOUNS:
        page(cast.bidan, noun, getattr(lived, noun), "jenis=ukur")
        event = Event.objects.get(verb=f"view_{noun}")
        assert (event.fields, event.user) == (["jenis"], cast.bidan)


def test_an_unknown_kind_is_everything(cast: SimpleNamespace, lived: SimpleNamespace) -> None:
    assert titles(cast.petugas, "child", lived.child, "x") == titles(
        cast.petugas, "child", lived.child
    )


# --- Who sees what ------------------------------------------------------------------------------


def test_documents_stand_there_for_who_may_open_them(
    cast: SimpleNamespace, lived: SimpleNamespace
) -> None:
    paper = Document.objects.get()
    url = reverse("registry:document", args=[paper.code])
    for noun in NOUNS:
        assert url in page(cast.petugas, noun, getattr(lived, noun), "jenis=dokumen")
        assert "diterima</a>" not in page(cast.bidan, noun, getattr(lived, noun), "jenis=dokumen")


def test_a_document_whose_time_is_over_is_told_without_a_link(
    cast: SimpleNamespace, lived: SimpleNamespace
) -> None:
    Document.objects.update(forgotten_at=lived.report.received_at)
    html = page(cast.petugas, "child", lived.child, "jenis=dokumen")
    assert "Berkasnya dihapus" in html and "/dokumen/" not in html


def test_people_of_another_posyandu_are_not_told_of(
    cast: SimpleNamespace, lived: SimpleNamespace
) -> None:
    """The household stands in Melati, its people have moved to Mawar."""
    html = page(cast.kader, "household", lived.household)
    assert "Jaka Purwita" not in html and "Wagiyem" not in html
    assert ask(cast.kader, "child", lived.child).status_code == 404
    assert ask(cast.kader_mawar, "child", lived.child).status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("paper", ["", "-print"])
def test_others_do_not_open_it(
    cast: SimpleNamespace, lived: SimpleNamespace, noun: str, paper: str
) -> None:
    person = getattr(lived, noun)
    assert ask(cast.gasken.petugas, noun, person, paper=paper).status_code == 404
    assert ask(cast.mitra, noun, person, paper=paper).status_code == 403
    assert Event.objects.filter(verb="print_timeline").count() == 0


# --- However much there is ----------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
def test_a_long_life_asks_no_more_than_a_short_one(
    cast: SimpleNamespace, lived: SimpleNamespace, noun: str
) -> None:
    person, today = getattr(lived, noun), cast.programme.today()

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert ask(cast.petugas, noun, person).status_code == 200
        return len(made)

    few = queries()
    for n in range(3):
        numbers = {"measured_on": today - timedelta(days=40 + n), "weight_kg": Decimal(8)}
        visits.add_measurement(None, lived.child, numbers)
        report = a_submission(cast, child=lived.child, status="approved")
        with_paper(cast, report)
        other = a_mother(cast, household=lived.household)
        sister = a_child(cast, mother=other)
        visits.add_measurement(None, sister, numbers)
        pregnancy = a_pregnancy(cast, weeks=60 + 50 * n, mother=lived.mother, ended_on=today)
        PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=today, lila_cm=Decimal(22))
    assert queries() == few
