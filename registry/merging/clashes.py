"""Rows of two cards of which only one can stand: found here, told in words, settled by unite.py.

Three kinds: visits and examinations of one day (the other becomes a replaced revision); what an
app above must end first (``endings``); everything else (one row takes what the other has more).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from accounts.transitions import Refused
from growth.words import long_date
from registry.children.cards import sizes_words
from registry.merging.hanging import Hang, day_of, hanging_on, is_revised, label_of, rows_of, twins
from registry.models import (
    Breastfeeding,
    ExclusiveMonth,
    LookupKey,
    Measurement,
    Pregnancy,
    PregnancyCheck,
)
from registry.mothers.exclusive import SAID, letters

# HPHT are remembered badly, but no woman begins two pregnancies so soon after each other.
SAME_PREGNANCY = timedelta(days=60)
TWO_PREGNANCIES = (
    "Kedua kartu punya kehamilan yang belum berakhir, dengan HPHT yang berjauhan "
    "({} dan {}). Catat dahulu akhir kehamilan yang lama, lalu gabungkan."
)
# Rows that are worked out from a card: laid aside with it, made anew with the kept one.
WORKED_OUT: set[type[Model]] = {LookupKey}


@dataclass(frozen=True)
class Ending:
    """How a room above ends a row that cannot stand beside its twin, and how it says it."""

    label: str
    words: Callable[[Any], str]
    end: Callable[[Any, Any], None]  # (user, row)
    weight: Callable[[Any], int]  # the heavier of two goes on


# Label of a table → how it ends a row. Filled when the portal starts (kempling/cards.py).
endings: dict[str, Ending] = {}


@dataclass(frozen=True)
class Clash:
    """Two rows of which one stands. ``key`` names the choice, ``day`` the revisions of a day."""

    key: str
    hang: Hang
    kept: Any
    gone: Any
    day: date | None = None

    @property
    def ending(self) -> Ending | None:
        return endings.get(label_of(self.hang.model))

    @property
    def prefers_gone(self) -> bool:
        """Which row stands when nobody chooses: the kept card's, unless the other weighs more."""
        weight = self.ending.weight if self.ending else None
        return weight is not None and weight(self.gone) > weight(self.kept)

    def stands(self, from_gone: frozenset[str], from_kept: frozenset[str]) -> bool:
        """Whether the gone card's row stands, by what was chosen."""
        if self.key in from_gone or self.key in from_kept:
            return self.key in from_gone
        return self.prefers_gone


def of(hang: Hang, kept: Model, gone: Model) -> Iterator[Clash]:
    """The clashes in one table."""
    head = f"{kept._meta.model_name}.{hang.model._meta.model_name}"
    if is_revised(hang):
        for day, one, other in _same_days(hang, kept, gone):
            yield Clash(f"{head}.{day}", hang, one, other, day)
    elif hang.model is Pregnancy:
        for one, other in _same_pregnancies(hang, kept, gone):
            yield Clash(f"{head}.{one.code}", hang, one, other)
    elif hang.model not in WORKED_OUT:
        for one, other, shared in twins(hang, kept, gone):
            yield Clash(".".join([head, *map(str, shared)]), hang, one, other)


def all_of(kept: Model, gone: Model) -> list[Clash]:
    """Every clash of two cards, and of the rows that become one with them."""
    found = []
    for hang in hanging_on(type(kept)):
        for clash in of(hang, kept, gone):
            found.append(clash)
            if clash.day is None and clash.ending is None:
                found += all_of(clash.kept, clash.gone)
    return found


def _same_days(hang: Hang, kept: Model, gone: Model) -> Iterator[tuple[date, Any, Any]]:
    """(day, the row of kept that counts, the row of gone that counts)."""
    name = day_of(hang)
    mine, theirs = (
        {getattr(row, name): row for row in rows_of(hang, owner).filter(superseded=False)}
        for owner in (kept, gone)
    )
    for day in sorted(mine.keys() & theirs.keys()):
        yield day, mine[day], theirs[day]


def _same_pregnancies(hang: Hang, kept: Model, gone: Model) -> Iterator[tuple[Any, Any]]:
    """Pregnancies with HPHT so near that they are one. Raises Refused when two would run."""
    left = list(rows_of(hang, kept))
    alone = []
    for other in rows_of(hang, gone):
        near = min(left, key=lambda row: abs(row.hpht - other.hpht), default=None)
        if near is None or abs(near.hpht - other.hpht) > SAME_PREGNANCY:
            alone.append(other)
            continue
        left.remove(near)
        yield near, other
    still = {row.hpht for row in left if row.ended_on is None}
    second = {row.hpht for row in alone if row.ended_on is None}
    if still and second:
        raise Refused(TWO_PREGNANCIES.format(long_date(min(still)), long_date(min(second))))


# --- In words ----------------------------------------------------------------------------------


def words_of(clash: Clash) -> tuple[str, str, str] | None:
    """(label, the kept card's row, the gone card's); None where both say the same thing."""
    if clash.ending:
        say, label = clash.ending.words, clash.ending.label
    elif clash.hang.model in _WORDS:
        say, label = _WORDS[clash.hang.model], _label(clash)
    else:
        return None
    one, other = say(clash.kept), say(clash.gone)
    return (label, one, other) if clash.ending or one != other else None


def _label(clash: Clash) -> str:
    if isinstance(clash.kept, ExclusiveMonth):
        return f"ASI eksklusif {letters(clash.kept.month)}"
    if clash.day:
        what = "Pengukuran" if clash.hang.model is Measurement else "Pemeriksaan hamil"
        return f"{what} {long_date(clash.day)}"
    return "Kehamilan" if clash.hang.model is Pregnancy else "Menyusui"


def _pregnancy(row: Pregnancy) -> str:
    end = f", berakhir {long_date(row.ended_on)}" if row.ended_on else ""
    return f"HPHT {long_date(row.hpht)}{end}"


def _check(row: PregnancyCheck) -> str:
    sizes = ((row.weight_kg, "{} kg"), (row.lila_cm, "LiLA {} cm"), (row.hb, "Hb {} g/dL"))
    said = (form.format(str(n.normalize()).replace(".", ",")) for n, form in sizes if n is not None)
    return ", ".join(said) or "tanpa angka"


_WORDS: dict[type[Model], Callable[[Any], str]] = {
    Measurement: sizes_words,
    PregnancyCheck: _check,
    Pregnancy: _pregnancy,
    ExclusiveMonth: lambda row: f"{SAID[row.exclusive]}, ditanyakan {long_date(row.asked_on)}",
    Breastfeeding: lambda row: f"sejak {long_date(row.started_on)}",
}
