"""A timeline on one page of paper: who it is about, and the newest events that fit."""

from collections.abc import Sequence
from datetime import datetime

from growth.classify import ALERT_LABELS
from regions.words import long_date
from registry import paper_timeline
from registry.families import life
from registry.models import Child, Household, Mother
from registry.paper_timeline import shortened
from registry.timeline import KINDS, Item, Known

TRIES = (46, 38, 30, 22, 14, 9, 5, 2, 0)  # how many events are tried, until it is one page
_NAME, _ADDRESS = 60, 120  # letters that stand on the paper
Facts = list[tuple[str, str]]


def timeline_pdf(person: Known, items: Sequence[Item], kind: str, who: str, now: datetime) -> bytes:
    """The PDF of one page; ``items`` are narrowed to ``kind`` already ("" = everything)."""
    name = shortened(name_of(person), _NAME)
    words = {
        "title": f"Riwayat {name}",
        "name": name,
        "facts": facts(person, now),
        "kind": KINDS.get(kind, ""),
        "who": who,
        "now": now,
        "made": now,
    }
    template = "registry/timelines/paper.html"
    return paper_timeline.one_page(template, person.programme, words, items, TRIES)


def name_of(person: Known) -> str:
    """The child's or mother's name; of a family, its head's."""
    if isinstance(person, Household):
        return f"keluarga {person.head_name}" if person.head_name else "keluarga"
    return person.name


def facts(person: Known, now: datetime) -> Facts:
    """``[(label, words)]``: who it is about; numbers are masked."""
    of = {Child: _of_child, Mother: _of_mother, Household: _of_household}
    own: Facts = of[type(person)](person, now)  # type: ignore[operator]
    place = f"Posyandu {person.posyandu.name}" if person.posyandu else "Posyandu belum diketahui"
    return [*own, ("Tempat", f"{place}, {person.desa.title}")]


def _of_child(child: Child, now: datetime) -> Facts:
    today = child.programme.local(now).date()
    about = "≈ " if child.is_approximate else ""
    parents = [child.mother.name if child.mother else "", child.father_name]
    return [
        ("Anak", f"{child.get_sex_display()}, {child.age_text(today)}"),
        ("Tanggal lahir", f"{about}{long_date(child.birth_date)}"),
        ("NIK", child.nik_masked or "–"),
        ("Ibu / ayah", " / ".join(shortened(name, _NAME) for name in parents if name) or "–"),
        ("Keadaan", life.away_words(child, today) or _sign(child)),
        ("Alamat", shortened(child.household.full_address, _ADDRESS)),
    ]


def _sign(child: Child) -> str:
    """The sign of the last counted visit with its day."""
    visit = child.last_visit
    if visit is None:
        return "Belum diukur"
    return f"{ALERT_LABELS.get(visit.alert, '–')}, diukur {long_date(visit.measured_on)}"


def _of_mother(mother: Mother, now: datetime) -> Facts:
    today = mother.programme.local(now).date()
    return [
        ("Tanggal lahir", long_date(mother.birth_date)),
        ("NIK", mother.nik_masked or "–"),
        ("Kepala keluarga", shortened(mother.household.head_name or "–", _NAME)),
        ("Keadaan", life.away_words(mother, today) or "Tinggal di kecamatan ini"),
        ("Alamat", shortened(mother.household.full_address, _ADDRESS)),
    ]


def _of_household(household: Household, now: datetime) -> Facts:
    return [
        ("Nomor KK", household.kk_masked or "–"),
        ("Dasawisma", household.dasawisma or "–"),
        ("Alamat", shortened(household.full_address, _ADDRESS)),
    ]
