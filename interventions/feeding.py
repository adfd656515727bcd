"""The feeding days of one PMT, week by week, as the card and the week's form show them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from interventions.models import PmtDay, PmtEpisode
from interventions.querysets import HALF_EATEN
from regions.words import MONTHS

GLYPHS = {0: "○", 1: "◔", 2: "◑", 3: "◕", 4: "●"}
NOT_GIVEN, UNRECORDED, TO_COME = "×", "?", "·"
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
LEGEND = (
    ("●", "habis"), ("◕", "¾"), ("◑", "½"), ("◔", "¼"), ("○", "tidak dimakan"),
    ("×", "tidak diberikan"), ("?", "belum dicatat"), ("·", "belum tiba"),
)  # fmt: skip


@dataclass
class Day:
    """One day of the feeding time and what is known of it."""

    on: date
    row: PmtDay | None
    to_come: bool

    @property
    def name(self) -> str:
        return f"{DAYS[self.on.weekday()]}, {self.on.day} {MONTHS[self.on.month - 1]}"

    @property
    def glyph(self) -> str:
        if self.row is None:
            return TO_COME if self.to_come else UNRECORDED
        return NOT_GIVEN if self.row.eaten is None else GLYPHS[self.row.eaten]

    @property
    def words(self) -> str:
        if self.row is None:
            return "belum tiba" if self.to_come else "belum dicatat"
        return "tidak diberikan" if self.row.eaten is None else self.row.get_eaten_display().lower()


@dataclass
class Week:
    """Up to seven days; ``number`` counts from the first day of feeding."""

    number: int
    days: list[Day]
    last: int

    @property
    def open_days(self) -> list[date]:
        return [day.on for day in self.days if day.row is None and not day.to_come]

    @property
    def eaten(self) -> int:
        return sum(1 for day in self.days if day.row and (day.row.eaten or 0) >= HALF_EATEN)

    @property
    def title(self) -> str:
        first, last = self.days[0].on, self.days[-1].on
        begin = str(first.day) if first.month == last.month else _short(first)
        return f"{begin}–{_short(last)}"

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None

    def lines(self, form: Any) -> list[tuple[Day, Any]]:
        """Each day with its list of the form, None where nothing may be recorded."""
        return [
            (day, form[str(day.on)] if str(day.on) in form.fields else None) for day in self.days
        ]


class Feeding:
    """All feeding days of an episode; one query."""

    def __init__(self, episode: PmtEpisode, today: date) -> None:
        self.episode, self.today = episode, today
        self.rows = {row.day: row for row in episode.days.all()}
        self.weeks = self._weeks()
        self.planned = episode.planned_days
        self.given = sum(1 for row in self.rows.values() if row.given)
        self.eaten = sum(1 for row in self.rows.values() if (row.eaten or 0) >= HALF_EATEN)
        self.legend = LEGEND

    def _weeks(self) -> list[Week]:
        begun = self.episode.started_on
        if begun is None:
            return []
        length = (self.episode.last_feeding_day - begun).days + 1
        days = [self._day(begun + timedelta(days=n)) for n in range(length)]
        parts = [days[n : n + 7] for n in range(0, length, 7)]
        return [Week(n, part, len(parts)) for n, part in enumerate(parts, 1)]

    def _day(self, on: date) -> Day:
        return Day(on, self.rows.get(on), on > self.today)

    @property
    def unrecorded(self) -> int:
        """Days gone by without a word about them."""
        return sum(len(week.open_days) for week in self.weeks)

    def week(self, asked: str) -> Week:
        """The week asked for by number, else the first with a day to record, else the last."""
        if not self.weeks:
            return Week(1, [], 1)
        wanted = [week for week in self.weeks if str(week.number) == asked]
        if wanted:
            return wanted[0]
        return next((week for week in self.weeks if week.open_days), self.weeks[-1])


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"
