"""Identity papers go when their time is over; that they were checked stays."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from registry import documents, retention
from registry.models import Document, Submission
from tests.cast import signed_in
from tests.test_open_document import a_paper


def decided(paper: Document, status: str, days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    Submission.objects.filter(documents=paper).update(status=status, decided_at=at)


def test_it_works(cast: SimpleNamespace) -> None:
    old = a_paper(cast)
    decided(old, "approved", 31)
    path = documents.path_of(old)
    call_command("forget_documents", dry_run=True)
    assert path.exists()
    call_command("forget_documents")
    assert not path.exists()
    assert Event.objects.filter(verb="forget_document", object_code=old.code).count() == 1
    url = reverse("registry:document", args=[old.code])
    assert signed_in(cast.petugas).get(url).status_code == 404
    page = signed_in(cast.petugas).get(reverse("registry:review", args=[old.submission.code]))
    assert "berkasnya dihapus" in page.content.decode()
    assert retention.forget() == 0


def test_what_is_still_needed_stays(cast: SimpleNamespace) -> None:
    waiting, fresh, rejected = (a_paper(cast) for _ in range(3))
    decided(fresh, "approved", 29)
    decided(rejected, "rejected", 60)
    assert retention.forget() == 0
    assert all(documents.path_of(paper).exists() for paper in (waiting, fresh, rejected))
    decided(rejected, "rejected", 91)
    assert retention.forget() == 1
