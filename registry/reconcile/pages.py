"""What the page of a comparison shows: how many of each kind, and the lines of one kind."""

from datetime import date
from functools import cached_property
from typing import Any

from accounts.paging import PARAMETER, Page
from growth.words import long_date
from registry.imports.pages import IN_ORDER, PER_PAGE, ImportPage
from registry.models import Child, ImportRow
from registry.reconcile.lines import Line, lines_of

Outcome = ImportRow.Outcome
ORDER = (Outcome.CLASS, Outcome.NUMBERS, Outcome.THERE, Outcome.HERE, Outcome.ASK, Outcome.REFUSED)
LABELS = {
    Outcome.CLASS: "Kelas lain",
    Outcome.NUMBERS: "Angka lain",
    Outcome.THERE: "Tidak ada di sini",
    Outcome.HERE: "Tidak ada di e-PPGBM",
    Outcome.ASK: "Perlu dilihat",
    Outcome.REFUSED: "Tidak terbaca",
    Outcome.SAME: "Sama",
}
MEANS = {
    Outcome.CLASS: "Status gizi di e-PPGBM dan di sini lain; sebabnya dihitung dari angkanya.",
    Outcome.NUMBERS: "Kelasnya sama atau tidak disebut, tetapi ada angka, tanggal, cara ukur, atau "
    "data anak yang lain. Yang lain ditebalkan.",
    Outcome.THERE: "Anak ada di e-PPGBM, tetapi tidak ditemukan di sini.",
    Outcome.HERE: "Anak tercatat di sini, tetapi tidak ada di daftar e-PPGBM.",
    Outcome.ASK: "Belum pasti anak yang mana atau angka yang mana, jadi tidak ditebak.",
    Outcome.REFUSED: "Baris tidak dapat dibaca, jadi tidak dibandingkan.",
}


class ReconciledPage(ImportPage):
    """``query``: ``hasil`` which kind, ``hal`` which page of it."""

    order = ORDER

    def _word(self, outcome: Outcome) -> str:
        return LABELS[outcome]

    @property
    def has_rows(self) -> bool:
        """Whether there is something for the file; rows are forgotten after 30 days."""
        return bool(self.lines)

    @property
    def means(self) -> str:
        return MEANS.get(self.outcome, "")

    @property
    def figures(self) -> list[tuple[str, int, int]]:
        """(kind, n, of how many): rows of the list, or of the children who should be in it."""
        of = dict.fromkeys(LABELS, self.said["rows"])
        of[Outcome.HERE] = self.said["expected"]
        return [(label, self.counts.get(outcome, 0), of[outcome])
                for outcome, label in LABELS.items()]  # fmt: skip

    @property
    def said(self) -> dict[str, Any]:
        """By what the children were chosen who should be in the list; {} before it was compared."""
        kept: dict[str, Any] = self.source.columns.get("compared", {}) if self.counts else {}
        return kept

    @property
    def chosen(self) -> str:
        """The same as a sentence."""
        return chosen_words(self.said) if self.said else ""

    @cached_property
    def _page(self) -> Page:
        related = ("child__mother", "child__household")
        rows = self.source.rows.filter(outcome=self.outcome).select_related(*related)
        return IN_ORDER.page(rows, self.query.get(PARAMETER, ""), PER_PAGE)

    @cached_property
    def lines(self) -> list[Line]:
        if self.running or not self.outcome:
            return []
        rows = self._page.rows
        children = self._children(rows)
        return [line for row in rows for line in lines_of(row, children)]

    def _children(self, rows: Any) -> dict[str, Child]:
        return super()._children(rows) if any(row.candidates for row in rows) else {}


def chosen_words(said: dict[str, Any]) -> str:
    """How the children were chosen who should be in the list."""
    on = long_date(date.fromisoformat(said["on"]))
    places = [f"posyandu {', '.join(said['posyandu'])}"] if said["posyandu"] else []
    places += [f"desa/kelurahan {', '.join(said['desa'])}"] if said["desa"] else []
    if not places:
        return "Tidak ada tempat yang terbaca di daftar, jadi tidak dicari siapa yang tidak ada."
    without = " Anak tanpa posyandu tidak ikut." if said["posyandu"] and not said["desa"] else ""
    return (
        f"“Tidak ada di e-PPGBM” dicari di antara {said['expected']} balita yang pada {on} tinggal "
        f"di tempat yang dimuat daftar: {' dan '.join(places)}. "
        f"Yang mungkin dimaksud baris “Perlu dilihat” tidak dihitung.{without}"
    )
