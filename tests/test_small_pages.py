"""Pages travel compressed, except where that could tell another site what stands on them."""

import gzip
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from kempling.middleware import SmallPagesMiddleware
from tests.cast import a_child, signed_in

WORDS = b"kata " * 400


def sent(kind: str = "text/html; charset=utf-8", **headers: Any) -> HttpResponseBase:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(WORDS, content_type=kind)

    headers.setdefault("accept_encoding", "gzip")
    asked = RequestFactory().get("/", headers=headers)
    answer = SmallPagesMiddleware(view)(asked)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_list_is_sent_small_and_reads_the_same(cast: SimpleNamespace) -> None:
    for number in range(30):
        a_child(cast, name=f"Anak {number:02d} Contoh")
    client = signed_in(cast.bidan)
    plain = client.get("/anak/")
    small = client.get("/anak/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain and small["Content-Encoding"] == "gzip"
    assert len(small.content) * 3 < len(plain.content)
    assert b"Anak 07 Contoh" in gzip.decompress(small.content)


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_our_own_pages_and_the_address_bar_are_ours(site: str) -> None:
    assert sent(sec_fetch_site=site)["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_another_site_asked_for_is_sent_as_it_is(site: str) -> None:
    """BREACH: else the size tells a guesser whether the guess stands on the page."""
    answer = sent(sec_fetch_site=site)
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "application/zip"])
def test_what_is_packed_already_is_left_alone(kind: str) -> None:
    assert "Content-Encoding" not in sent(kind)


def test_who_cannot_unpack_gets_it_plain() -> None:
    assert "Content-Encoding" not in sent(accept_encoding="identity")


def test_equal_pages_differ_in_size() -> None:
    """Django's random bytes; a size says nothing exact."""
    assert len({len(sent().content) for _ in range(30)}) > 1  # type: ignore[attr-defined]
