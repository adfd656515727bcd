"""Posters: one click makes the link of a place and prints it; the code on it opens the form."""

import io
from types import SimpleNamespace

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Event
from regions import links, posters
from regions.models import Posyandu, ReportLink
from tests.cast import signed_in
from tests.pictures import codes_of, pages_of, text_of, unembedded_fonts

pytestmark = pytest.mark.once


def printed(user: object, link: ReportLink) -> bytes:
    response = signed_in(user).get(reverse("registry:poster-pdf", args=[link.code]))  # type: ignore[arg-type]
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    return response.content


def make(client: Client, place: str, **extra: object) -> object:
    return client.post(reverse("registry:link-make"), {"place": place}, **extra)  # type: ignore[arg-type]


# --- It works ---------------------------------------------------------------------------------


def test_the_code_on_the_poster_is_the_links_address(cast: SimpleNamespace) -> None:
    for place in (cast, cast.gasken):
        for link in (place.link, place.link_melati):
            assert codes_of(printed(place.petugas, link)) == [links.url_of(link)]


def test_the_code_is_read_from_a_small_grey_copy(cast: SimpleNamespace) -> None:
    assert codes_of(printed(cast.petugas, cast.link_melati), dpi=50) == [
        links.url_of(cast.link_melati)
    ]


def test_a_scanned_poster_is_found_again(cast: SimpleNamespace) -> None:
    address = codes_of(printed(cast.petugas, cast.link_melati))[0]
    assert links.find(address.rstrip("/").rsplit("/", 1)[-1]) == cast.link_melati


def test_the_poster_says_who_where_how_and_that_it_is_free(cast: SimpleNamespace) -> None:
    words = text_of(printed(cast.petugas, cast.link_melati))
    for expected in (
        "PEMERINTAH KABUPATEN BANYUMAS", "KECAMATAN KEMBARAN", "KEMPLING",
        "Kembaran Peduli Stunting", "Posyandu Melati", f"{cast.desa.title}, Kecamatan Kembaran",
        "Pindai", "Isi", "Kirim", "KK atau akta", "GRATIS", "0851 6172 5300",
        links.url_of(cast.link_melati).split("://")[1], "CONTOH",
    ):  # fmt: skip
        assert expected in words


def test_a_poster_of_the_other_programme_carries_its_own_name(cast: SimpleNamespace) -> None:
    words = text_of(printed(cast.gasken.petugas, cast.gasken.link))
    assert "GASKEN" in words and "PEMERINTAH KABUPATEN BANGKA" in words
    assert "KEMPLING" not in words and "WhatsApp" not in words


def test_the_poster_is_one_a4_page_with_its_fonts(cast: SimpleNamespace) -> None:
    made = printed(cast.petugas, cast.link)
    document = PdfReader(io.BytesIO(made))
    assert len(document.pages) == 1
    size = document.pages[0].mediabox
    assert (round(float(size.width)), round(float(size.height))) == (595, 842)
    assert document.metadata is not None and document.metadata.title == (
        "Poster KEMPLING: Kecamatan Kembaran"
    )
    assert unembedded_fonts(made) == []


def test_a_long_name_and_address_stay_on_one_page(cast: SimpleNamespace, settings: object) -> None:
    settings.SITE_URL = "https://kempling.kecamatan-kembaran.banyumaskab.go.id"  # type: ignore[attr-defined]
    cast.melati.name = "Kemuning Wijaya Kusuma " * 4
    cast.link_melati.posyandu = cast.melati
    made = posters.poster(cast.link_melati)
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert codes_of(made) == [links.url_of(cast.link_melati)]


def test_printing_again_gives_the_same_poster(cast: SimpleNamespace) -> None:
    assert printed(cast.petugas, cast.link) == printed(cast.kasi, cast.link)


def test_printing_is_written_into_the_log(cast: SimpleNamespace) -> None:
    printed(cast.petugas, cast.link_melati)
    event = Event.objects.get(verb="print_poster")
    assert (event.user, event.object_code) == (cast.petugas, cast.link_melati.code)
    assert event.grant is not None and event.programme == cast.programme


def test_one_click_makes_a_link_and_shows_its_poster(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    response = make(client, f"posyandu:{cast.mawar.code}", follow=True)
    link = ReportLink.objects.get(posyandu=cast.mawar)
    assert codes_of(response.content) == [links.url_of(link)]  # type: ignore[attr-defined]
    assert link.desa == cast.desa and link.programme == cast.programme
    assert Event.objects.filter(verb="make_link", object_code=link.code).count() == 1


def test_a_place_keeps_its_link(cast: SimpleNamespace) -> None:
    client, before = signed_in(cast.petugas), ReportLink.objects.count()
    for place in ("kecamatan", f"posyandu:{cast.melati.code}"):
        make(client, place)
    assert ReportLink.objects.count() == before
    assert not Event.objects.filter(verb="make_link").exists()


def test_a_desa_has_a_poster_too(cast: SimpleNamespace) -> None:
    make(signed_in(cast.petugas), f"desa:{cast.desa.code}")
    link = ReportLink.objects.get(desa=cast.desa, posyandu=None)
    assert cast.desa.title in text_of(printed(cast.petugas, link))


def test_all_posyandu_get_theirs_at_once(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    make(client, "semua")
    for posyandu in Posyandu.objects.of(cast.programme):
        assert ReportLink.objects.alive().filter(posyandu=posyandu).count() == 1
    assert not ReportLink.objects.filter(posyandu=cast.gasken.mawar).exists()
    assert "belum punya poster" not in client.get(reverse("registry:posters")).content.decode()


def test_the_list_shows_the_places_of_one_desa(cast: SimpleNamespace) -> None:
    make(signed_in(cast.petugas), f"posyandu:{cast.kenanga.code}")
    client, url = signed_in(cast.petugas), reverse("registry:posters")
    rows = client.get(url).context["rows"]
    assert {link.place for link, _ in rows} == {"Kecamatan Kembaran", "Melati", "Kenanga"}
    rows = client.get(url, {"desa": cast.desa.code}).context["rows"]
    assert {link.place for link, _ in rows} == {"Melati"}


def test_the_list_asks_the_database_the_same_however_long_it_is(
    cast: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    client = signed_in(cast.petugas)
    make(client, "semua")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(reverse("registry:posters"))


# --- Sizes and sets ---------------------------------------------------------------------------

MM = 72 / 25.4


def papers(cast: SimpleNamespace, name: str, **asked: str) -> bytes:
    args = [cast.link_melati.code] if name == "poster-pdf" else []
    response = signed_in(cast.petugas).get(reverse(f"registry:{name}", args=args), asked)
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return response.content


def sheets(made: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(made)).pages]
    return [(round(float(b.width) / MM), round(float(b.height) / MM)) for b in boxes]


@pytest.mark.parametrize(
    ("size", "paper", "dpi", "codes"),
    [
        ("a3", (297, 420), 50, 1),
        ("a4", (210, 297), 50, 1),
        ("a5", (148, 210), 50, 1),
        ("stiker", (210, 297), 300, 12),
    ],
)
def test_every_size_is_read(
    size: str, paper: tuple[int, int], dpi: int, codes: int, cast: SimpleNamespace
) -> None:
    made = papers(cast, "poster-pdf", ukuran=size)
    assert sheets(made) == [paper]
    assert codes_of(made, dpi) == [links.url_of(cast.link_melati)] * codes
    assert "Posyandu Melati" in text_of(made) and unembedded_fonts(made) == []
    assert Event.objects.get(verb="print_poster").why == f"ukuran={size}"


def test_a_sticker_cut_out_is_read_in_grey(cast: SimpleNamespace) -> None:
    page = pages_of(papers(cast, "poster-pdf", ukuran="stiker"), 300)[0]
    width, height = (round(64 * 300 / 25.4), round(69 * 300 / 25.4))
    left, top = round(9 * 300 / 25.4), round(12 * 300 / 25.4)
    cut = page.crop((left, top, left + width, top + height))
    assert [code.text for code in zxingcpp.read_barcodes(cut)] == [links.url_of(cast.link_melati)]


def test_an_unknown_size_is_a4(cast: SimpleNamespace) -> None:
    assert sheets(papers(cast, "poster-pdf", ukuran="a0")) == [(210, 297)]


@pytest.mark.parametrize("size", ["a4", "stiker"])
def test_all_posyandu_of_a_desa_come_in_one_pdf(size: str, cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    response = client.post(
        reverse("registry:link-make"),
        {"place": f"semua:{cast.desa.code}", "size": size},
        follow=True,
    )
    assert response["Content-Type"] == "application/pdf"
    here = ReportLink.objects.alive().filter(posyandu__in=[cast.melati, cast.mawar])
    assert len(sheets(response.content)) == 2
    assert set(codes_of(response.content)) == {links.url_of(link) for link in here}
    assert not ReportLink.objects.filter(posyandu=cast.kenanga).exists()
    printed_codes = Event.objects.filter(verb="print_poster").values_list("object_code", flat=True)
    assert sorted(printed_codes) == sorted(link.code for link in here)


def test_the_whole_kecamatan_comes_in_one_pdf(cast: SimpleNamespace) -> None:
    response = make(signed_in(cast.petugas), "semua", follow=True)
    assert len(sheets(response.content)) == 3  # type: ignore[attr-defined]
    codes = set(codes_of(response.content))  # type: ignore[attr-defined]
    assert codes == {
        links.url_of(link) for link in ReportLink.objects.alive().filter(posyandu__isnull=False)
    }


def test_a_set_leaves_out_what_is_dead_or_for_practice(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    make(client, "semua")
    links.make_practice(cast.programme)
    links.revoke(cast.link_melati)
    cast.mawar.is_active = False
    cast.mawar.save()
    kenanga = ReportLink.objects.get(posyandu=cast.kenanga)
    assert codes_of(papers(cast, "poster-set")) == [links.url_of(kenanga)]


def test_an_empty_set_says_so(cast: SimpleNamespace) -> None:
    response = signed_in(cast.petugas).get(
        reverse("registry:poster-set"), {"desa": cast.other_desa.code}, follow=True
    )
    assert "Belum ada posyandu" in response.content.decode()


def test_a_long_set_says_how_long_it_takes(cast: SimpleNamespace) -> None:
    url, client = reverse("registry:posters"), signed_in(cast.petugas)
    assert "detik" not in client.get(url).content.decode()
    for number in range(31):
        Posyandu.objects.create(
            programme=cast.programme, desa=cast.desa, name=f"Uji {number}", code=f"uji-{number}"
        )
    assert "34 lembar dalam satu PDF, kira-kira 10 detik" in client.get(url).content.decode()


# --- Who may not ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["kader", "bidan", "nakes", "camat", "mitra", "kabupaten"])
def test_others_print_no_posters(role: str, cast: SimpleNamespace) -> None:
    client = signed_in(getattr(cast, role))
    assert client.get(reverse("registry:posters")).status_code == 403
    url = reverse("registry:poster-pdf", args=[cast.link.code])
    assert client.get(url).status_code == 403
    assert make(client, "kecamatan").status_code == 403  # type: ignore[attr-defined]


def test_the_other_programme_prints_nothing_of_ours(cast: SimpleNamespace) -> None:
    client = signed_in(cast.gasken.petugas)
    url = reverse("registry:poster-pdf", args=[cast.link.code])
    assert client.get(url).status_code == 404
    before = ReportLink.objects.count()
    make(client, f"posyandu:{cast.mawar.code}")
    make(client, f"desa:{cast.desa.code}")
    assert ReportLink.objects.count() == before
    assert cast.link_melati.code not in client.get(reverse("registry:posters")).content.decode()


def test_a_set_of_the_other_programme_has_none_of_ours(cast: SimpleNamespace) -> None:
    response = signed_in(cast.gasken.petugas).get(reverse("registry:poster-set"))
    assert links.url_of(cast.link_melati) not in codes_of(response.content)
    assert codes_of(response.content) == [links.url_of(cast.gasken.link_melati)]


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["", "posyandu:tidak-ada", "desa:99", "semua:99", "\x00", "semuanya"]
)
def test_an_unknown_place_is_asked_for_again(place: str, cast: SimpleNamespace) -> None:
    before = ReportLink.objects.count()
    response = make(signed_in(cast.petugas), place, follow=True)
    assert "Pilih dahulu tempatnya" in response.content.decode()  # type: ignore[attr-defined]
    assert ReportLink.objects.count() == before


def test_a_revoked_link_is_not_printed(cast: SimpleNamespace) -> None:
    links.revoke(cast.link_melati)
    url = reverse("registry:poster-pdf", args=[cast.link_melati.code])
    response = signed_in(cast.petugas).get(url, follow=True)
    assert "sudah dicabut" in response.content.decode()
    assert not Event.objects.filter(verb="print_poster").exists()
