"""What a mother's card shows, as plain data: pregnancy, examinations, breastfeeding, children."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from growth.classify import ALERT_LABELS, Alert
from growth.words import measured, number
from regions.words import long_date
from registry.models import Breastfeeding, Pregnancy, PregnancyCheck
from registry.pregnancy import Sign, is_overdue, signs, trimester

_NEXT_STEPS = {
    "merah": "Rujuk ke puskesmas hari ini.",
    "oranye": "Minta bidan atau puskesmas memeriksa minggu ini, lalu usulkan PMT ibu hamil.",
    "kuning": "Catat kapan kehamilan berakhir, atau periksa HPHT-nya.",
    "netral": "Periksa LiLA dan Hb ibu pada kunjungan berikutnya.",
    "hijau": "Periksa lagi pada kunjungan berikutnya.",
}
OVERDUE = "Menurut HPHT, kehamilan ini sudah lewat 45 minggu"
WITHIN = "LiLA dan Hb terakhir dalam batas aman"


@dataclass(frozen=True)
class CheckRow:
    """One examination in words, with the risks it shows."""

    on: date
    weeks: str
    weight: str
    lila: str
    hb: str
    ttd: str
    signs: tuple[Sign, ...]
    who: str


@dataclass(frozen=True)
class Carried:
    """A pregnancy in words."""

    weeks: str
    trimester: int
    hpht: date
    hpl: date
    hpl_by: str
    gravida: int | None
    height: str
    alert: Alert
    title: str
    checks: tuple[CheckRow, ...]


def carried(pregnancy: Pregnancy, checks: Sequence[PregnancyCheck], on: date) -> Carried:
    """The pregnancy as it stands on the day; ``checks`` newest first."""
    height = pregnancy.height_cm
    level, reasons = _state(pregnancy, checks, on)
    label = "Belum lengkap diperiksa" if level == "netral" else ALERT_LABELS[level]
    return Carried(
        weeks=pregnancy.weeks_text(on),
        trimester=trimester(pregnancy.hpht, on),
        hpht=pregnancy.hpht,
        hpl=pregnancy.hpl,
        hpl_by="menurut bidan atau USG" if pregnancy.hpl_override else "dihitung dari HPHT",
        gravida=pregnancy.gravida,
        height=f"{number(float(height), 1)} cm" if height is not None else "",
        alert=Alert(level, tuple(reasons), _NEXT_STEPS[level]),
        title="Catat akhir kehamilan" if level == "kuning" else label,
        checks=tuple(check_row(pregnancy, check) for check in checks),
    )


def check_row(pregnancy: Pregnancy, check: PregnancyCheck) -> CheckRow:
    weight, hpht = check.weight_kg, pregnancy.hpht
    return CheckRow(
        on=check.checked_on,
        weeks=pregnancy.weeks_text(check.checked_on),
        weight=measured(float(weight)) if weight is not None else "",
        lila=number(float(check.lila_cm), 1) if check.lila_cm is not None else "",
        hb=number(float(check.hb), 1) if check.hb is not None else "",
        ttd=str(check.ttd) if check.ttd is not None else "",
        signs=tuple(signs(check.lila_cm, check.hb, trimester(hpht, check.checked_on))),
        who=str(check.created_by or ""),
    )


def _state(
    pregnancy: Pregnancy, checks: Sequence[PregnancyCheck], on: date
) -> tuple[str, list[str]]:
    """The level and its reasons: the last LiLA and the last Hb count, each by its own day."""
    if is_overdue(pregnancy.hpht, on):
        return "kuning", [OVERDUE]
    lila = next((c.lila_cm for c in checks if c.lila_cm is not None), None)
    bled = next((c for c in checks if c.hb is not None), None)
    weeks = trimester(pregnancy.hpht, bled.checked_on) if bled else None
    found = signs(lila, bled.hb if bled else None, weeks)
    reasons = [f"{sign.label}: {sign.text}" for sign in found]
    missing = [word for word, known in (("LiLA", lila), ("Hb", bled)) if known is None]
    if missing:
        reasons.append(f"{' dan '.join(missing)} belum diperiksa pada kehamilan ini")
    # What was not examined is never called good.
    level = found[0].tone if found else "netral" if missing else "hijau"
    return level, reasons or [WITHIN]


def child_rows(children: Sequence[Any], on: date) -> list[dict[str, Any]]:
    """The mother's children with the sign of their latest visit (``with_latest``)."""
    return [
        {
            "name": child.name,
            "url": reverse("registry:child", args=[child.code]),
            "age": child.age_text(on),
            "tone": child.latest_alert or "netral",
            "label": ALERT_LABELS.get(child.latest_alert, "Belum diukur"),
        }
        for child in children
    ]


def items(
    pregnancies: Sequence[Pregnancy], nursings: Sequence[Breastfeeding]
) -> list[dict[str, Any]]:
    """The mother's own part of the timeline; checks come with their pregnancies, prefetched."""
    found = []
    for pregnancy in pregnancies:
        found += [_check_item(pregnancy, check) for check in pregnancy.checks.all()]
        if pregnancy.ended_on:
            found.append({"when": pregnancy.ended_on, "title": "Kehamilan berakhir"})
    for nursing in nursings:
        name = f" {nursing.child.name}" if nursing.child else ""
        found.append({"when": nursing.started_on, "title": f"Mulai menyusui{name}"})
        if nursing.ended_on:
            found.append({"when": nursing.ended_on, "title": f"Berhenti menyusui{name}"})
    return found


def _check_item(pregnancy: Pregnancy, check: PregnancyCheck) -> dict[str, Any]:
    row = check_row(pregnancy, check)
    said = [row.weight and f"{row.weight} kg", row.lila and f"LiLA {row.lila} cm",
            row.hb and f"Hb {row.hb} g/dL", row.ttd and f"TTD {row.ttd} butir"]  # fmt: skip
    return {
        "when": check.checked_on,
        "title": f"Diperiksa: {', '.join(part for part in said if part)}",
        "text": ". ".join(f"{sign.label} ({sign.text})" for sign in row.signs),
        "who": row.who,
        "tone": row.signs[0].tone if row.signs else "hijau",
    }


def ended_words(pregnancy: Pregnancy) -> str:
    return f"HPHT {long_date(pregnancy.hpht)}, berakhir {long_date(pregnancy.ended_on)}"
