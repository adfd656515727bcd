"""Photos follow their report one by one: each stored once, and only from the phone that sent it."""

import io
import logging
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Event
from kempling.logs import Veiled
from regions import links
from registry import documents, held, practice, rate_limits, workflow
from registry.models import Document, HeldReport, PracticeReport, Submission
from registry.people import Approval
from tests.cast import a_submission, answers, signed_in
from tests.test_bad_files import _bomb

JSON = {"accept": "application/json"}


def picture(shade: int = 200, **options: Any) -> SimpleUploadedFile:
    """A small photo; another shade is another photo."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 120, 90)).save(out, "JPEG", **options)
    return SimpleUploadedFile("foto.jpg", out.getvalue(), content_type="image/jpeg")


def address(place: SimpleNamespace) -> str:
    return reverse("registry:photo", args=[links.token_of(place.link_melati)])


def send(place: SimpleNamespace, report: Any, **changes: Any) -> HttpResponse:
    body = {
        "client_id": report.client_id,
        "receipt": report.receipt_text,
        "part": "foto-1",
        "file": picture(),
    }
    return Client(enforce_csrf_checks=True).post(address(place), body | changes, headers=JSON)


def test_it_works(cast: SimpleNamespace) -> None:
    form = reverse("registry:report", args=[links.token_of(cast.link_melati)])
    body = answers(photos_expected="2")
    receipt = Client().post(form, body, headers=JSON).json()["receipt"]
    report = Submission.objects.get()
    assert (report.photos_expected, report.documents.count()) == (2, 0)
    sent = {"client_id": body["client_id"], "receipt": receipt}
    first = Client().post(address(cast), sent | {"part": "a1", "file": picture(1)})
    assert (first.status_code, first.json()) == (200, {"part": "a1", "stored": 1, "expected": 2})
    second = Client().post(address(cast), sent | {"part": "a2", "file": picture(250)})
    assert second.json() == {"part": "a2", "stored": 2, "expected": 2}
    kept = Document.objects.order_by("id")
    assert [d.part for d in kept] == ["a1", "a2"]
    assert {d.posyandu for d in kept} == {cast.melati}
    assert all(documents.path_of(d).is_file() for d in kept)
    assert Event.objects.filter(verb="attach_photo", object_code=report.code).count() == 2


def test_a_part_sent_again_gets_the_same_answer(cast: SimpleNamespace) -> None:
    report = a_submission(cast, photos_expected=2)
    first, again = send(cast, report), send(cast, report)
    assert again.status_code == 200
    assert first.json() == again.json() == {"part": "foto-1", "stored": 1, "expected": 2}
    assert Document.objects.count() == len(_files()) == 1


def test_a_part_sent_again_after_the_decision_is_still_stored(cast: SimpleNamespace) -> None:
    report = a_submission(cast, photos_expected=1)
    send(cast, report)
    workflow.reject(cast.petugas, report, "Salah alamat.")
    assert send(cast, report).json()["stored"] == 1


def test_the_same_picture_chosen_twice_is_kept_once_and_not_waited_for(
    cast: SimpleNamespace,
) -> None:
    report = a_submission(cast, photos_expected=2)
    send(cast, report, part="a")
    assert send(cast, report, part="b").json() == {"part": "b", "stored": 1, "expected": 1}
    assert Document.objects.count() == 1


def test_a_photo_that_came_inside_the_form_is_the_same_photo(cast: SimpleNamespace) -> None:
    report = a_submission(cast, photos_expected=1)
    workflow._attach(report, documents.accept(picture()))
    assert send(cast, report).json() == {"part": "foto-1", "stored": 1, "expected": 1}
    assert Document.objects.get().part == "foto-1"


@pytest.mark.parametrize("changes", [
    {"client_id": "bukan-itu"}, {"client_id": ""}, {"receipt": ""}, {"receipt": "0000-0000-00000"},
    {"client_id": "a\0b"}, {"receipt": "\0" * 13},
])  # fmt: skip
def test_nobody_else_adds_a_photo_nor_learns_of_the_report(
    cast: SimpleNamespace, changes: dict[str, str]
) -> None:
    report, other = a_submission(cast), a_submission(cast)
    unknown = send(cast, SimpleNamespace(client_id="x", receipt_text="ZZZZ-ZZZZ-ZZZZZ"))
    assert unknown.status_code == 404
    wrong = send(cast, report, **changes)
    crossed = send(cast, report, receipt=other.receipt_text)
    for answer in (wrong, crossed):
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert Document.objects.count() == len(_files()) == 0


def test_a_photo_arrives_after_its_poster_was_taken_down(cast: SimpleNamespace) -> None:
    report = a_submission(cast, photos_expected=1)
    url = address(cast)
    links.revoke(cast.link_melati)
    body = {"client_id": report.client_id, "receipt": report.receipt, "part": "a"}
    assert Client().post(url, body | {"file": picture()}).status_code == 200


@pytest.mark.parametrize("status", ["has_issues", "edited"])
def test_a_returned_and_a_corrected_report_take_a_photo(cast: SimpleNamespace, status: str) -> None:
    assert send(cast, a_submission(cast, status=status)).json()["stored"] == 1


def test_a_decided_report_takes_none_and_says_so(cast: SimpleNamespace) -> None:
    approved, rejected = a_submission(cast), a_submission(cast)
    workflow.approve(cast.petugas, approved, Approval(child=None))
    workflow.reject(cast.petugas, rejected, "Salah alamat.")
    for report in (approved, rejected):
        answer = send(cast, report)
        assert answer.status_code == 409
        assert "sudah diputuskan" in answer.json()["errors"]["__all__"][0]
    assert Document.objects.count() == len(_files()) == 0


def test_more_than_ten_photos_are_refused(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    for n in range(documents.MAX_FILES):
        assert send(cast, report, part=f"a{n}", file=picture(n * 20)).status_code == 200
    answer = send(cast, report, part="a-lagi", file=picture(255))
    assert answer.status_code == 413 and "sudah cukup" in answer.json()["errors"]["__all__"][0]
    assert send(cast, report, part="a3", file=picture(60)).status_code == 200  # that one is there
    assert report.documents.count() == documents.MAX_FILES


def test_twenty_megabytes_are_enough(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = a_submission(cast)
    one = len(documents.accept(picture()).content)
    monkeypatch.setattr(documents, "MAX_TOTAL", one * 3 // 2)
    assert send(cast, report).status_code == 200
    assert send(cast, report, part="b", file=picture(10)).status_code == 413


@pytest.mark.parametrize(("said", "kept"), [
    ("1", 1), ("", 0), ("99", 10), ("-1", 0), ("x", 0), ("1e9", 0), ("٣", 0), ("9" * 400, 0),
])  # fmt: skip
def test_how_many_photos_follow_is_bounded(cast: SimpleNamespace, said: str, kept: int) -> None:
    form = reverse("registry:report", args=[links.token_of(cast.link_melati)])
    assert Client().post(form, answers(photos_expected=said)).status_code == 303
    assert Submission.objects.get().photos_expected == kept


def test_the_documents_of_the_contract_still_come_inside_the_form(cast: SimpleNamespace) -> None:
    form = reverse("registry:report", args=[links.token_of(cast.link_melati)])
    assert Client().post(form, answers(document=picture())).status_code == 303
    assert (Document.objects.get().part, Submission.objects.get().photos_expected) == ("", 0)


# --- Hostile files ------------------------------------------------------------------------------


def _named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _huge_png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("1", (9400, 9400)).save(out, "PNG")
    return _named("foto.png", out.getvalue())


@pytest.mark.parametrize("make", [
    lambda: _named("foto.jpg", b""),
    lambda: _named("foto.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
    lambda: _named("foto.jpg", b"MZ\x90\x00" + b"\0" * 200),
    lambda: _named("foto.jpg", b"\xff\xd8\xff\xe0 terpotong"),
    lambda: _named("foto.heic", picture().read()),
    lambda: _named("foto.pdf", picture().read()),
    lambda: _named("foto.pdf", b"%PDF-1.7\nbukan pdf"),
    lambda: _named("foto.jpg", picture().read() + b"\0" * (9 * 1024 * 1024)),
    _huge_png,
])  # fmt: skip
def test_hostile_files_are_refused_in_words(cast: SimpleNamespace, make: Any) -> None:
    report = a_submission(cast, photos_expected=1)
    answer = send(cast, report, file=make())
    assert answer.status_code == 422
    sentence = answer.json()["errors"]["__all__"][0]
    assert sentence[0].isupper() and sentence.endswith(".")
    assert Document.objects.count() == len(_files()) == 0
    assert send(cast, report).status_code == 200  # an ordinary one is taken


def test_a_pdf_that_unpacks_without_end_is_kept_without_it(cast: SimpleNamespace) -> None:
    assert send(cast, a_submission(cast), file=_bomb(200)).status_code == 200
    assert Document.objects.get().size < 10_000


@pytest.mark.parametrize("part", ["", "a" * 65, "../x", "a\0b", "a b", "<b>"])
def test_a_strange_number_is_no_part(cast: SimpleNamespace, part: str) -> None:
    assert send(cast, a_submission(cast), part=part).status_code == 422
    assert Document.objects.count() == 0


def test_without_a_file_nothing_is_stored(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    body = {"client_id": report.client_id, "receipt": report.receipt_text, "part": "a"}
    assert Client().post(address(cast), body).status_code == 422
    assert Client().get(address(cast)).status_code == 405


def test_what_the_camera_wrote_into_the_photo_is_gone(cast: SimpleNamespace) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "KameraRahasia"
    report = a_submission(cast)
    assert send(cast, report, file=picture(exif=exif)).status_code == 200
    path = documents.path_of(Document.objects.get())
    with Image.open(path) as kept:
        assert (dict(kept.getexif()), kept.size) == ({}, (40, 60))
    assert b"KameraRahasia" not in path.read_bytes()


# --- Limits, practice, held ---------------------------------------------------------------------


def test_photos_have_a_limit_of_their_own(
    cast: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setattr(rate_limits, "PER_LINK", rate_limits.Limit(2, 3600))
    report = a_submission(cast)
    for n in range(2):
        assert send(cast, report, part=f"a{n}", file=picture(n * 90)).status_code == 200
    over = send(cast, report, part="a2", file=picture(250))
    assert over.status_code == 429 and int(over["Retry-After"]) > 0
    form = reverse("registry:report", args=[links.token_of(cast.link_melati)])
    assert Client().post(form, answers()).status_code == 303  # reports are counted apart


def test_a_practised_photo_is_counted_and_dropped(cast: SimpleNamespace) -> None:
    link = links.make_practice(cast.programme)
    kept, _ = practice.send(link, {"child_name": "Contoh"}, "hp-1")
    assert send(cast, kept).json() == {"part": "foto-1", "stored": 1, "expected": 1}
    assert PracticeReport.objects.get().photos == 1
    assert Document.objects.count() == len(_files()) == 0


def _held(place: SimpleNamespace, **changes: Any) -> HeldReport:
    values = {"programme": place.programme, "why": "old_form", "client_id": "hp-2", "answers": {}}
    return HeldReport.objects.create(**(values | changes))


def test_a_photo_of_a_held_report_is_kept_with_it(cast: SimpleNamespace) -> None:
    report = _held(cast, answers={"photos_expected": "2"})
    for _ in range(2):
        assert send(cast, report).json() == {"part": "foto-1", "stored": 1, "expected": 2}
    report.refresh_from_db()
    paper = held.papers_of(report).get()
    assert documents.path_of(paper).is_file() and paper.submission is None
    assert Event.objects.filter(verb="attach_photo", object_code=report.code).count() == 1


def test_a_photo_that_comes_after_a_held_report_was_opened_goes_to_its_submission(
    cast: SimpleNamespace,
) -> None:
    report = a_submission(cast)
    opened = _held(cast, submission=report, settled_at=timezone.now())
    assert send(cast, opened).json()["stored"] == 1
    assert report.documents.count() == 1


def test_a_held_report_takes_ten_photos_too(cast: SimpleNamespace) -> None:
    report = _held(cast)
    for n in range(documents.MAX_FILES):
        assert send(cast, report, part=f"a{n}", file=picture(n * 20)).status_code == 200
    assert send(cast, report, part="b", file=picture(255)).status_code == 413


def test_a_photo_of_a_dropped_report_is_not_asked_for(cast: SimpleNamespace) -> None:
    dropped = _held(cast, settled_at=timezone.now() - timedelta(days=1))
    assert send(cast, dropped).status_code == 409


def test_the_verifier_sees_what_has_not_come(cast: SimpleNamespace) -> None:
    report = a_submission(cast, photos_expected=2)
    url = reverse("registry:review", args=[report.code])
    assert "2 foto belum sampai" in signed_in(cast.petugas).get(url).content.decode()
    send(cast, report, part="a")
    send(cast, report, part="b", file=picture(9))
    assert "belum sampai" not in signed_in(cast.petugas).get(url).content.decode()


@pytest.mark.parametrize("fields", [[], ["document"]])
def test_the_photo_of_a_correction_is_made_small_in_its_box(
    cast: SimpleNamespace, fields: list[str]
) -> None:
    report = a_submission(cast)
    token = workflow.send_back(cast.petugas, report, "Fotonya buram.")
    report.corrections.update(fields=fields)
    html = Client().get(reverse("registry:correction", args=[token])).content.decode()
    assert " data-foto>" in html and "js/foto" in html


def test_no_log_line_carries_the_token_of_a_photo(cast: SimpleNamespace) -> None:
    line = logging.LogRecord("x", 20, "", 0, f"POST {address(cast)} 200", None, None)
    assert links.token_of(cast.link_melati) not in Veiled("%(message)s").format(line)


def _files() -> list[Path]:
    folder: Path = settings.DOCUMENTS_DIR
    return list(folder.glob("*")) if folder.is_dir() else []


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
