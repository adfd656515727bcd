"""NIK and KK: encrypted at rest, found by a keyed index, masked everywhere.

The shape is 16 digits; region prefix and check digit are never validated (domain.md §7.1).
"""

import hmac
import re
from datetime import date
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

SHAPE = re.compile(r"[0-9]{16}", re.ASCII)
NIK_DAYS = {*range(1, 32), *range(41, 72)}


@cache
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.NIK_KEYS])


class EncryptedField(models.TextField):
    """A text kept as a Fernet token; in Python it is a plain string, '' when empty.

    It cannot be searched: look-ups go through the index column beside it. A value that no key
    opens raises ValueError instead of reading as empty, which would hide a loss.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        return sealed(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return opened(value)


def sealed(text: str) -> str:
    """The text as a Fernet token, for what is kept outside a column of its own; '' stays ''."""
    return _cipher().encrypt(text.encode()).decode() if text else ""


def opened(token: str) -> str:
    """The plain text of a token; ValueError when no key of NIK_KEYS opens it. '' stays ''."""
    if not token:
        return ""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("NIK_KEYS holds no key that opens this value.") from error


def is_newest(token: str) -> bool:
    """Whether the token was made with the newest key, the first of NIK_KEYS."""
    try:
        Fernet(settings.NIK_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def keyed(text: str) -> str:
    """The HMAC-SHA256 of a text under NIK_INDEX_KEY, as 64 hexadecimal figures."""
    return hmac.digest(settings.NIK_INDEX_KEY.encode(), text.encode(), "sha256").hex()


def index_of(number: str) -> str | None:
    """The keyed index of a NIK or KK, None for ''. Equal numbers give equal indexes."""
    if not number:
        return None
    return keyed(number)


def tail_of(digits: str) -> str:
    """The keyed index of the last four digits of a NIK, '' for ''; four digits may be all there is.

    Of ten thousand tails each can be tried by whoever holds the key, and by nobody else.
    """
    if not digits:
        return ""
    return keyed(f"tail:{digits[-4:]}")[:32]


def clean_number(typed: str, what: str = "NIK") -> str:
    """The 16 digits of a typed NIK or KK, '' when left empty.

    Blanks, dots and dashes are forgiven. Raises ValidationError with the sentence to show.
    """
    digits = re.sub(r"[\s.\-]", "", typed or "")
    if not digits:
        return ""
    if not SHAPE.fullmatch(digits):
        raise ValidationError(f"{what} terdiri dari 16 angka. Periksa lagi, atau kosongkan dahulu.")
    return digits


def clean_nik(typed: str) -> str:
    """``clean_number`` for a NIK, which also carries a day (+40 for women) and a month of birth.

    Nothing else in it is checked: the prefix is where it was first issued (domain.md §7.1).
    """
    nik = clean_number(typed, "NIK")
    if nik and not (int(nik[6:8]) in NIK_DAYS and 1 <= int(nik[8:10]) <= 12):
        raise ValidationError(
            "NIK ini tidak mungkin: angka tanggal lahir di dalamnya salah. Periksa lagi."
        )
    return nik


def disagrees(nik: str, born: date, sex: str) -> bool:
    """Whether a NIK tells another birth date or sex; wrong NIK do exist, so it is only asked."""
    day = born.day + (40 if sex == "P" else 0)
    return nik[6:12] != f"{day:02d}{born:%m%y}"


def masked(number: str) -> str:
    """``3302********0001``; '' stays ''."""
    return f"{number[:4]}********{number[-4:]}" if number else ""
