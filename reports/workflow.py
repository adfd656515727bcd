"""The life of a monthly report: konsep → diajukan → final | dikembalikan → diajukan.

The only place that writes a report's state. ``TABLE`` drives the guard and the buttons. A final
report is frozen: a correction is a new revision beside it, which in the end takes its place.
"""

import re
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User, record
from accounts.transitions import Refused, Step, Transitions
from regions.models import Programme
from regions.words import long_date
from reports import document, store
from reports.figures import figures_of
from reports.models import MonthlyReport
from reports.months import Month
from sop.summary import month_summary
from sop.workflow import finish_report_step

Status = MonthlyReport.Status
EDITABLE = frozenset(MonthlyReport.EDITABLE)
MOVED = "Laporan ini sudah diproses orang lain. Lihat keadaannya yang sekarang di bawah."
TEXTS = ("number", "obstacles", "follow_up", "signatory_name", "signatory_rank", "signatory_nip")

# "write" and "revise" leave the state of this row as it is: the first changes its words, the
# second opens a new row beside it.
TABLE = Transitions(
    {
        "write": Step(EDITABLE, "", "write_report", "Simpan"),
        "submit": Step(EDITABLE, Status.SUBMITTED, "write_report", "Ajukan ke Camat"),
        "return": Step(
            frozenset({Status.SUBMITTED}),
            Status.RETURNED,
            "finalise_report",
            "Kembalikan",
            needs_reason=True,
        ),
        "finalise": Step(
            frozenset({Status.SUBMITTED}), Status.FINAL, "finalise_report", "Sahkan laporan"
        ),
        "revise": Step(
            frozenset({Status.FINAL}), "", "write_report", "Buat revisi", needs_reason=True
        ),
    },
    moved=MOVED,
)


def verbs(user: User, report: MonthlyReport) -> dict[str, Step]:
    """What this person may do with the report now: the buttons, by the table and its rules."""
    found = TABLE.verbs(user, report)
    if "submit" in found and too_early(report):
        del found["submit"]
    if "finalise" in found and report.submitted_by_id == user.pk:
        del found["finalise"]
    if "revise" in found and not _is_newest(report):
        del found["revise"]
    return found


# --- Tim Pelaksana and Kasi write -------------------------------------------------------------


def compose(user: User, programme: Programme, month: Month) -> MonthlyReport:
    """The month's report: opened as a draft the first time, the same one ever after.

    Raises Refused without the right, and for a month that has not begun.
    """
    if not user.may("write_report"):
        raise Refused("Anda tidak berwenang melakukan ini.", stranger=True)
    if month.first > programme.today():
        raise Refused(f"{month.label} belum mulai. Pilih bulan ini atau bulan yang sudah lewat.")
    with transaction.atomic():
        _one_at_a_time(programme)
        found = MonthlyReport.objects.of_month(programme, month.first).newest()
        return found or _open(user, programme, month)


def write(user: User, report: MonthlyReport, texts: dict[str, str]) -> None:
    """Keep what the office typed. Raises Refused once the report has left the writers' hands."""
    with transaction.atomic():
        step = TABLE.guard(user, report, "write")
        changes = {name: texts[name] for name in TEXTS if name in texts}
        changed = [name for name, value in changes.items() if getattr(report, name) != value]
        _change(report, step, changes | {"written_by": user})
        record(user, "write", report, fields=changed, action=step.action)


def submit(user: User, report: MonthlyReport, texts: dict[str, str] | None = None) -> None:
    """Freeze the figures, hand the report to the Camat, and finish the SOP's report step.

    ``texts`` typed on the same page are kept first, also when the month has days to come.
    """
    TABLE.guard(user, report, "submit")
    if texts:
        write(user, report, texts)
    early = too_early(report)
    if early:
        raise Refused(early)
    figures = figures_of(report.programme, Month(report.month))
    with transaction.atomic():
        now = timezone.now()
        finish_report_step(
            user, report.programme, report.month, _output(report), began=report.created_at, at=now
        )
        figures["sop"] = month_summary(report.programme, report.month)  # with this step done
        TABLE.move(
            user, report, "submit", figures=figures, submitted_by=user, submitted_at=now,
            return_reason="",
        )  # fmt: skip


def revise(user: User, report: MonthlyReport, reason: str) -> MonthlyReport:
    """Open the next revision of a final report as a draft; the final one stays as it is.

    Raises Refused when a newer revision exists.
    """
    step = TABLE.guard(user, report, "revise", reason)
    with transaction.atomic():
        _one_at_a_time(report.programme)
        if not _is_newest(report):
            raise Refused("Revisi yang lebih baru sudah ada. Lanjutkan dari revisi itu.")
        kept = {name: getattr(report, name) for name in TEXTS}
        made = MonthlyReport.objects.create(
            programme=report.programme,
            month=report.month,
            revision=report.revision + 1,
            revision_reason=reason.strip()[:300],
            written_by=user,
            **kept,
        )
        record(user, "revise", made, why=f"revision={made.revision}", action=step.action)
    return made


# --- The Camat decides ------------------------------------------------------------------------


def send_back(user: User, report: MonthlyReport, reason: str) -> None:
    """Return the report to its writers with the Camat's sentence."""
    with transaction.atomic():
        TABLE.move(user, report, "return", reason=reason, return_reason=reason.strip()[:300])


def finalise(user: User, report: MonthlyReport) -> None:
    """Make the submitted report final: the PDF first, on the disk, and only then the row.

    The PDF shows the final state. It is rendered outside the transaction; of two Camats or two
    tabs at once one wins and the other is told. Whatever breaks in between leaves the report
    submitted, never final without its file.
    """
    TABLE.guard(user, report, "finalise")
    if report.submitted_by_id == user.pk:
        raise Refused("Laporan ini Anda ajukan sendiri. Pengesahan harus oleh orang lain.")
    now = timezone.now()
    grant = user.grant_used("finalise_report")
    pdf = document.final_pdf(report, document.Seal(now, grant.acting if grant else ""))
    name, sha256 = store.keep(pdf)
    try:
        with transaction.atomic():
            _still_the_same(report)
            TABLE.move(
                user, report, "finalise", finalised_by=user, finalised_at=now, pdf_name=name,
                sha256=sha256,
            )  # fmt: skip
    except Refused:  # only then is it certain that no row names the file
        store.drop(name)
        raise


# --- Rules -------------------------------------------------------------------------------------


def too_early(report: MonthlyReport) -> str:
    """Why the report cannot be submitted yet: its month has days to come; '' when it can."""
    last = Month(report.month).last
    if report.programme.today() >= last:
        return ""
    return f"Bulan ini belum selesai. Laporan dapat diajukan mulai {long_date(last)}."


def _is_newest(report: MonthlyReport) -> bool:
    month = MonthlyReport.objects.of_month(report.programme, report.month)
    return not month.filter(revision__gt=report.revision).exists()


def _one_at_a_time(programme: Programme) -> None:
    """Hold the programme's row, so that two people cannot open one month twice."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


def _still_the_same(report: MonthlyReport) -> None:
    """What was rendered is what was submitted: not returned and submitted anew meanwhile."""
    now = MonthlyReport.objects.select_for_update().get(pk=report.pk)
    if now.submitted_at != report.submitted_at:
        raise Refused(MOVED)


def _change(report: MonthlyReport, step: Step, changes: dict[str, Any]) -> None:
    """One conditional UPDATE that leaves the state as it is."""
    rows = MonthlyReport.objects.filter(pk=report.pk, status__in=step.sources).update(**changes)
    if not rows:
        raise Refused(MOVED)
    for name, value in changes.items():
        setattr(report, name, value)


def _open(user: User, programme: Programme, month: Month) -> MonthlyReport:
    signatory = MonthlyReport.objects.filter(programme=programme).exclude(signatory_name="").first()
    made = MonthlyReport.objects.create(
        programme=programme,
        month=month.first,
        number=_next_number(programme, month),
        written_by=user,
        signatory_name=signatory.signatory_name if signatory else "",
        signatory_rank=signatory.signatory_rank if signatory else "",
        signatory_nip=signatory.signatory_nip if signatory else "",
    )
    record(user, "compose", made, action="write_report")
    return made


NUMBER_PLACE = re.compile(r"\{(sequence|year|month)(?::0?(\d)d)?\}", re.ASCII)


def _next_number(programme: Programme, month: Month) -> str:
    """The programme's number format filled in; the sequence counts the year's reports.

    Read as a pattern of ours, not with str.format: the setting is typed by staff.
    """
    year = month.first.year
    opened = MonthlyReport.objects.filter(programme=programme, month__year=year, revision=1)
    values = {"sequence": opened.count() + 1, "year": year, "month": month.first.month}
    pattern = str(programme.setting("report_number_format") or "")
    filled = NUMBER_PLACE.sub(lambda m: f"{values[m[1]]:0{m[2] or 1}d}", pattern)
    return filled[:60]


def _output(report: MonthlyReport) -> str:
    return f"{report}, nomor {report.number}" if report.number else str(report)
