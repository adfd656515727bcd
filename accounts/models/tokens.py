"""Keys by which another system reads: one per integration, for one programme, read-only."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models.people import User, reach_programme
from regions.codes import new_code
from regions.models import Programme


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive(self) -> "ApiTokenQuerySet":
        """Neither revoked nor past their time."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())

    def in_scope(self, user: Any, action: str = "manage_keys") -> "ApiTokenQuerySet":
        """The keys this admin looks after."""
        return self.filter(reach_programme(user, action)).select_related("programme")


class ApiToken(models.Model):
    """What one integration may read. The key itself is shown once and never stored."""

    class Scope(models.TextChoices):
        TOTALS = "jumlah", "Jumlah saja, tanpa nama"
        ROWS = "baris", "Baris per anak, tanpa nama dan NIK"
        PEOPLE = "orang", "Data anak dengan nama dan tanggal lahir, tanpa NIK"

    class Standing(models.TextChoices):
        ALIVE = "alive", "Berlaku"
        EXPIRED = "expired", "Lewat waktu"
        REVOKED = "revoked", "Dicabut"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("dipakai oleh", max_length=80)
    scope = models.CharField("boleh membaca", max_length=6, choices=Scope)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField("berlaku sampai")
    last_used_on = models.DateField("terakhir dipakai", null=True)
    revoked_at = models.DateTimeField("dicabut", null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> Standing:
        """Whether it reads now, derived: it is never stored."""
        if self.revoked_at:
            return self.Standing.REVOKED
        return self.Standing.ALIVE if self.expires_at > timezone.now() else self.Standing.EXPIRED

    @property
    def last_day(self) -> date:
        """The last whole day it reads: it ends at the midnight after."""
        return (self.programme.local(self.expires_at) - timedelta(seconds=1)).date()
