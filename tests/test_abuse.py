"""Scripts, look-alikes and curious strangers at the public form (security.md T1, T2, case 5)."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from regions import links
from registry import guards
from registry.models import HeldReport, Submission
from registry.names import folded, name_key
from registry.people import candidates
from tests.cast import a_child, a_submission, answers, signed_in
from tests.test_submit import url

JSON = {"accept": "application/json"}
NIK = "3302201507240001"


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


# --- Nobody is revealed (case 5) ---------------------------------------------------------------


def without_codes(text: str) -> str:
    """What differs between any two answers: receipts, ids, stamps and tokens."""
    text = re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", "KODE", text)
    text = re.sub(r'name="(csrfmiddlewaretoken|client_id|stamp)" value="[^"]*"', r'"\1"', text)
    text = re.sub(r'"client_id": "[^"]*"', "ID", text)
    return re.sub(r'value="[^"]*"( maxlength="120")?[^>]*id="id_(child|mother)_name"', "NAMA", text)


@pytest.mark.parametrize("header", [JSON, {}])
def test_known_and_unknown_people_get_the_same_bytes(
    cast: SimpleNamespace, header: dict[str, str]
) -> None:
    child = a_child(cast, name="Sudah Ada", nik=NIK)
    asked = {
        "known": {"child_name": child.name, "mother_name": child.mother.name, "address": NIK,
                  "birth_date": str(child.birth_date)},
        "unknown": {"child_name": "Belum Ada", "mother_name": "Ibu Lain",
                    "address": "3302201507249999", "birth_date": str(child.birth_date)},
    }  # fmt: skip
    seen = {}
    for who, body in asked.items():
        client = Client()
        sent = client.post(url(cast), answers(**body), headers=header)
        pages = [sent]
        if not header:
            pages.append(client.get(sent["Location"]))
        seen[who] = [(p.status_code, without_codes(p.content.decode())) for p in pages]
    assert seen["known"] == seen["unknown"]


@pytest.mark.parametrize("name", ["status-search", "status-unknown", "report", "correction"])
def test_no_public_address_answers_to_a_name_or_nik(cast: SimpleNamespace, name: str) -> None:
    a_child(cast, name="Sudah Ada", nik=NIK)
    token = links.token_of(cast.link_melati)
    address = {
        "status-search": "/status/?kode={}&q={}", "status-unknown": "/status/{}/?q={}",
        "report": f"/l/{token}/?child_name={{}}&nik={{}}", "correction": "/perbaikan/{}/?nik={}",
    }[name]  # fmt: skip
    bodies = []
    for typed in (NIK, "3302201507249999"):
        page = Client().get(address.format(typed, typed), follow=True)
        bodies.append((page.status_code, without_codes(page.content.decode()).replace(typed, "")))
    assert bodies[0] == bodies[1]
