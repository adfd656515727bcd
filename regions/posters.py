"""Posters and stickers of report links: what a kader scans. Reprinted by recomputing the token.

All sizes of poster are one A4 page enlarged as a whole, so that they are looked at once.
"""

from collections.abc import Sequence
from math import sqrt

from regions.links import url_of
from regions.models import Posyandu, ReportLink
from regions.paper import print_paper, qr

SIZES = {
    "a4": "Poster A4",
    "a3": "Poster A3",
    "a5": "Poster A5",
    "stiker": "Stiker, 12 per A4",
}
STICKERS = 12
ZOOM = {"a3": sqrt(2), "a5": sqrt(0.5)}


def poster(link: ReportLink, size: str = "a4") -> bytes:
    """The PDF of the link's poster or stickers, for the present generation of its token.

    The overlap after a rotation is not printed: it is an affair of the office.
    """
    return posters([link], _sheet(link)["place"], size)


def posters(links: Sequence[ReportLink], title: object, size: str = "a4") -> bytes:
    """One PDF with a page for each link; all of one programme, and all for practice or none.

    ``size`` is a key of SIZES. 90 posters took 5 s and 100 MB of memory, 90 sheets of stickers
    11 s and 200 MB, on one core; never inside a transaction.
    """
    programme = links[0].programme
    context: dict[str, object] = {
        "title": title,
        "sheets": [_sheet(link) for link in links],
        "practice": links[0].is_practice,
        "twelve": range(STICKERS),
        "cost": programme.texts.get("cost", ""),
        "whatsapp": spaced_phone(str(programme.contacts.get("whatsapp") or "")),
    }
    template = "paper/stickers.html" if size == "stiker" else "paper/poster.html"
    return print_paper(template, programme, context, zoom=ZOOM.get(size, 1))


def spaced_phone(number: str) -> str:
    """``0851 6172 5300``: groups of four are read off a wall without losing one's place."""
    digits = number.replace(" ", "").replace("-", "")
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def posyandu_title(posyandu: Posyandu) -> str:
    """The name with the word Posyandu before it, once, however it was written."""
    name = posyandu.name
    return name if name.lower().startswith("posyandu") else f"Posyandu {name}"


def _sheet(link: ReportLink) -> dict[str, object]:
    url = url_of(link)
    return {**place_words(link), "url": url, "address": url.split("://", 1)[-1], "qr": qr(url)}


def place_words(link: ReportLink) -> dict[str, object]:
    """The narrowest place in large type, and what it lies in beneath."""
    kecamatan = f"Kecamatan {link.programme.kecamatan_name}"
    if link.is_practice:
        return {"place": link.place, "area": kecamatan}
    if link.posyandu:
        area = f"{link.posyandu.desa.title}, {kecamatan}"
        example = link.posyandu.is_example
        return {"place": posyandu_title(link.posyandu), "area": area, "is_example": example}
    if link.desa:
        return {"place": link.desa.title, "area": kecamatan}
    return {"place": kecamatan}
