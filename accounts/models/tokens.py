"""Keys by which another system reads: one per integration, for one programme, read-only."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User
from regions.codes import new_code
from regions.models import Programme


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive(self) -> "ApiTokenQuerySet":
        """Neither revoked nor past their time."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())

    def of(self, programme: Programme) -> "ApiTokenQuerySet":
        return self.filter(programme=programme)


class ApiToken(models.Model):
    """What one integration may read. The key itself is shown once and never stored."""

    class Scope(models.TextChoices):
        TOTALS = "jumlah", "Jumlah saja, tanpa nama"
        ROWS = "baris", "Baris per anak, tanpa nama dan NIK"
        PEOPLE = "orang", "Data anak dan ibu dengan nama"

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
