"""Practice: the whole way of a report, and nothing of it stays."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from regions import links
from regions.models import ReportLink
from registry import practice
from registry.models import Consent, Document, HeldReport, PracticeReport, Submission
from tests.cast import answers, signed_in
from tests.pictures import codes_of, text_of
from tests.test_open_document import picture

NAME = "Karangan Sekali"


@pytest.fixture
def trial(cast: SimpleNamespace) -> ReportLink:
    return links.make_practice(cast.programme)


def form_of(link: ReportLink) -> str:
    return reverse("registry:report", args=[links.token_of(link)])


def typed(cast: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return answers(child_name=NAME, desa=cast.desa.code, posyandu=cast.melati.code, **changes)


def sent(link: ReportLink, data: dict[str, Any], **kwargs: Any) -> Any:
    return Client().post(form_of(link), data, **kwargs)


def everything_stored() -> str:
    """Every value of every row in every table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        texts = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            texts += [str(row) for row in cursor.fetchall()]
    return "\n".join(texts)


# --- It works ---------------------------------------------------------------------------------


def test_a_practice_gets_its_receipt_and_its_page(cast: SimpleNamespace, trial: ReportLink) -> None:
    response = sent(trial, typed(cast), follow=True)
    kept = PracticeReport.objects.get()
    page = response.content.decode()
    assert response.status_code == 200 and kept.receipt_text in page
    assert "Latihan: petugas tidak melihatnya" in page and NAME not in page


def test_nothing_that_was_typed_or_photographed_stays(
    cast: SimpleNamespace, trial: ReportLink
) -> None:
    before = Event.objects.count()
    kk = SimpleUploadedFile("kk.jpg", picture(), "image/jpeg")
    assert sent(trial, typed(cast, document=kk)).status_code == 303
    assert PracticeReport.objects.get().photos == 1
    for model in (Submission, HeldReport, Document, Consent):
        assert not model.objects.exists(), model
    assert Event.objects.count() == before
    assert NAME not in everything_stored() and "Jalan Contoh" not in everything_stored()


def test_errors_and_doubts_are_practised(cast: SimpleNamespace, trial: ReportLink) -> None:
    missing = sent(trial, typed(cast) | {"sex": ""})
    assert missing.status_code == 422 and NAME in missing.content.decode()
    doubted = typed(cast, weight_kg="20")
    assert "Periksa angkanya" in sent(trial, doubted).content.decode()
    assert not PracticeReport.objects.exists()
    assert sent(trial, doubted | {"confirmed": "1"}).status_code == 303
    assert PracticeReport.objects.count() == 1


def test_sent_again_it_is_the_same_receipt(cast: SimpleNamespace, trial: ReportLink) -> None:
    data, json = typed(cast), {"accept": "application/json"}
    first, again = (sent(trial, data, headers=json) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["receipt"] == again.json()["receipt"] and first.json()["practice"] is True
    other = sent(trial, data | {"child_name": "Karangan Lain"}, headers=json)
    assert other.status_code == 201 and other.json()["receipt"] != first.json()["receipt"]


def test_every_page_and_paper_says_so(cast: SimpleNamespace, trial: ReportLink) -> None:
    pages = [
        Client().get(form_of(trial)),
        sent(trial, typed(cast) | {"sex": ""}),
        sent(trial, typed(cast), follow=True),
    ]
    for page in pages:
        assert "LATIHAN" in page.content.decode()
    assert "LATIHAN" not in Client().get(form_of(cast.link)).content.decode()
    client = signed_in(cast.petugas)
    for name, size in (
        ("poster-pdf", "a4"), ("poster-pdf", "a5"), ("poster-pdf", "stiker"), ("paper-form", ""),
    ):  # fmt: skip
        made = client.get(reverse(f"registry:{name}", args=[trial.code]), {"ukuran": size}).content
        assert "LATIHAN" in text_of(made)
        assert set(codes_of(made)) <= {links.url_of(trial)}
    made = client.get(reverse("registry:poster-pdf", args=[trial.code])).content
    assert codes_of(made, dpi=50) == [links.url_of(trial)]  # the word across it does not hide it
    made = client.get(reverse("registry:poster-pdf", args=[cast.link.code])).content
    assert "LATIHAN" not in text_of(made)


def test_one_click_makes_the_practice_code(cast: SimpleNamespace) -> None:
    client, url = signed_in(cast.petugas), reverse("registry:practice-make")
    for _ in range(2):
        assert "QR latihan siap" in client.post(url, follow=True).content.decode()
    link = ReportLink.objects.practice().get(programme=cast.programme)
    assert Event.objects.filter(verb="make_practice_link", object_code=link.code).count() == 1
    page = client.get(reverse("registry:posters"))
    assert page.context["trial"] == link
    assert link not in [row for row, _ in page.context["rows"]]
    assert "Buat QR latihan" not in page.content.decode()


# --- It goes ----------------------------------------------------------------------------------


def aged(hours: float) -> PracticeReport:
    PracticeReport.objects.update(received_at=timezone.now() - timedelta(hours=hours))
    return PracticeReport.objects.get()


def test_after_a_day_it_is_gone(cast: SimpleNamespace, trial: ReportLink) -> None:
    sent(trial, typed(cast))
    aged(23.9)
    call_command("forget_practice")
    status = reverse("registry:status", args=[PracticeReport.objects.get().receipt_text])
    assert Client().get(status).status_code == 200
    aged(24.1)
    assert Client().get(status).status_code == 404  # also before the row is deleted
    call_command("forget_practice", dry_run=True)
    assert PracticeReport.objects.exists()
    call_command("forget_practice")
    assert not PracticeReport.objects.exists() and practice.forget() == 0


def test_the_studio_and_the_next_practice_forget_too(
    cast: SimpleNamespace, trial: ReportLink
) -> None:
    sent(trial, typed(cast))
    aged(25)
    signed_in(cast.petugas).get(reverse("registry:posters"))
    assert not PracticeReport.objects.exists()
    sent(trial, typed(cast))
    old = aged(25)
    sent(trial, typed(cast))
    assert PracticeReport.objects.exclude(pk=old.pk).count() == 1
    assert not PracticeReport.objects.filter(pk=old.pk).exists()


# --- It is never handed out, and never takes a real report ------------------------------------


def test_real_links_are_never_for_practice(cast: SimpleNamespace) -> None:
    ReportLink.objects.all().delete()
    trial = links.make_practice(cast.programme)
    assert list(ReportLink.objects.reaching(cast.melati)) == []
    assert signed_in(cast.kader).get("/").context["kader"]["forms"][0][1] == ""
    made = links.make(cast.programme)
    assert made != trial and not made.is_practice
    assert links.make_practice(cast.programme) == trial
    assert links.make(cast.programme) == made


def test_a_real_report_cannot_be_dropped_as_practice(cast: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="practice"):
        practice.send(cast.link, {}, "uji")
    sent(cast.link, typed(cast))
    assert Submission.objects.count() == 1 and not PracticeReport.objects.exists()


def test_the_workflow_is_not_reached(
    cast: SimpleNamespace, trial: ReportLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry import workflow

    monkeypatch.setattr(workflow, "submit", lambda *a, **k: pytest.fail("a practice was stored"))
    assert sent(trial, typed(cast)).status_code == 303


def test_a_revoked_practice_code_holds_nothing(cast: SimpleNamespace, trial: ReportLink) -> None:
    sent(trial, typed(cast))
    receipt = PracticeReport.objects.get().receipt_text
    client = signed_in(cast.petugas)
    client.post(reverse("registry:link-revoke", args=[trial.code]))
    assert sent(trial, typed(cast)).status_code == 404
    assert not HeldReport.objects.exists()
    page = Client().get(reverse("registry:status", args=[receipt]))
    assert page.status_code == 200 and form_of(trial) not in page.content.decode()


# --- Who may not ------------------------------------------------------------------------------


def test_others_make_no_practice_code(cast: SimpleNamespace, trial: ReportLink) -> None:
    url = reverse("registry:practice-make")
    assert signed_in(cast.kader).post(url).status_code == 403
    other = signed_in(cast.gasken.petugas)
    assert other.get(reverse("registry:poster-pdf", args=[trial.code])).status_code == 404
    assert other.get(reverse("registry:posters")).context["trial"] is None
