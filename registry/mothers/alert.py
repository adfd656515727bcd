"""The alert of a pregnancy: one place for the mother's card, the list and the priority list.

``mother_alert`` is a pure function of plain values. ``carried_by`` takes them from a row of
``Mother.objects.with_state(on)``, ``carried_in`` from a pregnancy with its examinations.

Merah: severe anaemia. Oranye: KEK, risiko KEK, anaemia; high risk (4T, short mother) until a
doctor has examined her in this pregnancy, then biru, since nothing can take the risk away and
what it asks for is done (keputusan 23). Kuning: overdue. Netral: something is not known yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from growth.classify import ALERT_ICONS, ALERT_LABELS, ALERT_RANK
from growth.words import long_date, number
from registry.mothers.antenatal import ROMAN
from registry.mothers.pregnancy import (
    ANAEMIA,
    FULL_TERM_WEEKS,
    HIGH_RISK,
    KEK,
    Limits,
    Sign,
    begun,
    four_t,
    is_overdue,
    naegele,
    short_mother,
    signs,
    thin,
    trimester,
    unknown_of_four_t,
)

NOT_EXAMINED, OVERDUE = "belum", "lewat"
LEVELS = {**ALERT_LABELS, "kuning": "Catat akhir kehamilan", "netral": "Belum lengkap diperiksa"}
NETRAL_RANK = len(ALERT_RANK)
STALE_AFTER = timedelta(days=62)  # ANC asks for more than one visit in two months
OVERDUE_SAID = f"Menurut HPHT dan HPL, kehamilan ini sudah lewat {FULL_TERM_WEEKS} minggu"
WITHIN = "LiLA dan Hb terakhir dalam batas aman, dan tidak ada tanda 4T"
_NEXT_STEPS = {
    "merah": "Rujuk ke puskesmas hari ini.",
    "kuning": "Catat kapan kehamilan berakhir, atau perbaiki HPHT-nya.",
    "biru": "Pantau tiap bulan, dan pastikan ibu bersalin di puskesmas atau rumah sakit.",
    "netral": "Lengkapi yang belum diketahui pada kunjungan berikutnya.",
    "hijau": "Periksa lagi pada kunjungan berikutnya.",
}
_BIDAN = "Minta bidan atau puskesmas memeriksa minggu ini."
_WEEK_STEPS = {
    KEK: (_BIDAN, "Usulkan PMT ibu hamil."),
    ANAEMIA: (_BIDAN, "Pastikan TTD diminum tiap hari."),
    HIGH_RISK: ("Antar ibu ke dokter puskesmas minggu ini, dan rencanakan tempat bersalinnya.",),
}


@dataclass(frozen=True)
class Carried:
    """A pregnancy as its last examinations left it; lengths in cm, Hb in g/dL, weight in kg."""

    hpht: date
    hpl_override: date | None = None
    born: date | None = None  # the mother
    gravida: int | None = None
    last_birth_on: date | None = None
    height_cm: Any = None
    pre_weight_kg: Any = None
    lila: Any = None
    hb: Any = None
    hb_on: date | None = None
    checked_on: date | None = None
    doctor_on: date | None = None

    @property
    def begun(self) -> date:
        return begun(self.hpht, self.hpl_override)

    @property
    def hpl(self) -> date:
        return self.hpl_override or naegele(self.hpht)


@dataclass(frozen=True)
class MotherAlert:
    """The level, the signs worst first, the reasons in words and what to do next."""

    level: str
    signs: tuple[Sign, ...]
    reasons: tuple[str, ...]
    next_step: str
    kinds: frozenset[str]  # kek, anemia, risiko, belum, lewat: what the list filters by

    @property
    def label(self) -> str:
        return LEVELS[self.level]

    @property
    def icon(self) -> str:
        return ALERT_ICONS.get(self.level, "○")

    @property
    def rank(self) -> int:
        """0 is the most pressing; what is not known yet comes after every known level."""
        return ALERT_RANK.get(self.level, NETRAL_RANK)


def mother_alert(carried: Carried, on: date, limits: Limits) -> MotherAlert:
    """Weigh everything known of a pregnancy on a day."""
    if is_overdue(carried.hpht, on, carried.hpl_override):
        late = Sign("kuning", LEVELS["kuning"], "", OVERDUE)
        return _alert("kuning", [late], [OVERDUE_SAID], frozenset({OVERDUE}))
    found = _signs(carried, limits)
    examined, rest = _unknown(carried, on, limits)
    reasons = [f"{sign.label}: {sign.text}" for sign in found] + examined + rest
    kinds = {sign.kind for sign in found} | ({NOT_EXAMINED} if examined else set())
    # What is not known is never called good.
    level = found[0].tone if found else "netral" if reasons else "hijau"
    return _alert(level, found, reasons or [WITHIN], frozenset(kinds))


def carried_by(mother: Any) -> Carried:
    """The values of a row of ``Mother.objects.with_state(on)`` that carries a pregnancy."""
    return Carried(
        hpht=mother.carried_hpht,
        hpl_override=mother.carried_hpl_override,
        born=mother.birth_date,
        gravida=mother.carried_gravida,
        last_birth_on=mother.carried_last_birth_on,
        height_cm=mother.carried_height_cm,
        pre_weight_kg=mother.carried_pre_weight_kg,
        **{name: getattr(mother, name) for name in
           ("lila", "hb", "hb_on", "checked_on", "doctor_on")},
    )  # fmt: skip


def carried_in(pregnancy: Any, checks: Iterable[Any]) -> Carried:
    """The values of a pregnancy, its mother and its counted examinations, newest first."""
    rows = list(checks)
    lila = next((c for c in rows if c.lila_cm is not None), None)
    bled = next((c for c in rows if c.hb is not None), None)
    return Carried(
        hpht=pregnancy.hpht,
        hpl_override=pregnancy.hpl_override,
        born=pregnancy.mother.birth_date,
        gravida=pregnancy.gravida,
        last_birth_on=pregnancy.last_birth_on,
        height_cm=pregnancy.height_cm,
        pre_weight_kg=pregnancy.pre_weight_kg,
        lila=lila.lila_cm if lila else None,
        hb=bled.hb if bled else None,
        hb_on=bled.checked_on if bled else None,
        checked_on=rows[0].checked_on if rows else None,
        doctor_on=next((c.checked_on for c in rows if c.by == "dokter"), None),
    )


def high_risk(carried: Carried, limits: Limits) -> list[tuple[str, str]]:
    """The 4T that hold, and a short mother, as (label, reason)."""
    found = four_t(
        hpht=carried.hpht, hpl=carried.hpl, born=carried.born, gravida=carried.gravida,
        last_birth_on=carried.last_birth_on, limits=limits,
    )  # fmt: skip
    return found + short_mother(carried.height_cm, limits)


def unrecorded(carried: Carried) -> list[str]:
    """What is not known of the mother, so that ``high_risk`` cannot be judged whole."""
    missing = unknown_of_four_t(carried.born, carried.gravida, carried.last_birth_on)
    return missing + (["tinggi badan"] if carried.height_cm is None else [])


def _signs(carried: Carried, limits: Limits) -> list[Sign]:
    """Every risk that is known, worst first."""
    bled = trimester(carried.begun, carried.hb_on, limits) if carried.hb_on else 3
    found = signs(carried.lila, carried.hb, bled, limits)
    found += thin(carried.pre_weight_kg, carried.height_cm)
    tone = "biru" if carried.doctor_on else "oranye"
    found += [Sign(tone, label, why, HIGH_RISK) for label, why in high_risk(carried, limits)]
    return sorted(found, key=lambda sign: ALERT_RANK[sign.tone])


def _unknown(carried: Carried, on: date, limits: Limits) -> tuple[list[str], list[str]]:
    """What was not examined (or too long ago), and what is not known of the mother."""
    absent = [word for word, value in (("LiLA", carried.lila), ("Hb", carried.hb)) if value is None]
    examined = [f"{' dan '.join(absent)} belum diperiksa pada kehamilan ini"] if absent else []
    if carried.hb is not None and carried.hb_on:
        now, then = (trimester(carried.begun, day, limits) for day in (on, carried.hb_on))
        # Hb is taken at the first visit and again in the third trimester.
        if now == 3 and then < 3:
            examined.append(
                f"Hb belum diperiksa lagi pada trimester III (trimester {ROMAN[then]}: "
                f"{number(float(carried.hb), 1)} g/dL)"
            )
    if carried.checked_on and on - carried.checked_on > STALE_AFTER:
        examined.append(f"Terakhir diperiksa {long_date(carried.checked_on)}, lebih dari 2 bulan")
    missing = unrecorded(carried)
    rest = [f"Risiko 4T belum dapat dinilai lengkap: {', '.join(missing)} belum tercatat"]
    return examined, rest if missing else []


def _alert(level: str, found: list[Sign], reasons: list[str], kinds: frozenset[str]) -> MotherAlert:
    return MotherAlert(level, tuple(found), tuple(reasons), _next_step(level, found), kinds)


def _next_step(level: str, found: list[Sign]) -> str:
    """What the level asks for; for the week's level what each kind of risk does, once."""
    if level != "oranye":
        return _NEXT_STEPS[level]
    kinds = [sign.kind for sign in found if sign.tone == "oranye"]
    return " ".join(dict.fromkeys(step for kind in kinds for step in _WEEK_STEPS[kind]))
