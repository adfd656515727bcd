"""What the KMS says in words: each month's weight, gain, KBM and letter, and one sentence.

Grams are whole; the last weighing of a calendar month counts, as in the kader's book.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from growth.curves import Stretch
from growth.gain import GAIN_WORDS, is_bgm
from growth.marks import CONFIRM, Point, Visit, verdict, z_words
from growth.words import MINUS, MONTHS, long_date, measured

ABOVE = 1  # the orange line: BB/U above it is referred to be looked at (Buku KIA 2023)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One weighing as stored: kg, BB/U in SD, its letter; months: completed months of age.

    kbm_g: what the month should bring, in grams. flagged: the weight is doubted, wild or taken
    with oedema, so nothing is compared with it.
    """

    on: date
    age_days: int
    months: int
    weight_kg: Any
    waz: Any = None
    letter: str = ""
    t_run: int = 0
    kbm_g: int | None = None
    flagged: bool = False
    approximate: bool = False

    @property
    def month(self) -> int:
        """The calendar month, as a number that counts on."""
        return self.on.year * 12 + self.on.month - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One calendar month of the table; a month without a weighing has empty words."""

    month: str
    age: str
    weight: str
    gain: str
    kbm: str
    letter: str
    words: str
    tone: str


def compared_with(weighed: Weighed, known: Sequence[Weighed]) -> Weighed | None:
    """Give the weighing that a letter N or T compares with: the last sound one a month before."""
    if weighed.letter not in ("N", "T"):
        return None
    near = [w for w in known if w.month == weighed.month - 1 and not w.flagged]
    return near[-1] if near else None


def gain_g(weighed: Weighed, known: Sequence[Weighed]) -> int | None:
    """Give the grams gained since the weighing it is compared with; None without one."""
    before = compared_with(weighed, known)
    if before is None:
        return None
    return round(float(weighed.weight_kg) * 1000) - round(float(before.weight_kg) * 1000)


def sentence(known: Sequence[Weighed]) -> str:
    """Read the last weighing aloud: gained or not, by what, and where it stands."""
    if not known:
        return "Belum pernah ditimbang. Garis menunjukkan standar WHO."
    last = known[-1]
    said = [f"Pada {long_date(last.on)} berat {measured(float(last.weight_kg))} kg"]
    said[0] += f", {_gain_words(last, known)}."
    if last.t_run > 1:
        said.append(f"Sudah {last.t_run} kali berturut-turut tidak naik ({last.t_run}T).")
    if is_bgm(last.waz, last.flagged):
        said.append("Berat di bawah garis merah (BGM).")
    if _is_above(last):
        said.append("Berat di atas garis oranye.")
    if last.letter == "T" or len(said) > 1 or last.flagged:
        said.append(CONFIRM)
    return " ".join(said)


def rows(known: Sequence[Weighed], stretch: Stretch) -> tuple[Row, ...]:
    """Give one row per calendar month from the first to the last weighing of the stretch.

    The last weighing of a month counts, as in the kader's book.
    """
    shown = {w.month: w for w in known if stretch.low <= w.age_days <= stretch.high}
    if not shown:
        return ()
    months = range(min(shown), max(shown) + 1)
    return tuple(_row(month, shown.get(month), known) for month in months)


def tone_of(weighed: Weighed) -> str:
    """Give the colour tone of a weighing: merah below the red line, else its BB/U class's."""
    if is_bgm(weighed.waz, weighed.flagged):
        return "merah"
    return verdict("bb_u", _visit(weighed))[0]


def _visit(weighed: Weighed) -> Visit:
    point = Point(
        weighed.on, weighed.age_days, weighed.weight_kg, z=weighed.waz,
        flagged=weighed.flagged, approximate=weighed.approximate,
    )  # fmt: skip
    return Visit(point, weighed.age_days, float(weighed.weight_kg), None)


def title_of(weighed: Weighed) -> str:
    """Write "20 Juli 2026: 8,4 kg, −2,34 SD, Naik (N)", for who hovers or listens."""
    z = z_words("bb_u", _visit(weighed))
    value = f"{measured(float(weighed.weight_kg))} kg"
    said = [value, z, GAIN_WORDS[weighed.letter]]
    return f"{long_date(weighed.on)}: {', '.join(part for part in said if part)}"


# --- Words -------------------------------------------------------------------------------------


def _row(month: int, weighed: Weighed | None, known: Sequence[Weighed]) -> Row:
    name = f"{MONTHS[month % 12][:3]} {month // 12}"
    if weighed is None:
        return Row(name, "", "", "", "", "", "Tidak ditimbang", "netral")
    gained = gain_g(weighed, known)
    about = "≈ " if weighed.approximate else ""
    return Row(
        month=name,
        age=f"{about}{weighed.months} bln",
        weight=measured(float(weighed.weight_kg)),
        gain="" if gained is None else _grams(gained, "+" * (gained > 0)),
        kbm=_grams(weighed.kbm_g) if weighed.kbm_g and gained is not None else "",
        letter=weighed.letter,
        words=GAIN_WORDS[weighed.letter],
        tone=tone_of(weighed),
    )


def _grams(grams: int, sign: str = "") -> str:
    """Write 1300 as "1.300"."""
    return sign + f"{grams:,}".replace(",", ".").replace("-", MINUS)


def _gain_words(last: Weighed, known: Sequence[Weighed]) -> str:
    before, gained = compared_with(last, known), gain_g(last, known)
    if before is None or gained is None:
        return _WITHOUT_GAIN[last.letter]
    since = f"sejak {long_date(before.on)}"
    if gained <= 0:
        return f"{f'turun {_grams(-gained)} g' if gained else 'tetap'} {since}: T (tidak naik)"
    minimum = f"kenaikan minimal {_grams(last.kbm_g or 0)} g"
    if last.letter == "T":
        return f"hanya naik {_grams(gained)} g {since}, kurang dari {minimum}: T (tidak naik)"
    follows = before.waz is not None and last.waz is not None and last.waz >= before.waz
    why = "mengikuti garis" if follows else f"memenuhi {minimum}"
    return f"naik {_grams(gained)} g {since}, {why}: N (naik)"


_WITHOUT_GAIN = {
    "N": "naik: N",
    "T": "tidak naik: T",
    "O": "sebulan sebelumnya tidak ditimbang, jadi belum tahu naik atau tidak: O",
    "B": "penimbangan pertama: B (baru)",
    "": "naik atau tidaknya belum dapat dinilai",
}


def _is_above(weighed: Weighed) -> bool:
    return weighed.waz is not None and not weighed.flagged and weighed.waz > ABOVE
