"""What every row about a family carries: its code, programme, desa and posyandu."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.lookups import IsNull

from accounts.models import reach
from regions.codes import new_code
from regions.models import Posyandu, Programme, Region


def some(rows: models.QuerySet[Any]) -> Q:
    """Whether there is one of these rows, as ``Exists``: but asked as a value, so that a database
    looks once by a key for each outer row, and never reads all of them to keep them at hand."""
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


class PlacedQuerySet(models.QuerySet[Any]):
    """Reads of placed rows. ``action`` is the permission a bare ``in_scope`` asks for."""

    action = "see_children"

    def in_scope(self, user: Any, action: str = "") -> Self:
        """The rows this user may see (or do ``action`` to): fetching is permission."""
        return self.filter(reach(user, action or self.action))

    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme)

    def in_desa(self, desa: Region | None) -> Self:
        return self.filter(desa=desa) if desa else self


class PeopleQuerySet(PlacedQuerySet):
    """Reads of people. ``person``: the column of ``LifeEvent`` that points to them."""

    person = ""

    def here(self, on: date) -> Self:
        """Living in the kecamatan on the day: come, not moved out, not died."""
        from registry.models.events_of_life import LifeEvent

        here = self.filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
        elsewhere = LifeEvent.objects.come_after(on).filter(**{f"{self.person}__isnull": False})
        return here.exclude(pk__in=elsewhere.values(self.person))


class UnmergedManager(models.Manager[Any]):
    """Leaves out the rows that were merged into another: they stay for the undo only."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(merged_into__isnull=True)


class Placed(models.Model):
    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    desa = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name="desa/kelurahan"
    )
    posyandu = models.ForeignKey(
        Posyandu, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True


class Known(Placed):
    """A placed row that may turn out to be known already, or be told of by another list."""

    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    # What an import last wrote here, column -> plain text: what differs now, staff have changed.
    imported = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True
