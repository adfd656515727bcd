"""Two cards side by side: what is the same, what differs letter by letter, what would move."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from accounts.transitions import Refused
from regions.words import MISSING
from registry.children import cards
from registry.merging import clashes
from registry.merging.columns import Line, birth_is_surer, lines_of
from registry.merging.hanging import hanging_on, rows_of
from registry.merging.undoing import WORDS
from registry.models import Child, Household, Mother, Submission
from registry.models.placed import Known

KIND_WORDS = {"child": "anak", "mother": "ibu", "household": "keluarga"}
BY_WORD = {word: kind for kind, word in KIND_WORDS.items()}
MODELS: dict[str, type[Known]] = {"child": Child, "mother": Mother, "household": Household}
SAME, DIFFERS, ONE_SIDE, FILLED = "Sama", "Berbeda", "Hanya di satu kartu", "Akan diisi"
# Notes beside a line that differs.
FAMILY_CHOICE = {
    "child.mother": "Berlaku kalau ibu dan keluarganya tidak ikut digabung.",
    "mother.household": "Berlaku kalau keluarganya tidak ikut digabung.",
}
HIDDEN = "Angkanya berbeda di bagian yang disembunyikan."
ONLY_CASE = "Hanya beda huruf besar dan kecil."
MOST_VISITS = 6
Marked = tuple[tuple[str, bool], ...]  # pieces of a text, True: differs from the other


@dataclass(frozen=True)
class Row:
    """One line of the comparison. ``choose``: both sides say something, and not the same."""

    key: str
    label: str
    kept: Marked
    gone: Marked
    state: str
    takes_gone: bool = False  # what the page proposes
    note: str = ""

    @property
    def choose(self) -> bool:
        return self.state == DIFFERS


@dataclass(frozen=True)
class Part:
    """One kind of card that may be merged: its two cards and their lines, differing ones first."""

    kind: str
    kept: Any
    gone: Any
    rows: tuple[Row, ...]
    clashes: tuple[Row, ...] = ()
    hindrance: str = ""  # why these two cannot be merged as they are
    proposed: bool = True  # whether it is ticked beforehand
    note: str = ""

    @property
    def word(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def telling(self) -> list[Row]:
        """The lines in which the two are not the same."""
        return [row for row in self.rows if row.state != SAME]

    @property
    def same(self) -> list[Row]:
        return [row for row in self.rows if row.state == SAME]


@dataclass(frozen=True)
class Review:
    """Everything the page shows of two cards."""

    kind: str
    kept: Any
    gone: Any
    parts: tuple[Part, ...]  # the two themselves first, then mother and household
    visits: tuple[dict[str, Any], ...]
    reports: tuple[dict[str, Any], ...]
    moves: tuple[str, ...]  # "3 pengukuran"

    @property
    def keys(self) -> list[str]:
        """Every choice the page offers."""
        rows = [row for part in self.parts for row in (*part.rows, *part.clashes)]
        return [row.key for row in rows if row.choose]

    @property
    def last_visits(self) -> tuple[dict[str, Any], ...]:
        return self.visits[:MOST_VISITS]

    @property
    def older_visits(self) -> tuple[dict[str, Any], ...]:
        return self.visits[MOST_VISITS:]

    @property
    def own(self) -> Part:
        return self.parts[0]

    @property
    def family(self) -> tuple[Part, ...]:
        return self.parts[1:]

    @property
    def picked(self) -> set[str]:
        """The choices proposed for the card that goes."""
        rows = (row for part in self.parts for row in (*part.rows, *part.clashes))
        return {row.key for row in rows if row.takes_gone}

    @property
    def ticked(self) -> set[str]:
        return {part.kind for part in self.family if part.proposed and not part.hindrance}


def review(kind: str, kept: Any, gone: Any) -> Review:
    """Compare two cards of one kind; some queries, whatever hangs on them."""
    parts = [_part(kind, kept, gone)]
    parts += [_part(name, *two) for name, two in _family(kept, gone)]
    children = kind == "child"
    return Review(
        kind=kind, kept=kept, gone=gone, parts=tuple(parts),
        visits=tuple(_visits(kept, gone)) if children else (),
        reports=tuple(_reports(kept, gone)) if children else (),
        moves=tuple(_moves(gone)),
    )  # fmt: skip


def marked(text: str, other: str) -> Marked:
    """The text in pieces: what the other does not have is marked, letter by letter."""
    pieces = []
    matcher = SequenceMatcher(None, text.lower(), other.lower(), autojunk=False)
    for block in matcher.get_opcodes():
        piece = text[block[1] : block[2]]
        if piece:
            pieces.append((piece, block[0] != "equal"))
    return tuple(pieces)


# --- Lines -------------------------------------------------------------------------------------


def _family(kept: Any, gone: Any) -> list[tuple[str, tuple[Any, Any]]]:
    """Mother and household of the two, where each has one of its own."""
    pairs = [(name, (getattr(kept, name, None), getattr(gone, name, None)))
             for name in ("mother", "household")]  # fmt: skip
    return [(name, two) for name, two in pairs if all(two) and two[0] != two[1]]


def _part(kind: str, kept: Any, gone: Any) -> Part:
    model: type[Known] = type(kept)
    rows = [_row(kind, line, kept, gone) for line in lines_of(model)]
    shown = [row for row in rows if row.state != SAME or row.kept != ((MISSING, False),)]
    shown.sort(key=lambda row: (DIFFERS, FILLED, ONE_SIDE, SAME).index(row.state))
    once, hindrance = _clashes(kept, gone)
    proposed, note = _proposal(kind, kept, gone)
    return Part(kind, kept, gone, tuple(shown), once, hindrance, proposed, note)


def _row(kind: str, line: Line, kept: Any, gone: Any) -> Row:
    texts = line.text(kept), line.text(gone)
    state = DIFFERS
    if line.is_same(kept, gone):
        state = SAME
    elif line.is_empty(kept) or line.is_empty(gone):
        state = FILLED if line.is_empty(kept) else ONE_SIDE
    return Row(
        key=f"{kind}.{line.key}",
        label=line.label,
        kept=marked(*texts),
        gone=marked(*reversed(texts)),
        state=state,
        takes_gone=line.key == "birth_date" and birth_is_surer(kept, gone),
        note=_note(f"{kind}.{line.key}", *texts) if state == DIFFERS else "",
    )


def _note(key: str, one: str, other: str) -> str:
    if key in FAMILY_CHOICE:
        return FAMILY_CHOICE[key]
    if one == other:
        return HIDDEN
    return ONLY_CASE if one.lower() == other.lower() else ""


def _proposal(kind: str, kept: Any, gone: Any) -> tuple[bool, str]:
    """Whether the family is ticked beforehand, and what speaks against it."""
    if kind == "mother":
        return kept.name_key == gone.name_key, ""
    if kind == "household" and kept.kk and gone.kk and kept.kk != gone.kk:
        return False, "Nomor KK berbeda. Dua nomor biasanya dua keluarga."
    if kind == "household":
        alike = ("desa_id", "address", "rt", "rw")
        return all(getattr(kept, n) == getattr(gone, n) for n in alike), ""
    return True, ""


def _clashes(kept: Any, gone: Any) -> tuple[tuple[Row, ...], str]:
    """What can stand only once and says different things, and why the two cannot be merged."""
    try:
        told = [(clash, clashes.words_of(clash)) for clash in clashes.all_of(kept, gone)]
    except Refused as refused:
        return (), refused.sentence
    rows = [
        Row(clash.key, words[0], marked(*words[1:]), marked(words[2], words[1]), DIFFERS,
            clash.prefers_gone)
        for clash, words in told if words
    ]  # fmt: skip
    return tuple(rows), ""


# --- What hangs on them ------------------------------------------------------------------------


def _visits(kept: Child, gone: Child) -> Sequence[dict[str, Any]]:
    """Every visit of both, newest first: ``{on, kept, gone}`` in words."""
    days: dict[Any, dict[str, Any]] = {}
    for side, child in (("kept", kept), ("gone", gone)):
        for row in child.measurements.current():
            days.setdefault(row.measured_on, {"on": row.measured_on})[side] = cards.sizes_words(row)
    return [days[on] for on in sorted(days, reverse=True)]


def _reports(kept: Child, gone: Child) -> list[dict[str, Any]]:
    rows = Submission.objects.filter(child__in=(kept, gone)).order_by("-received_at")
    return [
        {"code": row.code, "receipt": row.receipt_text, "at": row.received_at,
         "by": row.reporter_name, "is_kept": row.child_id == kept.pk}
        for row in rows
    ]  # fmt: skip


def _moves(gone: Any) -> list[str]:
    """``["3 pengukuran", "1 laporan kader"]``: what the card that goes hands over."""
    counted: dict[str, int] = {}
    model: type[Known] = type(gone)
    for hang in hanging_on(model):
        name = str(hang.model._meta.model_name)
        if name in WORDS and hang.model is not model and (n := rows_of(hang, gone).count()):
            counted[WORDS[name]] = counted.get(WORDS[name], 0) + n
    return [f"{n} {words}" for words, n in counted.items()]
