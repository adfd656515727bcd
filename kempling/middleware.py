"""Duties towards every request: it is read as plain UTF-8, and it gets a page for an answer."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Handler = Callable[[HttpRequest], HttpResponse]


class PlainTextMiddleware:
    """Every request is read as UTF-8, whatever its header claims, and none carries a NUL.

    Otherwise ``charset=utf-7`` lets lone surrogates in, ``charset=hex`` is no text at all, and
    PostgreSQL stores no NUL (security.md §1.11). Forms look for NUL themselves.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.encoding = "utf-8"
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL")
        return self.get_response(request)


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
