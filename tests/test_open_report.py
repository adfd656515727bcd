"""Two people open one report: the second is warned, and neither is kept out."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from registry.desk import opened
from registry.models import Submission
from tests.cast import a_submission, signed_in

WARNED = "Sedang dibuka oleh"


def looked_at(user: User, report: Submission) -> str:
    url = reverse("registry:review", args=[report.code])
    return signed_in(user).get(url).content.decode()


def test_it_works(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    assert WARNED not in looked_at(cast.petugas, report)
    report.refresh_from_db()
    assert report.opened_at
    since = f"{cast.programme.local(report.opened_at):%H.%M} WIB"
    assert f"{WARNED} {cast.petugas} sejak {since}." in looked_at(cast.kasi, report)
    assert WARNED not in looked_at(cast.petugas, report), "nobody is warned of oneself"


def test_the_second_may_decide_and_the_first_is_told(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    looked_at(cast.petugas, report)
    url = reverse("registry:approve", args=[report.code])
    assert signed_in(cast.kasi).post(url, {"child": "baru"}).status_code == 302
    late = signed_in(cast.petugas).post(url, {"child": "baru"})
    assert late.status_code == 409 and WARNED not in late.content.decode()


def test_the_queue_tells_before_it_is_opened(cast: SimpleNamespace) -> None:
    looked_at(cast.petugas, a_submission(cast))
    queue = reverse("registry:queue")
    assert f"{WARNED} {cast.petugas}" in signed_in(cast.kasi).get(queue).content.decode()
    assert WARNED not in signed_in(cast.petugas).get(queue).content.decode()


def test_after_a_quarter_of_an_hour_the_report_is_free(cast: SimpleNamespace) -> None:
    report = a_submission(cast, opened_by=cast.petugas)
    Submission.objects.update(opened_at=timezone.now() - timedelta(minutes=16))
    assert WARNED not in looked_at(cast.kasi, report)
    report.refresh_from_db()
    assert report.opened_by == cast.kasi


def test_after_a_quarter_of_an_hour_who_only_reads_is_told_of_nobody(cast: SimpleNamespace) -> None:
    report = a_submission(cast, opened_by=cast.petugas, opened_at=timezone.now())
    assert WARNED in looked_at(cast.tim, report)
    Submission.objects.update(opened_at=timezone.now() - timedelta(minutes=16))
    assert WARNED not in looked_at(cast.tim, report)


@pytest.mark.parametrize("role", ["tim", "camat", "sekcam"])
def test_who_only_reads_warns_nobody(cast: SimpleNamespace, role: str) -> None:
    report = a_submission(cast)
    looked_at(getattr(cast, role), report)
    report.refresh_from_db()
    assert report.opened_by is None


def test_what_is_decided_is_open_to_all(cast: SimpleNamespace) -> None:
    report = a_submission(cast, status="rejected")
    looked_at(cast.petugas, report)
    report.refresh_from_db()
    assert report.opened_by is None and WARNED not in looked_at(cast.kasi, report)


def test_of_two_at_once_one_is_first(cast: SimpleNamespace) -> None:
    """Both read the row before either wrote: the conditional UPDATE decides."""
    report = a_submission(cast)
    seen_by_other = Submission.objects.get(pk=report.pk)
    opened.note(cast.petugas, report)
    opened.note(cast.kasi, seen_by_other)
    assert opened.by_another(cast.petugas, report) == ""
    assert str(cast.petugas) in opened.by_another(cast.kasi, seen_by_other)


@pytest.mark.parametrize(("zone", "said"), [("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")])
def test_the_time_is_the_programmes(
    cast: SimpleNamespace, zone: str, said: str, monkeypatch: Any
) -> None:
    at = datetime(2026, 11, 30, 2, 32, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=1))
    report = a_submission(cast, opened_by=cast.petugas, opened_at=at)
    report.programme.timezone_name = zone
    hour = {"WITA": "10.32", "WIT": "11.32"}[said]
    assert opened.by_another(cast.kasi, report).endswith(f"sejak {hour} {said}.")
