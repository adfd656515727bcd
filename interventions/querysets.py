"""How helps are read: words that chain, ``PmtEpisode.objects.in_scope(user).running()``."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import reach_programme
from interventions.life import ENDED, OPEN, Status
from regions.models import Programme
from registry.models.placed import PlacedQuerySet

# The three groups a list is read in: what waits to begin, what is at work, what has ended.
GROUPS = {"planned": (Status.PLANNED,), "running": (Status.RUNNING,), "ended": ENDED}
HALF_EATEN = 2  # PmtDay.Eaten.HALF: a day counts as eaten from half the portion on


class PartnerQuerySet(models.QuerySet[Any]):
    def in_scope(self, user: Any, action: str = "see_interventions") -> Self:
        """Staff see their programme's partners; a mitra sees the partner it signs in for."""
        mine = Q(users=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(reach_programme(user, action) | mine).distinct()

    def own(self, user: Any) -> Self:
        """The partners a mitra signs in for, in the programme it works in now."""
        return self.filter(users=user.pk, programme=user.programme)

    def choosable(self, programme: Programme) -> Self:
        """Those a new help may name."""
        return self.filter(programme=programme, is_active=True)


class InterventionQuerySet(PlacedQuerySet):
    action = "see_interventions"

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def planned(self) -> Self:
        return self.filter(status=Status.PLANNED)

    def running(self) -> Self:
        return self.filter(status=Status.RUNNING)

    def in_month(self, first: date, last: date) -> Self:
        """At work on some day of the period: begun by its end, not ended before its start."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first), started_on__lte=last)

    def ended_in(self, first: date, last: date) -> Self:
        return self.filter(ended_on__range=(first, last))

    def late(self, today: date) -> Self:
        """Planned and not begun in time, or at work past the planned end."""
        begun_late = Q(status=Status.PLANNED, planned_start__lt=today)
        return self.filter(begun_late | Q(status=Status.RUNNING, planned_end__lt=today))

    def of_partners(self, partners: Any) -> Self:
        return self.filter(partner__in=partners)

    def in_group(self, group: str) -> Self:
        """The rows of one of ``GROUPS``."""
        return self.filter(status__in=GROUPS[group]).with_due()

    def with_due(self) -> Self:
        """Add ``due``: the day a list is sorted by (begin, end, or the day it ended)."""
        return self.annotate(
            due=Case(
                When(status=Status.PLANNED, then="planned_start"),
                When(status=Status.RUNNING, then="planned_end"),
                default=Coalesce("ended_on", "planned_end"),
                output_field=DateField(),
            )
        )

    def top_of_groups(self, size: int) -> Self:
        """The first ``size`` rows of every group, in one query.

        Adds ``standing`` (the group's name), ``spot`` (1 = first) and ``total`` of the group.
        """
        cases = [When(status__in=states, then=Value(name)) for name, states in GROUPS.items()]
        ended_last = Case(When(status__in=OPEN, then=F("due")), output_field=DateField())
        rows = self.with_due().annotate(standing=Case(*cases, output_field=models.CharField()))
        return rows.annotate(
            spot=Window(
                RowNumber(),
                partition_by="standing",
                order_by=[ended_last.asc(), F("due").desc(), F("code").asc()],
            ),
            total=Window(Count("pk"), partition_by="standing"),
        ).filter(spot__lte=size)


class PmtQuerySet(InterventionQuerySet):
    def with_days(self) -> Self:
        """Add ``recorded``, ``given``, ``eaten`` (days) and ``last_day`` of each episode."""
        return self.annotate(
            recorded=_days("pk"),
            given=_days("pk", given=True),
            eaten=_days("pk", eaten__gte=HALF_EATEN),
            last_day=_days("day", of=models.Max),
        )

    def unrecorded_since(self, day: date, today: date) -> Self:
        """At work and within its time, with no day recorded after ``day``, for somebody here."""
        last = Coalesce(_days("day", of=models.Max), F("started_on"))
        rows = self.running().filter(~_gone(today), planned_end__gte=today)
        return rows.annotate(seen=last).filter(seen__lt=day)

    def of_the_gone(self, today: date) -> Self:
        """For somebody who moved out of the kecamatan or died."""
        return self.filter(_gone(today))


def _gone(on: date) -> Q:
    return Q(child__left_on__lte=on) | Q(pregnancy__mother__left_on__lte=on)


def _days(field: str, *, of: Any = Count, **only: Any) -> Coalesce | Subquery:
    """A figure over an episode's recorded days, as a subquery: joins would multiply."""
    from interventions.models import PmtDay

    days = PmtDay.objects.filter(episode=OuterRef("pk"), **only).order_by().values("episode")
    figure = days.annotate(figure=of(field)).values("figure")
    if of is Count:
        return Coalesce(Subquery(figure, output_field=IntegerField()), 0)
    return Subquery(figure, output_field=DateField())


class ActivityQuerySet(InterventionQuerySet):
    def held_in(self, first: date, last: date) -> Self:
        return self.filter(status=Status.COMPLETED, held_on__range=(first, last))
