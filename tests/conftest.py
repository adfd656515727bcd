"""What every test stands on: the database of the run, and the standing cast."""

import gc
import io
from functools import cache
from importlib.util import find_spec
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from tests import environment

pytest_plugins = [
    "tests.servers",
    "tests.browsing",
    *(["tests.cast"] if find_spec("tests.cast") else []),
]


def pytest_configure() -> None:
    """Passwords of the cast need no strong hash: 1 ms instead of 300 ms each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is the same on every database runs once, on SQLite: what touches none, and ``once``."""
    if not environment.on_postgres():
        return
    once = [item for item in items if _is_once(item)]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if not _is_once(item)]


def pytest_collection_finish() -> None:
    """What stands by now, five thousand tests and Django, is not looked through again for rubbish
    between any two of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _is_once(item: pytest.Item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    touches = "db" in getattr(item, "fixturenames", ()) or marks & {"django_db", "live", "browser"}
    return "once" in marks or not touches


@cache
def _blank_page() -> bytes:
    made, into = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(into)
    return into.getvalue()


@pytest.fixture
def blank_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are one blank page: for walks over all pages, to which it is the same what they show.
    What stands on a paper has its own tests."""
    monkeypatch.setattr("regions.paper.pdf", lambda *_, **__: _blank_page())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """SQLite is tested in a file: Django's default for tests, a memory database, hides locking."""
    from django.db import connection

    if connection.vendor == "sqlite":
        test: dict[str, Any] = connection.settings_dict["TEST"]
        test["NAME"] = str(environment.SQLITE_FILE)
