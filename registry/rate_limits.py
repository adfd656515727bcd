"""How much may come in and be read: per device and per link first, per address only generously.

A whole village of kader sits behind one carrier address (security.md §1.14, T1).
"""

import hashlib
import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts.address import client_address
from regions.models import ReportLink


class Limit(NamedTuple):
    most: int
    seconds: int


PER_DEVICE = Limit(60, 3600)
PER_LINK = Limit(300, 3600)
PER_ADDRESS = Limit(30, 60)
PER_KEY = Limit(120, 60)  # a system that reads (reports/api): 24,000 rows a minute


def wait(request: HttpRequest, link: ReportLink, what: str = "") -> int:
    """Count this sending; seconds to wait before the next try, 0 when it may go on.

    ``what``: kinds of sending are counted apart, so that photos take no report's place.
    """
    if not settings.RATE_LIMITS:
        return 0
    device = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    counted = [
        _over(f"{what}link:{link.code}", PER_LINK),
        _over(f"{what}address:{client_address(request)}", PER_ADDRESS),
        _over(f"{what}device:{device}", PER_DEVICE) if device else 0,
    ]
    return max(counted)


def wait_of_key(code: str) -> int:
    """Count this reading by a key; seconds to wait before the next one, 0 when it may go on."""
    return _over(f"key:{code}", PER_KEY) if settings.RATE_LIMITS else 0


def _over(who: str, limit: Limit) -> int:
    """Count in the present window; seconds until the next one when this one is full."""
    window, passed = divmod(int(time.time()), limit.seconds)
    # The key is a digest: no address or cookie is kept in clear.
    key = "reports-in:" + hashlib.sha256(f"{who}:{window}".encode()).hexdigest()
    if cache.add(key, 1, limit.seconds):
        return 0
    try:
        return limit.seconds - passed if cache.incr(key) > limit.most else 0
    except ValueError:  # it ran out between the two calls
        return 0
