"""A long task and where it stands."""

from django.db import models

from accounts.models.people import User
from regions.codes import new_code
from regions.models import Programme


class Job(models.Model):
    """A long task: where it stands, so that a page can show it and a person can stop it.

    Only ``accounts/jobs.py`` writes its state.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        RUNNING = "running", "Berjalan"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"
        CANCELLED = "cancelled", "Dibatalkan"

    code = models.CharField(max_length=24, unique=True, default=new_code)
    kind = models.CharField(max_length=40)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    cancel_asked = models.BooleanField("diminta berhenti", default=False)
    beat_at = models.DateTimeField("tanda hidup terakhir", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker began it
    finished_at = models.DateTimeField(null=True)

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}

    @property
    def percent(self) -> int:
        """How far it is, 0–100; 0 while the total is not known."""
        return min(100, 100 * self.done // self.total) if self.total else 0
