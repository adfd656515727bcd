"""The folder of finished reports: a file is whole and on the disk before any row names it."""

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from reports.models import MonthlyReport


class Damaged(Exception):
    """The stored file is gone or is no longer what its row says; it must not be handed out."""


def keep(pdf: bytes) -> tuple[str, str]:
    """Write a new file under a random name; its name and its SHA-256 in hex.

    File and folder are fsynced, so that after a power cut no final report lacks its file.
    """
    folder = Path(settings.REPORTS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.pdf"
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())
    _fsync_folder(folder)
    return name, digest(pdf)


def drop(name: str) -> None:
    """Remove a file no row came to name."""
    (Path(settings.REPORTS_DIR) / name).unlink(missing_ok=True)


def read(report: MonthlyReport) -> bytes:
    """The stored bytes of a final report, verbatim. Raises Damaged."""
    try:
        pdf = (Path(settings.REPORTS_DIR) / report.pdf_name).read_bytes()
    except OSError as error:
        raise Damaged("Berkas laporan ini tidak ditemukan. Hubungi admin portal.") from error
    if digest(pdf) != report.sha256:
        raise Damaged("Berkas laporan ini sudah berubah sejak disahkan. Hubungi admin portal.")
    return pdf


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
