"""What waits for an admin among the accounts."""

from typing import Any

from django.urls import reverse

from accounts.models import User


def todo(user: User) -> list[dict[str, Any]]:
    """``[{title, text, url, count, tone}]`` for "apa yang harus saya kerjakan sekarang?"."""
    if not user.may("manage_accounts"):
        return []
    unopened = User.objects.in_scope(user).filter(is_active=True).without_password().count()
    if not unopened:
        return []
    return [
        {
            "count": unopened,
            "title": "Ingatkan orang yang diundang",
            "text": "Undangannya belum dibuka; alamatnya berlaku 7 hari.",
            "url": reverse("accounts:people"),
            "tone": "kuning",
        }
    ]
