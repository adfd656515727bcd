"""What the pregnancy on a mother's card says, as plain data: facts, weight gain, examinations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from growth.words import measured, number
from regions.words import long_date
from registry.models import Pregnancy, PregnancyCheck
from registry.mothers.alert import (
    OVERDUE,
    Carried,
    MotherAlert,
    carried_in,
    high_risk,
    mother_alert,
    unrecorded,
)
from registry.mothers.antenatal import (
    PMT_KG_A_WEEK,
    ROMAN,
    Anc,
    Gain,
    Visit,
    a_week,
    anc,
    gain,
    gain_range,
)
from registry.mothers.pregnancy import (
    KEK,
    Limits,
    Sign,
    bmi,
    gestation,
    signs,
    trimester,
)
from registry.mothers.weight_chart import Weighing, WeightChart, signed, weight_chart

_VERDICTS = {
    "kurang": ("kuning", "Kurang dari anjuran"),
    "sesuai": ("hijau", "Sesuai anjuran"),
    "lebih": ("biru", "Lebih dari anjuran"),
}


@dataclass(frozen=True)
class CheckRow:
    """One examination in words, with the risks it shows and what it was before a correction."""

    on: date
    weeks: str
    weight: str
    lila: str
    hb: str
    ttd: str
    signs: tuple[Sign, ...]
    by: str
    who: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One line of the pregnancy: its name, value, notes under it, and a tone when judged."""

    label: str
    value: str
    notes: tuple[str, ...] = ()
    tone: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class PregnancyCard:
    """A pregnancy in words."""

    weeks: str
    trimester: str
    overdue: bool
    alert: MotherAlert
    facts: tuple[Fact, ...]
    chart: WeightChart | None
    checks: tuple[CheckRow, ...]


def carried(
    pregnancy: Pregnancy, rows: Sequence[PregnancyCheck], on: date, limits: Limits
) -> PregnancyCard:
    """The pregnancy as it stands on the day; ``rows`` are all revisions, newest first."""
    checks = [row for row in rows if not row.superseded]
    state = carried_in(pregnancy, checks)
    alert = mother_alert(state, on, limits)
    gained = _gained(pregnancy, checks)
    return PregnancyCard(
        weeks=pregnancy.weeks_text(on),
        trimester=ROMAN[trimester(state.begun, on, limits)],
        overdue=OVERDUE in alert.kinds,
        alert=alert,
        facts=(
            *_facts(pregnancy, checks, state, on, limits),
            *_gain_facts(pregnancy, checks, gained, thin=KEK in alert.kinds, limits=limits),
        ),
        chart=_chart(pregnancy, checks, gained) if gained else None,
        checks=tuple(check_row(pregnancy, check, rows, limits) for check in checks),
    )


# --- Examinations ------------------------------------------------------------------------------


def check_row(
    pregnancy: Pregnancy, check: PregnancyCheck, rows: Sequence[PregnancyCheck], limits: Limits
) -> CheckRow:
    """One row of the table; ``rows`` hold the revisions it replaced."""
    taken_in = trimester(pregnancy.begun, check.checked_on, limits)
    weight = check.weight_kg
    return CheckRow(
        on=check.checked_on,
        weeks=pregnancy.weeks_text(check.checked_on),
        weight=measured(float(weight)) if weight is not None else "",
        lila=number(float(check.lila_cm), 1) if check.lila_cm is not None else "",
        hb=number(float(check.hb), 1) if check.hb is not None else "",
        ttd=str(check.ttd) if check.ttd is not None else "",
        signs=tuple(signs(check.lila_cm, check.hb, taken_in, limits)),
        by=check.get_by_display(),
        who=str(check.created_by or ""),
        notes=tuple(_notes(check, rows)),
    )


def check_words(check: PregnancyCheck) -> str:
    """``52,5 kg, LiLA 23,4 cm, Hb 10,6 g/dL, TTD 30 butir``."""
    parts = (
        (check.weight_kg, "{} kg", 2), (check.lila_cm, "LiLA {} cm", 1),
        (check.hb, "Hb {} g/dL", 1), (check.ttd, "TTD {} butir", 0),
    )  # fmt: skip
    return ", ".join(
        said.format(measured(float(value)) if places == 2 else number(float(value), places))
        for value, said, places in parts
        if value is not None
    )


def _notes(check: PregnancyCheck, rows: Sequence[PregnancyCheck]) -> list[str]:
    same = sorted(
        (row for row in rows if row.checked_on == check.checked_on), key=lambda row: row.revision
    )
    return [
        f"Semula {check_words(old)}. Diperbaiki: {new.reason}"
        for old, new in zip(same, same[1:], strict=False)
    ]


# --- Facts -------------------------------------------------------------------------------------


def _facts(
    pregnancy: Pregnancy,
    checks: Sequence[PregnancyCheck],
    state: Carried,
    on: date,
    limits: Limits,
) -> list[Fact]:
    age, part = pregnancy.weeks_text(on), ROMAN[trimester(state.begun, on, limits)]
    moved = pregnancy.begun != pregnancy.hpht
    height, imt = pregnancy.height_cm, bmi(pregnancy.pre_weight_kg, pregnancy.height_cm)
    before = pregnancy.pre_weight_kg
    visits = [Visit(check.checked_on, check.by) for check in checks]
    taken = sum(check.ttd or 0 for check in checks)
    by = "menurut bidan atau USG" if pregnancy.hpl_override else "dihitung dari HPHT"
    return [
        Fact("Umur kehamilan", f"{age}, trimester {part}", ("menurut HPL itu",) if moved else ()),
        Fact("HPL", long_date(pregnancy.hpl), (by,)),
        Fact("HPHT", long_date(pregnancy.hpht)),
        Fact("Kehamilan ke", str(pregnancy.gravida or "–")),
        Fact("Tinggi badan", f"{number(float(height), 1)} cm" if height is not None else "–"),
        Fact(
            "Berat sebelum hamil",
            f"{measured(float(before))} kg" if before is not None else "–",
            (f"IMT {number(imt, 1)}",) if imt is not None else (),
        ),
        _four_t(state, limits),
        Fact("TTD diminum", f"{taken} dari {number(limits.ttd_tablets)} butir"),
        _anc(anc(visits, state.begun, on, limits)),
    ]


def _four_t(state: Carried, limits: Limits) -> Fact:
    """What of 4T and height holds; "Tidak ada" only when everything is known."""
    held = [f"{label}: {why}" for label, why in high_risk(state, limits)]
    missing = unrecorded(state)
    notes = (f"Belum tercatat: {', '.join(missing)}",) if missing else ()
    return Fact("Risiko 4T dan tinggi", "; ".join(held) or ("–" if missing else "Tidak ada"), notes)


def _anc(counted: Anc) -> Fact:
    done = ", ".join(
        f"{ROMAN[no]} {had}/{wanted}" for no, (had, wanted) in counted.by_trimester.items()
    )
    lacking = (f"Kurang: {', '.join(counted.lacking)}",) if counted.lacking else ()
    value = f"{counted.total} dari {counted.wanted} kali"
    return Fact("Kunjungan ANC", value, (f"Trimester {done}", *lacking))


# --- Weight ------------------------------------------------------------------------------------


def _weighed(checks: Sequence[PregnancyCheck]) -> list[tuple[date, float]]:
    """Weighings, oldest first."""
    told = [(c.checked_on, float(c.weight_kg)) for c in checks if c.weight_kg is not None]
    return sorted(told)


def _gained(pregnancy: Pregnancy, checks: Sequence[PregnancyCheck]) -> Gain | None:
    """The gain at the last weighing; None without weight before pregnancy, height or weighing."""
    imt, weighed = bmi(pregnancy.pre_weight_kg, pregnancy.height_cm), _weighed(checks)
    if imt is None or not weighed or pregnancy.pre_weight_kg is None:
        return None
    on, weight = weighed[-1]
    age = gestation(pregnancy.begun, on)
    return gain(float(pregnancy.pre_weight_kg), imt, weight, age[0]) if age else None


def _gain_facts(
    pregnancy: Pregnancy,
    checks: Sequence[PregnancyCheck],
    gained: Gain | None,
    *,
    thin: bool,
    limits: Limits,
) -> list[Fact]:
    found = [_gain_fact(gained)]
    weighed = _weighed(checks)
    if thin and len(weighed) > 1:
        (since, _), (until, _) = pair = weighed[-2:]
        rate = a_week(*pair)
        if rate is not None and trimester(pregnancy.begun, until, limits) > 1:
            said = f"{number(round(rate, 2))} kg per minggu sejak {long_date(since)}"
            want = f"anjuran untuk ibu KEK sekitar {number(PMT_KG_A_WEEK)} kg per minggu"
            found.append(Fact("Kenaikan terakhir", said, (want,)))
    return found


def _gain_fact(gained: Gain | None) -> Fact:
    name = "Kenaikan berat"
    if gained is None:
        return Fact(name, "–", ("Perlu berat sebelum hamil, tinggi, dan penimbangan",))
    tone, verdict = _VERDICTS.get(gained.verdict, ("", ""))
    value = f"{signed(gained.kg)} sampai minggu {gained.weeks}"
    total = f"seluruh kehamilan {_range(gained.total)}"
    now = (f"Anjuran sampai minggu itu {_range(gained.now)}",) if verdict else ()
    return Fact(name, value, (*now, f"Anjuran {total}"), tone, verdict)


def _range(limits: tuple[float, float]) -> str:
    return f"{number(limits[0])}–{number(limits[1])} kg"


def _chart(
    pregnancy: Pregnancy, checks: Sequence[PregnancyCheck], gained: Gain
) -> WeightChart | None:
    before = float(pregnancy.pre_weight_kg or 0)
    imt = bmi(before, pregnancy.height_cm)
    points = [
        Weighing(on, (on - pregnancy.begun).days / 7, round(weight - before, 2))
        for on, weight in _weighed(checks)
        if on >= pregnancy.begun
    ]
    if imt is None or not points:
        return None
    verdict = _VERDICTS[gained.verdict][1].lower() if gained.verdict else ""
    judged = f", {verdict}" if verdict else ""
    sentence = (
        f"{signed(gained.kg)} sampai minggu {gained.weeks}{judged}. "
        f"Anjuran seluruh kehamilan {_range(gain_range(imt))}."
    )
    return weight_chart(imt, points, sentence)
