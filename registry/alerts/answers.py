"""What people do about an alert: it is answered, and everybody who sees the child sees the answer.

An answer belongs to the visit that raised the alert; the next visit raises its own. A visit that
was put right keeps its answers as long as its level stays the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import record
from accounts.transitions import Refused
from regions.words import long_date
from registry.forms.alerts import AnswerForm
from registry.models import (
    AlertAnswer,
    Child,
    Measurement,
    Mother,
    Pregnancy,
    PregnancyCheck,
)
from registry.unmerged import hold

GOOD = "hijau"
OUTSIDE = (AlertAnswer.Kind.DIRUJUK, AlertAnswer.Kind.DIKUNJUNGI)  # a referral or a visit
# The levels that ask for an answer; biru and what is not known yet may have one.
ANSWERABLE = ("merah", "oranye", "kuning")
NOTHING_TO_ANSWER = "Ukuran terakhir anak ini baik. Tidak ada tanda yang perlu dijawab."
FUTURE = "Tanggal ini belum tiba. Tulis hari tindak lanjutnya dilakukan."
ENDED = "Kehamilan ini sudah berakhir. Tidak ada tanda yang perlu dijawab."


def answer(
    user: Any, about: Child | Pregnancy, kind: str, done_on: date, note: str = ""
) -> AlertAnswer:
    """Answer the alert of the latest visit. The same answer sent twice on one day stays one row.

    Raises Refused for a day in the future or before the visit that raised the alert, and when
    there is no alert.
    """
    with transaction.atomic():
        # Of two sendings at once the second waits here and finds the row of the first.
        hold(about if isinstance(about, Child) else about.mother)
        visit = latest_visit(about) if isinstance(about, Child) else None
        _guard(about, visit, done_on)
        whom = {"child": about} if isinstance(about, Child) else {"pregnancy": about}
        said = {**whom, "measurement": visit, "kind": kind, "done_on": done_on, "note": note}
        today = about.programme.local(timezone.now()).replace(hour=0, minute=0, second=0)
        again = AlertAnswer.objects.filter(**said, created_by=user, created_at__gte=today)
        known = again.first()
        if known:
            return known
        made = AlertAnswer.objects.create(**said, created_by=user)
        record(user, "answer_alert", about, fields=["kind", "done_on"], why=kind,
               action="answer_alert")  # fmt: skip
    return made


def latest_visit(child: Child) -> Measurement | None:
    """The counted visit whose alert stands now."""
    return child.measurements.current().order_by("-measured_on").first()


def latest_check(pregnancy: Pregnancy) -> PregnancyCheck | None:
    return pregnancy.checks.current().order_by("-checked_on", "-id").first()


def _guard(about: Child | Pregnancy, visit: Measurement | None, done_on: date) -> None:
    if done_on > about.programme.today():
        raise Refused(FUTURE)
    if isinstance(about, Child):
        if visit and visit.alert == GOOD:
            raise Refused(NOTHING_TO_ANSWER)
        since = visit.measured_on if visit else about.birth_date
        what = "pengukuran" if visit else "kelahiran"
    else:
        if about.ended_on:
            raise Refused(ENDED)
        check = latest_check(about)
        since, what = (check.checked_on, "pemeriksaan") if check else (about.hpht, "HPHT")
    if done_on < since:
        raise Refused(
            f"Tanggal ini sebelum {what} {long_date(since)} yang memberi tanda. Periksa tanggalnya."
        )


# --- Which answer counts -----------------------------------------------------------------------


def standing_rows() -> Any:
    """The answers that count for a child, as a subquery, the last one first: to the alert of the
    visit it stands by. Who was never measured is answered without a visit, until the first one."""
    same_visit = Q(
        measurement__measured_on=F("child__last_visit__measured_on"),
        measurement__alert=F("child__last_visit__alert"),
    )
    unvisited = Q(child__last_visit__isnull=True, measurement__isnull=True)
    mine = AlertAnswer.objects.filter(child=OuterRef("pk")).filter(same_visit | unvisited)
    return mine.order_by("-done_on", "-id")


def with_answer_key(children: Any) -> Any:
    """Add ``answer_pk``, the last answer that counts, NULL while nobody has answered."""
    return children.annotate(answer_pk=Subquery(standing_rows().values("pk")[:1]))


def with_answer(children: Any) -> Any:
    """Join that answer as ``answer``, for a few rows."""
    last = Subquery(standing_rows().values("pk")[:1])
    return children.annotate(
        answer=FilteredRelation("answers", condition=Q(answers__pk=last)),
    )


def standing(answers: Iterable[AlertAnswer], visit: Measurement | None) -> list[AlertAnswer]:
    """The answers of a child that count for this visit, as ``with_answer`` reads them."""
    if visit is None:
        return [row for row in answers if row.measurement is None]
    return [
        row
        for row in answers
        if row.measurement
        and row.measurement.measured_on == visit.measured_on
        and row.measurement.alert == visit.alert
    ]


def standing_for_pregnancy(
    answers: Iterable[AlertAnswer], check: PregnancyCheck | None
) -> list[AlertAnswer]:
    """The answers given since the last examination was written down."""
    return [row for row in answers if check is None or row.created_at >= check.created_at]


# --- What is shown -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One answer in words: what was done, when, by whom."""

    what: str
    on: date
    note: str
    who: str

    @property
    def sentence(self) -> str:
        """``Dirujuk 20 November 2026 oleh Bidan Contoh``."""
        by = f" oleh {self.who}" if self.who else ""
        return f"{self.what} {long_date(self.on)}{by}"


def said(row: AlertAnswer) -> Said:
    return Said(row.get_kind_display(), row.done_on, row.note, str(row.created_by or ""))


@dataclass(frozen=True)
class Box:
    """What stands under the alert of a card: the answers to it, and the form for another."""

    answers: list[Said]
    asks: bool  # nobody has answered, and this level asks for it
    form: Any
    url: str
    measure_url: str  # where the new numbers are entered, for who may
    waits: bool  # "diukur ulang" was answered, and the new numbers are not here yet


def child_box(
    user: Any, child: Child, visits: Sequence[Measurement], answers: Sequence[AlertAnswer]
) -> Box | None:
    """The box of a child's card; None when there is nothing to answer and nothing was answered.

    ``visits``: every measurement, newest first; ``answers`` with their measurement.
    """
    latest = next((row for row in visits if not row.superseded), None)
    urls = [reverse(f"registry:{name}", args=[child.code])
            for name in ("alert-answer", "child-measure")]  # fmt: skip
    level = latest.alert if latest else ""
    may, again = level != GOOD and user.may("answer_alert"), user.may("measure_child")
    asks = latest is None or level in ANSWERABLE
    return _box(child, latest, standing(answers, latest), urls, asks=asks, may=may, again=again)


def pregnancy_box(
    user: Any, mother: Mother, pregnancy: Pregnancy, answers: Sequence[AlertAnswer], level: str
) -> Box | None:
    """The box of a mother's card, of the pregnancy she carries and the level of its alert.

    ``answers`` are those of her pregnancies; its examinations are prefetched, newest first.
    """
    mine = [row for row in answers if row.pregnancy_id == pregnancy.pk]
    check = next((row for row in pregnancy.checks.all() if not row.superseded), None)
    urls = [
        reverse(f"registry:{name}", args=[mother.code])
        for name in ("mother-alert-answer", "pregnancy-check")
    ]
    may, again = level != GOOD and user.may("answer_alert"), user.may("check_pregnancy")
    given, asks = standing_for_pregnancy(mine, check), level in ANSWERABLE
    return _box(mother, check, given, urls, asks=asks, may=may, again=again)


def _box(
    about: Child | Mother, visit: Any, given: list[AlertAnswer], urls: list[str],
    *, asks: bool, may: bool, again: bool,
) -> Box | None:  # fmt: skip
    if not given and not may:
        return None
    last = given[0] if given else None
    waits = (
        last is not None
        and last.kind == AlertAnswer.Kind.DIUKUR_ULANG
        and (visit is None or visit.created_at <= last.created_at)
    )
    return Box(
        answers=[said(row) for row in given],
        asks=asks and not given,
        form=AnswerForm(today=about.programme.today(), auto_id="jawab_%s") if may else None,
        url=urls[0],
        measure_url=urls[1] if waits and again else "",
        waits=waits,
    )


def items(answers: Iterable[AlertAnswer]) -> list[dict[str, Any]]:
    """The answers as items of the timeline."""
    return [
        {"when": row.done_on, "title": f"Ditindaklanjuti: {row.get_kind_display().lower()}",
         "text": row.note, "who": str(row.created_by or ""), "tone": "biru",
         "kinds": ("tanda", "kunjungan") if row.kind in OUTSIDE else ("tanda",)}
        for row in answers
    ]  # fmt: skip


def of_child(child: Child) -> list[AlertAnswer]:
    """Every answer about a child, newest first; one query."""
    return list(child.answers.select_related("created_by", "measurement"))


def of_pregnancies(pregnancies: Iterable[Pregnancy]) -> list[AlertAnswer]:
    """Every answer about these pregnancies, newest first; one query."""
    rows: models.QuerySet[AlertAnswer] = AlertAnswer.objects.filter(pregnancy__in=pregnancies)
    return list(rows.select_related("created_by"))
