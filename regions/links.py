"""Report links: making, finding, rotating and revoking the token a QR poster carries.

Token = 16 base32 characters of HMAC-SHA256(QR_KEY, link code, generation); stored is only its
SHA-256 (design.md §4). Reports begun on a poster before its rotation are taken while the
overlap lasts.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

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


def closed(token: str) -> tuple[ReportLink, datetime] | None:
    """The link this token opened until lately, and when it ended; None after ``OVERLAP``.

    Only for reports begun before that moment: a page answers 404, as for an unknown token.
    """
    now, digest = timezone.now(), _sha256(token.lower())
    link = (
        ReportLink.objects.filter(Q(token_hash=digest) | Q(previous_hash=digest))
        .filter(programme__is_active=True)
        .select_related("programme__region", "desa", "posyandu__desa")
        .first()
    )
    if link is None:
        return None
    rotated = link.overlap_until if link.token_hash != digest else None
    ends = [end for end in (link.revoked_at, link.valid_until, rotated) if end and end <= now]
    return (link, min(ends)) if ends and now - min(ends) <= OVERLAP else None


def make(
    programme: Programme, desa: Region | None = None, posyandu: Posyandu | None = None
) -> ReportLink:
    """The link for this place; made when there is none that lives."""
    desa = posyandu.desa if posyandu else desa
    known = ReportLink.objects.real().alive()
    known = known.filter(programme=programme, desa=desa, posyandu=posyandu)
    return known.first() or _create(programme, desa=desa, posyandu=posyandu)


def make_practice(programme: Programme) -> ReportLink:
    """The link by which the programme's kader practise; made when there is none that lives."""
    known = ReportLink.objects.practice().alive().filter(programme=programme)
    return known.first() or _create(programme, is_practice=True)


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


def _create(programme: Programme, **what: Any) -> ReportLink:
    code = new_code()
    return ReportLink.objects.create(
        programme=programme, code=code, token_hash=_sha256(_token(code, 1)), **what
    )


def _token(code: str, generation: int) -> str:
    message = f"{code}:{generation}".encode()
    return base32(hmac.digest(settings.QR_KEY.encode(), message, "sha256")[:10]).lower()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
