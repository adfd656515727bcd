"""Probable pairs of a programme: cards that may be one person, until somebody has looked.

``pairs`` is the only place that says who is alike; it compares exact keys of names and dates.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from django.db.models import Count

from regions.models import Programme
from registry.models import Child, Household, Mother, NotSame
from registry.models.placed import Known
from registry.names import name_key

NAME = "Nama anak sama"
NEAR = timedelta(days=31)
ACTION = "merge_people"


@dataclass(frozen=True)
class Pair:
    """Two cards, the older one first, and what makes them alike."""

    first: Any
    second: Any
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        """One's own name tells more than what brothers and sisters share."""
        return len(self.reasons) + (NAME in self.reasons)

    @property
    def codes(self) -> tuple[str, str]:
        one, other = sorted((self.first.code, self.second.code))
        return one, other


def pairs(programme: Programme, user: Any, kind: str = "child") -> list[Pair]:
    """The pairs this person may merge, the most alike first; told apart ones are left out.

    A handful of queries, whatever the number of people.
    """
    told = _told_apart(programme)
    found = (pair for pair in FINDERS[kind](user) if pair.codes not in told)
    return sorted(found, key=lambda pair: (-pair.weight, pair.first.pk, pair.second.pk))


def waiting(programme: Programme, user: Any) -> dict[str, int]:
    """How many pairs of each kind wait for somebody to look."""
    told = _told_apart(programme)
    return {
        kind: sum(pair.codes not in told for pair in find(user)) for kind, find in FINDERS.items()
    }


def _told_apart(programme: Programme) -> set[tuple[str, str]]:
    rows = NotSame.objects.filter(programme=programme)
    return set(rows.values_list("first_code", "second_code"))


# --- Children: the name and a birth date nearby, or the mother's name and the birth date -------


def _children(user: Any) -> Iterator[Pair]:
    seen = Child.objects.in_scope(user, ACTION)
    reasons: dict[tuple[Any, Any], tuple[str, ...]] = {}
    for group in _alike(seen, "name_key"):
        group.sort(key=lambda child: (child.birth_date, child.pk))
        for two in pairwise(group):
            if two[1].birth_date - two[0].birth_date <= NEAR and not _two_numbers(*two):
                mother = ("Nama ibu sama",) if _same_mother(*two) else ()
                reasons[_in_order(*two)] = (NAME, _birth_words(*two), *mother)
    for group in _alike(seen.filter(mother__isnull=False), "mother__name_key", "birth_date"):
        for two in combinations(group, 2):
            if not _two_numbers(*two):
                reasons.setdefault(_in_order(*two), ("Nama ibu sama", "Tanggal lahir sama"))
    for (first, second), said in reasons.items():
        yield Pair(first, second, said)


def _same_mother(one: Child, other: Child) -> bool:
    keys = {child.mother.name_key if child.mother else "" for child in (one, other)}
    return len(keys) == 1 and "" not in keys


def _birth_words(one: Child, other: Child) -> str:
    same = one.birth_date == other.birth_date
    return "Tanggal lahir sama" if same else "Tanggal lahir berdekatan"


# --- Mothers and households --------------------------------------------------------------------


def _mothers(user: Any) -> Iterator[Pair]:
    """The same name in one desa, and birth dates that do not contradict."""
    seen = Mother.objects.in_scope(user, ACTION)
    for group in _alike(seen, "name_key", "desa"):
        for one, other in combinations(group, 2):
            dates = {one.birth_date, other.birth_date}
            if (len(dates) == 1 or None in dates) and not _two_numbers(one, other):
                born = ["Tanggal lahir sama"] if dates - {None} and len(dates) == 1 else []
                yield Pair(*_in_order(one, other), ("Nama ibu sama", "Desa sama", *born))


def _households(user: Any) -> Iterator[Pair]:
    """The same address and head of the family in one desa, and no two KK numbers."""
    seen = Household.objects.in_scope(user, ACTION).exclude(head_name="")
    for group in _alike(seen, "address", "desa", "rt", "rw"):
        for one, other in combinations(group, 2):
            heads = name_key(one.head_name), name_key(other.head_name)
            if heads[0] == heads[1] and not _two_numbers(one, other, "kk_index"):
                yield Pair(*_in_order(one, other), ("Alamat sama", "Kepala keluarga sama"))


FINDERS: dict[str, Callable[[Any], Iterator[Pair]]] = {
    "child": _children, "mother": _mothers, "household": _households,
}  # fmt: skip


# --- Words -------------------------------------------------------------------------------------

# What a line of the list says of them, and what it need not decrypt.
_SHOWN = {
    Child: ("desa", "posyandu", "mother", "household"),
    Mother: ("desa", "posyandu", "household"),
    Household: ("desa", "posyandu"),
}
_SECRET = {
    Child: ("nik", "mother__nik", "household__kk"), Mother: ("nik", "household__kk"),
    Household: ("kk",),
}  # fmt: skip


def _alike(rows: Any, *names: str) -> Iterable[list[Any]]:
    """The rows that share these columns, in groups of two and more; two queries in one."""
    shared = rows.order_by().values(*names).annotate(n=Count("pk")).filter(n__gt=1)
    found = rows.filter(**{f"{names[0]}__in": shared.values(names[0])})
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in found.select_related(*_SHOWN[rows.model]).defer(*_SECRET[rows.model]).order_by("pk"):
        groups[tuple(_value(row, name) for name in names)].append(row)
    return [group for group in groups.values() if len(group) > 1]


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _two_numbers(one: Known, other: Known, name: str = "nik_index") -> bool:
    """Two different NIK or KK (their index) are two people or families, whatever else agrees."""
    numbers = getattr(one, name), getattr(other, name)
    return all(numbers) and numbers[0] != numbers[1]


def _in_order(one: Known, other: Known) -> tuple[Known, Known]:
    return (one, other) if one.pk < other.pk else (other, one)
