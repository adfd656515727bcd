"""A code is replaced or revoked: what happens to the posters that already hang."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from regions import links
from regions.models import ReportLink
from regions.words import long_date
from tests.cast import signed_in
from tests.pictures import codes_of


def rotate(client: Client, link: ReportLink, generation: object = None) -> str:
    data = {"generation": link.generation if generation is None else generation}
    url = reverse("registry:link-rotate", args=[link.code])
    return client.post(url, data, follow=True).content.decode()


def revoke(client: Client, link: ReportLink) -> str:
    url = reverse("registry:link-revoke", args=[link.code])
    return client.post(url, follow=True).content.decode()


# --- It works ---------------------------------------------------------------------------------


def test_a_revoked_code_is_dead_at_once(cast: SimpleNamespace) -> None:
    token = links.token_of(cast.link_melati)
    assert links.find(token) == cast.link_melati
    page = revoke(signed_in(cast.petugas), cast.link_melati)
    assert "sudah dicabut" in page and "Turunkan posternya" in page
    assert links.find(token) is None


def test_revoking_is_written_into_the_log(cast: SimpleNamespace) -> None:
    revoke(signed_in(cast.petugas), cast.link_melati)
    event = Event.objects.get(verb="revoke_link")
    assert (event.user, event.object_code) == (cast.petugas, cast.link_melati.code)


def test_a_revoked_link_stands_among_those_that_ended(cast: SimpleNamespace) -> None:
    client, url = signed_in(cast.petugas), reverse("registry:posters")
    revoke(client, cast.link_melati)
    assert cast.link_melati not in [link for link, _ in client.get(url).context["rows"]]
    rows = client.get(url, {"tab": "berakhir"}).context["rows"]
    assert [(link, state.label) for link, state in rows] == [(cast.link_melati, "Dicabut")]


def test_a_place_gets_a_new_code_after_revoking(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    revoke(client, cast.link_melati)
    client.post(reverse("registry:link-make"), {"place": f"posyandu:{cast.melati.code}"})
    alive = ReportLink.objects.alive().get(posyandu=cast.melati)
    assert alive != cast.link_melati and links.find(links.token_of(alive)) == alive


def test_a_replaced_code_lets_the_old_poster_live_for_the_overlap(cast: SimpleNamespace) -> None:
    old, link = links.token_of(cast.link_melati), cast.link_melati
    page = rotate(signed_in(cast.petugas), link)
    link.refresh_from_db()
    assert link.generation == 2 and links.token_of(link) != old
    assert links.find(old) == links.find(links.token_of(link)) == link
    assert f"sampai {long_date(link.overlap_until, cast.programme)}" in page
    ReportLink.objects.update(overlap_until=timezone.now() - timedelta(seconds=1))
    assert links.find(old) is None and links.find(links.token_of(link)) == link


def test_the_poster_printed_next_carries_the_new_code(cast: SimpleNamespace) -> None:
    client, url = signed_in(cast.petugas), reverse("registry:poster-pdf", args=[cast.link.code])
    before = codes_of(client.get(url).content)
    rotate(client, cast.link)
    cast.link.refresh_from_db()
    assert codes_of(client.get(url).content) == [links.url_of(cast.link)] != before


def test_replacing_is_written_into_the_log(cast: SimpleNamespace) -> None:
    rotate(signed_in(cast.kasi), cast.link)
    event = Event.objects.get(verb="rotate_link")
    assert (event.user, event.object_code) == (cast.kasi, cast.link.code)


# --- Who may not ------------------------------------------------------------------------------


def test_others_neither_replace_nor_revoke(cast: SimpleNamespace) -> None:
    for user, status in ((cast.kader, 403), (cast.camat, 403), (cast.gasken.petugas, 404)):
        for name in ("registry:link-rotate", "registry:link-revoke"):
            url = reverse(name, args=[cast.link.code])
            assert signed_in(user).post(url, {"generation": 1}).status_code == status
    cast.link.refresh_from_db()
    assert cast.link.generation == 1 and cast.link.revoked_at is None


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("seen", ["1", "", "x", "9" * 9000, "²"])
def test_a_second_click_does_not_end_the_posters_just_hung(
    seen: str, cast: SimpleNamespace
) -> None:
    client, link = signed_in(cast.petugas), cast.link
    rotate(client, link, 1)
    assert "baru saja diganti" in rotate(client, link, seen)
    link.refresh_from_db()
    assert link.generation == 2
    assert Event.objects.filter(verb="rotate_link").count() == 1


def test_a_revoked_code_is_neither_replaced_nor_revoked_again(cast: SimpleNamespace) -> None:
    client, link = signed_in(cast.petugas), cast.link
    revoke(client, link)
    link.refresh_from_db()
    at = link.revoked_at
    assert "sudah dicabut" in rotate(client, link, 1)
    revoke(client, link)
    link.refresh_from_db()
    assert (link.generation, link.revoked_at) == (1, at)
    assert Event.objects.filter(verb="revoke_link").count() == 1
