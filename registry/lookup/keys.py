"""Search keys: what a person is looked up by, a row each, found by equality along an index.

| key | of | found by |
|---|---|---|
| ``w`` sound | every word of a child's name | search |
| ``p`` two sounds | every two telling words of it | the same name, whatever the date |
| ``m`` two sounds | a telling word of the mother's and of the child's | the family |
| ``e`` desa, birth date | child | whatever the name |
| ``f`` desa, birth month | child; ``g`` when only the month is known | the other's date is unsure |
| ``d`` birth date, sound | child with one telling word, who has no ``p`` | also from another desa |
| ``W`` ``P`` | as above, of a mother | search, the same name |
| ``V`` desa, sound | every telling word of a mother's name | a name half known |

A slip of the pen spoils one word or the date, seldom all of them, so a few keys of whole sounds
do: some key is always left (tests/test_find_duplicates.py counts). Search also looks one mistake
to either side of what was typed (``sound.neighbours``), so nothing has to be stored for that.

Whatever changes a name, a birth date, a desa, a mother or a NIK calls ``refresh`` in its
transaction. A release that makes other keys empties the table in a migration; ``prepare`` then
makes them anew (``manage.py reindex --missing``).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain, combinations, islice
from typing import Any

from django.db import connection, transaction

from registry.identity import tail_of
from registry.lookup.among import places
from registry.lookup.dates import misread
from registry.lookup.sound import COMMON, parts, sound, words
from registry.models import Child, LookupKey, Mother

TELLING = 3  # words of a name that make pairs
TELLING_MOTHER = 2
BATCH = 200  # rows in one statement: SQLite keeps the last ones ready, and no two rests are alike
NAMELESS = "W0"  # so that nobody is without a key


# --- Words -------------------------------------------------------------------------------------


def spoken(name: str) -> list[str]:
    """The sounds of every word, and of two that may be written as one (``Nur Hasanah``)."""
    said = words(name)
    found = [sound(word) for word in said] + [sound(part) for part in parts(name)]
    found += [
        sound(a + b) for a, b in zip(said, said[1:], strict=False) if min(map(len, (a, b))) < 5
    ]
    return list(dict.fromkeys(found))


@lru_cache(5_000)
def telling(name: str) -> tuple[str, ...]:
    """The sounds of the words that tell people apart, whatever their order; at least two where
    there are two, so the common ones only beside one other: ``Siti Aisyah`` keeps both."""
    said = dict.fromkeys(sound(part) for part in parts(name) if len(part) > 1)
    ordered = sorted(said, key=lambda code: (code in COMMON, -len(code), code))
    rare = sum(code not in COMMON for code in ordered)
    return tuple(ordered[: min(max(rare, 2), TELLING)])


def _pairs(sounds: Sequence[str]) -> list[str]:
    return ["+".join(sorted(pair)) for pair in combinations(sounds, 2)]


# --- The keys of one person --------------------------------------------------------------------


def of_child(child: Child, mother_name: str) -> set[str]:
    """The keys under which a child is stored; a row merged into another is found no more."""
    if child.merged_into_id:
        return set()
    return {
        *(f"w{code}" for code in spoken(child.name)),
        *blocks(child.name, mother_name),
        f"e{child.desa_id}-{_day(child.birth_date)}",
        f"{'g' if child.is_approximate else 'f'}{child.desa_id}-{_month(child.birth_date)}",
        *_lone(child.name, [_day(child.birth_date)]),
    }


def blocks(name: str, mother_name: str) -> list[str]:
    """The keys of a child that stand on names alone."""
    said = telling(name)
    pairs = [f"p{pair}" for pair in _pairs(said)]
    mothers = telling(mother_name)[:TELLING_MOTHER]
    return pairs + [f"m{hers}+{own}" for hers in mothers for own in said[:TELLING_MOTHER]]


def _lone(name: str, days: Iterable[str]) -> list[str]:
    said = telling(name)
    return [f"d{day}{said[0]}" for day in days] if len(said) == 1 else []


def of_mother(mother: Mother) -> set[str]:
    """The keys under which a mother is stored."""
    if mother.merged_into_id:
        return set()
    said = [f"W{code}" for code in spoken(mother.name)] or [NAMELESS]
    return {*said, *mother_blocks(mother.name, mother.desa_id)}


def mother_blocks(name: str, desa: int | None) -> list[str]:
    said = telling(name)
    return [f"P{pair}" for pair in _pairs(said)] + [f"V{desa}-{code}" for code in said]


def asked_for(
    name: str, mother_name: str, born: date | None, *, approximate: bool, desa: int | None
) -> set[str]:
    """The keys under which a child told of like this may be stored."""
    found = set(blocks(name, mother_name))
    if born is None:
        return found
    if approximate:
        return found | {f"{kind}{desa}-{month}" for kind in "fg" for month in _months(born)}
    days = _days(born)
    found |= {f"e{desa}-{day}" for day in days}
    return found | {f"g{desa}-{month}" for month in _months(born)} | {*_lone(name, days)}


def _day(day: date) -> str:
    return day.isoformat()[2:]


@lru_cache(2_000)  # the birth dates of five years
def _days(born: date) -> tuple[str, ...]:
    """The day, and those it may be written as by mistake."""
    return tuple(map(_day, (born, *misread(born))))


def _month(day: date) -> str:
    return day.isoformat()[2:7]


def _months(day: date) -> list[str]:
    """The month, the one before, and the one after."""
    index = day.year * 12 + day.month - 1
    near = range(index - 1, index + 2)
    return [f"{month // 12 % 100:02d}-{month % 12 + 1:02d}" for month in near]


# --- Keeping them ------------------------------------------------------------------------------


def refresh(person: Child | Mother) -> None:
    """Make the keys of one person, and of a mother's children, what they ought to be now.

    Call it inside the act's transaction; only what differs is written.
    """
    if isinstance(person, Mother):
        _note_tail(person)
        _exchange(person, of_mother(person))
        for child in person.children.all():
            _exchange(child, of_child(child, person.name))
    else:
        _note_tail(person)
        _exchange(person, of_child(person, person.mother.name if person.mother else ""))


def _exchange(person: Child | Mother, wanted: set[str]) -> None:
    rows = person.keys.values_list("key", "pk")
    standing = dict(rows)
    gone = [pk for key, pk in standing.items() if key not in wanted]
    if gone:
        LookupKey.objects.filter(pk__in=gone).delete()
    column = "mother" if isinstance(person, Mother) else "child"
    LookupKey.objects.bulk_create(
        LookupKey(programme_id=person.programme_id, key=key, **{column: person})
        for key in sorted(wanted - set(standing))
    )


def _note_tail(person: Child | Mother) -> None:
    """Keep the index of the last four digits beside the NIK it is of."""
    tail = tail_of(person.nik)
    if tail != person.nik_tail:
        person.nik_tail = tail
        type(person).everyone.filter(pk=person.pk).update(nik_tail=tail)


def refresh_many(children: Iterable[Child] = (), mothers: Iterable[Mother] = ()) -> None:
    """``refresh`` for an import: a few statements a thousand people.

    Children of the mothers given are not looked for; give them too when names changed.
    """
    for chunk in _chunks(mothers):
        _write("mother_id", {mother: of_mother(mother) for mother in chunk})
    for chunk in _chunks(children):
        names = _mothers_of(chunk)
        _write("child_id", {child: of_child(child, names.get(child.mother_id, ""))
                            for child in chunk})  # fmt: skip


def _chunks(people: Iterable[Any], size: int = 1000) -> Iterator[list[Any]]:
    rest = iter(people)
    while chunk := list(islice(rest, size)):
        yield chunk


def _mothers_of(children: list[Child]) -> dict[int | None, str]:
    """The names of their mothers: those at hand, the others by one query."""
    known: dict[int | None, str] = {
        child.mother_id: child.mother.name for child in children if _at_hand(child) and child.mother
    }
    missing = {c.mother_id for c in children if c.mother_id} - set(known)
    rows = Mother.everyone.filter(pk__in=missing).values_list("pk", "name") if missing else ()
    return known | dict(rows)


def _at_hand(child: Child) -> bool:
    return "mother" in child._state.fields_cache


def _write(column: str, wanted: dict[Any, set[str]]) -> None:
    """Write the keys of a chunk anew. Plain SQL: two hundred thousand objects would cost more
    than all the rest of an import."""
    rows = []
    for person, its in wanted.items():
        place, pk = person.programme_id, person.pk
        rows += [(place, key, pk) for key in its]
    rows.sort()  # as the index is: a page of it is then opened once, not once for each person
    table = connection.ops.quote_name(LookupKey._meta.db_table)
    head = f"INSERT INTO {table} (programme_id, key, {column}) VALUES "  # noqa: S608 - ours
    with transaction.atomic():
        LookupKey.objects.filter(**{f"{column}__in": [person.pk for person in wanted]}).delete()
        _note_tails(wanted)
        with connection.cursor() as cursor:
            for some in _chunks(rows, BATCH):
                cursor.execute(head + places(3, len(some)), list(chain.from_iterable(some)))


def _note_tails(people: Iterable[Any]) -> None:
    changed = []
    for person in people:
        tail = tail_of(person.nik)
        if tail != person.nik_tail:
            person.nik_tail = tail
            changed.append(person)
    if changed:
        type(changed[0]).everyone.bulk_update(changed, ["nik_tail"], batch_size=200)
