"""Who of the programme may be the person asked for: found along keys, then weighed.

The number of queries is small and the same however many people there are and however many are
asked for at once (up to ``AT_ONCE``); nothing is scanned.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from regions.models import Programme, Region
from registry.identity import index_of, tail_of
from registry.lookup import keys
from registry.lookup.alike import differing
from registry.lookup.among import among
from registry.lookup.score import PERHAPS, SAME, Person, Score, score, score_mothers
from registry.models import Child, LookupKey, Mother
from registry.models.children import ChildQuerySet
from registry.models.families import MotherQuerySet

AT_ONCE, MANY_AT_ONCE = 250, 1000
Compare = Callable[[Person, Person], Score]


@dataclass(frozen=True)
class Asked:
    """What is told of a child; an empty value means not known. ``nik_tail``: the four digits."""

    name: str
    birth_date: date | None = None
    precision: str = Child.Precision.DAY
    sex: str = ""
    desa: Region | None = None
    mother_name: str = ""
    father_name: str = ""
    nik: str = ""
    nik_tail: str = ""
    birth_order: int | None = None
    mother_nik: str = ""
    kk: str = ""

    @property
    def approximate(self) -> bool:
        return self.precision == Child.Precision.MONTH

    def person(self) -> Person:
        tail = "" if self.nik else tail_of(self.nik_tail)
        return Person(
            self.name, self.birth_date, self.approximate, self.sex,
            self.desa.pk if self.desa else None, self.mother_name, self.father_name,
            self.nik, index_of(self.nik) or "", tail, self.birth_order,
            index_of(self.mother_nik) or "", index_of(self.kk) or "",
        )  # fmt: skip


@dataclass(frozen=True)
class AskedMother:
    """What is told of a mother."""

    name: str
    birth_date: date | None = None
    desa: Region | None = None
    husband: str = ""
    nik: str = ""

    def person(self) -> Person:
        return Person(
            self.name, self.birth_date, desa=self.desa.pk if self.desa else None,
            father_name=self.husband, nik=self.nik, nik_index=index_of(self.nik) or "",
        )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Somebody who may be the one asked for: how likely (0..1), and why or why not."""

    person: Any
    score: float
    reasons: list[str]
    asked: Person

    @property
    def child(self) -> Child:
        return self.person

    @property
    def mother(self) -> Mother:
        return self.person

    @property
    def is_likely(self) -> bool:
        return self.score >= SAME

    @property
    def name_pieces(self) -> list[tuple[str, bool]]:
        """The name in pieces, each with whether it is written otherwise than asked."""
        return differing(self.asked.name, self.person.name)

    @property
    def mother_pieces(self) -> list[tuple[str, bool]]:
        """The mother's name likewise; where none was asked for, nothing differs."""
        name = self.person.mother.name if self.person.mother else ""
        return differing(self.asked.mother_name or name, name)


def of_child(child: Child) -> Person:
    """A child as ``score.score`` compares it."""
    return Person(
        child.name, child.birth_date, child.is_approximate, child.sex, child.desa_id,
        child.mother.name if child.mother else "", child.father_name, child.nik,
        child.nik_index or "", child.nik_tail, child.birth_order,
        (child.mother.nik_index or "") if child.mother else "", child.household.kk_index or "",
    )  # fmt: skip


def of_mother(mother: Mother) -> Person:
    """A mother as ``score.score_mothers`` compares her."""
    return Person(
        mother.name, mother.birth_date, desa=mother.desa_id,
        father_name=mother.household.head_name, nik=mother.nik, nik_index=mother.nik_index or "",
        nik_tail=mother.nik_tail,
    )  # fmt: skip


# --- Children ----------------------------------------------------------------------------------


def find(
    programme: Programme, asked: Asked, limit: int = 10, seen: ChildQuerySet | None = None
) -> list[Found]:
    """The children who may be the one asked for, likeliest first.

    ``seen``: of these only (a person at a desk sees no further than her area); else of the
    whole programme.
    """
    return find_many(programme, [asked], limit, seen)[0]


def find_many(
    programme: Programme,
    asked: Sequence[Asked],
    limit: int = 10,
    seen: ChildQuerySet | None = None,
) -> list[list[Found]]:
    """``find`` for the rows of a list, ``AT_ONCE`` of them with as many queries as for one."""
    rows, found = iter(asked), []
    while chunk := list(islice(rows, AT_ONCE)):
        found += _find_chunk(programme, chunk, limit, seen)
    return found


def known_among(programme: Programme, asked: Sequence[Asked]) -> list[bool]:
    """Of each who is told of without a number, whether ``find`` would find somebody: nobody is
    opened for it. One question for ``MANY_AT_ONCE``, by names and dates alone."""
    rows, told = iter(asked), []
    while chunk := list(islice(rows, MANY_AT_ONCE)):
        told += _known_of_chunk(programme, chunk)
    return told


def _known_of_chunk(programme: Programme, asked: list[Asked]) -> list[bool]:
    people, wanted = [one.person() for one in asked], [_keys(one) for one in asked]
    rows = Child.objects.of(programme).order_by()
    rows = rows.filter(among("keys__key", set().union(*wanted)), keys__programme=programme)
    persons: dict[int, Person] = {}
    by_key = defaultdict(set)
    for key, pk, *told in rows.values_list("keys__key", "pk", *_COLUMNS):
        by_key[key].add(pk)
        if pk not in persons:
            persons[pk] = _person(*told)
    return [
        any(score(person, persons[pk]).value >= PERHAPS
            for pk in set().union(*(by_key[key] for key in keys if key in by_key)))
        for person, keys in zip(people, wanted, strict=True)
    ]  # fmt: skip


def _find_chunk(
    programme: Programme, asked: list[Asked], limit: int, seen: ChildQuerySet | None
) -> list[list[Found]]:
    everybody = seen if seen is not None else Child.objects.of(programme)
    people = [one.person() for one in asked]
    hits = _hits(programme, asked, people)
    known = _persons(everybody, set().union(*hits))
    likely = [
        _likeliest(score, person, ((pk, known[pk]) for pk in pks if pk in known), limit)
        for person, pks in zip(people, hits, strict=True)
    ]
    opened = _opened(everybody, {pk for pks in likely for pk in pks})
    return [
        _weighed(score, person, (opened[pk] for pk in pks if pk in opened), limit)
        for person, pks in zip(people, likely, strict=True)
    ]


def _opened(children: ChildQuerySet, pks: set[int]) -> dict[int, tuple[Child, Person]]:
    """The children themselves, with NIK, and all that a page shows of them."""
    if not pks:
        return {}
    rows = children.filter(pk__in=pks).select_related("mother", "household", "desa", "posyandu")
    return {child.pk: (child, of_child(child)) for child in rows}


def _hits(programme: Programme, asked: list[Asked], people: list[Person]) -> list[set[int]]:
    """Whom the keys, and the numbers, of each row lead to."""
    wanted = [_keys(one) for one in asked]
    rows = LookupKey.objects.filter(programme=programme, child__isnull=False)
    by_key = defaultdict(list)
    for key, pk in rows.filter(among("key", set().union(*wanted))).values_list("key", "child_id"):
        by_key[key].append(pk)
    numbers = _by_number(programme, people)
    return [{pk for key in mine for pk in by_key.get(key, ())} | numbers.get(place, set())
            for place, mine in enumerate(wanted)]  # fmt: skip


def _keys(one: Asked) -> set[str]:
    desa = one.desa.pk if one.desa else None
    return keys.asked_for(
        one.name, one.mother_name, one.birth_date, approximate=one.approximate, desa=desa
    )


# The index of a number asked for, and the column of a child that tells it.
_NUMBERS = {
    "nik_index": "nik_index", "mother_nik": "mother__nik_index", "kk": "household__kk_index",
}  # fmt: skip


def _by_number(programme: Programme, people: list[Person]) -> dict[int, set[int]]:
    """Place in ``people`` -> children with this NIK, of a mother with hers, of this KK."""
    found: dict[int, set[int]] = defaultdict(set)
    for name, column in _NUMBERS.items():
        told = {index: place for place, one in enumerate(people) if (index := getattr(one, name))}
        if told:
            rows = Child.objects.of(programme).filter(among(column, told))
            for index, pk in rows.values_list(column, "pk"):
                found[told[index]].add(pk)
    return found


_COLUMNS = (
    "name", "birth_date", "birth_precision", "sex", "desa_id", "mother__name", "father_name",
    "nik_index", "nik_tail", "birth_order", "mother__nik_index", "household__kk_index",
)  # fmt: skip


def _persons(children: ChildQuerySet, pks: set[int]) -> dict[int, Person]:
    """What is compared of each; not yet the NIK, which costs more to open than all the rest."""
    found: dict[int, Person] = {}
    for some in _slices(pks):
        rows = children.filter(among("pk", some)).order_by().values_list("pk", *_COLUMNS)
        found |= {pk: _person(*told) for pk, *told in rows}
    return found


def _person(
    name: str, born: date | None, precision: str, sex: str, desa: int, mother: str | None,
    father: str, index: str | None, tail: str, order: int | None, *numbers: str | None,
) -> Person:  # fmt: skip
    """The values of ``_COLUMNS`` as they are compared."""
    return Person(
        name, born, precision == Child.Precision.MONTH, sex, desa, mother or "", father,
        "", index or "", tail, order, *(number or "" for number in numbers),
    )  # fmt: skip


def _slices(pks: Iterable[int], size: int = 5000) -> Iterable[list[int]]:
    rest = iter(pks)
    while some := list(islice(rest, size)):
        yield some


def _likeliest(
    compare: Compare, asked: Person, rows: Iterable[tuple[int, Person]], limit: int
) -> list[int]:
    """The keys of those worth opening; some more than wanted, for their NIK may part them."""
    values = [(compare(asked, other).value, pk) for pk, other in rows]
    best = sorted((pair for pair in values if pair[0] >= PERHAPS), reverse=True)
    return [pk for _, pk in best[: limit * 3]]


def _weighed(
    compare: Compare, asked: Person, people: Iterable[tuple[Any, Person]], limit: int
) -> list[Found]:
    found = []
    for person, other in people:
        value, reasons = compare(asked, other)
        if value >= PERHAPS:
            found.append(Found(person, value, reasons, asked))
    return sorted(found, key=lambda one: (-one.score, one.person.pk))[:limit]


# --- Mothers -----------------------------------------------------------------------------------


def find_mothers(
    programme: Programme, asked: AskedMother, limit: int = 10, seen: MotherQuerySet | None = None
) -> list[Found]:
    """The mothers who may be the one asked for, likeliest first."""
    everybody = seen if seen is not None else Mother.objects.of(programme)
    person = asked.person()
    known = _mothers(everybody, _mother_hits(programme, asked))
    pks = _likeliest(score_mothers, person, known, limit)
    shown = everybody.filter(pk__in=pks).select_related("household__desa", "desa", "posyandu")
    compared = ((mother, of_mother(mother)) for mother in (shown if pks else ()))
    return _weighed(score_mothers, person, compared, limit)


def _mother_hits(programme: Programme, asked: AskedMother) -> set[int]:
    rows = LookupKey.objects.filter(programme=programme, mother__isnull=False)
    wanted = keys.mother_blocks(asked.name, asked.desa.pk if asked.desa else None)
    pks = set(rows.filter(key__in=wanted).values_list("mother_id", flat=True))
    if asked.nik:
        same = Mother.objects.of(programme).filter(nik_index=index_of(asked.nik))
        pks |= set(same.values_list("pk", flat=True))
    return pks


def _mothers(mothers: MotherQuerySet, pks: set[int]) -> Iterable[tuple[int, Person]]:
    columns = ("name", "birth_date", "desa_id", "household__head_name", "nik_index", "nik_tail")
    for some in _slices(pks):
        rows = mothers.filter(pk__in=some).order_by().values_list("pk", *columns)
        for pk, name, born, desa, husband, index, tail in rows:
            yield (
                pk,
                Person(
                    name, born, desa=desa, father_name=husband, nik_index=index or "", nik_tail=tail
                ),
            )
