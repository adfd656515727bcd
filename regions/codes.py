"""Public codes: what URLs, forms and files carry instead of a primary key (security.md §1.2)."""

import base64
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LETTERS = CROCKFORD.lower().encode() * 8  # of each byte one of 32 letters, each as often
# What a person reads back wrongly over the phone is still found.
_MISREAD = str.maketrans("OILU", "011V")


def new_code() -> str:
    """A fresh code of 16 lower-case base32 characters (80 bits), for a row's URL."""
    return secrets.token_bytes(16).translate(_LETTERS).decode()


def new_receipt() -> str:
    """A fresh receipt of 13 characters (65 bits), without its dashes."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(13))


def base32(raw: bytes) -> str:
    """The bytes in Crockford's base32, whose letters cannot be mistaken for one another."""
    text = base64.b32encode(raw).decode().rstrip("=")
    return text.translate(str.maketrans(_STANDARD, CROCKFORD))


def grouped(receipt: str) -> str:
    """The receipt as it is shown: ``AAAA-AAAA-AAAAA``."""
    return f"{receipt[:4]}-{receipt[4:8]}-{receipt[8:]}"


def ungrouped(typed: str) -> str:
    """The stored form of what a person typed or read out; '' when it cannot be a receipt."""
    plain = typed.upper().replace("-", "").replace(" ", "").translate(_MISREAD)
    return plain if len(plain) == 13 and set(plain) <= set(CROCKFORD) else ""
