"""The four secrets of an installation.

Each comes from the environment; else it is made once and kept in ``DATA_DIR/keys`` (0600).
Production refuses to start with a key that was not given (design.md §7, security.md §1).
"""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

NAMES = ("SECRET_KEY", "NIK_KEYS", "NIK_INDEX_KEY", "QR_KEY")


class MissingKey(Exception):
    """A key that production needs is not in the environment."""


def load(folder: Path, *, production: bool) -> dict[str, str]:
    """Return {name: value} for the four keys, making what is missing outside production.

    Raises MissingKey in production when the environment lacks one.
    """
    given = {name: os.environ.get(name, "") for name in NAMES}
    missing = [name for name, value in given.items() if not value]
    if production and missing:
        raise MissingKey("missing in the environment: " + ", ".join(missing))
    return {name: value or _kept(folder / name, name) for name, value in given.items()}


def _kept(path: Path, name: str) -> str:
    """The key in the file, made there first when the file is new."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    value = Fernet.generate_key().decode() if name == "NIK_KEYS" else secrets.token_urlsafe(48)
    fresh = path.with_name(f"{name}.{os.getpid()}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(value)
    try:
        # link() refuses to overwrite: of two processes starting at once, one key wins.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()
