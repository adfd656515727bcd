"""Held reports forget what was typed when their time is over; the receipt still answers."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Event
from registry import held, retention
from registry.models import HeldReport, Submission
from tests.cast import answers, signed_in
from tests.test_held_reports import a_held, old_form, page_of, send

NAME = "Anak Terlupakan Contoh"


def closed(report: HeldReport, days: int, submission: Submission | None = None) -> HeldReport:
    """The report as it stands so many days after it was settled or dropped."""
    at = timezone.now() - timedelta(days=days)
    HeldReport.objects.filter(pk=report.pk).update(settled_at=at, submission=submission)
    report.refresh_from_db()
    return report


def test_it_works(cast: SimpleNamespace) -> None:
    """Put away 91 days ago: the texts and the reason go, and an event says so without them."""
    report = a_held(cast, child_name=NAME)
    held.drop(cast.petugas, report, f"{NAME} ganda.")
    closed(report, days=91)
    call_command("forget_held", dry_run=True)
    report.refresh_from_db()
    assert report.answers["child_name"] == NAME and not Event.objects.filter(verb="forget_held")
    call_command("forget_held")
    report.refresh_from_db()
    assert (report.answers, report.reason) == ({}, "")
    told = Event.objects.get(verb="forget_held")
    assert (told.object_code, told.fields, told.why) == (report.code, [], "")
    page = signed_in(cast.petugas).get(page_of(report)).content.decode()
    assert "sudah dihapus" in page and NAME not in page
    assert Client().get(f"/status/{report.receipt_text}/").status_code == 200
    assert retention.forget_held() == 0


def test_one_that_became_a_report_forgets_after_thirty_days(cast: SimpleNamespace) -> None:
    desk = signed_in(cast.petugas)
    send(cast, old_form(child_name=NAME))
    report = HeldReport.objects.get()
    desk.post(page_of(report), answers(child_name=NAME))
    made = Submission.objects.get()
    closed(report, days=29, submission=made)
    assert retention.forget_held() == 0
    closed(report, days=31, submission=made)
    assert retention.forget_held() == 1
    made.refresh_from_db()
    assert made.child_name == NAME, "the report itself stays"
    assert "Buka laporannya" in desk.get(page_of(report)).content.decode()


def test_what_waits_or_was_dropped_lately_stays(cast: SimpleNamespace) -> None:
    waiting, fresh = a_held(cast), closed(a_held(cast), days=89)
    HeldReport.objects.filter(pk=waiting.pk).update(received_at=timezone.now() - timedelta(400))
    assert retention.forget_held() == 0
    assert waiting.answers and fresh.answers


def test_a_late_repetition_still_gets_the_first_receipt(cast: SimpleNamespace) -> None:
    """The phone that never heard of it keeps the report for months."""
    body = old_form()
    first = send(cast, body)
    report = HeldReport.objects.get()
    held.drop(cast.petugas, report, "Ganda.")
    closed(report, days=91)
    assert retention.forget_held() == 1
    again = send(cast, body)
    assert again.status_code == 200 and again.json() == first.json()
    report.refresh_from_db()
    assert HeldReport.objects.count() == 1 and report.answers == {}
