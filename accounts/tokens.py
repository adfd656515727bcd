"""Keys by which another system reads: made and shown once, found again by their digest, revoked.

A key is ``baca-`` and 32 base32 characters (160 bits). Stored is its HMAC under SECRET_KEY: who
holds a copy of the database can neither read nor try one. A new SECRET_KEY ends every key.
"""

import re
import secrets
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import ApiToken, User, record
from accounts.transitions import Refused
from regions.codes import base32
from regions.models import Programme

LONGEST = timedelta(days=365)
STRANGER = "Anda tidak berwenang melakukan ini."
ALREADY = "Kunci ini sudah dicabut."
_KEY = re.compile(r"baca-[0-9a-z]{32}", re.ASCII)


def make(
    admin: User, programme: Programme, *, name: str, scope: str, expires_on: date
) -> tuple[ApiToken, str]:
    """A key good through the day ``expires_on``: its row, and the key itself, kept nowhere.

    Raises Refused when the admin may not.
    """
    _must_manage(admin, programme)
    key = "baca-" + base32(secrets.token_bytes(20)).lower()
    ends = datetime.combine(expires_on + timedelta(days=1), time.min, programme.tz)
    with transaction.atomic():
        token = ApiToken.objects.create(
            programme=programme, name=name, scope=scope, expires_at=ends,
            token_hash=digest(key), created_by=admin,
        )  # fmt: skip
        record(admin, "make_key", token, fields=["scope", "expires_at"], action="manage_keys")
    return token, key


def revoke(admin: User, token: ApiToken) -> None:
    """Nobody reads by it any more, from this moment. Raises Refused when it was revoked before."""
    _must_manage(admin, token.programme)
    with transaction.atomic():
        standing = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if not standing.update(revoked_at=timezone.now()):
            raise Refused(ALREADY)
        record(admin, "revoke_key", token, fields=["revoked_at"], action="manage_keys")


def find(key: str) -> ApiToken | None:
    """The key's row while it may read; None for every other key alike."""
    if not _KEY.fullmatch(key):
        return None
    alive = ApiToken.objects.alive().filter(programme__is_active=True)
    return alive.select_related("programme__region").filter(token_hash=digest(key)).first()


def note_use(token: ApiToken, verb: str, count: int, filters: list[str]) -> None:
    """One event per answer: which key, what kind of rows and how many; never whose."""
    with transaction.atomic():
        today = token.programme.today()
        if token.last_used_on != today:
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        record(None, verb, token, fields=filters, why=f"n={count}")


def digest(key: str) -> str:
    return salted_hmac("accounts.tokens", key, algorithm="sha256").hexdigest()


def _must_manage(admin: User, programme: Programme) -> None:
    if programme not in [grant.programme for grant in admin.grants_for("manage_keys")]:
        raise Refused(STRANGER, stranger=True)
