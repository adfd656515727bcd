"""Access rows of the kader's pages and the verifier's desk."""

from types import SimpleNamespace
from typing import Any

from regions import links
from registry import held, workflow
from registry.documents import CleanFile, store
from registry.models import Document, Submission
from tests.access.row import Row
from tests.cast import a_submission, answers


def _report(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_submission(place).code}


def _returned(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_submission(place, status="has_issues").code}


def _rejected(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_submission(place, status="rejected").code}


def _held(place: SimpleNamespace) -> dict[str, Any]:
    typed = answers(posyandu=place.melati.code)
    kept, _ = held.hold(place.programme, "old_form", typed, client_id=typed["client_id"])
    return {"code": kept.code}


def _correction(place: SimpleNamespace) -> dict[str, Any]:
    report = a_submission(place)
    return {"token": workflow.send_back(place.petugas, report, "Foto buram.")}


def _document(place: SimpleNamespace) -> dict[str, Any]:
    paper = CleanFile(b"bukan gambar", "image/jpeg", "jpg")
    kept = store(
        paper, programme=place.programme, desa=place.desa, posyandu=place.melati,
        kind=Document.Kind.PAPER, submission=a_submission(place),
    )  # fmt: skip
    return {"code": kept.code}


def _sent(place: SimpleNamespace) -> dict[str, Any]:
    """The report a phone may send photos to: PHOTO knows its receipt and client id."""
    if not Submission.objects.filter(receipt=PHOTO["receipt"]).exists():
        a_submission(place, receipt=PHOTO["receipt"], client_id=PHOTO["client_id"])
    return {"token": links.token_of(place.link_melati)}


PHOTO = {"receipt": "7K2M9QXD4T8PA", "client_id": "hp-contoh", "part": "a"}
REASON = {"reason": "Alasan contoh."}
ROWS: list[Row] = [
    Row("registry:report", "public", lambda p: {"token": links.token_of(p.link_melati)}),
    Row("registry:photo", "public", _sent, "post", data=PHOTO),
    Row("registry:status-search", "public"),
    Row("registry:phone-reports", "public"),
    Row("registry:status", "public", lambda p: {"code": a_submission(p).receipt_text}),
    Row("registry:correction", "public", _correction),
    # Nothing is here for a browser that carries no revoked phone's secret.
    Row("registry:hand-over", "public", method="post", ok=frozenset({404})),
    Row("registry:outbox", "public"),
    Row("registry:outbox-mark", "public"),
    Row("registry:service-worker", "public"),
    Row("registry:my-reports", "see_own_reports"),
    Row("registry:queue", "see_queue"),
    Row("registry:walk-in", "verify_report"),
    Row("registry:harmless-reports", "verify_report"),
    Row("registry:held-reports", "verify_report"),
    Row("registry:held-report", "verify_report", _held, scoped=True),
    Row("registry:drop-held", "verify_report", _held, "post", True, REASON),
    Row("registry:review", "see_queue", _report, scoped=True),
    Row("registry:approve", "verify_report", _report, "post", True, {"child": "baru"}),
    Row("registry:nik-holders", "verify_report", _report, "post", True, {"child": "baru"}),
    Row("registry:send-back", "verify_report", _report, "post", True, REASON),
    Row("registry:renew-correction", "verify_report", _returned, "post", True),
    Row("registry:reject", "verify_report", _report, "post", True, REASON),
    Row("registry:undo", "verify_report", _rejected, "post", True, REASON),
    Row("registry:document", "open_document", _document, scoped=True),
]
