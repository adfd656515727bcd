"""The board of targets and helps: what the URL asks for, as sections of plain rows.

``?pilar=pmt|sanitasi|kegiatan&status=butuh|berjalan|direncanakan|berakhir&desa=<kode>``; with a
status long lists in pages (``hal``, of the pregnant women ``hal_ibu``), without one the top of
each.
"""

import functools
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts.paging import PARAMETER, Keyed, Order, Pager
from interventions import targets
from interventions.models import Activity, PmtEpisode, SanitationWork
from interventions.rows import Row, child_row, help_row, household_row, pregnancy_row
from regions.models import Region

TOP, PAGE = 8, 25
MODELS: dict[str, Any] = {"pmt": PmtEpisode, "sanitasi": SanitationWork, "kegiatan": Activity}
PILLARS = (("pmt", "PMT"), ("sanitasi", "Air dan sanitasi"), ("kegiatan", "Kegiatan"))
GROUPS = {"berjalan": "running", "direncanakan": "planned", "berakhir": "ended"}
TITLES = {"running": "Berjalan", "planned": "Direncanakan", "ended": "Sudah berakhir"}
NEEDED = "butuh"
WOMEN = "hal_ibu"  # the place among the pregnant women, beside that of the children
# Soonest due first, the ended ones newest first.
ORDERS = {
    group: Order(f"bantuan {group}", ("due", "code"), descending=group == "ended")
    for group in TITLES
}
RELATED = {
    "pmt": ("desa", "child", "pregnancy__mother"),
    "sanitasi": ("desa", "household"),
    "kegiatan": ("desa",),
}


@dataclass
class Section:
    """One list of the board."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)
    total: int | None = None
    more: str = ""
    pager: Pager = field(default_factory=dict)
    empty: str = ""


class Board:
    """What one person asked to see."""

    def __init__(self, asked: QueryDict, user: Any) -> None:
        self.asked, self.user = asked, user
        self.today: date = user.programme.today()
        self.pillar = asked.get("pilar", "") if asked.get("pilar") in MODELS else "pmt"
        self.status = asked.get("status", "")
        if self.status not in (*GROUPS, NEEDED) or (self.is_activity and self.status == NEEDED):
            self.status = ""
        self.desa = next((d for d in self.places if d.code == asked.get("desa")), None)

    @property
    def is_activity(self) -> bool:
        return self.pillar == "kegiatan"

    @functools.cached_property
    def places(self) -> list[Region]:
        return list(self.user.programme.desa())

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        return [
            (self.url(pilar=key, status=""), label, key == self.pillar) for key, label in PILLARS
        ]

    def url(self, **changes: str) -> str:
        asked = {"pilar": self.pillar, "status": self.status, "desa": self._desa_code} | changes
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('interventions:board')}?{said}"

    @property
    def _desa_code(self) -> str:
        return self.desa.code if self.desa else ""

    def sections(self) -> list[Section]:
        """The lists to show, those who wait for help first."""
        if self.status in GROUPS:
            return [self._long_list(GROUPS[self.status])]
        needed = self._needed()
        return needed if self.status == NEEDED else needed + self._tops()

    # --- Who needs help ---

    def _needed(self) -> list[Section]:
        if self.pillar == "pmt":
            return [self._children(), self._pregnancies()]
        return [self._households()] if self.pillar == "sanitasi" else []

    def _children(self) -> Section:
        section = self._section("children", "Anak yang perlu tindakan dan belum dibantu")
        section.empty = "Semua anak sasaran sudah punya tindakan."
        rows = targets.children(self.user, self.today, self.desa)
        found = self._page(section, Keyed(rows, targets.seen), targets.CHILDREN)
        section.rows = [child_row(child, self.user, self.today) for child in found]
        return section

    def _pregnancies(self) -> Section:
        section = self._section("pregnancies", "Ibu hamil yang perlu PMT dan belum ada tindakan")
        section.empty = "Semua ibu hamil dengan LiLA di bawah 23,5 cm sudah punya tindakan."
        rows = targets.pregnancies(self.user, self.today, self.desa)
        rows = rows.select_related("mother", "desa")
        found = self._page(section, rows, targets.PREGNANCIES, WOMEN)
        section.rows = [pregnancy_row(row, self.user, self.today) for row in found]
        return section

    def _households(self) -> Section:
        section = self._section("households", "Keluarga dengan air, jamban, atau rumah belum layak")
        section.empty = "Tidak ada keluarga yang tercatat belum layak dan belum dibantu."
        rows = targets.households(self.user, self.desa).select_related("desa")
        found = self._page(section, rows, targets.HOUSEHOLDS)
        section.rows = [household_row(row, self.user) for row in found]
        section.more = reverse("interventions:households")
        return section

    def _section(self, key: str, title: str) -> Section:
        return Section(key, title, more="" if self.status else self.url(status=NEEDED))

    def _page(
        self, section: Section, rows: QuerySet[Any] | Keyed, order: Order, name: str = PARAMETER
    ) -> list[Any]:
        """The rows of one section: on the overview the top, else the page asked for."""
        if not self.status:
            keyed = rows if isinstance(rows, Keyed) else Keyed(rows, lambda some: some)
            found, section.total = order.top(keyed, TOP)
            return found
        page = order.page(rows, self.asked.get(name, ""), PAGE)
        section.total = page.count
        section.pager = page.pager(self.asked, name)
        return page.rows

    # --- What is being done ---

    def _helps(self) -> Any:
        rows = MODELS[self.pillar].objects.in_scope(self.user).in_desa(self.desa)
        rows = rows.filter(programme=self.user.programme).select_related(*RELATED[self.pillar])
        return rows.with_days() if self.pillar == "pmt" else rows

    def _tops(self) -> list[Section]:
        """The first rows of every status, in one query."""
        sections = {
            group: Section(group, TITLES[group], total=0, more=self.url(status=word))
            for word, group in GROUPS.items()
        }
        for thing in self._helps().top_of_groups(TOP).order_by("spot"):
            sections[thing.standing].total = thing.total
            sections[thing.standing].rows.append(help_row(thing, self.today))
        sections["running"].empty = "Belum ada yang berjalan."
        return [s for s in sections.values() if s.rows or s.empty]

    def _long_list(self, group: str) -> Section:
        section = Section(group, TITLES[group], empty="Belum ada yang cocok dengan pilihan ini.")
        found = self._page(section, self._helps().in_group(group), ORDERS[group])
        section.rows = [help_row(thing, self.today) for thing in found]
        return section
