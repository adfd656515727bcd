"""A programme's two colours as CSS, and what the report form loads, put together.

On a slow line each file more costs a connection of its own, two trips of 400 ms: the kader's
sheet with the colours is one request, the form's two scripts are another. Each may be kept for
ever: its address carries a version that changes with its text.
"""

import hashlib
from functools import cache

from django.conf import settings

from regions.models import Programme


@cache
def source(name: str) -> str:
    """A file under ``static/`` that names no other file; read once a process."""
    return (settings.BASE_DIR / "static" / name).read_text()


def colours(programme: Programme) -> str:
    return f":root{{--brand:{programme.colour_brand};--accent:{programme.colour_accent}}}\n"


def whole_sheet(programme: Programme) -> str:
    """The kader's style sheet in the programme's colours."""
    return source("css/kader.css") + colours(programme)


def form_script() -> str:
    """The kotak kirim and the form's own script, in the order they need each other."""
    return source("js/kotak.js") + source("js/laporan.js")


def version(text: str) -> str:
    """Twelve letters that change with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
