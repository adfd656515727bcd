"""A paper form is typed in at the desk, one after the other."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.transitions import Refused
from registry import workflow
from registry.models import Consent, Submission
from registry.people import Approval
from tests.cast import answers, signed_in

URL = "/laporan/baru/"


def paper(cast: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return answers(desa=cast.desa.code, posyandu=cast.melati.code, **changes)


def test_it_works(cast: SimpleNamespace) -> None:
    desk = signed_in(cast.petugas)
    assert desk.get(URL).status_code == 200
    saved = desk.post(URL, paper(cast, next="1"))
    report = Submission.objects.get()
    assert saved["Location"] == URL
    assert (report.reporter, report.link, report.posyandu, report.status) == (
        cast.petugas, None, cast.melati, "received",
    )  # fmt: skip
    assert Consent.objects.get().method == "kertas"
    following = desk.get(URL).content.decode()
    assert report.receipt_text in following
    assert f'value="{cast.melati.code}" selected' in following
    assert 'value="Kader Contoh"' in following and "Anak Contoh" not in following


def test_who_typed_it_does_not_verify_it(cast: SimpleNamespace) -> None:
    signed_in(cast.petugas).post(URL, paper(cast))
    report = Submission.objects.get()
    with pytest.raises(Refused):
        workflow.approve(cast.petugas, report, Approval())
    workflow.approve(cast.kasi, report, Approval())


def test_the_last_one_opens_for_reading(cast: SimpleNamespace) -> None:
    saved = signed_in(cast.petugas).post(URL, paper(cast))
    code = Submission.objects.get().code
    assert saved["Location"] == reverse("registry:review", args=[code])


def test_pressed_twice_it_is_stored_once(cast: SimpleNamespace) -> None:
    desk, body = signed_in(cast.petugas), paper(cast)
    for _ in range(2):
        desk.post(URL, body)
    assert Submission.objects.count() == 1


def test_a_returned_paper_report_is_put_right_by_link(cast: SimpleNamespace) -> None:
    signed_in(cast.petugas).post(URL, paper(cast))
    report = Submission.objects.get()
    token = workflow.send_back(cast.kasi, report, "Posyandu salah.", ["posyandu"])
    body = {"desa": cast.desa.code, "posyandu": cast.mawar.code}
    form = signed_in(cast.petugas_dua).get(f"/perbaikan/{token}/").content.decode()
    assert 'name="posyandu"' in form
    assert signed_in(cast.petugas_dua).post(f"/perbaikan/{token}/", body).status_code == 303
    report.refresh_from_db()
    assert report.posyandu == cast.mawar


def test_what_is_wrong_is_told_and_kept(cast: SimpleNamespace) -> None:
    asked = signed_in(cast.petugas).post(URL, paper(cast, weight_kg="8400") | {"desa": ""})
    assert asked.status_code == 422 and 'value="8400"' in asked.content.decode()
    assert not Submission.objects.exists()


def test_another_programmes_place_is_not_on_the_list(cast: SimpleNamespace) -> None:
    body = paper(cast) | {"posyandu": cast.gasken.melati.code}
    assert signed_in(cast.petugas).post(URL, body).status_code == 422
