"""The poster of a report link: one A4 page a kader scans. Reprinted by recomputing the token."""

from regions.links import url_of
from regions.models import Posyandu, ReportLink
from regions.paper import print_paper, qr


def poster(link: ReportLink) -> bytes:
    """The PDF of the link's poster, for the present generation of its token.

    The overlap after a rotation is not printed: it is an affair of the office.
    """
    url, programme = url_of(link), link.programme
    context: dict[str, object] = {
        **_place(link),
        "url": url,
        "address": url.split("://", 1)[-1],
        "qr": qr(url),
        "cost": programme.texts.get("cost", ""),
        "whatsapp": spaced_phone(str(programme.contacts.get("whatsapp") or "")),
    }
    return print_paper("paper/poster.html", programme, context)


def spaced_phone(number: str) -> str:
    """``0851 6172 5300``: groups of four are read off a wall without losing one's place."""
    digits = number.replace(" ", "").replace("-", "")
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def posyandu_title(posyandu: Posyandu) -> str:
    """The name with the word Posyandu before it, once, however it was written."""
    name = posyandu.name
    return name if name.lower().startswith("posyandu") else f"Posyandu {name}"


def _place(link: ReportLink) -> dict[str, object]:
    """The narrowest place in large type, and what it lies in beneath."""
    kecamatan = f"Kecamatan {link.programme.kecamatan_name}"
    if link.posyandu:
        area = f"{link.posyandu.desa.title}, {kecamatan}"
        example = link.posyandu.is_example
        return {"place": posyandu_title(link.posyandu), "area": area, "is_example": example}
    if link.desa:
        return {"place": link.desa.title, "area": kecamatan}
    return {"place": kecamatan}
