"""Report links: making, finding, rotating and revoking the token a QR poster carries.

Token = 16 base32 characters of HMAC-SHA256(QR_KEY, link code, generation); stored is only its
SHA-256 (design.md §4). Reports begun on a poster before its rotation are taken while the
overlap lasts.
"""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from regions.codes import base32, new_code
from regions.models import Posyandu, Programme, Region, ReportLink

OVERLAP = timedelta(days=30)


def token_of(link: ReportLink) -> str:
    """The token of the link's present generation, recomputed; 80 bits, lower case."""
    return _token(link.code, link.generation)


def url_of(link: ReportLink) -> str:
    """The address the QR carries."""
    return f"{settings.SITE_URL}/l/{token_of(link)}/"


def find(token: str) -> ReportLink | None:
    """The living link of a scanned token, or None: unknown and revoked look the same."""
    now, digest = timezone.now(), _sha256(token.lower())
    return (
        ReportLink.objects.alive(now)
        .filter(Q(token_hash=digest) | Q(previous_hash=digest, overlap_until__gt=now))
        .filter(programme__is_active=True)
        .select_related("programme__region", "desa", "posyandu__desa")
        .first()
    )


def make(
    programme: Programme, desa: Region | None = None, posyandu: Posyandu | None = None
) -> ReportLink:
    """The link for this place; made when there is none that lives."""
    desa = posyandu.desa if posyandu else desa
    known = ReportLink.objects.alive().filter(programme=programme, desa=desa, posyandu=posyandu)
    return known.first() or _create(programme, desa, posyandu)


def rotate(link: ReportLink) -> None:
    """Give the link a new token; the old one stays good for the overlap."""
    with transaction.atomic():
        link.previous_hash = link.token_hash
        link.overlap_until = timezone.now() + OVERLAP
        link.generation += 1
        link.token_hash = _sha256(token_of(link))
        link.save(update_fields=["previous_hash", "overlap_until", "generation", "token_hash"])


def revoke(link: ReportLink) -> None:
    """Kill the link at once, both its tokens."""
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])


def _create(programme: Programme, desa: Region | None, posyandu: Posyandu | None) -> ReportLink:
    code = new_code()
    return ReportLink.objects.create(
        programme=programme,
        desa=desa,
        posyandu=posyandu,
        code=code,
        token_hash=_sha256(_token(code, 1)),
    )


def _token(code: str, generation: int) -> str:
    message = f"{code}:{generation}".encode()
    return base32(hmac.digest(settings.QR_KEY.encode(), message, "sha256")[:10]).lower()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
