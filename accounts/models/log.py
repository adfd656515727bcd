"""Siapa berbuat apa: the event log and its seals."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models.people import Grant, User, reach_programme
from regions.models import Programme


class Untouchable(Exception):
    """Somebody tried to change or delete what is only ever added to."""


class EventQuerySet(models.QuerySet["Event"]):
    def in_scope(self, user: Any, action: str = "see_log") -> "EventQuerySet":
        return self.filter(reach_programme(user, action))

    def by_person(self, text: str) -> "EventQuerySet":
        """Whose name or user name holds the words."""
        return self.filter(user__in=User.objects.named(text))

    def about(self, *codes: str) -> "EventQuerySet":
        return self.filter(object_code__in=codes)

    def update(self, **kwargs: Any) -> int:
        raise Untouchable("The event log is only added to.")

    def delete(self) -> Any:
        raise Untouchable("The event log is only added to.")


class Event(models.Model):
    """Who did what, when, by which grant: codes and field names, never personal values.

    Append-only: the model refuses, and so does a trigger in the database (migration 0002).
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, related_name="events")
    grant = models.ForeignKey(Grant, on_delete=models.DO_NOTHING, null=True, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.DO_NOTHING, null=True)
    verb = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=40, blank=True)
    object_code = models.CharField(max_length=80, blank=True, db_index=True)
    fields = models.JSONField(default=list)
    why = models.CharField(max_length=120, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["programme", "id"], name="event_of_programme")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Untouchable("The event log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Untouchable("The event log is only added to.")


def record(
    user: Any,
    verb: str,
    thing: models.Model | None = None,
    *,
    programme: Programme | None = None,
    fields: Iterable[str] = (),
    why: str = "",
    action: str = "",
) -> Event:
    """Write one event beside the act it tells of.

    ``thing`` gives kind, code and programme; ``fields`` are names, never values; ``why`` is a
    code or a number ("n=42"), never a sentence somebody typed. ``action`` names the permission
    used, so that the grant can be kept.
    """
    person = user if getattr(user, "is_authenticated", False) else None
    programme = programme or getattr(thing, "programme", None)
    return Event.objects.create(
        user=person,
        grant=person.grant_used(action) if person and action else None,
        programme=programme or getattr(person, "programme", None),
        verb=verb,
        object_kind=thing._meta.model_name or "" if thing is not None else "",
        object_code=str(getattr(thing, "code", "") or "") if thing is not None else "",
        fields=sorted(fields),
        why=why,
    )


def record_many(
    user: Any,
    verb: str,
    things: Iterable[tuple[models.Model, Iterable[str]]],
    *,
    action: str,
    store: Callable[[Iterable[Event]], Any] = Event.objects.bulk_create,
) -> None:
    """``record`` for what one act does to many things of one kind: (thing, changed columns)."""
    person = user if getattr(user, "is_authenticated", False) else None
    grant = person.grant_used(action) if person else None
    store(
        Event(
            user=person,
            grant=grant,
            programme_id=thing.programme_id,  # type: ignore[attr-defined]
            verb=verb,
            object_kind=thing._meta.model_name or "",
            object_code=thing.code,  # type: ignore[attr-defined]
            fields=sorted(fields),
        )
        for thing, fields in things
    )


class Seal(models.Model):
    """One link of the hash chain over the events ``first_id``..``last_id``."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["last_id"]
