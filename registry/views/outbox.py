"""The kotak kirim's own addresses: its page, its mark, and the service worker.

None of them holds a person's data: the page is filled by the phone itself (static/js/kotak.js).
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import etag, require_safe

from accounts import phone_sessions
from accounts.models import User

# Pages without data that a phone keeps from the first visit on, and where each stands in: the
# worker answers addresses under the prefix with the shell when there is no signal.
SHELLS = {"registry:outbox": "/kotak-kirim/", "registry:posyandu-offline": "/hari-posyandu/"}
SCRIPTS = ("kotak.js", "foto.js")  # the worker reads these two itself, to send


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits on this phone; the same empty page for everybody."""
    response = render(request, "registry/outbox.html", {"programme": None})
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@never_cache
@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """A fresh CSRF token before each sending, and the sign that it is us who answer.

    ``who`` is the code of the person signed in, so that nobody sends in another's name.
    """
    user = request.user
    code = user.code if isinstance(user, User) else ""
    answer: dict[str, str | bool] = {"kotak": "kempling", "csrf": get_token(request), "who": code}
    phone = phone_sessions.carried(request)
    if phone and phone.revoked_at and not phone.wiped_at:  # hands over at /masuk/pin/ instead
        answer["revoked"] = True
    return JsonResponse(answer)


@cache
def _worker() -> str:
    """The worker's source, with the addresses it keeps filled in."""
    given = {
        "version": _version(),
        "scripts": [static(f"js/{name}") for name in SCRIPTS],
        "shells": {prefix: reverse(name) for name, prefix in SHELLS.items()},
    }
    return f"self.KOTAK_SW = {json.dumps(given)};\n{_source('static/js/sw.js')}"


@cache
def _version() -> str:
    """Twelve letters of what a phone keeps: every script, sheet and kept page's template."""
    kept = [*Path(settings.BASE_DIR, "static").glob("*/*.[cj]s*")]
    kept += Path(settings.BASE_DIR, "templates").glob("**/*.html")
    digest = hashlib.sha256()
    for path in sorted(kept):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@login_not_required
@require_safe
@etag(lambda request: f'"{_version()}"')
def service_worker(request: HttpRequest) -> HttpResponse:
    """``/sw.js``, at the root for its scope. It changes with any file it keeps.

    A phone asks at each visit: the answer is that nothing changed, not the file.
    """
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


def _source(name: str) -> str:
    return Path(settings.BASE_DIR, name).read_text()
