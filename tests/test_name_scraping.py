"""Nobody is revealed: the public answers of who exists and who does not are the same bytes.

security.md T2, case 5. What takes how long is ``benchmarks/scraping.py``.
"""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import devices, workflow
from accounts.models import Enrolment, Invitation
from regions import links
from registry import workflow as reports
from registry.documents import CleanFile, store
from registry.models import Document
from tests.access import ROWS
from tests.cast import a_child, a_submission, person
from tests.probes import ABOUT_NOBODY, NIK, NOBODY, PROBES, Probe, bare


@pytest.fixture
def known(cast: SimpleNamespace) -> dict[str, str]:
    """Somebody who is there under each word, and links that were good once."""
    report = a_submission(cast)
    old = links.make(cast.programme)
    kader = person("kader", cast.programme, posyandu=cast.mawar)
    kader.set_unusable_password()
    kader.save()
    child = a_child(cast, name="Sudahada", nik=NIK)
    paper = store(
        CleanFile(b"bukan gambar", "image/jpeg", "jpg"), programme=cast.programme, desa=cast.desa,
        kind=Document.Kind.PAPER, submission=report,
    )  # fmt: skip
    found = {
        "child_name": child.name, "mother_name": child.mother.name, "nik": NIK,
        "username": cast.petugas.username, "phone_only": kader.username,
        "receipt": report.receipt_text, "token": links.token_of(old),
        "correction": reports.send_back(cast.petugas, a_submission(cast), "Salah."),
        "invitation": workflow.invite(cast.admin, "tim", cast.programme, "Orang Contoh")[1],
        "enrolment": devices.make_enrolment(cast.petugas, kader),
        "child": child.code, "document": paper.code, "person": cast.petugas.code,
    }  # fmt: skip
    links.revoke(old)
    report.corrections.model.objects.update(used_at=report.received_at)
    Invitation.objects.update(used_at=report.received_at)
    Enrolment.objects.update(used_at=report.received_at)
    return found


@pytest.fixture
def ways(cast: SimpleNamespace, known: dict[str, str]) -> dict[str, str]:
    """The open doors by which is asked: a poster, and a link to correct a report."""
    back = a_submission(cast)
    return {"link": links.token_of(cast.link_melati),
            "open": reports.send_back(cast.petugas, back, "Salah.")}  # fmt: skip


def told(probe: Probe, words: dict[str, str], ways: dict[str, str]) -> list[Any]:
    """All that a stranger gets to see: status, where to, which cookies, the page; and the next."""
    client, seen = Client(), []
    header = {"accept": "application/json"} if probe.json else {}
    path, data = probe.asked(words | ways, client_id="tebak")
    if data is None:
        answer = client.get(path, headers=header)
    else:
        answer = client.post(path, data, headers=header)
    for _ in range(2):
        page = bare(answer.content.decode(), words)
        where = bare(answer.headers.get("Location", ""), words)
        seen.append((answer.status_code, where, sorted(answer.cookies), page))
        if not where:
            break
        answer = client.get(answer.headers["Location"])
    return seen


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_known_and_unknown_get_the_same_bytes(
    known: dict[str, str], ways: dict[str, str], probe: Probe
) -> None:
    assert set(known) == set(NOBODY)
    there, not_there = (told(probe, words, ways) for words in (known, NOBODY))
    assert there == not_there


def test_every_public_address_is_asked() -> None:
    """A new one without a question fails here."""
    open_to_all = {row.name for row in ROWS if row.action == "public"}
    asked = {probe.row for probe in PROBES}
    assert open_to_all <= asked | ABOUT_NOBODY and not asked & ABOUT_NOBODY


def test_every_word_is_used() -> None:
    used = {word for probe in PROBES for word in re.findall(r"{(\w+)}", f"{probe[1:3]}")}
    assert used == set(NOBODY) | {"link", "open"}
