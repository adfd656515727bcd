"""Paper: letterhead, the one PDF function, QR; with the Indonesian dates and numbers it prints."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable

import segno
from django.conf import settings
from django.template.loader import render_to_string

from regions.models import Programme
from regions.words import (
    clock,
    date_and_clock,
    long_date,
    month_name,
    number,
    percent,
    rupiah,
)

__all__ = [
    "PaperRefused", "clock", "date_and_clock", "letterhead", "long_date", "month_name", "number",
    "pdf", "percent", "print_paper", "qr", "rupiah",
]  # fmt: skip
COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)


class PaperRefused(Exception):
    """The page asked for a file or address that paper must not draw on; no PDF was made."""


def print_paper(
    template: str,
    programme: Programme,
    context: dict[str, object],
    *,
    check_url: str = "",
    zoom: float = 1,
) -> bytes:
    """The PDF of a template that extends ``paper/base_paper.html``, with this letterhead.

    ``check_url`` puts its QR into the foot of every page; ``context`` may carry ``check_code``
    (the short code beside it), ``is_draft`` (KONSEP across the page) and ``made`` (a datetime,
    the PDF's date of creation); ``zoom`` enlarges page and all (A4 × √2 is A3). The demo prints
    DATA CONTOH above every page. Raises PaperRefused as ``pdf`` does.
    """
    head = {"programme": programme, "demo": settings.DEMO, **letterhead(programme)}
    foot = {
        "check_url": check_url,
        "check_address": check_url.split("://", 1)[-1],
        "check_qr": qr(check_url) if check_url else "",
    }
    page = render_to_string(template, {**head, **foot, **context})
    return pdf(page, programme=programme, zoom=zoom)


def pdf(html: str, *, programme: Programme | None = None, zoom: float = 1) -> bytes:
    """The page as a PDF, with static/css/paper.css and the programme's colours; same in, same out.

    The only place where a PDF is made. It draws on ``data:`` and ``asset:`` addresses alone
    (``asset:img/kempling.svg``, see regions/fetcher.py) and raises PaperRefused on any other.
    Never call it inside a transaction: it takes from 0.1 s to seconds. (Where the system lacks
    harfbuzz-subset, the fonts carry the time and so no two PDFs are alike.)
    """
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError

    from regions.fetcher import PackagedOnly

    fetcher = PackagedOnly()
    source = html.encode(errors="replace")  # a lone surrogate stops Pango
    identifier = hashlib.sha256(source).hexdigest()[:32].encode()
    try:
        sheets = [CSS("asset:css/paper.css", url_fetcher=fetcher), CSS(string=_brand(programme))]
        page = HTML(string=source.decode(), url_fetcher=fetcher, base_url="asset:/")
        made = page.write_pdf(
            stylesheets=sheets, pdf_tags=True, pdf_identifier=identifier, zoom=zoom
        )
    except FatalURLFetchingError as error:
        raise PaperRefused(str(error)) from error
    if fetcher.refused:
        raise PaperRefused(f"{len(fetcher.refused)} address(es) refused inside a picture")
    return bytes(made)


def letterhead(programme: Programme) -> dict[str, object]:
    """What ``paper/base_paper.html`` needs: the words of the kop, the logo, the size of paper."""
    words = programme.letterhead
    address = " ".join(
        text for text in (words.get("address"), _after("Kode Pos", words.get("post_code"))) if text
    )
    return {
        "paper": "f4" if str(programme.setting("paper", "A4")).upper() == "F4" else "a4",
        "kop": {
            "logo": _logo(programme),
            "government": words.get("government", ""),
            "office": words.get("office", ""),
            "address": address,
            "phone": _after("Telepon", words.get("phone")),
        },
    }


def qr(text: str) -> str:
    """The QR of the text as a ``data:`` address of a black and white SVG, quiet zone included.

    All dark modules are one path, so that no hairline shows between rows. For paper only: the
    pages' CSP takes no ``data:`` pictures. Raises ValueError on a text too long for a QR.
    """
    code = segno.make(text, error="m", micro=False)
    quiet, size = 4, code.symbol_size(border=4)[0]
    path = "".join(
        f"M{quiet + x} {quiet + y}h{length}v1h-{length}z"
        for y, row in enumerate(code.matrix)
        for x, length in _dark_runs(row)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def _dark_runs(row: Iterable[int]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    text = "".join("1" if module else "0" for module in row)
    return [(found.start(), len(found[0])) for found in re.finditer("1+", text)]


def _logo(programme: Programme) -> str:
    """The logo's ``asset:`` address, '' when the programme names no packaged picture."""
    from regions.fetcher import ASSETS, SCHEME

    return SCHEME + programme.logo if programme.logo in ASSETS else ""


def _brand(programme: Programme | None) -> str:
    """The programme's two colours as CSS; what is no colour is left out."""
    if programme is None:
        return ""
    colours = {"brand": programme.colour_brand, "accent": programme.colour_accent}
    rules = (f"--{name}:{value}" for name, value in colours.items() if COLOUR.fullmatch(value))
    return ":root{" + ";".join(rules) + "}"


def _after(word: str, value: object) -> str:
    return f"{word} {value}" if value else ""
