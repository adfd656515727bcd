"""The address a request comes from, as far as it can be believed."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address; from X-Forwarded-For only behind ``TRUSTED_PROXIES`` of ours.

    Each proxy of ours adds one entry at the end, so the entry that many from the end was written
    by ours; what stands before it the caller may have invented (security.md T1).
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return request.META.get("REMOTE_ADDR") or "lokal"
