"""Search in a list: part of a name however it is written, the mother's, a NIK or its end, a code.

A list that was narrowed to its reader's area is narrowed further, never widened; the likeliest
stand first. Names are found along ``LookupKey``: each word typed by its sound, the last also by
its beginning, and where that finds nobody, one mistake to either side.
"""

import re
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from rapidfuzz import fuzz

from regions.codes import ungrouped
from regions.models import Programme
from registry.identity import SHAPE, index_of, tail_of
from registry.lookup.sound import beginning, neighbours, sound, words
from registry.models import Child, LookupKey, Mother
from registry.models.children import ChildQuerySet
from registry.models.families import MotherQuerySet
from registry.names import clean_text, name_key

TAIL = re.compile(r"[0-9]{4}", re.ASCII)
CODE = re.compile(r"[0-9a-hjkmnp-tv-z]{16}", re.ASCII)
MOST_WORDS = 6  # of those typed, so many are looked at
NEAR_ONES = 1000  # of those a mistake away, so many are compared
NEAR_ENOUGH = 70  # of 100
NEAR_SHOWN = 50


def children(rows: ChildQuerySet, text: str, programme: Programme | None = None) -> ChildQuerySet:
    """The children found, by their own name or their mother's, the likeliest first."""
    return _found(rows, text, _Names(Child, programme))


def mothers(rows: MotherQuerySet, text: str, programme: Programme | None = None) -> MotherQuerySet:
    """The mothers found, the likeliest first."""
    return _found(rows, text, _Names(Mother, programme))


def number_in(text: str) -> str:
    """What number is searched by: ``nik``, ``nik_tail``, or "" when it is none."""
    digits = re.sub(r"[\s.\-]", "", text)
    if SHAPE.fullmatch(digits):
        return "nik"
    return "nik_tail" if TAIL.fullmatch(text.strip()) else ""


def _found(rows: Any, text: str, names: "_Names") -> Any:
    text = clean_text(text)
    match number_in(text):
        case "nik":
            return rows.filter(nik_index=index_of(re.sub(r"[\s.\-]", "", text)))
        case "nik_tail":
            return rows.filter(nik_tail=tail_of(text))
    if (coded := _of_code(rows, text)) is not None:
        return coded
    typed = words(text)[:MOST_WORDS]
    return names.find(rows, typed, text) if typed else rows.none()


def _of_code(rows: Any, text: str) -> Any:
    """Whose code this is, or whose report's; None when it is nobody's here."""
    found = Q(code=text) if CODE.fullmatch(text) else None
    if receipt := ungrouped(text):
        by_report = "submissions" if rows.model is Child else "children__submissions"
        found = Q(**{f"{by_report}__receipt": receipt})
    if found is None:
        return None
    one = rows.filter(found)
    return one if one.exists() else None


class _Names:
    """Conditions on children or mothers by words of names; every word must be found."""

    def __init__(self, model: type[Child] | type[Mother], programme: Programme | None) -> None:
        every = Programme.objects.values("pk")
        self.model = model
        self.keys = LookupKey.objects.filter(programme__in=[programme] if programme else every)

    def find(self, rows: Any, typed: list[str], text: str) -> Any:
        found = rows.filter(self.all_of(typed, near=False))
        return self.ranked(found, typed, text) if found.exists() else self.nearest(rows, typed)

    def all_of(self, typed: list[str], *, near: bool) -> Q:
        places = range(len(typed))
        return reduce(and_, (self.one_of(typed, place, near=near) for place in places))

    def one_of(self, typed: list[str], place: int, *, near: bool) -> Q:
        """Whose name has this word, or for a child whose mother's."""
        if self.model is Mother:
            return Q(pk__in=self.holders("mother", typed, place, near=near))
        own = Q(pk__in=self.holders("child", typed, place, near=near))
        return own | Q(mother__in=self.holders("mother", typed, place, near=near))

    def holders(
        self, whose: str, typed: list[str], place: int, *, near: bool = False, begun: bool = True
    ) -> QuerySet[LookupKey, int]:
        """The children, or mothers, under whose keys a word stands."""
        letter = "w" if whose == "child" else "W"
        codes = _codes(typed, place)
        if near:
            codes |= {other for code in set(codes) for other in neighbours(code)}
        found = Q(key__in=[letter + code for code in codes])
        if begun and place == len(typed) - 1:
            found |= _begun(whose, letter, typed[place])
        rows = self.keys.filter(found, **{f"{whose}__isnull": False})
        return rows.values(whose)

    def ranked(self, found: Any, typed: list[str], text: str) -> Any:
        """The same name first, then what begins with it, then one's own before the mother's."""
        key, whose = name_key(text), "child" if self.model is Child else "mother"
        own = (Q(pk__in=self.holders(whose, typed, at, begun=False)) for at in range(len(typed)))
        likeness = Case(
            When(name_key=key, then=0),
            When(name_key__startswith=key, then=1),
            When(reduce(and_, own), then=2),
            default=3,
        )
        return found.annotate(likeness=likeness).order_by("likeness", *found.query.order_by)

    def nearest(self, rows: Any, typed: list[str]) -> Any:
        """Who is a mistake away, compared letter by letter."""
        columns = ("name", "mother__name") if self.model is Child else ("name",)
        near = rows.filter(self.all_of(typed, near=True)).order_by("pk")
        alike = []
        for pk, *names in near.values_list("pk", *columns)[:NEAR_ONES]:
            value = _likeness(typed, [word for name in names for word in words(name or "")])
            if value >= NEAR_ENOUGH:
                alike.append((-value, pk))
        best = [pk for _, pk in sorted(alike)][:NEAR_SHOWN]
        if not best:
            return rows.none()
        likeness = Case(*(When(pk=pk, then=place) for place, pk in enumerate(best)))
        found = rows.filter(pk__in=best).annotate(likeness=likeness)
        return found.order_by("likeness", *rows.query.order_by)


def _codes(typed: list[str], place: int) -> set[str]:
    """How a word sounds, by itself and written in one with its neighbour."""
    joined = {sound(typed[at] + typed[at + 1]) for at in (place - 1, place)
              if 0 <= at < len(typed) - 1}  # fmt: skip
    return {sound(typed[place])} | joined


def _begun(whose: str, letter: str, word: str) -> Q:
    """Keys along the index from the first to the last with this beginning; of those who sound so
    only the names that are written so, too: ``siti`` begun is not ``Satria``."""
    first = letter + beginning(word)
    behind = first[:-1] + chr(ord(first[-1]) + 1)
    written = name_key(word) if len(word) > 2 else word
    names = Q(**{f"{whose}__name_key__startswith": written})
    names |= Q(**{f"{whose}__name_key__contains": f" {written}"})
    return Q(key__gte=first, key__lt=behind, key__startswith=first) & names


def _likeness(typed: list[str], found: list[str]) -> float:
    """0..100: how well the words typed are found again, the worst of them."""
    return min(max((fuzz.ratio(word, other) for other in found), default=0.0) for word in typed)
