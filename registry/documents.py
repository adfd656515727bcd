"""Documents: what may come in, how it is kept, and how it is found again.

A picture is decoded in full and painted onto a new one, so that nothing but its pixels is kept
(security.md §1.5); a PDF is checked for what runs or hides in it. The file is on the disk, and
synced, before the row that names it is committed.
"""

import hashlib
import io
import os
import re
import secrets
import subprocess
import sys
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum

from accounts.transitions import Refused
from regions.models import Posyandu, Programme, Region
from registry import pdf_cleaner
from registry.models import Document, Submission

MAX_PIXELS = 25_000_000
LONG_SIDE = 1600
MAX_FILES = 10  # a report, and with them:
MAX_TOTAL = 20 * 1024 * 1024
PART = re.compile(r"[A-Za-z0-9-]{1,64}")  # the number a phone gives a photo
PICTURES = ("JPEG", "PNG", "WEBP")
TOO_BIG = "Berkas terlalu besar. Pilih foto atau PDF yang tidak lebih dari 8 MB."
UNREADABLE = (
    "Berkas ini tidak bisa dibaca. Ambil fotonya sekali lagi, atau kirim tanpa foto dahulu."
)
WRONG_KIND = "Kirim foto (JPG, PNG, WEBP) atau PDF. Berkas ini bukan salah satunya."
LYING_NAME = "Isi berkas ini tidak sama dengan namanya. Kirim foto atau PDF yang asli."
UNSAFE_PDF = (
    "PDF ini berisi program atau lampiran. Cetak ulang menjadi PDF biasa, atau kirim fotonya."
)
TOO_MANY_PIXELS = "Ukuran gambar terlalu besar. Ambil fotonya lagi dengan ukuran lebih kecil."

_ENDINGS = {
    **dict.fromkeys(("jpg", "jpeg", "jpe"), "JPEG"),
    "png": "PNG",
    "webp": "WEBP",
    "pdf": "PDF",
}
_PDF_REFUSALS = {
    pdf_cleaner.UNSAFE: UNSAFE_PDF,
    pdf_cleaner.PAGES: f"PDF ini kosong atau lebih dari {pdf_cleaner.MOST_PAGES} halaman.",
}
_PDF_SECONDS = 20
# A picture of 25 million pixels takes 250 MB to unpack, as WEBP twice that: so half as many, and
# one at a time in each process.
_ROOM = {"WEBP": 2}
_one_at_a_time = threading.BoundedSemaphore()


@dataclass(frozen=True)
class CleanFile:
    """An accepted document: the bytes to keep, their media type and SHA-256."""

    content: bytes
    media_type: str
    ending: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def accept(upload: UploadedFile) -> CleanFile:
    """Check one upload and return what may be kept of it.

    Raises ValidationError with the sentence to show: too big, not a picture or PDF, a name that
    lies about the content, a bomb, a PDF that carries programs.
    """
    if (upload.size or 0) > settings.DOCUMENT_MAX_BYTES:
        raise ValidationError(TOO_BIG)
    raw = upload.read()
    kind, named = _kind(raw), _named(upload.name or "")
    if kind is None or named is None:
        raise ValidationError(WRONG_KIND)
    if named and named != kind and "PDF" in (kind, named):
        raise ValidationError(LYING_NAME)
    with _one_at_a_time:
        return _clean_pdf(raw) if kind == "PDF" else _clean_picture(raw)


def accept_picture(upload: UploadedFile) -> CleanFile:
    """As ``accept``, for photos of works and activities: no PDF."""
    clean = accept(upload)
    if not clean.media_type.startswith("image/"):
        raise ValidationError("Kirim foto (JPG, PNG, atau WEBP).")
    return clean


def _named(name: str) -> str | None:
    """What the file's name claims: '' when it claims nothing, None for a kind we do not take.

    Phones do call a PNG photo .jpg; that is no lie worth refusing.
    """
    return _ENDINGS.get(name.rsplit(".", 1)[1].lower()) if "." in name else ""


def _kind(raw: bytes) -> str | None:
    """What the first bytes say it is, whatever it is called."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "WEBP"
    return "PDF" if raw.startswith(b"%PDF-") else None


def _clean_picture(raw: bytes) -> CleanFile:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Any = Image.open(io.BytesIO(raw), formats=PICTURES)
            # The header alone says how large it would become: a bomb is never unpacked.
            if picture.width * picture.height > MAX_PIXELS // _ROOM.get(picture.format, 1):
                raise ValidationError(TOO_MANY_PIXELS)
            # Made small before anything copies it: unpacking alone takes four bytes a pixel.
            picture.draft("RGB", (LONG_SIDE, LONG_SIDE))
            picture.load()
            if picture.mode in ("RGB", "RGBA", "L"):
                picture.thumbnail((LONG_SIDE, LONG_SIDE))
            picture = ImageOps.exif_transpose(picture).convert("RGB")
    except ValidationError:
        raise
    except Image.DecompressionBombError as error:
        raise ValidationError(TOO_MANY_PIXELS) from error
    except Exception as error:  # broken bytes make a decoder raise anything at all
        raise ValidationError(UNREADABLE) from error
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=82, optimize=True)
    return CleanFile(out.getvalue(), "image/jpeg", "jpg")


def _clean_pdf(raw: bytes) -> CleanFile:
    """The PDF as ``pdf_cleaner`` gives it back, from a process whose memory has an end."""
    command = [sys.executable, "-I", pdf_cleaner.__file__]
    try:
        done = subprocess.run(  # noqa: S603  our own file, nothing of the sender's
            command, input=raw, capture_output=True, timeout=_PDF_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise ValidationError(UNREADABLE) from error
    if done.returncode != pdf_cleaner.CLEAN:
        raise ValidationError(_PDF_REFUSALS.get(done.returncode, UNREADABLE))
    return CleanFile(done.stdout, "application/pdf", "pdf")


def store(
    clean: CleanFile,
    *,
    programme: Programme,
    desa: Region,
    posyandu: Posyandu | None = None,
    kind: str = Document.Kind.PAPER,
    submission: Submission | None = None,
    user: Any = None,
    part: str = "",
) -> Document:
    """Keep the file and its row; the same picture twice on one report is kept once.

    ``part`` is the number the phone gave it.

    Call it inside the transaction of the act it belongs to.
    """
    if submission:
        known = submission.documents.filter(sha256=clean.sha256).first()
        if known:
            return known
    return Document.objects.create(
        programme=programme,
        desa=desa,
        posyandu=posyandu,
        kind=kind,
        submission=submission,
        part=part,
        file_name=write(clean),
        media_type=clean.media_type,
        size=len(clean.content),
        sha256=clean.sha256,
        created_by=user if getattr(user, "is_authenticated", False) else None,
    )


def refuse_many(kept: Any, clean: CleanFile) -> None:
    """Raises Refused where a report's ``kept`` documents leave no room for another."""
    total = (kept.aggregate(all=Sum("size"))["all"] or 0) + len(clean.content)
    if kept.count() >= MAX_FILES or total > MAX_TOTAL:
        raise Refused("Foto untuk laporan ini sudah cukup. Foto ini tidak disimpan.")


def write(clean: CleanFile) -> str:
    """Put the bytes on the disk under a random name, synced with their folder."""
    folder: Path = settings.DOCUMENTS_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.{clean.ending}"
    with open(folder / name, "xb", opener=_private) as file:
        file.write(clean.content)
        file.flush()
        os.fsync(file.fileno())
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return name


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def path_of(document: Document) -> Path:
    """Where the document's bytes lie; only the permission-checked view may ask."""
    return Path(settings.DOCUMENTS_DIR) / document.file_name
