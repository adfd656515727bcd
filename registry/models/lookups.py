"""Finding one person twice: keys to look up by, pairs that are told apart, merges."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import reach_programme
from regions.codes import new_code
from regions.models import Programme
from registry.models.children import Child
from registry.models.families import Mother


class LookupKey(models.Model):
    """One key by which a person is found: the sound of a word of the name, or a blocking key.

    Made by ``registry/lookup/`` whenever a name, birth date, desa or mother changes; searched by
    equality and by prefix, never by scanning names.
    """

    # No index of its own: the one below begins with it, and a planner must not choose between.
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, related_name="keys")
    mother = models.ForeignKey(Mother, on_delete=models.CASCADE, null=True, related_name="keys")

    class Meta:
        indexes = [models.Index(fields=["programme", "key", "child", "mother"], name="lookup_key")]


class PersonPairQuerySet(models.QuerySet[Any]):
    def in_scope(self, user: Any, action: str = "verify_report") -> Self:
        return self.filter(reach_programme(user, action))


class NotSame(models.Model):
    """Two persons somebody looked at and told apart: "bukan orang yang sama"."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # child, mother, household
    first_code = models.CharField(max_length=24)  # the smaller of the two codes
    second_code = models.CharField(max_length=24)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = PersonPairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "first_code", "second_code"], name="told_apart_once"
            ),
            models.CheckConstraint(
                condition=Q(first_code__lt=models.F("second_code")), name="told_apart_in_order"
            ),
        ]


class Merge(models.Model):
    """Two rows of one person made one; ``moved`` holds what the undo needs, codes and columns."""

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # child, mother, household
    kept_code = models.CharField(max_length=24, db_index=True)
    gone_code = models.CharField(max_length=24, db_index=True)
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PersonPairQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
