"""Keluarga berisiko stunting in SQL: what ``registry/families/risk.py`` says of one family.

Dates are compared as years, months and days, because neither engine counts completed months.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import LessThan

from registry.families import ladders, risk
from registry.models.children import Child, months_before
from registry.models.families import Mother, Pregnancy
from registry.models.placed import some
from registry.mothers.pregnancy import Limits


def columns(on: date, limits: Limits) -> dict[str, Any]:
    """The boolean columns of ``HouseholdQuerySet.with_risk``."""
    women = Mother.objects.here(on).filter(household=OuterRef("pk"))
    carried = Pregnancy.objects.ongoing(on).of_those_here(on)
    carried = carried.filter(mother__household=OuterRef("pk"))
    carrying = Pregnancy.objects.ongoing(on).filter(mother=OuterRef("pk"))
    resting = women.filter(~Exists(carrying))
    balita = Child.objects.balita(on).here(on).filter(household=OuterRef("pk"))
    pus = women.filter(_aged(risk.CHILDBEARING[0], risk.CHILDBEARING[1], on))
    held, missing = _carried_4t(carried, limits), _carried_unknown(carried)
    held_of_others, missing_of_others = _resting(resting, on, limits)
    ever = Mother.objects.filter(household=OuterRef("pk"))
    proper_water, proper_latrine = _proper_water(), _proper_latrine()
    return {
        "is_target": _is(some(balita) | some(carried) | some(pus)),
        "may_be_target": _is(some(women.filter(birth_date__isnull=True))),
        "risk_water": _is(proper_water[False]),
        "risk_latrine": _is(proper_latrine[False]),
        "risk_4t": _is(some(held) | some(held_of_others)),
        "risk_unknown": _is(
            ~(proper_water[False] | proper_water[True])
            | ~(proper_latrine[False] | proper_latrine[True])
            | some(missing)
            | some(missing_of_others)
            | ~some(ever)
        ),
    }


def caused(cause: str = "") -> Q:
    """At risk, by one cause of ``risk.CAUSES`` or by any."""
    causes = {risk.WATER: "risk_water", risk.LATRINE: "risk_latrine", risk.FOUR_T: "risk_4t"}
    if cause:
        return Q(is_target=True, **{causes[cause]: True})
    return Q(is_target=True) & _any(Q(**{column: True}) for column in causes.values())


def in_state(state: str) -> Q:
    """In one state of ``risk.LABELS``."""
    plain = Q(is_target=True) & ~caused()
    return {
        risk.AT_RISK: caused(),
        risk.NOT_AT_RISK: plain & Q(risk_unknown=False),
        risk.UNKNOWN: (plain & Q(risk_unknown=True)) | Q(is_target=False, may_be_target=True),
        risk.NO_TARGET: Q(is_target=False, may_be_target=False),
    }[state]


# --- Water and latrine -------------------------------------------------------------------------


def _proper_water() -> dict[bool, Q]:
    """Proper, and not proper; who is in neither is not known."""
    proper = Q(water_source__in=risk.PROPER_SOURCES)
    unsaid, fit = Q(water_source=""), Q(water__in=ladders.FIT_WATER)
    return {
        True: proper | (unsaid & fit),
        False: (~unsaid & ~proper) | (unsaid & ~fit & ~Q(water="")),
    }


def _proper_latrine() -> dict[bool, Q]:
    none = Q(latrine_use__in=("tidak_ada", "umum"))
    told = Q(latrine_use__in=ladders.PRIVATE_USE) & ~Q(latrine_drain="")
    tank, fit = Q(latrine_drain__in=ladders.WITH_TANK), Q(latrine__in=ladders.FIT_LATRINE)
    by_rung = ~none & ~told & ~Q(latrine="")
    return {
        True: (told & tank) | (by_rung & fit),
        False: none | (told & ~tank) | (by_rung & ~fit),
    }


# --- 4T ----------------------------------------------------------------------------------------


def _carried_4t(carried: Any, limits: Limits) -> Any:
    """Pregnancies in which one of 4T holds: age at HPHT, birth to birth, how many."""
    rows = carried.annotate(
        age=months_between("mother__birth_date", "hpht"),
        due=Coalesce("hpl_override", Naegele("hpht"), output_field=DateField()),
    ).annotate(apart=months_between("last_birth_on", "due"))
    young, old = round(limits.too_young) * 12, (round(limits.too_old) + 1) * 12
    return rows.filter(
        Q(age__lt=young)
        | Q(age__gte=old)
        | Q(apart__lt=limits.too_close_months)
        | Q(gravida__gte=limits.too_many)
    )


def _carried_unknown(carried: Any) -> Any:
    """Pregnancies of which something is missing to say that none of the four holds."""
    not_first = Q(gravida__isnull=True) | ~Q(gravida=1)
    return carried.filter(
        Q(mother__birth_date__isnull=True)
        | Q(gravida__isnull=True)
        | (not_first & Q(last_birth_on__isnull=True))
    )


def _resting(women: Any, on: date, limits: Limits) -> tuple[Any, Any]:
    """The women who are not pregnant: those of whom one of 4T holds, and those not known."""
    aged = _aged(*risk.CHILDBEARING, on)
    last, close, spaced = _births(on, limits)
    held = women.filter(
        _aged(0, round(limits.too_young) - 1, on)
        | _aged(round(limits.too_old) + 1, 150, on)
        | Q(births__gte=limits.too_many)
        | Exists(close),
        aged,
    )
    unspaced = Q(births__gt=1) & Exists(last) & ~Exists(spaced)
    missing = women.filter(
        Q(birth_date__isnull=True) | (aged & (Q(births__isnull=True) | unspaced))
    )
    return held, missing


def _births(on: date, limits: Limits) -> tuple[Any, Any, Any]:
    """Of a mother: her last birth while a balita; the same with a birth too close before it; and
    with any birth before it."""
    exact = Child.objects.filter(birth_precision=Child.Precision.DAY, birth_date__lte=on)
    later = exact.filter(mother=OuterRef("mother"), birth_date__gt=OuterRef("birth_date"))
    since = months_before(on, risk.BALITA_MONTHS)
    last = exact.filter(mother=OuterRef("pk"), birth_date__gt=since).filter(~Exists(later))
    younger = ExpressionWrapper(OuterRef("birth_date"), output_field=DateField())
    before = exact.filter(mother=OuterRef("mother")).annotate(younger=younger)
    before = before.annotate(apart=months_between("birth_date", "younger"))
    before = before.filter(apart__gte=risk.TWINS_WITHIN)
    near = before.filter(apart__lt=limits.too_close_months)
    return last, last.filter(Exists(near)), last.filter(Exists(before))


def _aged(low: int, high: int, on: date) -> Q:
    """Of so many completed years on the day, both included."""
    return Q(
        birth_date__lte=months_before(on, low * 12),
        birth_date__gt=months_before(on, (high + 1) * 12),
    )


# --- Dates -------------------------------------------------------------------------------------


class Naegele(Func):
    """``registry.mothers.pregnancy.naegele`` of a column: seven days on, then nine months, at
    most the last day of that month."""

    output_field = DateField()
    template = "(((%(expressions)s) + INTERVAL '7 days') + INTERVAL '9 months')::date"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler, connection, **extra,
            template="MIN(date(%(expressions)s, '+7 days', '+9 months'), "
            "date(%(expressions)s, '+7 days', 'start of month', '+10 months', '-1 day'))",
        )  # fmt: skip


def months_between(earlier: str, later: str) -> ExpressionWrapper:
    """Completed months from one date column to the other, as ``growth.age`` counts them."""
    years, months = ExtractYear(later) - ExtractYear(earlier), ExtractMonth(later)
    short = LessThan(ExtractDay(later), ExtractDay(earlier))
    begun = Case(When(short, then=Value(1)), default=Value(0))
    whole = years * 12 + months - ExtractMonth(earlier) - begun
    return ExpressionWrapper(whole, output_field=IntegerField())


def _is(condition: Any) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
