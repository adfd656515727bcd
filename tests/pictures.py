"""A PDF looked at as people look at it: as pictures, with the QR codes a phone would read."""

import io
import zlib

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader


def pages_of(pdf: bytes, dpi: int = 100) -> list[Image.Image]:
    """Each page as a grey picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def codes_of(pdf: bytes, dpi: int = 100) -> list[str]:
    """What the QR codes of all pages say."""
    return [code.text for page in pages_of(pdf, dpi) for code in zxingcpp.read_barcodes(page)]


def text_of(pdf: bytes) -> str:
    """The searchable words, white space squeezed."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def unembedded_fonts(pdf: bytes) -> list[str]:
    """Names of fonts the PDF leaves to the reader's machine."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        descriptors = [o for o in document.objects if _type(o) == "/FontDescriptor"]
        assert descriptors, "the PDF has no font at all"
        files = ("/FontFile", "/FontFile2", "/FontFile3")
        return [str(d.FontName) for d in descriptors if not any(name in d for name in files)]


def everything_in(pdf: bytes) -> bytes:
    """The file with every stream unpacked, to search for what must not be in it."""
    parts = [pdf]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    parts.append(thing.read_bytes())
                except (pikepdf.PdfError, zlib.error):
                    parts.append(thing.read_raw_bytes())
            else:
                parts.append(repr(thing).encode())
    return b"\n".join(parts)


def _type(thing: pikepdf.Object) -> str:
    return str(thing.get("/Type", "")) if isinstance(thing, pikepdf.Dictionary) else ""
