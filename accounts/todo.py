"""What waits for an admin among the accounts."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Device, Event, User

ALARM_STANDS = timedelta(hours=24)


def todo(user: User) -> list[dict[str, Any]]:
    """``[{title, text, url, count, tone}]`` for "apa yang harus saya kerjakan sekarang?"."""
    if not user.may("manage_accounts"):
        return []
    return [*_guessing(user), *_unopened(user)]


def _guessing(user: User) -> list[dict[str, Any]]:
    """One PIN tried on many accounts: none of them is locked by it, so a person must look."""
    since = timezone.now() - ALARM_STANDS
    alarms = Event.objects.filter(verb="pin_spray", at__gt=since, programme=user.programme)
    count = alarms.count()
    if not count:
        return []
    return [
        {
            "count": count,
            "title": "Periksa: PIN ditebak di banyak HP",
            "text": "Lihat HP mana saja di jejak, tanyakan kadernya, cabut yang tidak dikenal.",
            "url": reverse("accounts:log") + "?perbuatan=pin_failed",
            "tone": "merah",
        }
    ]


def _unopened(user: User) -> list[dict[str, Any]]:
    """A kader whose phone is bound needs no password."""
    invited = User.objects.in_scope(user).filter(is_active=True).without_password()
    count = invited.exclude(pk__in=Device.objects.bound().values("user")).count()
    if not count:
        return []
    return [
        {
            "count": count,
            "title": "Ingatkan orang yang diundang",
            "text": "Undangannya belum dibuka; alamatnya berlaku 7 hari.",
            "url": reverse("accounts:people"),
            "tone": "kuning",
        }
    ]
