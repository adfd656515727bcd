"""A card with its timeline on one page of paper: the newest events that fit, the rest counted.

One page always: a page that runs over is printed again with fewer events. The template prints
``events`` through ``paper/_riwayat.html``. Call it outside a transaction (regions/paper.py).
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf

from regions.models import Programme
from regions.paper import print_paper

EVENTS = (28, 20, 14, 9, 5, 2, 0)  # how many are tried, until it is one page
_TITLE, _TEXT = 90, 140  # letters of an event that stand on paper


def one_page(
    template: str,
    programme: Programme,
    words: dict[str, Any],
    items: Sequence[dict[str, Any]],
    tries: Sequence[int] = EVENTS,
) -> bytes:
    """The PDF of the template; ``items`` as ``registry.timeline.timeline`` gives them, ``tries``:
    how many of them, the most first."""
    lines = [_line(item) for item in items[: tries[0]]]
    made = b""
    for shown in [len(lines), *(n for n in tries if n < len(lines))]:
        part = {"events": lines[:shown], "earlier_events": len(items) - shown}
        made = print_paper(template, programme, words | part)
        if page_count(made) == 1:
            break
    return made


def page_count(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _line(item: dict[str, Any]) -> dict[str, str]:
    said = {name: item.get(name) or "" for name in ("at", "title", "text", "who")}
    return said | {
        "title": shortened(said["title"], _TITLE),
        "text": shortened(said["text"], _TEXT),
    }
