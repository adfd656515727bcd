"""The phone's cookie and the session it opened: what a request carries, and whether it counts."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Device, User, record

BACKEND = "accounts.backends.GrantedBackend"
KEPT_FOR = timedelta(days=400)  # as long as browsers keep a cookie; renewed with each PIN
SEEN_AGAIN = timedelta(minutes=10)


def carried(request: HttpRequest) -> Device | None:
    """The phone this request comes from, also a revoked one; None for any other browser."""
    return Device.objects.carrying(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))


def give_cookie(response: HttpResponse, secret: str) -> None:
    """The secret that binds the phone; no script can read it."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, secret, max_age=KEPT_FOR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def renew_cookie(request: HttpRequest, response: HttpResponse) -> None:
    give_cookie(response, request.COOKIES[settings.DEVICE_COOKIE_NAME])


def take_cookie(response: HttpResponse) -> None:
    """The phone is nobody's any more."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, "", max_age=0, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def begin(request: HttpRequest, device: Device) -> None:
    """Sign the phone's kader in; the session id is new, the phone's former session is dead."""
    login(request, device.user, backend=BACKEND)
    bind(request, device)
    record(device.user, "sign_in", device.user)


def bind(request: HttpRequest, device: Device) -> None:
    """From now on this session lives and dies with the phone: one session a phone."""
    if not request.session.session_key:
        request.session.create()
    key = str(request.session.session_key)
    request.session["device"] = device.code
    if device.session_key and device.session_key != key:
        Session.objects.filter(session_key=device.session_key).delete()
    changes: dict[str, Any] = {"session_key": key, "last_seen_at": timezone.now()}
    # Revoked in this very moment: then the session is of a phone that is not bound.
    Device.objects.bound().filter(pk=device.pk).update(**changes)


def bind_if_own(request: HttpRequest, user: User) -> None:
    """A kader who came in by password on her own bound phone is there with that phone."""
    device = carried(request)
    if device and device.revoked_at is None and device.user_id == user.pk:
        bind(request, device)


def still_counts(request: HttpRequest, user: User) -> bool:
    """Whether the phone is still bound and this is still its session; one query.

    A session that no phone opened always counts. A kader who was given another role meanwhile
    owes what that role owes: the PIN is not enough.
    """
    code = request.session.get("device")
    if code is None:
        return True
    known = Device.objects.bound().filter(
        code=code, session_key=request.session.session_key, user=user.pk
    )
    seen = known.values_list("last_seen_at", flat=True)[:1]
    if not seen or user.owes_second_factor:
        return False
    now = timezone.now()
    if seen[0] is None or seen[0] < now - SEEN_AGAIN:
        known.update(last_seen_at=now)
    return True


def end(request: HttpRequest) -> None:
    """Signing out: the superior's list shows no open session for this phone."""
    code = request.session.get("device")
    if code:
        Device.objects.filter(code=code).update(session_key="")


def phone_name(agent: str) -> str:
    """What the superior reads in the list: ``SM-A107F, Android 10``, ``iPhone``."""
    text = "".join(letter for letter in agent if letter.isprintable())
    android = re.search(r"Android ([0-9.]{1,8})(?:; ([^;)]{2,30}))?", text)
    if android:
        version, model = android[1].split(".")[0], (android[2] or "").split(" Build")[0].strip()
        # "K" is what new browsers say instead of the model.
        return f"{model if model not in ('', 'K') else 'HP'}, Android {version}"
    known = ("iPhone", "iPad", "KAIOS", "Windows", "Macintosh", "Linux")
    return next((word for word in known if word in text), "HP")
