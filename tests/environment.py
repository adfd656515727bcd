"""Where a test run lives: a temporary folder, never ./data. Loaded before Django's settings.

``TEST_DATABASE_URL`` names a server to run on (script/test gives the PostgreSQL it started);
without it the run is on SQLite, in a file: a memory database hides what locking does.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_OURS = "KEMPLING_TEST_ROOT"
_NOT_INHERITED = (
    *("KEMPLING_ENV", "KEMPLING_DEMO", "SITE_URL", "HOST", "PORT", "DEBUG", "ALLOWED_HOSTS"),
    *("SECRET_KEY", "NIK_KEYS", "NIK_INDEX_KEY", "QR_KEY", "TRUSTED_PROXIES", "MFA_REQUIRED"),
)


def _root() -> Path:
    """The folder of this run; workers of pytest-xdist share the one their parent made."""
    if _OURS not in os.environ:
        os.environ[_OURS] = made = tempfile.mkdtemp(prefix="kempling-test-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(os.environ[_OURS])


for _name in _NOT_INHERITED:
    os.environ.pop(_name, None)
ROOT = _root()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATA_DIR = ROOT / WORKER
(DATA_DIR / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns without it
SQLITE_FILE = DATA_DIR / "test.sqlite3"
# Portals prepared to be copied: script/test keeps them for all its runs.
PREPARED = Path(os.environ.get("KEMPLING_TEST_PREPARED", ROOT))
SLOW = os.environ.get("KEMPLING_SLOW") == "1"
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ["RATE_LIMITS"] = "off"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{SQLITE_FILE}"


def on_postgres() -> bool:
    """Whether this run is on PostgreSQL."""
    return os.environ["DATABASE_URL"].startswith("postgres")


def rounds(few: int, full: int) -> int:
    """How often a ``slow`` case repeats: ``few``, or ``full`` under script/test --slow."""
    return full if SLOW else few


def pytest_report_header() -> str:
    """Say which database this run uses."""
    return "database: " + ("PostgreSQL" if on_postgres() else "SQLite (file)")
