"""A NIK typed at verification that is somebody's already: told before anything is saved."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from registry.identity import index_of
from registry.models import Child, Submission
from tests.cast import a_child, a_mother, a_submission, signed_in

NIK, OTHER = "3302204101240001", "3302204101240002"
TOLD = "NIK ini sudah tercatat"


def numbered(maker: Any, place: Any, nik: str = NIK, **values: Any) -> Any:
    return maker(place, nik=nik, nik_index=index_of(nik), **values)


def check(user: User, report: Submission, nik: str = NIK, **data: str) -> HttpResponse:
    url = reverse("registry:nik-holders", args=[report.code])
    return signed_in(user).post(url, {"child": "baru", "nik": nik} | data)


def verify(user: User, report: Submission, **data: str) -> HttpResponse:
    url = reverse("registry:approve", args=[report.code])
    return signed_in(user).post(url, {"child": "baru", "nik": NIK} | data)


# --- It works -----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    known, report = numbered(a_child, cast, name="Jaka Purwita"), a_submission(cast)
    answer = check(cast.petugas, report)
    part = answer.content.decode()
    assert TOLD in part and "Anak Jaka Purwita" in part and "<html" not in part
    assert reverse("registry:child", args=[known.code]) in part
    assert answer["Cache-Control"] == "no-store"
    report.refresh_from_db()
    assert report.status == "received" and Child.objects.count() == 1, "nothing is saved"
    assert Event.objects.filter(verb="list_children", why="alike n=1").exists()


def test_without_a_script_the_page_itself_tells(cast: SimpleNamespace) -> None:
    numbered(a_child, cast, name="Jaka Purwita")
    page = check(cast.petugas, a_submission(cast), halaman="1", kk="3302200101200002")
    text = page.content.decode()
    assert TOLD in text and "<html" in text
    assert f'value="{NIK}"' in text and 'value="3302200101200002"' in text, (
        "it keeps what was typed"
    )


def test_a_nik_nobody_has_is_said_to_be_free(cast: SimpleNamespace) -> None:
    part = check(cast.petugas, a_submission(cast)).content.decode()
    assert "belum tercatat pada orang lain" in part and TOLD not in part
    assert "belum tercatat" not in check(cast.petugas, a_submission(cast), "33").content.decode()


def test_a_mothers_nik_is_asked_back_once(cast: SimpleNamespace) -> None:
    numbered(a_mother, cast, name="Wagiyem")
    report = a_submission(cast)
    asked = verify(cast.petugas, report)
    assert asked.status_code == 422
    text = asked.content.decode()
    assert TOLD in text and "tercatat sebagai NIK ibu Wagiyem" in text
    assert verify(cast.petugas, report, confirmed="on").status_code == 302
    assert Child.objects.get().nik == NIK


def test_another_nik_than_the_linked_childs_is_asked_back(cast: SimpleNamespace) -> None:
    report = a_submission(cast, child_name="Jaka Purwita")
    known = numbered(a_child, cast, OTHER, name="Jaka Purwita", birth_date=report.birth_date)
    asked = verify(cast.petugas, report, child=known.code)
    assert asked.status_code == 422
    assert "sudah punya NIK lain (3302********0002)" in asked.content.decode()
    assert verify(cast.petugas, report, child=known.code, confirmed="on").status_code == 302
    known.refresh_from_db()
    assert known.nik == OTHER


def test_the_childs_own_nik_is_no_doubt(cast: SimpleNamespace) -> None:
    report = a_submission(cast, child_name="Jaka Purwita")
    known = numbered(a_child, cast, name="Jaka Purwita", birth_date=report.birth_date)
    assert verify(cast.petugas, report, child=known.code).status_code == 302


def test_a_new_child_with_a_known_nik_is_refused_and_told_whose_it_is(
    cast: SimpleNamespace,
) -> None:
    numbered(a_child, cast, name="Jaka Purwita")
    refused = verify(cast.petugas, a_submission(cast))
    assert refused.status_code == 409 and TOLD in refused.content.decode()
    assert Child.objects.count() == 1


# --- Who may not --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["tim", "camat", "sekcam", "kader"])
def test_only_verifying_roles_may_ask(cast: SimpleNamespace, role: str) -> None:
    assert check(getattr(cast, role), a_submission(cast)).status_code == 403


def test_the_other_programme_does_not_tell(cast: SimpleNamespace) -> None:
    numbered(a_child, cast, name="Jaka Purwita")
    part = check(cast.gasken.petugas, a_submission(cast.gasken)).content.decode()
    assert TOLD not in part and "Jaka" not in part
    assert check(cast.gasken.petugas, a_submission(cast)).status_code == 404
