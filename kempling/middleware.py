"""What no request may carry, small pages for slow lines, and one opened the wrong way round."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

Handler = Callable[[HttpRequest], HttpResponse]


MOST_BYTES = 64 * 1024 * 1024


class PlainRequestMiddleware:
    """No address carries a NUL, which PostgreSQL stores nowhere; no body could fill the disk.

    Forms look for NUL themselves, and tell of a photo over 8 MB in words; this is far beyond.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit() and int(length[:15]) <= MOST_BYTES):
            raise BadRequest("too large")
        return self.get_response(request)


class SmallPagesMiddleware(GZipMiddleware):
    """Words are sent compressed; a page another site asked for is not (BREACH, keputusan.md 39).

    PDFs and photos are compressed already. Django adds up to 100 random bytes to each answer.
    """

    WORDS = ("text/", "application/json")
    OURS = ("", "none", "same-origin")  # old browsers say nothing

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        words = response.get("Content-Type", "").startswith(self.WORDS)
        ours = request.headers.get("Sec-Fetch-Site", "") in self.OURS
        return super().process_response(request, response) if words and ours else response


class ButtonPageMiddleware:
    """An address that only a button may call (405), typed or reloaded: say so in words."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method != "GET":
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
