"""Paper: dates and numbers as people write them, the letterhead, the PDF that fetches nothing."""

import io
import os
import socket
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from pypdf import PdfReader

from regions import paper
from regions.paper import PaperRefused
from tests.pictures import codes_of, everything_in, text_of, unembedded_fonts

pytestmark = pytest.mark.once

SETTINGS = {"DJANGO_SETTINGS_MODULE": "kempling.settings"}
AT = datetime(2022, 6, 21, 20, 42, tzinfo=UTC)  # 22 June, 03.42 in Kembaran


# --- Dates and numbers ------------------------------------------------------------------------


def test_dates_and_times_are_written_in_indonesian(cast: SimpleNamespace) -> None:
    assert paper.long_date(date(2022, 6, 22)) == "22 Juni 2022"
    assert paper.long_date(AT, cast.programme) == "22 Juni 2022"
    assert paper.month_name(date(2026, 10, 1)) == "Oktober 2026"
    assert paper.clock(AT, cast.programme) == "03.42 WIB"
    assert paper.date_and_clock(AT, cast.programme) == "22 Juni 2022 pukul 03.42 WIB"


def test_each_programme_has_its_own_clock(cast: SimpleNamespace) -> None:
    cast.programme.timezone_name = "Asia/Makassar"
    assert paper.clock(AT, cast.programme) == "04.42 WITA"


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (1234.5, None, "1.234,5"),
        (Decimal("8.40"), None, "8,4"),
        (12, None, "12"),
        (1000000, None, "1.000.000"),
        (Decimal("-2.125"), None, "−2,13"),
        (-0.001, None, "0"),
        (7, 1, "7,0"),
        (0.05, 1, "0,1"),
    ],
)
def test_numbers_have_commas_and_dots(value: object, places: int | None, written: str) -> None:
    assert paper.number(value, places) == written


def test_money_is_whole_rupiah() -> None:
    assert paper.rupiah(450000) == "Rp450.000"
    assert paper.rupiah(-1500) == "−Rp1.500"


def test_a_percentage_stands_with_its_n_and_total() -> None:
    assert paper.percent(9, 12) == "75,0 % (9/12)"
    assert paper.percent(1, 3, places=0) == "33 % (1/3)"
    assert paper.percent(1234, 5000) == "24,7 % (1.234/5.000)"


@pytest.mark.parametrize("nothing", [None, "", "abc", float("nan"), True])
def test_what_is_missing_is_a_dash_and_never_zero(nothing: object) -> None:
    assert paper.number(nothing) == paper.rupiah(nothing) == paper.percent(nothing, 3) == "–"
    assert paper.long_date(nothing) == paper.month_name(nothing) == "–"  # type: ignore[arg-type]
    assert paper.clock(nothing) == paper.date_and_clock(nothing) == "–"  # type: ignore[arg-type]


def test_a_share_of_nobody_is_no_percentage() -> None:
    assert paper.percent(0, 0) == "– (0/0)"


def test_the_filters_say_the_same(cast: SimpleNamespace) -> None:
    page = Template(
        "{% load indonesia %}{{ at|tanggal }}|{{ at|tanggal:programme }}|{{ at|bulan }}|"
        "{{ at|jam:programme }}|{{ at|waktu:programme }}|{{ n|angka }}|{{ n|angka:2 }}|"
        "{{ n|rupiah }}|{{ 9|persen:12 }}|{{ gone|tanggal }}|{{ gone|angka }}|{{ gone|persen:3 }}"
    )
    words = page.render(Context({"at": AT, "n": 1234.5, "programme": cast.programme}))
    assert words.split("|") == [
        "22 Juni 2022", "22 Juni 2022", "Juni 2022", "03.42 WIB", "22 Juni 2022 pukul 03.42 WIB",
        "1.234,5", "1.234,50", "Rp1.235", "75,0 % (9/12)", "–", "–", "–",
    ]  # fmt: skip


# --- The page ---------------------------------------------------------------------------------


def a_letter(cast: SimpleNamespace, **context: object) -> bytes:
    return paper.print_paper(
        "paper/base_paper.html",
        cast.programme,
        {"title": "Laporan Contoh", **context},
        check_url="https://kempling.example/cek/abcd/",
    )


def test_a_page_has_letterhead_page_number_and_check_code(cast: SimpleNamespace) -> None:
    made = a_letter(cast, check_code="ABCD-EFGH")
    words = text_of(made)
    for expected in ("PEMERINTAH KABUPATEN BANYUMAS", "KECAMATAN KEMBARAN", "Kode Pos 53182",
                     "Halaman 1 dari 1", "ABCD-EFGH"):  # fmt: skip
        assert expected in words
    assert codes_of(made, dpi=150) == ["https://kempling.example/cek/abcd/"]


def test_the_pdf_says_its_title_language_and_date_and_carries_its_fonts(
    cast: SimpleNamespace,
) -> None:
    made = a_letter(cast, made=AT)
    document = PdfReader(io.BytesIO(made))
    assert document.metadata is not None and document.metadata.title == "Laporan Contoh"
    assert document.metadata.creation_date == AT
    assert document.trailer["/Root"]["/Lang"] == "id"
    assert unembedded_fonts(made) == []


@pytest.mark.parametrize(("setting", "height"), [("F4", 330), ("A4", 297), ("f4", 330), ("", 297)])
def test_the_programme_chooses_the_paper(cast: SimpleNamespace, setting: str, height: int) -> None:
    cast.programme.settings["paper"] = setting
    size = PdfReader(io.BytesIO(a_letter(cast))).pages[0].mediabox
    assert round(float(size.height) / 72 * 25.4) == height


def test_a_draft_says_konsep(cast: SimpleNamespace) -> None:
    assert "KONSEP" in text_of(a_letter(cast, is_draft=True))
    assert "KONSEP" not in text_of(a_letter(cast))


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_says_so_on_every_page(
    cast: SimpleNamespace, settings: Any, *, demo: bool
) -> None:
    settings.DEMO = demo
    made = paper.print_paper("paper/base_paper.html", cast.programme, {"title": "Surat"})
    assert ("DATA CONTOH" in text_of(made)) is demo


def test_a_draft_says_konsep_on_every_page() -> None:
    body = "<p>satu</p><div class='halaman-baru'>dua</div><div class='halaman-baru'>tiga</div>"
    made = paper.pdf(f"<html lang='id'><body class='paper a4 konsep'>{body}</body></html>")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) == 3 and all("KONSEP" in page for page in pages)
    assert "Halaman 2 dari 3" in pages[1]


def test_the_signature_block_names_who_signs_or_leaves_room() -> None:
    block = {"place": "Kembaran", "day": date(2026, 10, 31), "office": "CAMAT KEMBARAN"}
    signed = {"name": "Camat Contoh", "rank": "Pembina", "nip": "000000000000000000"}
    words = " ".join(render_to_string("paper/_signature.html", {**block, **signed}).split())
    for expected in ("Kembaran, 31 Oktober 2026", "CAMAT KEMBARAN", "Camat Contoh", "Pembina",
                     "NIP. 000000000000000000"):  # fmt: skip
        assert expected in words
    assert "……" in render_to_string("paper/_signature.html", block)


def test_the_same_page_gives_the_same_bytes(cast: SimpleNamespace) -> None:
    assert a_letter(cast) == a_letter(cast)
    assert a_letter(cast) != a_letter(cast, title="Laporan lain")


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import django; django.setup(); from regions import paper; import hashlib; "
        "print(hashlib.sha256(paper.pdf('<html lang=id><p>Sama <b>saja</b></html>')).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, **SETTINGS, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_a_logo_that_is_no_packaged_picture_is_left_out(cast: SimpleNamespace) -> None:
    for logo in ("../manage.py", "/etc/hostname", "img/lain.svg", ""):
        cast.programme.logo = logo
        assert paper.letterhead(cast.programme)["kop"]["logo"] == ""  # type: ignore[index]
        assert "KECAMATAN KEMBARAN" in text_of(a_letter(cast))


def test_a_colour_that_is_no_colour_is_left_out(cast: SimpleNamespace) -> None:
    cast.programme.colour_brand = "}*{x:y"
    assert paper._brand(cast.programme) == ":root{--accent:#e0a100}"


def test_a_lone_surrogate_does_not_stop_the_printer() -> None:
    assert paper.pdf("<html><p>Anak \ud800 Contoh</p></html>").startswith(b"%PDF")


# --- What it may not draw on ------------------------------------------------------------------


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "rahasia.txt"
    file.write_text("KENARI-8261")
    return file


@pytest.fixture
def listener():  # type: ignore[no-untyped-def]
    """A server on this machine that counts who calls."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, caller = server.accept()
                except OSError:
                    return
                calls.append(caller)
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        yield SimpleNamespace(port=server.getsockname()[1], calls=calls)
        server.shutdown(socket.SHUT_RDWR)


# {} is the address. Each stood in a name, a note or an address of somebody's form.
FETCHING = {
    "img": "<img src='{}'>",
    "img in a set": "<img srcset='{} 2x' src='{}'>",
    "stylesheet": "<link rel=stylesheet href='{}'>",
    "import": "<style>@import '{}';</style>",
    "import url": "<style>@import url({});</style>",
    "background": "<p style='background: url({})'>x</p>",
    "content": "<style>p::before { content: url({}) }</style><p>x</p>",
    "list": "<ul style='list-style-image: url({})'><li>x</li></ul>",
    "border": "<p style='border-image: url({}) 3'>x</p>",
    "font": "<style>@font-face { font-family: X; src: url({}) }</style><p style='font-family: X'>x",
    "attachment": "<link rel=attachment href='{}'>",
    "attachment link": "<a rel=attachment href='{}'>x</a>",
    "object": "<object data='{}'></object>",
    "embed": "<embed src='{}'>",
    "svg picture": "<svg viewBox='0 0 9 9'><image href='{}' width='9' height='9'/></svg>",
    "picture in a data picture": (
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>"
        "<image href='{}' width='9' height='9'/></svg>\">"
    ),
    "base": "<base href='{}'><img src='x.png'>",
}  # fmt: skip
# WeasyPrint does not follow these at all; they must stay so.
QUIET = {
    "link": "<a href='{}'>x</a>",
    "frame": "<iframe src='{}'></iframe>",
    "svg use": "<svg viewBox='0 0 9 9'><use href='{}#x'/></svg>",
    "svg style": "<svg viewBox='0 0 9 9'><style>@import '{}';</style><rect width='9'/></svg>",
    "image button": "<input type=image src='{}'>",
}


def test_packaged_pictures_and_data_addresses_are_printed(cast: SimpleNamespace) -> None:
    body = f"<img src='asset:img/kempling.svg' alt='Logo'><img src='{paper.qr('halo')}' alt='QR'>"
    assert codes_of(paper.pdf(f"<html lang='id'><body>{body}</body></html>")) == ["halo"]


@pytest.mark.parametrize("trick", FETCHING)
def test_a_page_that_asks_for_a_file_is_refused(trick: str, canary: Path) -> None:
    with pytest.raises(PaperRefused):
        paper.pdf(f"<html><body>{FETCHING[trick].replace('{}', canary.as_uri())}</body></html>")


@pytest.mark.parametrize("trick", FETCHING)
def test_a_page_that_asks_for_an_address_is_refused(trick: str, listener: SimpleNamespace) -> None:
    address = f"http://127.0.0.1:{listener.port}/x"
    with pytest.raises(PaperRefused):
        paper.pdf(f"<html><body>{FETCHING[trick].replace('{}', address)}</body></html>")
    assert listener.calls == []


@pytest.mark.parametrize("trick", QUIET)
def test_what_is_not_followed_brings_nothing_in(
    trick: str, canary: Path, listener: SimpleNamespace
) -> None:
    for address in (canary.as_uri(), f"http://127.0.0.1:{listener.port}/x"):
        made = paper.pdf(f"<html><body>{QUIET[trick].replace('{}', address)}</body></html>")
        assert b"KENARI-8261" not in everything_in(made)
    assert listener.calls == []


@pytest.mark.parametrize(
    "address", ["rahasia.txt", "/etc/hostname", "asset:../manage.py", "asset:/etc/hostname",
                "ftp://127.0.0.1/x", "//127.0.0.1/x", "asset:img/tidak-ada.svg"]
)  # fmt: skip
def test_no_other_address_leads_anywhere(address: str) -> None:
    with pytest.raises(PaperRefused):
        paper.pdf(f"<html><body><img src='{address}'></body></html>")


def test_a_name_that_is_html_is_printed_as_it_is_written(canary: Path) -> None:
    name = f"<img src='{canary.as_uri()}'>"
    page = "<html lang='id'><body><p>{{ name }}</p></body></html>"
    made = paper.pdf(Template(page).render(Context({"name": name})))
    assert "<img src=" in text_of(made)
    assert b"KENARI-8261" not in everything_in(made)


def test_without_autoescape_the_page_is_refused(canary: Path) -> None:
    name = f"<link rel=attachment href='{canary.as_uri()}'>"
    page = "{% autoescape off %}<html><body><p>{{ name }}</p></body></html>{% endautoescape %}"
    with pytest.raises(PaperRefused):
        paper.pdf(Template(page).render(Context({"name": name})))


def test_weasyprint_is_loaded_only_to_print() -> None:
    code = (
        "import sys, django; django.setup(); import regions.paper, regions.posters; "
        "sys.exit('weasyprint' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], env={**os.environ, **SETTINGS}, check=False)
    assert run.returncode == 0
