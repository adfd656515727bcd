"""How often a poster was opened: people once a day, no robots, no looks ahead, no outbox."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.models.query import QuerySet
from django.test import Client
from django.urls import reverse

from regions import links
from regions.models import ReportLink
from registry import scans
from tests.cast import answers, signed_in

PHONE = "Mozilla/5.0 (Linux; Android 9; SM-A105F) AppleWebKit/537.36 Chrome/70.0 Mobile"


def form_of(link: ReportLink) -> str:
    return reverse("registry:report", args=[links.token_of(link)])


def opened(link: ReportLink, client: Client | None = None, **headers: str) -> int:
    """Open the form; how often it counts as opened now."""
    asked = {"user-agent": PHONE} | headers
    assert (client or Client()).get(form_of(link), headers=asked).status_code == 200
    link.refresh_from_db()
    return link.scans


# --- It works ---------------------------------------------------------------------------------


def test_an_opened_form_is_counted_with_its_day(cast: SimpleNamespace) -> None:
    assert opened(cast.link_melati) == 1
    assert cast.link_melati.last_scan_on == cast.programme.today()
    assert opened(cast.link_melati) == 2
    cast.link.refresh_from_db()
    assert cast.link.scans == 0


def test_the_same_phone_counts_once(cast: SimpleNamespace) -> None:
    phone = Client()
    assert [opened(cast.link_melati, phone) for _ in range(3)] == [1, 1, 1]
    mark = phone.cookies[scans.COOKIE]
    assert mark["path"] == form_of(cast.link_melati)  # another poster is another count
    assert mark["max-age"] == 24 * 3600 and mark.value == "1"  # and it tells nothing


def test_the_studio_tells_it(cast: SimpleNamespace) -> None:
    ReportLink.objects.filter(pk=cast.link_melati.pk).update(
        scans=1132, last_scan_on=cast.programme.today().replace(year=2026, month=11, day=21)
    )
    page = signed_in(cast.petugas).get(reverse("registry:posters")).content.decode()
    assert "dibuka 1.132 kali" in page and "terakhir 21 November 2026" in page
    assert "belum pernah dibuka" in page


def test_a_poster_in_its_overlap_counts_too(cast: SimpleNamespace) -> None:
    old = form_of(cast.link_melati)
    links.rotate(cast.link_melati)
    assert Client().get(old, headers={"user-agent": PHONE}).status_code == 200
    cast.link_melati.refresh_from_db()
    assert cast.link_melati.scans == 1


def test_counting_is_one_update_more(cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    url, counted = form_of(cast.link_melati), []
    for headers in ({"user-agent": ""}, {"user-agent": PHONE}):
        with django_assert_num_queries(1 + bool(headers["user-agent"])) as asked:
            Client().get(url, headers=headers)
        counted.append([q["sql"] for q in asked if q["sql"].startswith("UPDATE")])
    assert len(counted[0]) == 0 and len(counted[1]) == 1


# --- What is not counted ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": ""},
        {"user-agent": "WhatsApp/2.23.20.0 A"},
        {"user-agent": "TelegramBot (like TwitterBot)"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "curl/8.5.0"},
        {"x-kotak": "1"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
    ],
)
def test_no_person_no_count(headers: dict[str, str], cast: SimpleNamespace) -> None:
    assert opened(cast.link_melati, **headers) == 0
    assert opened(cast.link_melati) == 1


def test_a_head_and_a_sending_are_no_opening(cast: SimpleNamespace) -> None:
    phone, url = Client(headers={"user-agent": PHONE}), form_of(cast.link_melati)
    phone.head(url)
    phone.post(url, answers())
    cast.link_melati.refresh_from_db()
    assert cast.link_melati.scans == 0


def test_a_busy_database_does_not_close_the_form(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object, **kwargs: object) -> int:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(QuerySet, "update", busy)
    response = Client().get(form_of(cast.link_melati), headers={"user-agent": PHONE})
    assert response.status_code == 200 and scans.COOKIE not in response.cookies
