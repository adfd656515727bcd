"""One way in for every address: key, limit, scope, questions, answer, event.

No session and no cookie is looked at, so nothing here can be forged from another site.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts import tokens
from accounts.models import ApiToken
from registry.rate_limits import wait_of_key
from reports.api.asking import BODY, NotAnswered, asked
from reports.api.endpoints import BY_NAME, SCOPES
from reports.api.fields import told
from reports.api.openapi import document

View = Callable[..., HttpResponse]


def in_json(view: View) -> View:
    """Only read, every refusal in JSON, and nothing kept on the way."""

    @csrf_exempt  # a POST must hear that this is the wrong way, not that a form has grown old
    @login_not_required
    @functools.wraps(view)
    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if request.method != "GET":
                raise NotAnswered("cara")
            response = view(request, **kwargs)
        except NotAnswered as refusal:
            response = _refused(refusal)
        response["Cache-Control"] = "no-store"
        return response

    return inner


@in_json
def read(request: HttpRequest, endpoint: str) -> HttpResponse:
    found, token = BY_NAME[endpoint], _key(request)
    if SCOPES.index(ApiToken.Scope(token.scope)) < SCOPES.index(found.scope):
        raise NotAnswered("cakupan")
    questions = asked(found.parameters, request.GET.dict(), token.programme)
    body, count = found.read(token.programme, questions)
    filters = [p.name for p in found.parameters if p.filters and p.name in request.GET]
    tokens.note_use(token, found.verb, count, filters)
    return JsonResponse(body, content_type=found.media_type)


@in_json
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())


@in_json
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    raise NotAnswered("alamat")


def _key(request: HttpRequest) -> ApiToken:
    """The key of the request; every key that does not read is refused alike."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(key.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise NotAnswered("kunci")
    if wait := wait_of_key(token.code):
        raise NotAnswered("batas", wait=wait)
    return token


def _refused(refusal: NotAnswered) -> HttpResponse:
    response = JsonResponse(told(BODY, refusal), status=refusal.status)
    if refusal.code == "kunci":
        response["WWW-Authenticate"] = "Bearer"
    if refusal.code == "cara":
        response["Allow"] = "GET"
    if refusal.wait:
        response["Retry-After"] = str(refusal.wait)
    return response
