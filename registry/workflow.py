"""The road of a report: sent → verified | sent back → put right | rejected, and back by undo.

Only this module writes a submission's status. A report is stored once whoever repeats it, and
an answer is given only when row and file are durable (design.md §4, §7).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Event, record
from accounts.transitions import Refused, Step, Transitions
from growth.classify import ALERT_RANK
from growth.plausible import doubted
from regions.models import Programme, ReportLink
from registry import documents, measuring, people, unmaking, visits
from registry.documents import CleanFile
from registry.models import (
    Child,
    Consent,
    CorrectionLink,
    Decision,
    Document,
    Household,
    Measurement,
    Submission,
    SubmissionVersion,
)
from registry.people import Approval

Status = Submission.Status
CORRECTED_SINCE = (
    "Laporan ini diperbaiki kader setelah Anda membukanya. Periksa isinya yang sekarang, "
    "lalu verifikasi."
)
CORRECTION_DAYS = timedelta(days=14)
OF_A_VISIT = ("measured_on", "weight_kg", "length_height_cm", "measure", "confirmed")
# The texts by which two sendings are the same report. ``filled_on`` is the phone's, not typed.
TEXTS = tuple(name for name in Submission.ANSWERS if name != "filled_on")

WAITING = frozenset({Status.RECEIVED, Status.EDITED})
TAKES_PHOTOS = WAITING | {Status.HAS_ISSUES}
TABLE = Transitions(
    {
        "approve": Step(WAITING, Status.APPROVED, "verify_report", "Verifikasi"),
        "send_back": Step(
            WAITING, Status.HAS_ISSUES, "verify_report", "Kembalikan", needs_reason=True
        ),
        "reject": Step(
            WAITING | {Status.HAS_ISSUES}, Status.REJECTED, "verify_report", "Tolak",
            needs_reason=True, tone="danger",
        ),
        "undo": Step(
            frozenset({Status.APPROVED, Status.REJECTED}), Status.RECEIVED, "verify_report",
            "Batalkan keputusan", needs_reason=True,
        ),
    },
    moved="Laporan ini sudah ditangani petugas lain. Lihat keputusannya di bawah.",
)  # fmt: skip


# --- Sending -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What became of one sending: the stored report, and whether it is new."""

    submission: Submission
    is_new: bool


def submit(
    link: ReportLink,
    answers: dict[str, Any],
    *,
    client_id: str,
    document: CleanFile | None = None,
    reporter: Any = None,
    confirmed: bool = False,
    consent: str = Consent.Method.TICK,
    **columns: Any,
) -> Sent:
    """Store a report once. ``answers`` are the cleaned values of ``Submission.ANSWERS``.

    The same client id with the same texts answers with the first report and attaches a new
    photo; with other texts it is a second report, marked for the verifier. ``columns``: others
    of a new report (``form_version``, ``photos_expected``; the ``receipt`` of one that was held).
    """
    digest = digest_of(answers)
    columns |= {"confirmed": confirmed}
    with transaction.atomic():
        submission, is_new = _stored(link, answers, client_id, digest, reporter, columns)
        if document and submission.documents.count() < documents.MAX_FILES:
            _attach(submission, document)
        if is_new:
            record(reporter, "submit", submission)
            submission.consents.update(method=consent)
    return Sent(submission, is_new)


def is_stored(link: ReportLink, client_id: str, answers: dict[str, Any]) -> bool:
    """Whether this report came in before: a repeated sending is not asked anything again."""
    key = {"programme": link.programme, "client_id": client_id, "digest": digest_of(answers)}
    return bool(client_id) and Submission.objects.filter(**key).exists()


def digest_of(answers: dict[str, Any]) -> str:
    """SHA-256 of the report's cleaned texts; ``8,4`` and ``8.40`` are one text.

    A visit of the day the form was filled may have been assumed, not typed: a repetition on the
    next day must not become another report, so that date is left out.
    """
    texts = {name: _plain(answers.get(name)) for name in TEXTS}
    if answers.get("measured_on") == answers.get("filled_on"):
        texts["measured_on"] = ""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def plain_answers(submission: Submission) -> dict[str, str]:
    """The answers as texts, the way a version keeps them."""
    return {name: _plain(getattr(submission, name)) for name in Submission.ANSWERS}


def _plain(value: Any) -> str:
    if value is None or value == "":
        return ""
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    return str(getattr(value, "code", value))


def _stored(
    link: ReportLink,
    answers: dict[str, Any],
    client_id: str,
    digest: str,
    reporter: Any,
    columns: dict[str, Any],
) -> tuple[Submission, bool]:
    key: dict[str, Any] = {
        "programme": link.programme, "client_id": client_id, "digest": digest,
    }  # fmt: skip
    known = Submission.objects.filter(**key).first() or _corrected_since(**key)
    if known:
        return known, False
    same_id = Submission.objects.filter(programme=link.programme, client_id=client_id)
    fresh = Submission(
        **key, **answers, **columns, retyped=same_id.exists(),
        link=link if link.pk else None,  # what staff type in comes by no link
        reporter=reporter if getattr(reporter, "is_authenticated", False) else None,
    )  # fmt: skip
    fresh.sign = sign_of(fresh)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
            _consent(fresh)
    except IntegrityError:
        # Another process stored the same report a moment ago: its receipt is the answer.
        return Submission.objects.get(**key), False
    return fresh, True


def _corrected_since(programme: Programme, client_id: str, digest: str) -> Submission | None:
    """The report that said this before it was put right: a late repetition is no second one."""
    earlier = SubmissionVersion.objects.filter(
        submission__programme=programme, submission__client_id=client_id, answers__digest=digest
    )
    version = earlier.select_related("submission").first()
    return version.submission if version else None


def _consent(submission: Submission) -> None:
    Consent.objects.create(
        programme=submission.programme,
        submission=submission,
        giver=submission.consent_giver,
        recorded_by=submission.reporter,
    )


def _attach(submission: Submission, document: CleanFile, part: str = "") -> Document:
    return documents.store(
        document,
        programme=submission.programme,
        desa=submission.desa,
        posyandu=submission.posyandu,
        submission=submission,
        user=submission.reporter,
        part=part,
    )


def has_part(submission: Submission, part: str) -> bool:
    """Whether this photo came in before: its answer may have been lost on the way."""
    return bool(part) and submission.documents.filter(part=part).exists()


def attach_part(submission: Submission, document: CleanFile, part: str) -> None:
    """Keep one photo that follows its report; the same part or the same picture only once.

    Raises Refused once the report is decided, or when it has photos enough.
    """
    with transaction.atomic():
        waiting = Submission.objects.select_for_update().get(pk=submission.pk)
        if has_part(waiting, part):
            return
        if waiting.status not in TAKES_PHOTOS:
            raise Refused(TABLE.moved)
        known = waiting.documents.filter(sha256=document.sha256).first()
        if known is None:
            documents.refuse_many(waiting.documents.all(), document)
        kept = _attach(waiting, document, part)
        if known is None:
            record(None, "attach_photo", waiting)
        elif not kept.part:  # it came inside the form, with this sending's answer lost
            Document.objects.filter(pk=kept.pk).update(part=part)
        else:  # chosen twice on the phone: one less is on its way
            fewer = Submission.objects.filter(pk=waiting.pk, photos_expected__gt=1)
            fewer.update(photos_expected=F("photos_expected") - 1)


def sign_of(submission: Submission) -> int:
    """The rank by which the queue is ordered: 0 = rujuk hari ini … 4 = baik."""
    visit = measuring.visit_of_report(submission)
    return ALERT_RANK[visit.alert.level] if visit else measuring.NOT_MEASURED_RANK


# --- Deciding ----------------------------------------------------------------------------------


def approve(
    user: Any, submission: Submission, choice: Approval, note: str = "", seen: int | None = None
) -> Child:
    """Verify: link or create household, mother and child, and store the first measurement.

    ``note``: how it came to it, for the report's history; ``seen``: how many earlier versions the
    report had where it was looked at. Raises Refused when another was first, when it was corrected
    since, on one's own report, or when a NIK belongs to another child.
    """
    _four_eyes(user, submission)
    with transaction.atomic():
        TABLE.move(user, submission, "approve", **_stamp(user))
        if seen is not None and submission.versions.count() != seen:
            raise Refused(CORRECTED_SINCE)
        placed = people.place(user, submission, choice)
        visits.lock(placed.child)
        if choice.birth_date and placed.child.is_approximate:  # before its visit is judged
            exact = {"birth_date": choice.birth_date, "birth_precision": Child.Precision.DAY}
            visits.correct_child(user, placed.child, exact)
        submission.child = placed.child
        submission.made_child = placed.made_child
        submission.made_mother = placed.made_mother
        submission.made_household = placed.made_household
        submission.measurement, submission.made_measurement = _first_measurement(user, submission)
        now: dict[str, Child | Household] = {
            "child": placed.child, "household": placed.child.household,
        }  # fmt: skip
        submission.filled = {kind: unmaking.since(was, now[kind])
                             for kind, was in placed.stood.items()}  # fmt: skip
        submission.save(
            update_fields=["child", "made_child", "made_mother", "made_household", "measurement",
                           "made_measurement", "filled"]
        )  # fmt: skip
        submission.consents.update(child=placed.child)
        _decide(user, submission, "approve", note)
    return placed.child


def _first_measurement(user: Any, submission: Submission) -> tuple[Measurement | None, bool]:
    """The report's measurement on the child; the one already there for that day stays.

    What is unlikely about it, alone or beside the child's other visits, is stored as doubted,
    whether the kader confirmed it or could not be asked (docs/keputusan.md).
    """
    child, on = submission.child, submission.measured_on
    if child is None or on is None or not submission.is_measured:
        return None, False
    if on < child.birth_date:
        raise Refused("Tanggal ukur sebelum tanggal lahir anak ini. Kembalikan laporan ke kader.")
    known = child.measurements.current().filter(measured_on=on).first()
    if known:
        return known, False
    numbers = {name: getattr(submission, name) for name in OF_A_VISIT}
    others = list(child.measurements.current())
    doubts = measuring.unlikely(child, Measurement(**numbers), others)
    return visits.add_measurement(user, child, numbers | {"doubted": doubted(doubts)}), True


def send_back(user: Any, submission: Submission, reason: str, fields: Iterable[str] = ()) -> str:
    """Return the report for correction; returns the token of the private link for the kader.

    ``fields``: the parts ticked as wrong (``registry/report_parts.py``); none opens them all.
    """
    with transaction.atomic():
        TABLE.move(user, submission, "send_back", reason=reason, **_stamp(user))
        _decide(user, submission, "send_back", reason)
        return _correction_token(submission, list(fields))


def renew_correction(user: Any, submission: Submission) -> str:
    """A fresh private link for a report still waiting for its correction; the old one dies."""
    if submission.status != Status.HAS_ISSUES:
        raise Refused(TABLE.moved)
    with transaction.atomic():
        submission.corrections.update(expires_at=timezone.now())
        record(user, "renew_correction", submission, action="verify_report")
        last = submission.corrections.order_by("-id").first()
        return _correction_token(submission, last.fields if last else [])


def _correction_token(submission: Submission, fields: list[str]) -> str:
    token = secrets.token_urlsafe(18)
    CorrectionLink.objects.create(
        submission=submission,
        fields=fields,
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=timezone.now() + CORRECTION_DAYS,
    )
    return token


def correct(
    link: CorrectionLink,
    answers: dict[str, Any],
    document: CleanFile | None,
    confirmed: bool,
    by: Any = None,
    spent_digest: str = "",
) -> Submission:
    """Put a returned report right by its private link; the old version stays in the history.

    ``by``: who is signed in, if anybody; who corrected a report does not verify it.
    ``spent_digest``: of what was sent, by which a repetition is known once the link is dead.
    """
    submission = link.submission
    before = plain_answers(submission)
    changed = [name for name in Submission.ANSWERS if _plain(answers.get(name)) != before[name]]
    with transaction.atomic():
        won = Submission.objects.filter(pk=submission.pk, status=Status.HAS_ISSUES).update(
            status=Status.EDITED, confirmed=confirmed, **answers, **_new_digest(submission, answers)
        )
        spent = CorrectionLink.objects.filter(pk=link.pk, used_at__isnull=True)
        if not won or not spent.update(used_at=timezone.now(), spent_digest=spent_digest):
            raise Refused("Laporan ini sudah diperbaiki atau sudah diputuskan.")
        number = submission.versions.count() + 1
        SubmissionVersion.objects.create(
            submission=submission, number=number, answers=before | {"digest": submission.digest}
        )
        submission.refresh_from_db()
        Submission.objects.filter(pk=submission.pk).update(sign=sign_of(submission))
        if document:
            _attach(submission, document)
        record(by, "correct", submission, fields=changed)
    return submission


def _new_digest(submission: Submission, answers: dict[str, Any]) -> dict[str, Any]:
    """The digest of the corrected texts; where a report of the same id has it, the verifier is
    told, as of every second report of one id."""
    digest = digest_of(answers)
    same_id = Submission.objects.filter(
        programme=submission.programme, client_id=submission.client_id, digest=digest
    )
    return {"retyped": True} if same_id.exclude(pk=submission.pk).exists() else {"digest": digest}


def reject(user: Any, submission: Submission, reason: str) -> None:
    """Refuse the report with a reason."""
    _four_eyes(user, submission)
    with transaction.atomic():
        TABLE.move(user, submission, "reject", reason=reason, **_stamp(user))
        _decide(user, submission, "reject", reason)


def undo(user: Any, submission: Submission, reason: str) -> None:
    """Take a decision back; what approving created goes too, unless something hangs on it."""
    with transaction.atomic():
        TABLE.move(user, submission, "undo", reason=reason, decided_by=None, decided_at=None)
        unmaking.unmake(user, submission)
        _decide(user, submission, "undo", reason)


def _stamp(user: Any) -> dict[str, Any]:
    return {"decided_by": user, "decided_at": timezone.now()}


def own_among(user: Any, submissions: Iterable[Submission]) -> set[int]:
    """The keys of those this person wrote, put right or completed; two queries."""
    by_code = {submission.code: submission for submission in submissions}
    corrections = Event.objects.about(*by_code).filter(verb="correct", user=user)
    own = {by_code[code].pk for code in corrections.values_list("object_code", flat=True)}
    mended = Submission.objects.filter(code__in=by_code, held__settled_by=user)
    own |= set(mended.values_list("pk", flat=True))
    return own | {one.pk for one in by_code.values() if one.reporter_id == user.pk}


def _four_eyes(user: Any, submission: Submission) -> None:
    """Persons are compared, not roles: who wrote a report, or put it right, does not decide it."""
    if own_among(user, [submission]):
        raise Refused("Laporan Anda sendiri diperiksa oleh petugas lain.", stranger=True)


def _decide(user: Any, submission: Submission, verb: str, reason: str = "") -> None:
    Decision.objects.create(submission=submission, verb=verb, reason=reason[:300], by=user)
