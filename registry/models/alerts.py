"""What was done about an alert."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import reach
from regions.codes import new_code
from registry.models.children import Child
from registry.models.families import Pregnancy
from registry.models.visits import Measurement


class AlertAnswerQuerySet(models.QuerySet["AlertAnswer"]):
    def in_scope(self, user: Any) -> Self:
        """Answers about children and mothers this person may see."""
        return self.filter(
            reach(user, "see_children", "child__") | reach(user, "see_mothers", "pregnancy__")
        )


class AlertAnswer(models.Model):
    """What somebody did about an alert: referred, measured again, visited. Append-only.

    It answers the alert of one visit (``measurement``); the next visit raises its own. Without a
    measurement it answers that the child was never measured, or not for a long time.
    """

    class Kind(models.TextChoices):
        DIRUJUK = "dirujuk", "Dirujuk"
        DIUKUR_ULANG = "diukur_ulang", "Diukur ulang"
        DIKUNJUNGI = "dikunjungi", "Dikunjungi"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="answers", null=True, blank=True
    )
    pregnancy = models.ForeignKey(
        Pregnancy, on_delete=models.PROTECT, related_name="answers", null=True, blank=True
    )
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, related_name="answers", null=True, blank=True
    )
    kind = models.CharField("tindak lanjut", max_length=12, choices=Kind)
    done_on = models.DateField("tanggal")
    note = models.CharField("catatan", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AlertAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=False, pregnancy__isnull=True)
                | Q(child__isnull=True, pregnancy__isnull=False),
                name="answer_about_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done_on}"
