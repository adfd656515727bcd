"""What happens to people after they are registered: they come, go, move, die."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import reach
from regions.codes import new_code
from regions.models import Posyandu, Programme, Region
from registry.models.children import Child
from registry.models.families import Mother


class LifeEventQuerySet(models.QuerySet["LifeEvent"]):
    def in_scope(self, user: Any, action: str = "see_children") -> Self:
        return self.filter(reach(user, action, "child__") | reach(user, action, "mother__"))

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(taken_back_at__isnull=True)

    def come_after(self, on: date) -> Self:
        """Arrivals after the day of people who were not here on it: no leaving lies between.

        A person's events are written in the order of their days (``registry/families/life.py``).
        """
        left = self.model.objects.standing().filter(
            Q(child=OuterRef("child")) | Q(mother=OuterRef("mother")),
            kind=LifeEvent.Kind.LEFT, happened_on__gt=on, id__lt=OuterRef("id"),
        )  # fmt: skip
        arrived = self.standing().filter(kind=LifeEvent.Kind.CAME, happened_on__gt=on)
        return arrived.filter(~Exists(left))


class LifeEvent(models.Model):
    """One event in the life of a child or a mother. Append-only; taken back, never deleted.

    ``left_on`` of the person follows from these rows. Turning 60 months is no event: it happens
    by date alone.
    """

    class Kind(models.TextChoices):
        CAME = "datang", "Datang dari luar kecamatan"
        LEFT = "pindah", "Pindah ke luar kecamatan"
        MOVED = "pindah_posyandu", "Pindah posyandu atau desa"
        DIED = "meninggal", "Meninggal"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, null=True, related_name="life_events"
    )
    mother = models.ForeignKey(
        Mother, on_delete=models.PROTECT, null=True, related_name="life_events"
    )
    kind = models.CharField("kejadian", max_length=15, choices=Kind)
    happened_on = models.DateField("tanggal kejadian")
    from_desa = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    from_posyandu = models.ForeignKey(
        Posyandu, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_desa = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    to_posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, null=True, related_name="+")
    elsewhere = models.CharField("dari atau ke mana", max_length=120, blank=True)
    # What was noted in one go of several people, and what a move changed: taken back together.
    together = models.CharField(max_length=24, default=new_code, editable=False)
    before = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = LifeEventQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-id"]
        indexes = [
            models.Index(fields=["kind", "happened_on"], name="life_event_by_kind"),
            models.Index(fields=["together"], name="life_event_together"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"
