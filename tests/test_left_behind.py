"""What the portal leaves in cookies and logs names nobody."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from kempling.logs import Veiled
from tests.cast import a_submission, signed_in


def test_no_cookie_carries_a_name(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    client = signed_in(cast.petugas)
    answer = client.post(reverse("registry:approve", args=[report.code]), {"child": "baru"})
    assert answer.status_code == 302 and "messages" not in client.cookies
    assert report.child_name in client.get(answer["Location"]).content.decode()


def _logged(text: str) -> str:
    return Veiled("%(message)s").format(
        logging.LogRecord("django", logging.WARNING, "", 1, text, None, None)
    )


@pytest.mark.parametrize("word", ["l", "perbaikan", "undangan", "status"])
def test_no_log_line_carries_the_secret_of_an_address(word: str) -> None:
    line = _logged(f"Forbidden (CSRF cookie not set.): /{word}/abcdefgh12345678/")
    assert line == f"Forbidden (CSRF cookie not set.): /{word}/[rahasia]/"


def test_no_log_line_carries_a_nik() -> None:
    assert _logged("Key (nik)=(3302010101010001) exists") == "Key (nik)=([nomor]) exists"
    assert _logged("Not Found: /laporan/x/") == "Not Found: /laporan/x/"


def test_the_portal_logs_with_the_veil(settings: Any) -> None:
    handler = logging.getLogger().handlers
    assert settings.LOGGING["formatters"]["line"]["()"] == "kempling.logs.Veiled" and handler
