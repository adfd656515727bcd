"""A list is read page by page along its order: nobody twice, nobody left out, links stay good."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.paging import Keyed, Merged, Order
from registry.models import Child
from tests.cast import a_child, a_mother, signed_in

ORDER = Order("uji", ("rank", "name_key", "id"))
SIZE = 5
LIST = "/anak/"


def forward(rows: Any, order: Order = ORDER) -> list[list[Any]]:
    """Every page, from the first to the last."""
    pages: list[list[Any]] = []
    place = ""
    while True:
        page = order.page(rows, place, SIZE)
        pages.append(page.rows)
        if not page.next:
            return pages
        place = page.next


def backward(rows: Any, order: Order = ORDER) -> list[list[Any]]:
    """The same pages, turned back from the last one."""
    place = ""
    while following := order.page(rows, place, SIZE).next:
        place = following
    pages: list[list[Any]] = []
    while True:
        page = order.page(rows, place, SIZE)
        pages.insert(0, page.rows)
        if not page.previous:
            return pages
        place = page.previous


def children(place: SimpleNamespace, count: int) -> list[Child]:
    mother = a_mother(place)
    return [a_child(place, mother=mother, name=f"Anak {n % 3}", rank=n % 5) for n in range(count)]


def keyed() -> Keyed:
    return Keyed(Child.objects.all(), lambda rows: rows.select_related("mother"))


# --- It works -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [Child.objects.all, keyed])
def test_it_works(cast: SimpleNamespace, rows: Any) -> None:
    children(cast, 23)
    wanted = list(Child.objects.order_by("rank", "name_key", "id"))
    pages = forward(rows())
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3] and sum(pages, []) == wanted
    assert backward(rows()) == pages
    assert ORDER.page(rows(), "", SIZE).count == 23


def test_a_list_can_be_read_downwards(cast: SimpleNamespace) -> None:
    children(cast, 12)
    down = Order("turun", ("created_at", "id"), descending=True)
    wanted = list(Child.objects.order_by("-created_at", "-id"))
    assert sum(forward(Child.objects.all(), down), []) == wanted
    assert backward(Child.objects.all(), down) == forward(Child.objects.all(), down)


def test_a_list_of_one_page_turns_nowhere(cast: SimpleNamespace) -> None:
    children(cast, SIZE)
    page = ORDER.page(keyed(), "", SIZE)
    assert (page.previous, page.next) == ("", "") and page.pager(QueryDict()) == {}
    assert ORDER.page(Keyed(Child.objects.none(), lambda rows: rows), "", SIZE).count == 0


# --- Meanwhile ----------------------------------------------------------------------------------


def test_rows_added_meanwhile_move_nothing(cast: SimpleNamespace) -> None:
    children(cast, 12)
    before = forward(keyed())
    first = ORDER.page(keyed(), "", SIZE)
    for name in ("A paling atas", "Z paling bawah"):
        a_child(cast, name=name, rank=0 if name[0] == "A" else 4)
    second = ORDER.page(keyed(), first.next, SIZE)
    assert second.rows == before[1], "right behind the row where the first page ended"
    back = ORDER.page(keyed(), second.previous, SIZE)
    assert back.rows == before[0] and back.previous, "one stands above it now"
    assert ORDER.page(keyed(), back.previous, SIZE).rows[0].name == "A paling atas"


def test_a_kept_link_outlives_the_row_it_was_made_of(cast: SimpleNamespace) -> None:
    children(cast, 12)
    first = ORDER.page(keyed(), "", SIZE)
    second = ORDER.page(keyed(), first.next, SIZE)
    first.rows[-1].delete()
    assert ORDER.page(keyed(), first.next, SIZE).rows == second.rows


def test_a_row_that_moved_takes_no_page_with_it(cast: SimpleNamespace) -> None:
    """Measured again, the child of the page's end is no longer the worst: page two stays."""
    children(cast, 12)
    first = ORDER.page(keyed(), "", SIZE)
    second = ORDER.page(keyed(), first.next, SIZE)
    Child.objects.filter(pk=first.rows[-1].pk).update(rank=4)
    assert ORDER.page(keyed(), first.next, SIZE).rows == second.rows


def test_behind_the_last_row_stands_the_last_page(cast: SimpleNamespace) -> None:
    rows = children(cast, 12)
    for last in forward(keyed())[-1]:
        last.delete()
    link = ORDER.seal("b", max(rows, key=ORDER.place_of))
    assert ORDER.page(keyed(), link, SIZE).rows == forward(keyed())[-1]


# --- What an address may say --------------------------------------------------------------------


def test_an_address_tells_no_name_and_no_key(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    for number in range(30):
        a_child(
            cast,
            mother=mother,
            name=f"Rahasia Sekali {number}",
            name_key=f"rahasia sekali {number}",
        )
    page = signed_in(cast.petugas).get(LIST)
    sealed = page.context["pager"]["next_url"].partition("hal=")[2]
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    assert b"rahasia" not in raw and "rahasia" not in sealed
    with pytest.raises((UnicodeDecodeError, json.JSONDecodeError)):
        json.loads(raw)


def test_the_same_place_has_the_same_address(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    assert ORDER.seal("b", child) == ORDER.seal("b", child) != ORDER.seal("s", child)


HOSTILE = ("2", "x" * 5000, "=", "a", "AAAA", "\0", "٣", "b" * 64, "../..", "%00", "\ud800")


def test_what_we_did_not_seal_is_the_first_page(cast: SimpleNamespace) -> None:
    children(cast, 12)
    for asked in HOSTILE:
        assert ORDER.page(keyed(), asked, SIZE) == ORDER.page(keyed(), "", SIZE), asked


def test_a_place_of_another_list_or_a_changed_one_is_none(cast: SimpleNamespace) -> None:
    child = children(cast, 12)[3]
    sealed = Order("lain", ORDER.keys).seal("b", child)
    assert ORDER.unseal(sealed) is None
    mine = ORDER.seal("b", child)
    changed = ("A" if mine[0] != "A" else "B") + mine[1:]
    assert ORDER.unseal(mine) and ORDER.unseal(changed) is None


def test_every_kind_of_key_comes_back_as_it_was(cast: SimpleNamespace) -> None:
    moment = timezone.now()
    values = (3, -1.25, "Ny. Ünal \U0001f9d2", date(2026, 11, 30), moment, True)
    order = Order("macam", tuple("abcdef"))
    row = SimpleNamespace(**dict(zip("abcdef", values, strict=True)))
    assert order.unseal(order.seal("b", row)) == ("b", values)
    assert isinstance(order.unseal(order.seal("b", row))[1][4], datetime)


# --- Rows at hand, and rows of several sources --------------------------------------------------


@dataclass(frozen=True)
class Woman:
    """What stands between the children: the same keys, another source."""

    rank: int
    name_key: str
    id: int


def test_children_and_others_are_read_as_one_list(cast: SimpleNamespace) -> None:
    mine = children(cast, 12)
    others = [Woman(n % 5, "ibu", 10_000 + n) for n in range(9)]
    rows = Merged((keyed(), others))
    both = sorted([*mine, *others], key=lambda row: (row.rank, row.name_key, row.id))
    assert sum(forward(rows), []) == both and backward(rows) == forward(rows)
    assert ORDER.page(rows, "", SIZE).count == 21


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc")), max_size=40),
    st.booleans(),
)
def test_rows_at_hand_are_read_whole_both_ways(
    rows: list[tuple[int, str]], descending: bool
) -> None:
    order = Order("di tangan", ORDER.keys, descending=descending)
    found = [Woman(rank, name, at) for at, (rank, name) in enumerate(rows)]
    pages = forward(found, order)
    assert sum(pages, []) == order.arranged(found) and all(len(p) <= SIZE for p in pages)
    assert backward(found, order) == pages


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["a", "ab", "b", "ani"])), max_size=12),
    st.integers(0, 11),
)
def test_whatever_goes_while_somebody_reads_the_others_are_seen_once(
    cast: SimpleNamespace, rows: list[tuple[int, str]], gone: int
) -> None:
    """One row leaves between two pages: all others are still seen exactly once."""
    Child.objects.all().delete()
    mother = a_mother(cast)
    made = [a_child(cast, mother=mother, name=name, rank=rank) for rank, name in rows]
    page = ORDER.page(keyed(), "", SIZE)
    seen = [row.pk for row in page.rows]
    if made:
        left = made[gone % len(made)]
        left.delete()
        made.remove(left)
    while page.next:
        page = ORDER.page(keyed(), page.next, SIZE)
        shown = [row.pk for row in page.rows]
        if set(shown) <= set(seen):  # the one behind was who left: the last page once more
            assert not page.next
            break
        seen += shown
    assert len(seen) == len(set(seen)) and {row.pk for row in made} <= set(seen)
