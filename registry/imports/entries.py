"""One row of a list as it would be stored: a child, its family, its visits, in plain values.

An ``Entry`` is made of what was read (``values.Read``) and of the place the row names. It is kept
in ``ImportRow.values`` between the analysis and the writing; NIK and KK only encrypted.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from growth.age import approximate_birth_date
from regions.models import Posyandu, Region
from registry.forms.report import OLDEST, TOO_OLD
from registry.identity import index_of, keyed, opened, sealed
from registry.models import Child
from registry.names import name_key

VISIT = ("weight_kg", "length_height_cm", "measure", "lila_cm")
# What goes into a column as it is.
FIGURES = ("birth_weight_g", "birth_length_cm", "birth_order", "gestation_weeks")
PLAIN = ("father_name", "mother_name", "phone", "job", "address", "rt", "rw", *FIGURES)
NUMBERS = ("nik", "kk", "mother_nik")
TEXTS = (*NUMBERS, "phone", "address", "rt", "rw")
NO_SEX = "Jenis kelamin kosong."
NO_PARENT = "Nama ibu dan ayah kosong. Isi salah satu."
NO_DAY = "Umur tanpa tanggal ukur: tidak dapat dihitung menjadi tanggal lahir."


class Unfit(Exception):
    """Why a row cannot be stored, as the sentences to show."""


@dataclass(slots=True)
class Entry:
    """``desa`` and ``posyandu`` are keys of ours; ``visits`` by day, the first first."""

    name: str
    sex: str
    birth_date: date
    is_approximate: bool
    desa: int
    posyandu: int | None
    nik: str = ""
    kk: str = ""
    mother_nik: str = ""
    father_name: str = ""
    mother_name: str = ""
    phone: str = ""
    job: str = ""
    address: str = ""
    rt: str = ""
    rw: str = ""
    birth_weight_g: int | None = None
    birth_length_cm: Decimal | None = None
    birth_order: int | None = None
    gestation_weeks: int | None = None
    visits: dict[date, dict[str, Any]] = field(default_factory=dict)
    name_key: str = ""
    nik_index: str | None = None

    def __post_init__(self) -> None:
        self.name_key = name_key(self.name)
        self.nik_index = index_of(self.nik)

    @property
    def words(self) -> str:
        """The words by which the list calls this child, keyed: the same row again has the same."""
        said = "|".join((self.name_key, str(self.birth_date), str(self.desa), self.mother_name,
                         self.father_name))  # fmt: skip
        return keyed(f"words:{said}")

    def pack(self) -> dict[str, Any]:
        """As JSON holds it; what is empty is left out."""
        kept: dict[str, Any] = {
            "name": self.name, "sex": self.sex, "born": str(self.birth_date),
            "approx": self.is_approximate, "desa": self.desa, "posyandu": self.posyandu,
            "visits": [[str(day), *map(_plain, _numbers(visit))]
                       for day, visit in self.visits.items()],
        }  # fmt: skip
        kept |= {name: _plain(value) for name in PLAIN if (value := getattr(self, name))}
        return kept | {name: sealed(value) for name in NUMBERS if (value := getattr(self, name))}

    @classmethod
    def unpack(cls, kept: dict[str, Any]) -> "Entry":
        """The entry of what ``pack`` gave."""
        texts: dict[str, Any] = {name: kept[name] for name in PLAIN if name in kept}
        if "birth_length_cm" in texts:
            texts["birth_length_cm"] = Decimal(texts["birth_length_cm"])
        texts |= {name: opened(kept[name]) for name in NUMBERS if name in kept}
        return cls(
            name=kept["name"], sex=kept["sex"], birth_date=date.fromisoformat(kept["born"]),
            is_approximate=kept["approx"], desa=kept["desa"], posyandu=kept["posyandu"],
            visits=dict(map(_visit, kept["visits"])), **texts,
        )  # fmt: skip


def _numbers(visit: dict[str, Any]) -> list[Any]:
    return [visit[name] for name in VISIT]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _visit(kept: list[Any]) -> tuple[date, dict[str, Any]]:
    day, weight, length, measure, lila = kept
    numbers = [Decimal(text) if text is not None else None for text in (weight, length, lila)]
    visit = dict(zip(("weight_kg", "length_height_cm", "lila_cm"), numbers, strict=True))
    return date.fromisoformat(day), visit | {"measure": measure}


def entry_of(
    values: dict[str, Any],
    visits: list[dict[str, Any]],
    place: tuple[Region, Posyandu | None],
    *,
    today: date,
    data_date: date | None = None,
) -> Entry:
    """The entry of what was read in a row. Raises Unfit.

    An age in months becomes an approximate birth date, reckoned from the first visit, the day of
    the report, or the day the list says its data are of (design.md §4).
    """
    days = {visit["measured_on"]: visit for visit in sorted(visits, key=lambda v: v["measured_on"])}
    born, is_approximate = _born(values, next(iter(days), None), data_date)
    wrong = [NO_SEX] if not values.get("sex") else []
    parents = {name: values.get(name, "") for name in ("mother_name", "father_name")}
    if not any(parents.values()):
        # One name, and nobody says whose: kept as text, which makes no mother of a father.
        parents["father_name"] = values.get("parent_name", "")
    if not any(parents.values()):
        wrong.append(NO_PARENT)
    if born is None:
        wrong.append(NO_DAY)
    elif born < today - OLDEST:
        wrong.append(TOO_OLD)
    if wrong or born is None:
        raise Unfit(" ".join(wrong))
    desa, posyandu = place
    said: dict[str, Any] = {name: values.get(name) or "" for name in TEXTS}
    said |= {name: values.get(name) for name in FIGURES}
    return Entry(
        name=values["child_name"], sex=values["sex"], birth_date=born,
        is_approximate=is_approximate, desa=desa.pk, posyandu=posyandu.pk if posyandu else None,
        job=(values.get("parent_job") or "")[:80], visits=days, **parents, **said,
    )  # fmt: skip


def _born(
    values: dict[str, Any], first_visit: date | None, data_date: date | None
) -> tuple[date | None, bool]:
    if values.get("birth_date"):
        return values["birth_date"], False
    reference = first_visit or values.get("reported_at") or data_date
    if reference is None or values.get("age_months") is None:
        return None, True
    return approximate_birth_date(reference, values["age_months"]), True


def same_birth(one: Any, other: Any) -> bool:
    """Whether two birth dates may be one: equal, or within a month where one is approximate."""
    if one.is_approximate or other.is_approximate:
        return abs(one.birth_date - other.birth_date) <= timedelta(days=31)
    return bool(one.birth_date == other.birth_date)


def precision_of(entry: Entry) -> str:
    return Child.Precision.MONTH if entry.is_approximate else Child.Precision.DAY
