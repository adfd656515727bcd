"""Exclusive breastfeeding (ASI eksklusif): asked once in each of a child's first six months.

E1 is the month that begins at birth, E6 the one that begins at five completed months (SIP). An
answer stands as it was given: another one later is refused, the same one again is no error.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import record
from accounts.transitions import Refused
from growth.age import completed_months
from growth.words import long_date
from registry.models import Child, ExclusiveMonth
from registry.unmerged import hold

MONTHS = range(6)
ASKED_UNTIL = 7  # completed months: who missed the last posyandu is still asked about E6
SAID = {True: "Ya", False: "Tidak", None: "Belum ditanya"}
TONES = {True: "hijau", False: "oranye", None: "netral"}
SUMMARY = {
    True: "ASI eksklusif 6 bulan: ya",
    False: "ASI eksklusif 6 bulan: tidak",
    None: "ASI eksklusif 6 bulan: belum diketahui",
}


@dataclass(frozen=True)
class Box:
    """One month of the row: ``E3``; its answer True, False or None; ``begun`` by the day."""

    month: int
    answer: bool | None
    begun: bool

    @property
    def label(self) -> str:
        return letters(self.month)

    @property
    def words(self) -> str:
        return SAID[self.answer] if self.begun or self.answer is not None else "Belum waktunya"

    @property
    def tone(self) -> str:
        return TONES[self.answer]


@dataclass(frozen=True)
class Exclusive:
    """A child's six boxes on a day, and what they say together."""

    boxes: tuple[Box, ...]
    months: int  # completed months of age on the day

    @property
    def whole(self) -> bool | None:
        """Six months of nothing but breast milk: yes only when all six say so."""
        answers = [box.answer for box in self.boxes]
        return False if False in answers else None if None in answers else True

    @property
    def words(self) -> str:
        return SUMMARY[self.whole]

    @property
    def tone(self) -> str:
        return TONES[self.whole]

    @property
    def asked(self) -> tuple[Box, ...]:
        """The months begun and not answered, while the child is young enough to be asked."""
        if self.months >= ASKED_UNTIL:
            return ()
        return tuple(box for box in self.boxes if box.begun and box.answer is None)

    @property
    def known(self) -> bool:
        """Whether anything was ever answered."""
        return any(box.answer is not None for box in self.boxes)


def letters(month: int) -> str:
    """``E1`` for the month that begins at birth."""
    return f"E{month + 1}"


def asked_month(born: date, on: date) -> int | None:
    """The month a child is asked about on the day: 0–5; E6 once more at six months, then None."""
    months = completed_months(born, on)
    return min(months, MONTHS[-1]) if 0 <= months < ASKED_UNTIL and on >= born else None


def read(child: Child, answers: Iterable[ExclusiveMonth], on: date) -> Exclusive:
    """The row of six; ``answers`` are the child's ``exclusive_months``."""
    given = {answer.month: answer.exclusive for answer in answers}
    months = completed_months(child.birth_date, on)
    boxes = tuple(Box(month, given.get(month), month <= months) for month in MONTHS)
    return Exclusive(boxes, months)


def answer(user: Any, child: Child, month: int, exclusive: bool, on: date) -> ExclusiveMonth:
    """Write down whether the child had nothing but breast milk in the month, asked on the day.

    The same answer again gives back the one that stands; another one is refused.
    """
    _refuse_impossible(child, month, on)
    try:
        with transaction.atomic():
            hold(child)
            fresh = ExclusiveMonth.objects.create(
                child=child, month=month, exclusive=exclusive, asked_on=on, created_by=user
            )
            record(user, "note_exclusive", child, fields=[letters(month)], action="measure_child")
    except IntegrityError as error:
        known = child.exclusive_months.get(month=month)
        if known.exclusive != exclusive:
            raise Refused(
                f"{letters(month)} sudah dijawab {SAID[known.exclusive]} pada "
                f"{long_date(known.asked_on)}. Jawaban itu tetap."
            ) from error
        return known
    return fresh


def _refuse_impossible(child: Child, month: int, on: date) -> None:
    if month not in MONTHS:
        raise Refused("ASI eksklusif hanya ditanyakan untuk enam bulan pertama.")
    if on > child.programme.today():
        raise Refused("Tanggal ini belum terjadi. Isi hari ini atau hari yang sudah lewat.")
    if completed_months(child.birth_date, on) >= ASKED_UNTIL:
        raise Refused(f"ASI eksklusif hanya ditanyakan sebelum anak berumur {ASKED_UNTIL} bulan.")
    if on < child.birth_date or completed_months(child.birth_date, on) < month:
        raise Refused(
            f"Anak ini belum sampai bulan {letters(month)}. Tanyakan bulan yang berjalan."
        )
