"""A kader's phone: bound by a one-time link from the kecamatan, opened by a PIN."""

import hashlib
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone

from accounts.models.people import Grant, User
from regions.codes import new_code
from regions.models import Programme


def digest_of(secret: str) -> str:
    """What is stored of a secret that a phone or a link carries."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def open_for(self, token: str) -> "Enrolment | None":
        """The enrolment of this token while it is unused and in time, else None."""
        waiting = self.filter(used_at__isnull=True, expires_at__gt=timezone.now())
        return waiting.filter(token_hash=digest_of(token)).select_related("user").first()


class Enrolment(models.Model):
    """A one-time address (or its QR) that binds the phone that opens it to one kader."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrolments")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_scope(self, admin: Any, action: str = "manage_devices") -> Self:
        """The phones of people this superior looks after."""
        mine = Grant.objects.in_scope(admin, action)
        return self.filter(user__in=mine.values("user"), programme=admin.programme)

    def bound(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def carrying(self, secret: str) -> "Device | None":
        """The phone whose cookie this is, also a revoked one."""
        found = self.filter(token_hash=digest_of(secret)) if secret else self.none()
        return found.select_related("user", "programme").first()


class Device(models.Model):
    """One phone of one kader. The secret is in its cookie, only the SHA-256 stands here.

    Five wrong PINs lock it for fifteen minutes, whatever the address they come from. A revoked
    phone may still hand over what waits in its outbox: that goes to quarantine, then it is wiped.
    """

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("nama HP", max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    pin = models.CharField(max_length=128)
    wrong_pins = models.PositiveSmallIntegerField("PIN salah", default=0)
    locked_until = models.DateTimeField(null=True)
    session_key = models.CharField(max_length=40, blank=True)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField("dicabut", null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    wiped_at = models.DateTimeField("dikosongkan", null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at"]

    def __str__(self) -> str:
        return self.name

    def is_locked(self, at: datetime | None = None) -> bool:
        return self.locked_until is not None and self.locked_until > (at or timezone.now())
