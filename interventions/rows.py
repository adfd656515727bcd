"""One line of a list, whatever it is about: a target, or a help in any status."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from interventions import targets
from interventions.indications import FIRST_MONTH
from interventions.life import Status
from interventions.models import PmtEpisode, SanitationWork
from regions.words import long_date, number
from registry.families.life import away_words


@dataclass
class Row:
    """What the templates print; ``action`` is (words, url) of the next step."""

    title: str
    url: str
    desa: str
    what: str
    progress: str = ""
    when: str = ""
    state: str = ""
    tone: str = "netral"
    action: tuple[str, str] | None = None


def child_row(child: Any, user: Any, today: date) -> Row:
    """A child who needs help, a row of ``targets.children``."""
    urgent = child.latest_alert == "merah"
    about = "≈ " if child.is_approximate else ""
    low = [f"{label} {about}{said}" for label, said in _low(child)]
    too_young = child.months(today) < FIRST_MONTH
    row = Row(
        title=child.name,
        url=reverse("registry:child", kwargs={"code": child.code}),
        desa=child.desa.name,
        what=" · ".join(low) or "Tanda bahaya pada ukuran terakhir",
        progress=f"{child.months(today)} bulan",
        when=f"Diukur {long_date(child.latest_measured_on)}",
        state=_need(urgent, too_young),
        tone="merah" if urgent else "oranye",
    )
    if user.may("run_interventions") and not (urgent or too_young):
        url = reverse("interventions:plan-pmt-child", kwargs={"code": child.code})
        row.action = ("Rencanakan PMT", url)
    return row


def _low(child: Any) -> list[tuple[str, str]]:
    """The indices below −2 SD; a height that was not taken this time says when it was."""
    found = []
    for name, label in (("haz", "TB/U"), ("whz", "BB/TB"), ("waz", "BB/U")):
        z, known = _last(child, name), _last(child, f"known_{name}")
        if z is not None and z < -2 and not _last(child, f"{name}_flag"):
            found.append((label, number(z, 2)))
        elif known is not None and known < -2:
            on = long_date(_last(child, f"known_{name}_on"))
            found.append((label, f"{number(known, 2)} (diukur {on})"))
    return found


def _last(child: Any, column: str) -> Any:
    """A column of the last visit; BB/U is never carried on."""
    return getattr(child, f"latest_{column}", None)


def _need(urgent: bool, too_young: bool) -> str:
    """What the child needs first; a baby under six months is not fed but looked at."""
    if urgent:
        return "Rujuk ke puskesmas"
    return "Diperiksa bidan" if too_young else "Perlu PMT"


def pregnancy_row(pregnancy: Any, user: Any, today: date) -> Row:
    """A pregnant woman at risk of KEK, with ``lila`` and ``lila_on`` of ``targets``."""
    row = Row(
        title=pregnancy.mother.name,
        url=reverse("registry:mother", kwargs={"code": pregnancy.mother.code}),
        desa=pregnancy.desa.name,
        what=f"LiLA {number(pregnancy.lila, 1)} cm",
        progress=f"Hamil {pregnancy.weeks_text(today)}",
        when=f"Diperiksa {long_date(pregnancy.lila_on)}",
        state="Risiko KEK",
        tone="oranye",
    )
    if user.may("run_interventions"):
        url = reverse("interventions:plan-pmt-pregnancy", kwargs={"code": pregnancy.code})
        row.action = ("Rencanakan PMT", url)
    return row


def household_row(household: Any, user: Any) -> Row:
    """A family with what is not yet fit about its home."""
    unfit = [
        (household.water in targets.BAD_WATER, f"Air: {household.get_water_display()}"),
        (household.latrine in targets.BAD_LATRINE, f"Jamban: {household.get_latrine_display()}"),
        (household.house in targets.BAD_HOUSE, f"Rumah: {household.get_house_display()}"),
    ]
    url = reverse("interventions:plan-work", kwargs={"code": household.code})
    may = user.may("run_interventions")
    return Row(
        title=str(household),
        url=household.get_absolute_url(),
        desa=household.desa.name,
        what=" · ".join(words for bad, words in unfit if bad),
        progress=household.address,
        state="Belum layak",
        tone="oranye",
        action=("Rencanakan pekerjaan", url) if may else None,
    )


def help_row(thing: Any, today: date) -> Row:
    """A help in any status."""
    row = Row(
        title=_title(thing),
        url=thing.get_absolute_url(),
        desa=thing.desa.name,
        what=_what(thing, today),
        when=_when(thing),
        state=thing.get_status_display(),
        tone=thing.tone,
    )
    if isinstance(thing, PmtEpisode):
        row.progress = f"Dimakan {thing.eaten}/{thing.planned_days} hari"  # type: ignore[attr-defined]
    if thing.is_open and thing.due < today:
        row.state, row.tone = "Lewat rencana", "merah"
    away = away_words(thing.person, today) if isinstance(thing, PmtEpisode) else ""
    if thing.is_open and away:
        row.state, row.tone = away, "oranye"
    return row


def _title(thing: Any) -> str:
    if isinstance(thing, PmtEpisode):
        return thing.person.name
    return str(thing.household) if isinstance(thing, SanitationWork) else thing.title


def _what(thing: Any, today: date) -> str:
    if isinstance(thing, PmtEpisode):
        return f"{thing.group(today)} · {thing.get_indication_display()}"
    return thing.get_kind_display()


def _when(thing: Any) -> str:
    word = {Status.PLANNED: "Mulai", Status.RUNNING: "Sampai"}.get(thing.status, "Berakhir")
    return f"{word} {long_date(thing.due)}"
