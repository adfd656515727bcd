"""Programs, bombs and giants among uploaded documents are refused before they are opened."""

import io
import resource
import struct
import zlib
from contextlib import suppress
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from registry import documents


def _pdf(**action: Any) -> SimpleUploadedFile:
    """One page with a link; ``action`` is what the link does, written inside its own object."""
    made = pikepdf.new()
    made.add_blank_page()
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(**action),
    )  # fmt: skip
    made.pages[0].Annots = pikepdf.Array([link])
    made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile("kk.pdf", out.getvalue(), "application/pdf")


@pytest.mark.parametrize("act", ["/JavaScript", "/Launch", "/SubmitForm", "/ImportData"])
def test_a_program_hidden_in_a_link_of_a_pdf_is_found(act: str) -> None:
    with pytest.raises(ValidationError, match="program atau lampiran"):
        documents.accept(_pdf(S=pikepdf.Name(act)))


def test_a_pdf_that_opens_at_a_page_and_links_to_a_site_is_ordinary() -> None:
    """As office programs write it."""
    ordinary = _pdf(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))
    assert documents.accept(ordinary).media_type == "application/pdf"


def _bomb(megabytes: int) -> SimpleUploadedFile:
    """A PDF of a thousandth of the size, whose object stream unpacks when it is opened."""
    pack = zlib.compressobj(9)
    parts = [pack.compress(b"4 0 <<>> ")]
    parts += [pack.compress(b" " * 1_048_576) for _ in range(megabytes)]
    packed = b"".join([*parts, pack.flush()])
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        5: b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
        % (len(packed), packed),
    }
    made, at = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        at[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = [(0, 0), *((1, at[n]) for n in (1, 2, 3)), (2, 5), (1, at[5]), (1, len(made))]
    table = b"".join(struct.pack(">BIB", kind, place, 0) for kind, place in rows)
    made += b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    made += table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % rows[-1][1]
    return SimpleUploadedFile("kk.pdf", made, "application/pdf")


def test_a_pdf_that_unpacks_without_end_does_not_fill_the_memory() -> None:
    """Case 36 for PDF: 700 MB out of 700 kB, read in a process whose memory has an end."""
    bomb, before = _bomb(700), _most_memory()
    assert bomb.size < 1_000_000
    with suppress(ValidationError):  # refused, or kept without what it hides
        assert len(documents.accept(bomb).content) < 10_000
    assert _most_memory() - before < 200


def _most_memory() -> int:
    """The most this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_a_webp_of_many_pixels_is_refused_from_its_header() -> None:
    """It takes twice the memory of a JPEG to unpack."""
    for size, taken in (((4000, 3200), False), ((1600, 1200), True)):
        out = io.BytesIO()
        Image.new("RGB", size).save(out, "WEBP", quality=1, method=0)
        photo = SimpleUploadedFile("kk.webp", out.getvalue(), "image/webp")
        if taken:
            assert documents.accept(photo).media_type == "image/jpeg"
            continue
        with pytest.raises(ValidationError, match="Ukuran gambar terlalu besar"):
            documents.accept(photo)
