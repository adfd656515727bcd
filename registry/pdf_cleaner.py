"""A process of its own that reads one PDF from stdin and writes it back clean, or refuses it.

A PDF may unpack to any size when it is merely opened (object streams, LZW), and no setting of the
reader stops all of that; so it is opened where memory and time have an end. Started by
``registry/documents.py``; knows neither Django nor the portal.
"""

import io
import resource
import sys
from typing import Any, cast

MOST_PAGES = 20
MEMORY, SECONDS = 300 * 1024 * 1024, 3
CLEAN, BROKEN, UNSAFE, PAGES = 0, 1, 3, 4
# Keys by which a PDF runs or carries something, and the actions and annotations that do.
KEYS = frozenset(
    ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/AA")
)
ACTS = frozenset(
    ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute")
)
CARRIES = frozenset(("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"))
DEEPEST = 60


def clean(raw: bytes) -> tuple[int, bytes]:
    """(CLEAN, the PDF without what tells of its maker), or (the reason of a refusal, nothing)."""
    import pikepdf  # only here: the portal itself needs the numbers above alone

    with pikepdf.open(io.BytesIO(raw)) as pdf:
        if any(unsafe(thing) for thing in pdf.objects):
            return UNSAFE, b""
        if not 0 < len(pdf.pages) <= MOST_PAGES:
            return PAGES, b""
        for place, key in ((pdf.trailer, "/Info"), (pdf.Root, "/Metadata")):
            if key in place:
                del place[key]
        out = io.BytesIO()
        pdf.save(out)
    return CLEAN, out.getvalue()


def unsafe(thing: Any, depth: int = 0) -> bool:
    """Whether a PDF object, or one written inside it, runs, opens or carries something.

    A destination to open at (``/OpenAction [page /Fit]``, as office programs write it) does not.
    """
    import pikepdf

    if isinstance(thing, pikepdf.Array):
        parts = list(cast(Any, thing))
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        held = dict(thing.items())
        acts = str(held.get("/S", "")) in ACTS or str(held.get("/Subtype", "")) in CARRIES
        if acts or not KEYS.isdisjoint(held):
            return True
        parts = list(held.values())
    else:
        return False
    inside = [part for part in parts if not getattr(part, "is_indirect", False)]
    return depth > DEEPEST or any(unsafe(part, depth + 1) for part in inside)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        told, content = clean(sys.stdin.buffer.read())
    except BaseException:  # broken bytes make a reader raise anything at all
        return BROKEN
    sys.stdout.buffer.write(content)
    return told


if __name__ == "__main__":
    sys.exit(main())
