"""Bring an installation to the state of this release: database, files, programmes, first people,
search keys.

script/server runs it before each start. Running it again changes nothing and loses nothing; two
at once wait for each other.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Prepare the database, the folders, the static files and both programmes."

    def handle(self, *args: object, **options: object) -> None:
        with one_at_a_time(settings.DATA_DIR):
            self.folders()
            self.database()
            self.programmes()
            call_command("demo" if settings.DEMO else "first_admin", stdout=self.stdout)
            call_command("reindex", missing=True, stdout=self.stdout)
            self.static_files()

    def folders(self) -> None:
        for folder in (settings.DOCUMENTS_DIR, settings.REPORTS_DIR):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def database(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)

    def programmes(self) -> None:
        for file in sorted((settings.BASE_DIR / "programmes").glob("*.toml")):
            call_command("load_programme", str(file), stdout=self.stdout)

    def static_files(self) -> None:
        """Collect only what changed: a portal may be serving from this folder right now."""
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        digest = static_digest()
        if stamp.is_file() and stamp.read_text() == digest:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other process prepares this folder; the lock ends with the process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def static_digest() -> str:
    """SHA-256 over path and content of every static file of the apps and of ours."""
    digest = hashlib.sha256(staticfiles_storage.__class__.__name__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(path.encode())
            with storage.open(path) as file:
                digest.update(file.read())
    return digest.hexdigest()
