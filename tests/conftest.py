"""What every test stands on: the database of the run, and the standing cast."""

from importlib.util import find_spec
from typing import Any

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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """SQLite is tested in a file: Django's default for tests, a memory database, hides locking."""
    from django.db import connection

    if connection.vendor == "sqlite":
        test: dict[str, Any] = connection.settings_dict["TEST"]
        test["NAME"] = str(environment.SQLITE_FILE)
