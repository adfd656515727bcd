"""Scripts and look-alikes at the public form (security.md T1)."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from registry import guards
from registry.models import HeldReport, Submission
from registry.names import folded, name_key
from registry.people import candidates
from tests.cast import a_child, a_submission, answers, signed_in
from tests.test_submit import url

JSON = {"accept": "application/json"}


def stamp(ago: float) -> str:
    import time

    return Signer(salt="report-page").sign(str(int(time.time() - ago)))


def post(cast: SimpleNamespace, **changes: Any) -> Any:
    return Client().post(url(cast), answers(**changes), headers=JSON)


# --- The trap ----------------------------------------------------------------------------------


def test_the_page_carries_its_guards_out_of_sight(cast: SimpleNamespace) -> None:
    page = Client().get(url(cast)).content.decode()
    trap = page.split('name="website"')[0].rsplit("<div", 1)[1]
    assert 'class="visually-hidden" aria-hidden="true"' in trap
    assert 'name="website" tabindex="-1" autocomplete="off"' in page
    assert f'name="form_version" value="{guards.FORM_VERSION}"' in page
    kept = re.search('name="stamp" value="([^"]+)"', page)[1]
    assert guards.page_made_at({"stamp": kept}) is not None


def test_a_filled_trap_is_held_and_looks_like_success(cast: SimpleNamespace) -> None:
    honest, caught = post(cast), post(cast, website="http://contoh.invalid")
    assert honest.status_code == caught.status_code == 201
    assert set(honest.json()) == set(caught.json())
    assert (HeldReport.objects.get().why, Submission.objects.count()) == ("suspicious", 1)


def test_an_empty_trap_is_an_ordinary_report(cast: SimpleNamespace) -> None:
    assert post(cast, website=" ").status_code == 201
    assert Submission.objects.count() == 1


# --- Too fast ----------------------------------------------------------------------------------


def test_too_fast_is_asked_to_send_again_and_keeps_what_was_typed(
    cast: SimpleNamespace, settings: Any
) -> None:
    settings.RATE_LIMITS = True
    body = answers(stamp=stamp(0), child_name="Anak Kilat")
    page = Client().post(url(cast), body)
    html = page.content.decode()
    assert page.status_code == 422 and "terlalu cepat" in html and 'value="Anak Kilat"' in html
    assert body["stamp"] in html  # the second try is measured from the first page
    told = Client().post(url(cast), body, headers=JSON)
    assert told.status_code == 429 and 1 <= int(told["Retry-After"]) <= 3
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("ago", [4, 86400 * 20, -60, "palsu", ""])
def test_what_waited_or_has_no_stamp_is_taken(
    cast: SimpleNamespace, settings: Any, ago: int | str
) -> None:
    settings.RATE_LIMITS = True
    assert post(cast, stamp=stamp(ago) if isinstance(ago, int) else ago).status_code == 201


# --- Look-alikes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Аyu Lеstаri", "Ayu Lestari"),  # Cyrillic А, е, а
        ("ΑYU", "AYU"),  # Greek Α
        ("Ａｙｕ", "Ayu"),
        ("𝐀𝐲𝐮", "Ayu"),
        ("Siti Nur'aini", "Siti Nur'aini"),
        ("José", "José"),
        ("½ porsi, 8,4 kg", "½ porsi, 8,4 kg"),
    ],
)
def test_look_alikes_are_read_as_what_they_look_like(typed: str, read: str) -> None:
    assert folded(typed) == read


def test_a_look_alike_meets_its_twin(cast: SimpleNamespace) -> None:
    assert name_key("Аyu Lеstаri") == name_key("Ayu Lestari") == "ayu lestari"
    report = a_submission(cast, child_name="Аyu Lеstаri")
    child = a_child(cast, name="Ayu Lestari", birth_date=report.birth_date)
    assert [found.child for found in candidates(report)] == [child]


def test_the_verifier_sees_the_mark(cast: SimpleNamespace) -> None:
    strange, plain = a_submission(cast, child_name="Аyu"), a_submission(cast)
    desk = signed_in(cast.petugas)
    page = desk.get(reverse("registry:review", args=[strange.code])).content.decode()
    assert "Huruf asing" in page and "Dibaca: Ayu" in page
    other = desk.get(reverse("registry:review", args=[plain.code])).content.decode()
    assert "Huruf asing" not in other


def test_zero_width_letters_never_come_in(cast: SimpleNamespace) -> None:
    post(cast, child_name="A\u200byu\u202e Les\ufefftari")
    assert Submission.objects.get().child_name == "Ayu Lestari"
