"""How the public reaches an office: the contacts of a programme as rows with their addresses."""

import re

from regions.models import Programme


def contact_rows(programme: Programme) -> list[dict[str, str]]:
    """``[{label, value, url}]`` of the contacts the office has given, for public pages only."""
    given = programme.contacts
    rows = [
        ("WhatsApp", "whatsapp", _whatsapp),
        ("Telepon", "phone", _telephone),
        ("E-mail", "email", _mail),
        ("Instagram", "instagram", _instagram),
        ("Alamat", "address", _nowhere),
    ]
    return [
        {"label": label, "value": str(given[key]), "url": address(str(given[key]))}
        for label, key, address in rows
        if given.get(key)
    ]


def _whatsapp(number: str) -> str:
    """``0851…`` is written 62851… in a wa.me address."""
    digits = re.sub(r"\D", "", number)
    return f"https://wa.me/{re.sub(r'^0', '62', digits)}" if digits else ""


def _telephone(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"tel:{re.sub(r'^0', '+62', digits)}" if digits else ""


def _mail(address: str) -> str:
    return f"mailto:{address}" if re.fullmatch(r"[^@\s?]+@[^@\s?]+", address) else ""


def _instagram(handle: str) -> str:
    name = handle.removeprefix("@")
    return f"https://www.instagram.com/{name}/" if re.fullmatch(r"[\w.]+", name, re.A) else ""


def _nowhere(text: str) -> str:
    return ""
