"""How many reports may come in: per device and per link first, per address only generously.

A whole village of kader sits behind one carrier address (security.md §1.14, T1).
"""

import hashlib
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from regions.models import ReportLink


class Limit(NamedTuple):
    count: int
    seconds: int


PER_DEVICE = Limit(60, 3600)
PER_LINK = Limit(300, 3600)
PER_ADDRESS = Limit(30, 60)


def wait(request: HttpRequest, link: ReportLink) -> int:
    """Count this sending; seconds to wait before the next try, 0 when it may go on."""
    if not settings.RATE_LIMITS:
        return 0
    device = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    counted = [
        _over(f"link:{link.code}", PER_LINK),
        _over(f"address:{client_address(request)}", PER_ADDRESS),
        _over(f"device:{device}", PER_DEVICE) if device else 0,
    ]
    return max(counted)


def client_address(request: HttpRequest) -> str:
    """The caller's address; a header is believed only as far as our own proxies wrote it."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return hops[-settings.TRUSTED_PROXIES].strip()
    return request.META.get("REMOTE_ADDR", "")


def _over(who: str, limit: Limit) -> int:
    # The key is a digest: no address or cookie is kept in clear.
    key = "reports-in:" + hashlib.sha256(who.encode()).hexdigest()
    if cache.add(key, 1, limit.seconds):
        return 0
    try:
        return limit.seconds if cache.incr(key) > limit.count else 0
    except ValueError:  # it ran out between the two calls
        return 0
