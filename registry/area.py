"""Where a person may register: the desa and posyandu that their grants reach, as choices.

The same areas as ``Grant.area``, seen from the places instead of the people; what is registered
is checked against ``in_scope`` once more (registry/registering.py).
"""

import functools
from itertools import groupby
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet, Subquery

from accounts.models import NOTHING, Grant
from accounts.roles import Role
from regions.models import Posyandu, Programme, Region

UNKNOWN_POSYANDU = "Posyandu belum diketahui"
_DESA = "desa-"  # before a region code where a posyandu's code might stand
Place = tuple[Region, Posyandu | None]


def desa_within(user: Any, action: str) -> list[Region]:
    """The desa and kelurahan in which the user may do the action, at least in part."""
    grants = user.grants_for(action)
    inside = Q(pk__in=Posyandu.objects.filter(_posyandu_of(grants)).values("desa"))
    if _wide(grants):
        return list(user.programme.desa())
    return list(user.programme.desa().filter(inside | _desa_of(grants)))


def places_within(user: Any, action: str) -> list[tuple[Region, list[tuple[str, str]]]]:
    """The desa of ``desa_within``, each with the (code, name) of its posyandu that the grants
    reach; one query."""
    grants = user.grants_for(action)
    reached = Posyandu.objects.of(user.programme).active().filter(_posyandu_of(grants))
    rows = user.programme.desa()
    if not _wide(grants):
        rows = rows.filter(Q(pk__in=reached.values("desa")) | _desa_of(grants))
    here = FilteredRelation("posyandu", condition=Q(posyandu__in=Subquery(reached.values("pk"))))
    rows = rows.annotate(here=here, place=F("here__code"), place_name=F("here__name"))
    found = []
    for desa, group in groupby(rows.order_by("code", "place_name"), key=lambda row: row):
        found.append((desa, [(r.place, r.place_name) for r in group if r.place]))
    return found


def place_choices(user: Any, action: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """``[(desa, [(value, posyandu), …]), …]`` for one grouped list."""
    grants = user.grants_for(action)
    whole = {*_desa_ids(grants), *(d.pk for d in user.programme.desa() if _wide(grants))}
    rows = Posyandu.objects.of(user.programme).active().filter(_posyandu_of(grants))
    return _grouped(rows, list(user.programme.desa().filter(pk__in=whole)))


def every_place(programme: Programme) -> list[tuple[str, list[tuple[str, str]]]]:
    """As ``place_choices``, all of the programme: where somebody may move to."""
    return _grouped(Posyandu.objects.of(programme).active(), list(programme.desa()))


def _grouped(
    rows: QuerySet[Posyandu], whole: list[Region]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The posyandu by desa; ``whole``: the desa that may be chosen without a posyandu."""
    by_desa = {
        desa: list(found)
        for desa, found in groupby(rows.select_related("desa"), key=lambda row: row.desa)
    }
    groups = []
    for desa in sorted({*by_desa, *whole}, key=_code):
        options = [(p.code, p.name) for p in by_desa.get(desa, [])]
        if desa in whole:
            options.append((_DESA + desa.code, UNKNOWN_POSYANDU))
        groups.append((desa.title, options))
    return groups


def place_of(user: Any, value: str) -> Place | None:
    """The desa and posyandu of a chosen value; None when there is no such place."""
    if value.startswith(_DESA):
        desa = user.programme.desa().filter(code=value.removeprefix(_DESA)).first()
        return (desa, None) if desa else None
    found = Posyandu.objects.of(user.programme).active().filter(code=value)
    posyandu = found.select_related("desa").first()
    return (posyandu.desa, posyandu) if posyandu else None


def posyandu_in(user: Any, action: str, desa: Region) -> list[Posyandu]:
    """The posyandu of one desa that the user's grants reach."""
    rows = Posyandu.objects.of(user.programme).active().filter(desa=desa)
    return list(rows.filter(_posyandu_of(user.grants_for(action))))


def posyandu_within(user: Any, action: str) -> QuerySet[Posyandu]:
    """Every posyandu that the user's grants reach for the action."""
    rows = Posyandu.objects.of(user.programme).active()
    return rows.filter(_posyandu_of(user.grants_for(action)))


def _code(desa: Region) -> str:
    return desa.code


def _wide(grants: list[Grant]) -> bool:
    """Whether one of the grants reaches the whole programme."""
    return any(g.role not in (Role.KADER, Role.BIDAN, Role.PUSKESMAS) for g in grants)


def _desa_of(grants: list[Grant]) -> Q:
    """The desa of the bidan among the grants."""
    mine = [Q(pk__in=grant.desa.all()) for grant in grants if grant.role == Role.BIDAN]
    return functools.reduce(lambda a, b: a | b, mine, NOTHING)


def _desa_ids(grants: list[Grant]) -> list[int]:
    return [pk for grant in grants if grant.role == Role.BIDAN for pk in grant.desa_ids]


def _posyandu_of(grants: list[Grant]) -> Q:
    return functools.reduce(lambda a, b: a | b, map(_posyandu_of_one, grants), NOTHING)


def _posyandu_of_one(grant: Grant) -> Q:
    here = Q(programme=grant.programme_id)
    if grant.role == Role.KADER:
        return here & Q(pk=grant.posyandu_id or 0)
    if grant.role == Role.BIDAN:
        return here & Q(desa__in=grant.desa.all())
    if grant.role == Role.PUSKESMAS:
        return here & Q(puskesmas=grant.puskesmas_id or 0)
    return here
