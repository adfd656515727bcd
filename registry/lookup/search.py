"""Search in a list: part of a name however it is written, the mother's, a NIK or its end, a code.

A list that was narrowed to its reader's area is narrowed further, never widened; the likeliest
stand first. Names are found along ``LookupKey``: each word typed by its sound, the last also by
its beginning, and where that finds nobody, one mistake to either side.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db.models import Case, Q, QuerySet, Value, When
from rapidfuzz import fuzz

from accounts.paging import Order
from regions.codes import ungrouped
from regions.models import Programme
from registry.identity import SHAPE, index_of, tail_of
from registry.lookup.keys import spoken
from registry.lookup.sound import COMMON, beginning, neighbours, sound, words
from registry.models import Child, LookupKey, Mother
from registry.models.children import ChildQuerySet
from registry.models.families import MotherQuerySet
from registry.names import clean_text, name_key

TAIL = re.compile(r"[0-9]{4}", re.ASCII)
CODE = re.compile(r"[0-9a-hjkmnp-tv-z]{16}", re.ASCII)
MOST_WORDS = 6  # of those typed, so many are looked at
MANY = 500
NEAR_ONES = 1000  # of those a mistake away, so many are compared
NEAR_ENOUGH = 70  # of 100
NEAR_SHOWN = 50


def children(rows: ChildQuerySet, text: str, programme: Programme | None = None) -> ChildQuerySet:
    """The children found, by their own name or their mother's, the likeliest first."""
    return _found([rows], text, programme)[0]


def mothers(rows: MotherQuerySet, text: str, programme: Programme | None = None) -> MotherQuerySet:
    """The mothers found, the likeliest first."""
    return _found([rows], text, programme)[0]


def people(
    children: ChildQuerySet, mothers: MotherQuerySet, text: str, programme: Programme | None = None
) -> tuple[ChildQuerySet, MotherQuerySet]:
    """Both, with as many questions as for one of them."""
    found = _found([children, mothers], text, programme)
    return found[0], found[1]


def households(
    children: ChildQuerySet, mothers: MotherQuerySet, text: str, programme: Programme | None = None
) -> Q:
    """The families of whom a child or mother is found."""
    sought = _Sought([children, mothers], clean_text(text), programme)
    if number_in(sought.text) or not sought.typed:
        return _of_these(_found([children, mothers], text, programme))
    some = sought.few()
    if some is None:
        return _of_these(sought.all_of_them())
    return Q(pk__in={hit.home for hit in some or sought.near()})


def _of_these(people: Iterable[Any]) -> Q:
    return reduce(or_, (Q(pk__in=rows.order_by().values("household")) for rows in people))


def number_in(text: str) -> str:
    """What number is searched by: ``nik``, ``nik_tail``, or "" when it is none."""
    digits = re.sub(r"[\s.\-]", "", text)
    if SHAPE.fullmatch(digits):
        return "nik"
    return "nik_tail" if TAIL.fullmatch(text.strip()) else ""


def _found(people: Sequence[Any], text: str, programme: Programme | None) -> list[Any]:
    """Of each of these lists of people who is found in it."""
    text = clean_text(text)
    match number_in(text):
        case "nik":
            index = index_of(re.sub(r"[\s.\-]", "", text))
            return [_all_alike(rows.filter(nik_index=index)) for rows in people]
        case "nik_tail":
            return [_all_alike(rows.filter(nik_tail=tail_of(text))) for rows in people]
    return _Sought(people, text, programme).found()


def _code_in(model: type[Child] | type[Mother], text: str) -> Q | None:
    """Whose code this is, or whose report's; None when it can be neither."""
    if receipt := ungrouped(text):
        by_report = "submissions" if model is Child else "children__submissions"
        return Q(**{f"{by_report}__receipt": receipt})
    return Q(code=text) if CODE.fullmatch(text) else None


class _Hit(NamedTuple):
    """One who is found: ``kind`` is the place of the list among those searched; ``coded``: by a
    code, which is nobody else's."""

    pk: int
    home: int
    name: str
    mother: str | None
    kind: int
    coded: int

    @property
    def names(self) -> tuple[str, str | None]:
        return self.name, self.mother


class _Sought:
    """What was typed, sought in one list of people or in two: in one question, in a second where
    nobody is written so."""

    def __init__(self, people: Sequence[Any], text: str, programme: Programme | None) -> None:
        self.people = [(rows, _Names(rows.model, programme)) for rows in people]
        self.text, self.typed = text, words(text)[:MOST_WORDS]
        self.every = range(len(self.typed))

    def found(self) -> list[Any]:
        """Few are found as a list of keys, which costs nothing to count and to page through."""
        some = self.few()
        if some is None:
            by_key = _by_key(name_key(self.text))
            return [_ordered(rows, by_key) for rows in self.all_of_them()]
        if not some and self.typed:
            return self._in_order({(hit.kind, hit.pk): at for at, hit in enumerate(self.near())})
        key = name_key(self.text)
        ranks = {(hit.kind, hit.pk): 0 if hit.coded else _rank(hit.name, self.typed, key)
                 for hit in some}  # fmt: skip
        return self._in_order(ranks)

    def all_of_them(self) -> list[Any]:
        """Everybody who has every word, however many they are."""
        return [rows.filter(names.all_of(self.typed, self.every)) for rows, names in self.people]

    def few(self) -> list[_Hit] | None:
        """Who has this code, else those who have every word; None when they are many.

        A rare word leads to few, among whom a common one is soon found: so Siti, borne by one in
        ten, is asked of the database only where nothing else was typed, or all are common.
        """
        every = list(self.every)
        rare = [place for place in every if sound(self.typed[place]) not in COMMON]
        for places in [every] if rare in ([], every) else [rare, every]:
            some = self._read(places, MANY + 1)
            if coded := [hit for hit in some if hit.coded]:
                return coded
            if len(some) <= MANY:
                return [hit for hit in some
                        if all(_has(hit.names, self.typed, at) for at in every)]  # fmt: skip
        return None

    def near(self) -> list[_Hit]:
        """Who is a mistake away, compared letter by letter; the likeliest first."""
        alike = [(-_alike(self.typed, hit.names), hit.kind, hit.pk, hit)
                 for hit in self._read(self.every, NEAR_ONES, near=True)]  # fmt: skip
        best = sorted(alike)[:NEAR_SHOWN]
        return [hit for unlike, *_, hit in best if -unlike >= NEAR_ENOUGH]

    def _read(self, places: Sequence[int], most: int, *, near: bool = False) -> list[_Hit]:
        """The first of them, in no order; who has the code before all others."""
        coded, named = [], []
        for kind, (rows, names) in enumerate(self.people):
            code = None if near else _code_in(rows.model, self.text)
            if code is not None:
                coded.append(_columns(rows.filter(code), kind, 1))
            if self.typed:
                found = rows.filter(names.all_of(self.typed, places, near=near))
                named.append(_columns(found, kind, 0))
        if not coded + named:
            return []
        first, *more = coded + named
        return [_Hit(*row) for row in (first.union(*more, all=True) if more else first)[:most]]

    def _in_order(self, places: dict[tuple[int, int], int]) -> list[Any]:
        """These of each list, by their places."""
        found = []
        for kind, (rows, _) in enumerate(self.people):
            groups: dict[int, list[int]] = defaultdict(list)
            for (of, pk), place in sorted(places.items(), key=lambda pair: pair[1]):
                if of == kind:
                    groups[place].append(pk)
            found.append(_in_order(rows, list(groups.values())))
        return found


def _columns(rows: Any, kind: int, coded: int) -> Any:
    """What ``_Hit`` tells of these."""
    mother = "mother__name" if rows.model is Child else Value("")
    told = ("pk", "household", "name", mother, Value(kind), Value(coded))
    return rows.order_by().values_list(*told)


class _Names:
    """Conditions on children or mothers by words of names; every word must be found."""

    def __init__(self, model: type[Child] | type[Mother], programme: Programme | None) -> None:
        self.model = model
        where: dict[str, Any] = (
            {"programme": programme} if programme else {"programme__in": Programme.objects.all()}
        )
        self.keys = LookupKey.objects.filter(**where)
        self.children = Child.objects.filter(**where).order_by()

    def all_of(self, typed: Sequence[str], places: Sequence[int], *, near: bool = False) -> Q:
        return reduce(and_, (self.one_of(typed, place, near=near) for place in places))

    def one_of(self, typed: Sequence[str], place: int, *, near: bool) -> Q:
        """Whose name has this word, or for a child whose mother's.

        One list of keys, made of questions that each go along one index: a database that is
        asked "this or that" may read the people of the whole area instead, and those of other
        programmes where it looks for the children of many mothers. No key stands in it twice: so
        PostgreSQL makes the list once, not anew for each person it compares with it.
        """
        if self.model is Mother:
            first, *more = self.holders("mother", typed, place, near=near)
        else:
            first, *more = self.holders("child", typed, place, near=near)
            hers = self.holders("mother", typed, place, near=near)
            more += [self.children.filter(mother__in=rows).values("pk") for rows in hers]
        return Q(pk__in=first.union(*more) if more else first)

    def holders(
        self, whose: str, typed: Sequence[str], place: int, *, near: bool = False
    ) -> list[QuerySet[LookupKey, Any]]:
        """The children, or mothers, with a key of this word; of the last, also with its begin."""
        codes = _codes(typed, place)
        if near:
            codes |= {other for code in set(codes) for other in neighbours(code)}
        letter = "w" if whose == "child" else "W"
        rows = self.keys.filter(**{f"{whose}__isnull": False})
        found = [rows.filter(key__in=[letter + code for code in codes])]
        if place == len(typed) - 1:
            found.append(rows.filter(_begun(whose, letter, typed[place])))
        return [some.values(whose) for some in found]


def _has(names: Sequence[str | None], typed: Sequence[str], place: int) -> bool:
    """Whether one of the names has a word typed, or one that begins with the last."""
    codes, last = _codes(typed, place), place == len(typed) - 1
    return any(
        codes & set(spoken(name)) or (last and f" {_written(typed[place])}" in f" {name_key(name)}")
        for name in filter(None, names)
    )


def _rank(name: str, typed: Sequence[str], key: str) -> int:
    """The same name first, then what begins with it, then one's own name before the mother's."""
    own = name_key(name)
    if own == key:
        return 0
    if own.startswith(key):
        return 1
    return 2 if all(_has([name], typed, place) for place in range(len(typed))) else 3


def _by_key(key: str) -> Case:
    """``_rank`` as far as a database can tell it."""
    return Case(When(name_key=key, then=0), When(name_key__startswith=key, then=1), default=3)


def _in_order(rows: Any, groups: list[list[int]]) -> Any:
    """These rows of the list, group by group."""
    groups = [group for group in groups if group]
    if not groups:
        return _all_alike(rows.none())
    found = rows.filter(pk__in=[pk for group in groups for pk in group])
    return _ordered(found, Case(*(When(pk__in=group, then=place)
                                  for place, group in enumerate(groups))))  # fmt: skip


def ordered(order: Order, text: str) -> Order:
    """The order of a list in which was searched: by ``likeness``, then as ever."""
    return Order(f"{order.name} cari", ("likeness", *order.keys)) if text else order


def _all_alike(rows: Any) -> Any:
    return _ordered(rows, Value(0))


def _ordered(rows: Any, likeness: Case | Value) -> Any:
    """By likeness, then as the list was ordered before."""
    return rows.annotate(likeness=likeness).order_by("likeness", *rows.query.order_by)


def _codes(typed: Sequence[str], place: int) -> set[str]:
    """How a word sounds, by itself and written in one with its neighbour."""
    joined = {sound(typed[at] + typed[at + 1]) for at in (place - 1, place)
              if 0 <= at < len(typed) - 1}  # fmt: skip
    return {sound(typed[place])} | joined


def _begun(whose: str, letter: str, word: str) -> Q:
    """Keys along the index from the first to the last with this beginning; of those who sound so
    only the names that are written so, too: ``siti`` begun is not ``Satria``."""
    first = letter + beginning(word)
    behind = first[:-1] + chr(ord(first[-1]) + 1)
    written = _written(word)
    names = Q(**{f"{whose}__name_key__startswith": written})
    names |= Q(**{f"{whose}__name_key__contains": f" {written}"})
    return Q(key__gte=first, key__lt=behind, key__startswith=first) & names


def _written(word: str) -> str:
    """The letters of an unfinished word as they stand in ``name_key``."""
    return name_key(word) if len(word) > 2 else word


def _alike(typed: Sequence[str], names: Sequence[str | None]) -> float:
    return _likeness(typed, [word for name in names for word in words(name or "")])


def _likeness(typed: Sequence[str], found: list[str]) -> float:
    """0..100: how well the words typed are found again, the worst of them."""
    return min(max((fuzz.ratio(word, other) for other in found), default=0.0) for word in typed)
