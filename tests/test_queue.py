"""The verifier's queue: filters in the URL, counts with words, and the next report after each."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry import workflow
from registry.documents import CleanFile, store
from registry.models import Document, Submission
from registry.people import Approval
from registry.queue import PER_PAGE, ReportList
from tests.cast import a_child, a_submission, person, signed_in

QUEUE = "/laporan/"


def asked(user: Any, query: str = "") -> list[Submission]:
    return ReportList(QueryDict(query), user).page().rows


def html(user: Any, query: str = "") -> str:
    return signed_in(user).get(f"{QUEUE}?{query}").content.decode()


def with_paper(place: Any, report: Submission) -> Submission:
    """A photo of the KK belongs to the report."""
    store(
        CleanFile(report.code.encode(), "image/jpeg", "jpg"), programme=place.programme,
        desa=report.desa, posyandu=report.posyandu, kind=Document.Kind.PAPER, submission=report,
    )  # fmt: skip
    return report


# --- It works -----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    mild, grave = a_submission(cast, sign=4), a_submission(cast, sign=0)
    a_submission(cast, status="has_issues")
    page = html(cast.petugas)
    assert "2 laporan menunggu." in page
    assert "Menunggu (2)" in page and "Perlu perbaikan (1)" in page
    assert page.index(grave.receipt_text) < page.index(mild.receipt_text)


def test_the_place_is_chosen(cast: SimpleNamespace) -> None:
    here, near = a_submission(cast), a_submission(cast, posyandu=cast.mawar)
    far = a_submission(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    desa = f"desa={cast.desa.code}"
    assert {*asked(cast.petugas, desa)} == {here, near}
    assert asked(cast.petugas, f"desa={cast.other_desa.code}") == [far]
    assert asked(cast.petugas, f"{desa}&posyandu={cast.mawar.code}") == [near]
    lead = f"1 laporan menunggu di Posyandu Mawar, {cast.desa.title}."
    assert lead in html(cast.petugas, f"{desa}&posyandu={cast.mawar.code}")


def test_the_sender_is_chosen(cast: SimpleNamespace) -> None:
    nobody, hers = a_submission(cast), a_submission(cast, reporter=cast.kader)
    typed = a_submission(cast, reporter=cast.petugas, link=None)
    desa = f"desa={cast.desa.code}"
    assert asked(cast.petugas, f"{desa}&kader={cast.kader.code}") == [hers]
    assert asked(cast.petugas, "kader=tanpa_akun") == [nobody]
    assert asked(cast.petugas, "kader=kertas") == [typed]
    assert cast.kader.code in html(cast.petugas, desa), "offered once the desa is chosen"
    assert cast.kader.code not in html(cast.petugas, f"desa={cast.other_desa.code}")


def test_the_age_of_a_report_is_chosen(cast: SimpleNamespace) -> None:
    now = timezone.now()
    old, older = (a_submission(cast, received_at=now - timedelta(days=n)) for n in (5, 9))
    fresh = a_submission(cast)
    assert asked(cast.petugas, "lama=hari_ini") == [fresh]
    assert asked(cast.petugas, "lama=3") == [older, old]
    assert asked(cast.petugas, "lama=7") == [older] and asked(cast.petugas, "lama=30") == []


def test_reports_with_or_without_a_photo(cast: SimpleNamespace) -> None:
    bare, proven = a_submission(cast), with_paper(cast, a_submission(cast))
    assert asked(cast.petugas, "dokumen=ada") == [proven]
    assert asked(cast.petugas, "dokumen=tidak") == [bare]
    assert html(cast.petugas).count(", tanpa foto</") == 1


def test_a_child_known_already_is_marked_and_chosen(cast: SimpleNamespace) -> None:
    new = a_submission(cast, child_name="Bunga Melur", mother_name="Sartinah")
    told = a_submission(cast, child_name="Jaka Purwita", mother_name="Wagiyem")
    a_child(cast, name="Jaka Purwitta", birth_date=told.birth_date, sex=told.sex)
    assert asked(cast.petugas, "ganda=mungkin") == [told]
    assert asked(cast.petugas, "ganda=tidak") == [new]
    for query, marks in (("", 1), ("ganda=mungkin", 1), ("ganda=tidak", 0)):
        assert html(cast.petugas, query).count("Mungkin ganda</span>") == marks, query


def test_two_reports_of_one_child_are_marked_both(cast: SimpleNamespace) -> None:
    first, second = (
        a_submission(cast, child_name=name, mother_name="Wagiyem")
        for name in ("Jaka Purwita", "Djaka Purwita")
    )
    a_submission(cast, child_name="Bunga Melur", mother_name="Sartinah", sex="L")
    assert {*asked(cast.petugas, "ganda=mungkin")} == {first, second}


def test_a_code_is_found_as_it_is_read_out_whatever_its_state(cast: SimpleNamespace) -> None:
    report = a_submission(cast, status="rejected")
    a_submission(cast)
    assert asked(cast.petugas, f"q={report.receipt_text.lower()}") == [report]
    assert asked(cast.petugas, "q=bukan kode") == []


def test_what_is_decided_can_be_taken_back_from_the_queue(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    workflow.reject(cast.petugas, report, "Bukan warga.")
    way = reverse("registry:review", args=[report.code]) + "?batalkan"
    assert f'href="{way}#batalkan"' in html(cast.petugas, "tab=ditolak")
    assert way not in html(cast.camat, "tab=ditolak")
    desk = signed_in(cast.petugas).get(way).content.decode()
    assert '<div id="batalkan"><details class="confirm" open>' in desk


def test_the_pages_keep_the_filters(cast: SimpleNamespace) -> None:
    for _ in range(PER_PAGE + 2):
        a_submission(cast)
    chosen = ReportList(QueryDict(f"desa={cast.desa.code}&lain=1"), cast.petugas)
    pager = chosen.pager(chosen.page())
    assert f"desa={cast.desa.code}" in pager["next_url"] and "lain" not in pager["next_url"]
    second = asked(cast.petugas, pager["next_url"].removeprefix("?"))
    assert len(second) == 2 and not {*second} & {*chosen.page().rows}


@pytest.mark.parametrize(
    "query", ["tab=x&desa=99&posyandu=x&kader=x&lama=-1&ganda=?", "lama=7&tab=ditolak"]
)
def test_unknown_values_fall_back_to_everything(cast: SimpleNamespace, query: str) -> None:
    waiting, rejected = a_submission(cast), a_submission(cast, status="rejected")
    found = asked(cast.petugas, query)
    assert found == [rejected] if "ditolak" in query else [waiting]


def test_a_long_queue_asks_no_more_than_a_short_one(cast: SimpleNamespace) -> None:
    desk = signed_in(cast.petugas)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            desk.get(QUEUE)
        return len(made)

    a_submission(cast, child_name="Jaka Purwita")
    a_child(cast, name="Jaka Purwita")
    few = queries()
    for n in range(30):
        with_paper(cast, a_submission(cast, child_name=f"Jaka Purwita {n}"))
    assert queries() == few


# --- On to the next report ----------------------------------------------------------------------


def review(report: Submission, query: str = "") -> str:
    return reverse("registry:review", args=[report.code]) + query


def test_after_deciding_the_next_report_opens(cast: SimpleNamespace) -> None:
    grave, middle, mild = (a_submission(cast, sign=n) for n in (0, 1, 4))
    desk = signed_in(cast.petugas)
    answer = desk.post(reverse("registry:approve", args=[middle.code]), {"child": "baru"})
    assert answer["Location"] == review(mild, f"?sesudah={middle.code}")
    page = desk.get(answer["Location"]).content.decode()
    middle.refresh_from_db()
    assert middle.child and reverse("registry:child", args=[middle.child.code]) in page
    assert f"{middle.receipt_text}: terverifikasi" in page and "Batalkan keputusan" in page
    answer = desk.post(reverse("registry:reject", args=[mild.code]), {"reason": "Bukan warga."})
    assert answer["Location"] == review(grave, f"?sesudah={mild.code}"), (
        "behind the last, the first"
    )


def test_the_next_report_is_one_of_those_filtered(cast: SimpleNamespace) -> None:
    here = a_submission(cast, sign=1)
    a_submission(cast, desa=cast.other_desa, posyandu=cast.kenanga, sign=2)
    behind = a_submission(cast, sign=3)
    desk, kept = signed_in(cast.petugas), f"?desa={cast.desa.code}"
    page = desk.get(review(here, kept)).content.decode()
    assert f'href="{review(behind, kept)}" rel="next"' in page
    answer = desk.post(reverse("registry:approve", args=[here.code]) + kept, {"child": "baru"})
    assert answer["Location"] == review(behind, f"{kept}&sesudah={here.code}")


def test_after_the_last_report_the_childs_card_opens(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    answer = signed_in(cast.petugas).post(
        reverse("registry:approve", args=[report.code]), {"child": "baru"}
    )
    report.refresh_from_db()
    assert report.child
    assert answer["Location"] == reverse("registry:child", args=[report.child.code])


def test_a_report_of_another_programme_is_not_told_of(cast: SimpleNamespace) -> None:
    report, there = a_submission(cast), a_submission(cast.gasken)
    workflow.approve(cast.gasken.petugas, there, Approval())
    page = signed_in(cast.petugas).get(review(report, f"?sesudah={there.code}")).content.decode()
    assert there.receipt_text not in page


def test_the_queue_is_of_the_office(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    assert signed_in(cast.bidan).get(QUEUE).status_code == 403
    assert signed_in(cast.gasken.petugas).get(QUEUE).status_code == 200
    assert report not in asked(cast.gasken.petugas)
    assert asked(person("petugas", cast.programme)) == [report]
