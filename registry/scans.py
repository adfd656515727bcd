"""How often a poster was opened: one number and one day per link, nothing about who.

Counted is a person's browser, once a day: not a HEAD, not a look ahead, not a robot or the
preview of a messenger, not the outbox fetching a fresh form.
"""

import re

from django.db import DatabaseError
from django.db.models import F
from django.http import HttpRequest, HttpResponse

from regions.models import ReportLink

COOKIE = "dibuka"
A_DAY = 24 * 3600
ROBOT = re.compile(
    r"bot\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|curl|wget|python|okhttp|"
    r"axios|monitor|uptime|lighthouse",
    re.IGNORECASE,
)


def count(request: HttpRequest, response: HttpResponse, link: ReportLink) -> None:
    """Count this opening of the form and remember it in the browser for a day.

    One UPDATE without reading; when the database is busy the form matters and the number does not.
    """
    if not _is_opening(request):
        return
    try:
        ReportLink.objects.filter(pk=link.pk).update(
            scans=F("scans") + 1, last_scan_on=link.programme.today()
        )
    except DatabaseError:
        return
    response.set_cookie(
        COOKIE, "1", max_age=A_DAY, path=request.path, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip


def _is_opening(request: HttpRequest) -> bool:
    headers = request.headers
    agent = headers.get("User-Agent", "")
    ahead = "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))
    if request.method != "GET" or ahead or "X-Kotak" in headers or COOKIE in request.COOKIES:
        return False
    return bool(agent) and not ROBOT.search(agent)
