"""Probable pairs of a programme: cards that may be one person, until somebody has looked.

``pairs`` is the only place that says who is alike; it compares exact keys of names and dates.
Names stay in the database: only keys and codes are read here, and ``shown`` fetches the people of
one page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from django.db.models import Count

from regions.models import Programme
from registry.models import Child, Household, Mother, NotSame

ACTION = "merge_people"
NEAR = timedelta(days=31)
NAME = "Nama anak sama"
KINDS: dict[str, Any] = {"child": Child, "mother": Mother, "household": Household}


class Card(NamedTuple):
    """What two cards are compared by. ``number``: the index of NIK or KK, None when not known."""

    pk: int
    code: str
    number: str | None
    keys: tuple[Any, ...]  # what the group shares
    born: date | None = None
    mother_key: str | None = None


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
    """The pairs of ``Card`` this person may merge, the most alike first; told apart ones left out.

    Two or three queries, whatever the number of people.
    """
    rows = NotSame.objects.filter(programme=programme)
    told = set(rows.values_list("first_code", "second_code"))
    found = [pair for pair in FINDERS[kind](user) if pair.codes not in told]
    return sorted(found, key=lambda pair: (-pair.weight, pair.first.pk, pair.second.pk))


def shown(kind: str, some: Iterable[Pair]) -> list[Pair]:
    """The same pairs with the people themselves, for a page; one query."""
    some = list(some)
    model, keys = KINDS[kind], {card.pk for pair in some for card in (pair.first, pair.second)}
    rows = model.objects.select_related(*_SHOWN[kind]).defer(*_SECRET[kind]).in_bulk(keys)
    return [
        Pair(rows[pair.first.pk], rows[pair.second.pk], pair.reasons)
        for pair in some
        if pair.first.pk in rows and pair.second.pk in rows
    ]


# What a line of the list says of them, and what it need not decrypt.
_SHOWN = {
    "child": ("desa", "posyandu", "mother", "household"),
    "mother": ("desa", "posyandu", "household"),
    "household": ("desa", "posyandu"),
}
_SECRET = {
    "child": ("nik", "mother__nik", "household__kk"), "mother": ("nik", "household__kk"),
    "household": ("kk",),
}  # fmt: skip


# --- Who is alike ------------------------------------------------------------------------------


def _children(user: Any) -> Iterator[Pair]:
    """The name and a birth date nearby, or the mother's name and the birth date."""
    seen, also = Child.objects.in_scope(user, ACTION), ("birth_date", "mother__name_key")
    reasons: dict[tuple[Card, Card], tuple[str, ...]] = {}
    for group in _alike(seen, "nik_index", ("name_key",), also):
        group.sort(key=lambda card: (card.born, card.pk))
        for two in pairwise(group):
            if two[1].born - two[0].born <= NEAR and not _two_numbers(*two):  # type: ignore[operator]
                reasons[_in_order(*two)] = _said(*two)
    known = {frozenset(card.pk for card in two) for two in reasons}
    # Of mothers of the programme: else a database may read those of all others on the way.
    hers = seen.filter(mother__programme=user.programme)
    for group in _alike(hers, "nik_index", ("mother__name_key", "birth_date"), also):
        for two in combinations(group, 2):
            if frozenset(card.pk for card in two) not in known and not _two_numbers(*two):
                reasons[_in_order(*two)] = ("Nama ibu sama", "Tanggal lahir sama")
    for (first, second), said in reasons.items():
        yield Pair(first, second, said)


def _said(one: Card, other: Card) -> tuple[str, ...]:
    born = "sama" if one.born == other.born else "berdekatan"
    mother = ("Nama ibu sama",) if one.mother_key and one.mother_key == other.mother_key else ()
    return (NAME, f"Tanggal lahir {born}", *mother)


def _mothers(user: Any) -> Iterator[Pair]:
    """The same name in one desa, and birth dates that do not contradict."""
    seen = Mother.objects.in_scope(user, ACTION)
    for group in _alike(seen, "nik_index", ("name_key", "desa"), ("birth_date",)):
        for one, other in combinations(group, 2):
            dates = {one.born, other.born}
            if (len(dates) == 1 or None in dates) and not _two_numbers(one, other):
                born = ["Tanggal lahir sama"] if None not in dates else []
                yield Pair(*_in_order(one, other), ("Nama ibu sama", "Desa sama", *born))


def _households(user: Any) -> Iterator[Pair]:
    """The same address and head of the family in one desa, and no two KK numbers."""
    seen = Household.objects.in_scope(user, ACTION).exclude(head_name="")
    for group in _alike(seen, "kk_index", ("address", "head_name", "desa", "rt", "rw"), ()):
        for one, other in combinations(group, 2):
            if not _two_numbers(one, other):
                yield Pair(*_in_order(one, other), ("Alamat sama", "Kepala keluarga sama"))


FINDERS: dict[str, Callable[[Any], Iterator[Pair]]] = {
    "child": _children, "mother": _mothers, "household": _households,
}  # fmt: skip


def _alike(
    rows: Any, number: str, names: tuple[str, ...], also: tuple[str, ...]
) -> Iterator[list[Card]]:
    """The cards that share these columns, in groups of two and more; one query."""
    shared = rows.order_by().values(*names).annotate(n=Count("pk")).filter(n__gt=1)
    found = rows.filter(**{f"{names[0]}__in": shared.values(names[0])}).order_by("pk")
    groups: dict[tuple[Any, ...], list[Card]] = defaultdict(list)
    for pk, code, index, *values in found.values_list("pk", "code", number, *names, *also):
        keys = tuple(values[: len(names)])
        if None not in keys:
            groups[keys].append(Card(pk, code, index, keys, *values[len(names) :]))
    return (group for group in groups.values() if len(group) > 1)


def _two_numbers(one: Card, other: Card) -> bool:
    """Two different NIK or KK are two people or families, whatever else agrees."""
    return None not in (one.number, other.number) and one.number != other.number


def _in_order(one: Card, other: Card) -> tuple[Card, Card]:
    return (one, other) if one.pk < other.pk else (other, one)
