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

NEAR = timedelta(days=31)
ACTION = "merge_people"


@dataclass(frozen=True)
class Pair:
    """Two cards, the older one first, and what makes them alike."""

    first: Any
    second: Any
    reasons: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, str]:
        one, other = sorted((self.first.code, self.second.code))
        return one, other


def pairs(programme: Programme, user: Any, kind: str = "child") -> list[Pair]:
    """The pairs this person may merge, the most alike first; told apart ones are left out.

    A handful of queries, whatever the number of people.
    """
    told = set(NotSame.objects.filter(programme=programme).values_list("first_code", "second_code"))
    found = [pair for pair in FINDERS[kind](user) if pair.codes not in told]
    return sorted(found, key=lambda pair: (-len(pair.reasons), pair.first.pk, pair.second.pk))


def count(programme: Programme, user: Any) -> int:
    """How many pairs wait, of every kind."""
    return sum(len(pairs(programme, user, kind)) for kind in FINDERS)


# --- Children: the name and a birth date nearby, or the mother's name and the birth date -------


def _children(user: Any) -> Iterator[Pair]:
    seen = Child.objects.in_scope(user, ACTION)
    reasons: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for group in _alike(seen, "name_key"):
        group.sort(key=lambda child: (child.birth_date, child.pk))
        for one, other in pairwise(group):
            if other.birth_date - one.birth_date <= NEAR and not _two_numbers(
                one, other, "nik_index"
            ):
                reasons[_in_order(one, other)] += ["Nama anak sama", _birth_words(one, other)]
    for group in _alike(seen.filter(mother__isnull=False), "mother__name_key", "birth_date"):
        for one, other in combinations(group, 2):
            if not _two_numbers(one, other, "nik_index"):
                said = reasons[_in_order(one, other)]
                said += [r for r in ("Nama ibu sama", "Tanggal lahir sama") if r not in said]
    for (first, second), said in reasons.items():
        yield Pair(first, second, tuple(said))


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
            if (len(dates) == 1 or None in dates) and not _two_numbers(one, other, "nik_index"):
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


def _two_numbers(one: Known, other: Known, name: str) -> bool:
    """Two different NIK or KK (their index) are two people or families, whatever else agrees."""
    numbers = getattr(one, name), getattr(other, name)
    return all(numbers) and numbers[0] != numbers[1]


def _in_order(one: Known, other: Known) -> tuple[Known, Known]:
    return (one, other) if one.pk < other.pk else (other, one)
