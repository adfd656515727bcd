"""One page of a long list, read along its order from the row where another page ended.

The order is a row of columns, the last one unique. An address names a place in it, not a number of
rows to skip: the last page costs what the first one costs, rows added meanwhile move nothing, and
a kept link stays good when its row is gone. The place is sealed with the list's own name, since a
key may be a person's name (security.md T4) or a primary key (§1.2): what we did not seal ourselves
is read as the first page.
"""

import base64
import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db.models import (
    BooleanField,
    F,
    Func,
    IntegerField,
    Lookup,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict

from regions.words import number

PARAMETER = "hal"
Pager = dict[str, str]
STANDS_AT = "stands_at"  # set on the rows of ``Keyed``
_LONGEST = 1000  # letters of an address we sealed: the longest name twice over


@dataclass(frozen=True)
class Order:
    """How a list is read: ``keys`` are columns or annotations, all up or all down, never NULL, the
    last one unique; whole numbers, floats, texts, days, moments (a decimal is no number to SQLite
    outside its column). ``name`` tells the places of one list from those of another; ``counted``:
    a page says how many there are in all."""

    name: str
    keys: tuple[str, ...]
    descending: bool = False
    counted: bool = True

    def page(self, rows: "Rows", asked: str, size: int) -> "Page":
        """The page at a place; a place nobody sealed is the first page."""
        return _read(self, _reader(self, rows), asked, size)

    def top(self, keyed: "Keyed", size: int) -> tuple[list[Any], int]:
        """The first rows, and how many there are in all: in one question."""
        rows, every = keyed.rows, keyed.rows.order_by().values("pk")
        first = rows.filter(pk__in=self.sorted(rows).values("pk")[:size])
        found = list(self.sorted(keyed.shown(first.annotate(of_all=_Counted(every)))))
        return found, found[0].of_all if found else 0

    def walk(self, rows: "Rows", size: int = 1000) -> Iterator[Any]:
        """Every row of the list, one after the other, read so many at a time."""
        reader = _reader(replace(self, counted=False), rows)
        found = reader.first(size)
        while found:
            yield from found
            found = reader.behind(self.place_of(found[-1]), size) if len(found) == size else []

    def arranged(self, rows: Iterable[Any]) -> list[Any]:
        """The rows at hand in this order, as Python compares texts."""
        return sorted(rows, key=self.place_of, reverse=self.descending)

    def sorted(self, rows: QuerySet[Any], *, back: bool = False) -> QuerySet[Any]:
        down = "-" if self.descending != back else ""
        return rows.order_by(*(f"{down}{key}" for key in self.keys))

    def place_of(self, row: Any) -> tuple[Any, ...]:
        """The values of the keys of a row: as they were read along the order, or as it has them."""
        if isinstance(row, dict):
            return tuple(row[key] for key in self.keys)
        read = getattr(row, STANDS_AT, None)
        return read or tuple(attrgetter(key.replace("__", "."))(row) for key in self.keys)

    def seal(self, way: str, row: Any) -> str:
        """The place of a row as an address carries it; ``way``: the rows behind or before it."""
        said = json.dumps([way, *map(_plain, self.place_of(row))], ensure_ascii=False)
        sealed = _cipher().encrypt(said.encode(), [self.name.encode()])
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def unseal(self, asked: str) -> tuple[str, tuple[Any, ...]] | None:
        """(way, values of the keys), None for what this list did not seal."""
        if not asked or not asked.isascii() or len(asked) > _LONGEST:
            return None
        try:
            sealed = base64.urlsafe_b64decode(asked + "=" * (-len(asked) % 4))
            way, *values = json.loads(_cipher().decrypt(sealed, [self.name.encode()]))
        except (ValueError, InvalidTag):
            return None
        return way, tuple(map(_value, values))


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the places of the page before and after, "" when there is none."""

    rows: list[Any]
    count: int | None  # of all pages; None where nobody counted
    previous: str = ""
    next: str = ""

    def pager(self, asked: QueryDict, name: str = PARAMETER) -> Pager:
        """What ``_pager.html`` shows, every filter kept; a page that holds all shows nothing.

        ``name``: what carries the place in the address.
        """
        if not (self.previous or self.next):
            return {}
        note = "" if self.count is None else f"{number(len(self.rows))} dari {number(self.count)}"
        return {
            "previous_url": _with(asked, name, self.previous),
            "next_url": _with(asked, name, self.next),
            "note": note,
        }


def _with(asked: QueryDict, name: str, place: str) -> str:
    if not place:
        return ""
    query = asked.copy()
    query[name] = place
    return f"?{query.urlencode()}"


BEHIND, BEFORE = "b", "s"


@dataclass(frozen=True)
class Keyed:
    """Rows of a large table: the keys of a page are read along an index, and all rows counted with
    them, and these few by their keys with all that is ``shown`` of them. So no join can lead
    astray, and nothing is read that nobody sees."""

    rows: QuerySet[Any]
    shown: Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class Merged:
    """Rows of several sources in one order; no two of one source and another are alike."""

    parts: tuple[Any, ...]


Rows = QuerySet[Any] | Keyed | Merged | Iterable[Any]


def _read(order: Order, reader: Any, asked: str, size: int) -> Page:
    place = order.unseal(asked)
    if place and place[0] == BEFORE:
        found = reader.before(place[1], size + 1)
        if len(found) > size:
            return _page(order, reader, found[-size:], before=True, behind=True)
        place = None  # the beginning of the list: its first page, whole
    if place:
        found = reader.behind(place[1], size + 1)
        if found:
            return _page(order, reader, found[:size], before=True, behind=len(found) > size)
        found = reader.last(size + 1)  # nobody is behind any more: the last page
        return _page(order, reader, found[-size:], before=len(found) > size, behind=False)
    found = reader.first(size + 1)
    return _page(order, reader, found[:size], before=False, behind=len(found) > size)


def _page(order: Order, reader: Any, rows: list[Any], *, before: bool, behind: bool) -> Page:
    return Page(
        rows,
        reader.count(),
        previous=order.seal(BEFORE, rows[0]) if before and rows else "",
        next=order.seal(BEHIND, rows[-1]) if behind and rows else "",
    )


# --- Rows in the database, rows at hand ----------------------------------------------------------


class _Query:
    """Reading along an index: the keys are compared as one row, ``(a, b, c) > (1, 'x', 7)``."""

    def __init__(self, order: Order, rows: QuerySet[Any]) -> None:
        self.order, self.rows = order, rows

    def first(self, size: int) -> list[Any]:
        return self._read(self.rows, size)

    def last(self, size: int) -> list[Any]:
        return self._read(self.rows, size, back=True)

    def behind(self, place: tuple[Any, ...], size: int) -> list[Any]:
        compare = LessThan if self.order.descending else GreaterThan
        return self._read(self.rows.filter(self._beside(compare, place)), size)

    def before(self, place: tuple[Any, ...], size: int) -> list[Any]:
        compare = GreaterThan if self.order.descending else LessThan
        return self._read(self.rows.filter(self._beside(compare, place)), size, back=True)

    def _beside(self, compare: Any, place: tuple[Any, ...]) -> Any:
        return compare(_Row(*self.order.keys), _Row(*map(Value, place)))

    def _read(self, rows: QuerySet[Any], size: int, *, back: bool = False) -> list[Any]:
        found = self._found(self.order.sorted(rows, back=back), size)
        return found[::-1] if back else found

    def _found(self, rows: QuerySet[Any], size: int) -> list[Any]:
        return list(rows[:size])

    def count(self) -> int | None:
        return self.rows.order_by().count() if self.order.counted else None


class _KeyedQuery(_Query):
    """The same of few rows by their keys: in one question, or in two where what is shown of them
    does not compute the order anew; then a row that went between them is left out."""

    def __init__(self, order: Order, keyed: Keyed) -> None:
        super().__init__(order, keyed.rows)
        self.shown, self.total = keyed.shown, 0
        self.counted = _Counted(keyed.rows.order_by().values("pk")) if order.counted else Value(0)
        again = self._shown_of(Q(pk__in=[])).query.annotations
        self.is_computed = bool({*order.keys} & {*keyed.rows.query.annotations} - {*again})

    def count(self) -> int | None:
        return self.total if self.order.counted else None

    def _read(self, rows: QuerySet[Any], size: int, *, back: bool = False) -> list[Any]:
        if self.is_computed:
            return super()._read(rows, size, back=back)
        keys = Subquery(self.order.sorted(rows, back=back).values("pk")[:size])
        some = self._shown_of(_OneOf(F("pk"), keys))
        found = list(self.order.sorted(some.annotate(of_all=self.counted)))
        self.total = found[0].of_all if found else self.total
        return found

    def _found(self, rows: QuerySet[Any], size: int) -> list[Any]:
        rows = rows.annotate(of_all=self.counted)
        places = {}
        for key, total, *place in rows.values_list("pk", "of_all", *self.order.keys)[:size]:
            self.total = total
            places[key] = tuple(place)
        known = self._shown_of(Q(pk__in=list(places))) if places else ()
        by_key = {row.pk: row for row in known}
        for key, row in by_key.items():
            setattr(row, STANDS_AT, places[key])
        return [by_key[key] for key in places if key in by_key]

    def _shown_of(self, these: Any) -> QuerySet[Any]:
        """All that is shown of these rows, whatever else the list asked of them."""
        return self.shown(self.rows.model._default_manager.filter(these))


class _OneOf(Lookup):
    """A key among those a question finds. PostgreSQL is given them as an array: it goes along the
    keys then, and never compares the whole table with them."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, given = self.process_lhs(compiler, connection)
        keys, asked = compiler.compile(self.rhs)
        is_one = f"= ANY(ARRAY{keys})" if connection.vendor == "postgresql" else f"IN {keys}"
        return f"{key} {is_one}", (*given, *asked)


class _Counted(Subquery):
    """How many rows a query has, beside the rows of another: asked in one question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class _Row(Func):
    """Several values side by side, as SQL compares them."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Rows:
    """The same, of a sorted sequence."""

    def __init__(self, order: Order, rows: Sequence[Any]) -> None:
        self.order, self.rows = order, rows

    def first(self, size: int) -> list[Any]:
        return list(self.rows[:size])

    def last(self, size: int) -> list[Any]:
        return list(self.rows[-size:])

    def behind(self, place: tuple[Any, ...], size: int) -> list[Any]:
        return [row for row in self.rows if self._is_behind(row, place)][:size]

    def before(self, place: tuple[Any, ...], size: int) -> list[Any]:
        return [row for row in self.rows if self._is_before(row, place)][-size:]

    def count(self) -> int:
        return len(self.rows)

    def _is_behind(self, row: Any, place: tuple[Any, ...]) -> bool:
        mine = self.order.place_of(row)
        return mine < place if self.order.descending else mine > place

    def _is_before(self, row: Any, place: tuple[Any, ...]) -> bool:
        mine = self.order.place_of(row)
        return mine > place if self.order.descending else mine < place


class _Parts:
    """The same, of several sources: so many of each, then so many of all."""

    def __init__(self, order: Order, parts: Iterable[Any]) -> None:
        self.order, self.parts = order, [_reader(order, part) for part in parts]

    def first(self, size: int) -> list[Any]:
        return self._merged(part.first(size) for part in self.parts)[:size]

    def last(self, size: int) -> list[Any]:
        return self._merged(part.last(size) for part in self.parts)[-size:]

    def behind(self, place: tuple[Any, ...], size: int) -> list[Any]:
        return self._merged(part.behind(place, size) for part in self.parts)[:size]

    def before(self, place: tuple[Any, ...], size: int) -> list[Any]:
        return self._merged(part.before(place, size) for part in self.parts)[-size:]

    def count(self) -> int:
        return sum(part.count() for part in self.parts)

    def _merged(self, found: Iterable[list[Any]]) -> list[Any]:
        order = self.order
        return list(heapq.merge(*found, key=order.place_of, reverse=order.descending))


def _reader(order: Order, rows: Rows) -> Any:
    if isinstance(rows, QuerySet):
        return _Query(order, rows)
    if isinstance(rows, Keyed):
        return _KeyedQuery(order, rows)
    if isinstance(rows, Merged):
        return _Parts(order, rows.parts)
    return _Rows(order, order.arranged(rows))


# --- What an address carries --------------------------------------------------------------------


@cache
def _cipher() -> AESSIV:
    """The same place gives the same address: no random part, and nothing can be read or changed."""
    return AESSIV(hashlib.sha512(f"halaman {settings.SECRET_KEY}".encode()).digest())


def _plain(value: Any) -> Any:
    """A key as JSON knows it: numbers and texts as they are, days and moments marked."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    day = plain.get("day")
    return date.fromisoformat(day) if day else datetime.fromisoformat(plain["moment"])
