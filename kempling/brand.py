"""A programme's two colours as CSS, and the kader's sheet in them.

On a slow line each file more costs a trip of 400 ms before anything is drawn: a kader's page
carries its sheet, 3 kB packed. Where one page follows another (the posyandu day) it is a file of
its own, kept for ever: its address carries a version that changes with its text.
"""

import hashlib
from functools import cache

from django.conf import settings

from kempling.light_files import without_comments
from regions.models import Programme


@cache
def source() -> str:
    """The kader's style sheet; read once a process."""
    return without_comments((settings.BASE_DIR / "static/css/kader.css").read_text())


def colours(programme: Programme) -> str:
    return f":root{{--brand:{programme.colour_brand};--accent:{programme.colour_accent}}}\n"


def whole_sheet(programme: Programme | None) -> str:
    """The kader's style sheet, in the colours of the programme when the page has one."""
    return source() + (colours(programme) if programme else "")


def version(text: str) -> str:
    """Twelve letters that change with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
