"""Reports that cannot stand as a submission yet: kept as typed, then mended or dropped by staff.

Nothing a kader sent is lost: a form of an older version, a poster revoked while the report lay on
the phone, a phone that was reported lost. Each has its receipt, so that it leaves the outbox, and
keeps it when staff make a submission of it (docs/keputusan.md no. 43).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import record
from accounts.transitions import Refused
from regions.models import Posyandu, Programme, Region, ReportLink
from registry import documents, workflow
from registry.documents import CleanFile
from registry.models import Consent, Document, HeldReport, Submission
from registry.names import clean_text

MOVED = "Laporan tertahan ini sudah ditangani petugas lain."
# Not typed: what the page carries for itself. ``form_version`` has a column of its own.
CARRIED = frozenset({"csrfmiddlewaretoken", "client_id", "form_version", "stamp", "next"})
PAPERS = "_papers"  # codes of the documents that came with it, inside ``answers``
MOST_FIELDS, LONGEST_NAME, LONGEST = 60, 40, 500


def typed(posted: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a sending as they are kept: also of fields this version does not know."""
    names = [n for n in posted if n not in CARRIED and n.isidentifier() and n[0] != "_"]
    kept = {n: clean_text(str(posted[n]))[:LONGEST] for n in names if len(n) <= LONGEST_NAME}
    return {name: kept[name] for name in list(kept)[:MOST_FIELDS]}


def hold(
    programme: Programme,
    why: str,
    posted: Mapping[str, Any],
    *,
    client_id: str,
    link: ReportLink | None = None,
    device: Any = None,
    document: CleanFile | None = None,
) -> tuple[HeldReport, bool]:
    """Keep one sending; returns it and whether it is new. The same again gets the same receipt."""
    texts = typed(posted)
    desa, posyandu = _place(programme, link, texts)
    with transaction.atomic():
        held, is_new = HeldReport.objects.get_or_create(
            programme=programme,
            client_id=client_id,
            digest=_digest(texts),
            defaults={
                "why": why, "answers": texts, "link": link, "device": device, "desa": desa,
                "posyandu": posyandu, "form_version": str(posted.get("form_version", ""))[:8],
            },
        )  # fmt: skip
        if document and held.settled_at is None:
            _keep_paper(held, document)
        if is_new:
            record(getattr(device, "user", None), "hold_report", held)
    return held, is_new


def _digest(texts: Mapping[str, str]) -> str:
    """``filled_on`` is the phone's: a repetition on the next day is the same report."""
    told = {name: text for name, text in texts.items() if name != "filled_on"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _place(
    programme: Programme, link: ReportLink | None, texts: Mapping[str, str]
) -> tuple[Region | None, Posyandu | None]:
    """The place the link knows, or the one chosen from its lists."""
    if link and link.posyandu:
        return link.posyandu.desa, link.posyandu
    posyandu = Posyandu.objects.of(programme).filter(code=texts.get("posyandu") or "-").first()
    desa = link.desa if link and link.desa else None
    desa = desa or programme.desa().filter(code=texts.get("desa") or "-").first()
    if posyandu and desa and posyandu.desa_id != desa.pk:
        posyandu = None
    return desa or (posyandu.desa if posyandu else None), posyandu


def _keep_paper(held: HeldReport, clean: CleanFile) -> None:
    """Store a photo beside the held report, once; where its desa is unknown, with the first."""
    codes = held.answers.get(PAPERS, [])
    if papers_of(held).filter(sha256=clean.sha256).exists() or len(codes) >= documents.MAX_FILES:
        return
    desa = held.desa or held.programme.desa()[0]
    kept = documents.store(clean, programme=held.programme, desa=desa, posyandu=held.posyandu)
    held.answers[PAPERS] = [*codes, kept.code]
    held.save(update_fields=["answers"])


def attach(held: HeldReport, clean: CleanFile) -> None:
    """Keep a photo that follows its report. Raises Refused when there are enough of them, and when
    the report was settled a moment ago: what is asked again then finds the submission."""
    with transaction.atomic():
        waiting = HeldReport.objects.select_for_update().get(pk=held.pk)
        if waiting.settled_at:
            raise Refused(MOVED)
        kept = papers_of(waiting)
        if not kept.filter(sha256=clean.sha256).exists():
            documents.refuse_many(kept, clean)
            _keep_paper(waiting, clean)
            record(None, "attach_photo", waiting)


def papers_of(held: HeldReport) -> Any:
    """The documents that came with it and hang on no submission yet."""
    return Document.objects.filter(
        code__in=held.answers.get(PAPERS, []), programme=held.programme, submission=None
    )


def settle(
    user: Any,
    held: HeldReport,
    answers: dict[str, Any],
    *,
    document: CleanFile | None = None,
    confirmed: bool = False,
) -> Submission:
    """Make a submission of it, with the receipt the kader has; who mended it does not verify it.

    Raises Refused when a colleague was first.
    """
    with transaction.atomic():
        _close(user, held)
        sent = workflow.submit(
            held.link or ReportLink(programme=held.programme),
            answers,
            client_id=held.client_id,
            document=document,
            reporter=held.device.user if held.device else None,
            confirmed=confirmed,
            consent=Consent.Method.SPOKEN if held.lacks_consent else Consent.Method.TICK,
            receipt=held.receipt,
            received_at=held.received_at,
            form_version=held.form_version,
            photos_expected=promised(held),
        )
        if held.lacks_consent:  # it was asked for at the desk
            sent.submission.consents.update(recorded_by=user)
        HeldReport.objects.filter(pk=held.pk).update(submission=sent.submission)
        _hand_over(held, sent.submission)
        record(user, "settle_held", held, action="verify_report")
    return sent.submission


def promised(held: HeldReport) -> int:
    """The photos its phone said it would send one by one."""
    said = str(held.answers.get("photos_expected", ""))
    return min(int(said), documents.MAX_FILES) if re.fullmatch("[0-9]{1,3}", said) else 0


def _hand_over(held: HeldReport, submission: Submission) -> None:
    """Its photos now belong to the submission; one that hangs there already is not needed."""
    there = submission.documents.values("sha256")
    papers_of(held).exclude(sha256__in=there).update(
        submission=submission, desa=submission.desa, posyandu=submission.posyandu
    )
    for spare in papers_of(held):
        _forget(spare)


def drop(user: Any, held: HeldReport, reason: str) -> None:
    """Put it away with a reason; what was typed stays, its photos go."""
    with transaction.atomic():
        _close(user, held, reason)
        record(user, "drop_held", held, action="verify_report")
    for paper in papers_of(held):
        _forget(paper)


def _forget(paper: Document) -> None:
    documents.path_of(paper).unlink(missing_ok=True)
    Document.objects.filter(pk=paper.pk).update(forgotten_at=timezone.now())
    record(None, "forget_document", paper)


def _close(user: Any, held: HeldReport, reason: str = "") -> None:
    """One conditional UPDATE: of two people at once the second is told."""
    waiting = HeldReport.objects.open().filter(pk=held.pk)
    if not waiting.update(settled_at=timezone.now(), settled_by=user, reason=reason[:200]):
        raise Refused(MOVED)
    held.refresh_from_db()
