"""The demo: synthetic families in both programmes, the 12 full months before today.

Everything is marked: names end in "Contoh", posyandu are flagged as examples, a ribbon stands on
every page. Loaded once; a second run changes nothing. Production refuses it (settings.py).
"""

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from kempling.demo import answered, families, help_given, homes, office, people, twice, waiting
from regions import links
from regions.codes import CROCKFORD
from regions.models import Programme


def load() -> dict[str, Any]:
    """Load the demo when it is not there, and return what ``DATA_DIR/demo.json`` says."""
    path = Path(settings.DATA_DIR) / "demo.json"
    if not User.objects.filter(is_demo=True).exists():
        password = "contoh-" + "".join(secrets.choice(CROCKFORD.lower()) for _ in range(8))
        _write(path, {"accounts": people.accounts(password), "forms": [], "complete": False})
        _load(password)
    found = json.loads(path.read_text())
    if not found["complete"]:
        _print_reports()
        found["complete"] = True
    found["forms"] = [
        {
            "programme": p.code,
            "url": links.url_of(links.make(p)),
            "practice": links.url_of(links.make_practice(p)),
        }
        for p in Programme.objects.visible()
    ]
    _write(path, found)
    return found


def _load(password: str) -> None:
    """All rows in one transaction: a kill leaves nothing or everything."""
    with transaction.atomic():
        for programme in Programme.objects.visible():
            cast = people.load(programme, password)
            families.load(programme, cast)
            homes.load(programme, cast)
            answered.load(programme, cast)
            help_given.load(programme, cast)
            waiting.load(programme)
            twice.load(programme, cast)
            office.run_sop(programme, cast)


def _print_reports() -> None:
    """The monthly reports: their PDFs are printed outside any transaction, and a second start
    goes on where a kill left off."""
    for programme in Programme.objects.visible():
        office.report(programme, people.cast_of(programme))


def _write(path: Path, found: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    fresh.replace(path)
