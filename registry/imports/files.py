"""The file of a list, while it is needed: for the account that serves alone, under DATA_DIR.

It goes when its rows are written or dropped, and after 30 days in any case
(``workflow.forget_old``).
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.imports.sheet import MAX_BYTES, TOO_BIG, Unreadable
from registry.models import Import


def folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def keep(upload: Any) -> tuple[str, str]:
    """Store an uploaded file; its name under DATA_DIR and its SHA-256. Raises Unreadable."""
    if upload.size > MAX_BYTES:
        raise Unreadable(TOO_BIG)
    name, digest = secrets.token_hex(16), hashlib.sha256()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in upload.chunks():
            digest.update(piece)
            file.write(piece)
    return name, digest.hexdigest()


def path_of(source: Import) -> Path:
    """Where the file lies. Raises Unreadable when it is forgotten already."""
    path = folder() / source.stored_name
    if not source.stored_name or not path.is_file():
        raise Unreadable("Berkasnya sudah dihapus. Serahkan daftarnya sekali lagi.")
    return path


def remove(stored: str) -> None:
    """Delete a file of which nothing came."""
    (folder() / stored).unlink(missing_ok=True)


def forget(source: Import) -> None:
    """Delete the file; what was read of it is the caller's."""
    if source.stored_name:
        remove(source.stored_name)
        Import.objects.filter(pk=source.pk).update(stored_name="")
        source.stored_name = ""
