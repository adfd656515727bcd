"""Usulan Audit Kasus Stunting: which children of a list, and what the audit team must know of each.

Proposed is who is very short or badly wasted at the visit that counts, and whose last PMT has ended
without recovery. The team decides; the file only says why each was proposed (domain.md §6.5).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.paging import Keyed
from growth.words import long_date, number, sd
from interventions.before_after import outcomes_of
from interventions.life import ENDED, Status
from interventions.models import PmtEpisode, SanitationWork
from registry.alerts import answers
from registry.exports.about import about
from registry.exports.cells import DAY, ONE, TEXT, TWO, WHOLE, Column
from registry.exports.people import SEXES, alert_words, status
from registry.exports.sheets import Export, Table
from registry.identity import masked
from registry.lists import ChildList
from registry.models import AlertAnswer, Child, Measurement
from registry.models.children import told_by

AT_ONCE = 200  # children whose visits and helps are read together
VISITS_SHOWN = 3
VERY_SHORT = Q(haz__lt=-3, haz_flag=False)
BADLY_WASTED = Q(whz__lt=-3, whz_flag=False) | Q(oedema=True)
NOTES = (
    "Diusulkan: sangat pendek atau gizi buruk pada ukuran terakhir, atau PMT terakhir berakhir "
    "dan anak belum pulih. Tim audit yang memutuskan.",
    "Tiga ukuran terakhir ditulis dari yang terbaru.",
)


@dataclass
class Case:
    """One child proposed, with all that a row of the file says."""

    child: Any
    visits: list[Measurement] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)
    answer: AlertAnswer | None = None
    reasons: list[str] = field(default_factory=list)


def export(chosen: ChildList) -> Export:
    """The proposed children of a list, in its order."""
    title = f"Usulan audit kasus stunting dari daftar {chosen.noun}"
    return Export(
        file_name=f"usulan-aks-{chosen.user.programme.code}-{chosen.on}",
        about=lambda count: about(chosen.user, title, chosen.said, chosen.on, count, *NOTES),
        tables=(Table("Usulan AKS", columns(chosen), lambda: cases(chosen)),),
        count=lambda: sum(1 for _ in cases(chosen)),
    )


def cases(chosen: ChildList) -> Iterator[Case]:
    """Who is proposed; a few questions for every ``AT_ONCE`` children."""
    helped = PmtEpisode.objects.filter(child=OuterRef("pk"), status__in=ENDED)
    severe = Q(told_by(chosen.visits, VERY_SHORT | BADLY_WASTED))
    rows = chosen.rows().filter(severe | Q(Exists(helped)))
    walk = chosen.order.walk(Keyed(rows, _shown), AT_ONCE)
    while children := list(islice(walk, AT_ONCE)):
        yield from (case for case in _filled(children, chosen) if case.reasons)


def _shown(rows: Any) -> Any:
    return rows.select_related("household", "mother", "desa", "posyandu", "programme")


def _filled(children: Sequence[Child], chosen: ChildList) -> list[Case]:
    visits, episodes, works, replies = _read(children, chosen)
    outcomes = outcomes_of([e for e in episodes if e.status in ENDED], chosen.on)
    found = []
    for child in children:
        case = Case(child, visits[child.pk])
        mine = [episode for episode in episodes if episode.child_id == child.pk]
        case.helps = [_pmt(one) for one in mine]
        case.helps += [_work(one) for one in works if one.household_id == child.household_id]
        last = case.visits[0] if case.visits else None
        case.answer = next(iter(answers.standing(replies[child.pk], last)), None)
        ended = [outcomes[one.pk] for one in mine if one.status in ENDED]
        case.reasons = [*_severe(last, chosen), *_unrecovered(mine, ended)]
        found.append(case)
    return found


def _read(children: Sequence[Child], chosen: ChildList) -> tuple[Any, ...]:
    """The visits, helps and answers of these children; four questions."""
    visits: dict[int, list[Measurement]] = defaultdict(list)
    rows = Measurement.objects.current().filter(child__in=children, measured_on__lte=chosen.on)
    for visit in rows.order_by("-measured_on"):
        visits[visit.child_id].append(visit)
    of_child = PmtEpisode.objects.filter(child__in=children).with_days()
    episodes = list(of_child.select_related("partner", "child").order_by("-planned_start", "id"))
    homes = {child.household_id for child in children}
    works = list(SanitationWork.objects.filter(household__in=homes).select_related("partner"))
    replies: dict[int, list[AlertAnswer]] = defaultdict(list)
    about_them = AlertAnswer.objects.filter(child__in=children)
    for reply in about_them.select_related("measurement", "created_by"):
        replies[reply.child_id or 0].append(reply)
    return visits, episodes, works, replies


# --- Why ---------------------------------------------------------------------------------------


def _severe(last: Measurement | None, chosen: ChildList) -> list[str]:
    """What the visit that counts says; of a past month only a visit of that month."""
    if last is None or (chosen.first and last.measured_on < chosen.first):
        return []
    said = []
    if last.oedema:
        said.append("Gizi buruk (edema)")
    for name, words in (("haz", "Sangat pendek (TB/U"), ("whz", "Gizi buruk (BB/TB")):
        z = getattr(last, name)
        if z is not None and z < -3 and not getattr(last, f"{name}_flag"):
            said.append(f"{words} {sd(float(z))})")
    return said


def _unrecovered(episodes: Sequence[PmtEpisode], ended: Iterable[Any]) -> list[str]:
    """Of the last PMT that ended, when the child was measured after it and had not recovered."""
    last = next((one for one in episodes if one.status in ENDED), None)
    outcome = next(iter(ended), None)
    if last is None or outcome is None or outcome.reached is not False:
        return []
    word = "berakhir" if last.status == Status.COMPLETED else "dihentikan"
    before, after = (number(float(p.value), 2) for p in (outcome.before, outcome.after))
    on = long_date(last.ended_on) if last.ended_on else "–"
    return [f"PMT {word} {on}, belum pulih ({outcome.measure} {before} menjadi {after})"]


def _pmt(episode: Any) -> str:
    """``PMT (Pendek/sangat pendek), dimakan 40/56 hari, Selesai, Mitra Contoh``."""
    eaten = f"dimakan {episode.eaten}/{episode.planned_days} hari"
    why = episode.get_indication_display()
    return f"PMT ({why}), {eaten}, {episode.get_status_display()}, {_payer(episode)}"


def _work(work: SanitationWork) -> str:
    return f"{work.get_kind_display()}, {work.get_status_display()}, {_payer(work)}"


def _payer(thing: Any) -> str:
    return thing.partner.name if thing.partner_id else thing.get_funding_display()


# --- Columns -----------------------------------------------------------------------------------


def columns(chosen: ChildList) -> tuple[Column, ...]:
    def child(label: str, path: str, kind: str = TEXT, width: int = 12) -> Column:
        read = attrgetter(path)
        return Column(label, lambda case: read(case.child), kind, width)

    return (
        child("Kode", "code", width=18),
        child("Nama anak", "name", width=28),
        Column("NIK (disamarkan)", lambda case: masked(case.child.nik), width=18),
        Column("Jenis kelamin", lambda case: SEXES[case.child.sex]),
        child("Tanggal lahir", "birth_date", DAY),
        Column("Umur (bulan)", lambda case: case.child.months(chosen.on), WHOLE, 8),
        Column("Nama ibu", _mother, width=28),
        child("Nama ayah", "father_name", width=28),
        child("Alamat", "household.address", width=30),
        child("RT", "household.rt", width=5),
        child("RW", "household.rw", width=5),
        child("Desa/kelurahan", "desa.name", width=18),
        Column("Posyandu", lambda case: str(case.child.posyandu or ""), width=18),
        child("Anak ke", "birth_order", WHOLE, 7),
        child("Usia kehamilan saat lahir (minggu)", "gestation_weeks", WHOLE, 10),
        child("Berat lahir (gram)", "birth_weight_g", WHOLE, 9),
        child("Panjang lahir (cm)", "birth_length_cm", ONE, 9),
        *(column for at in range(VISITS_SHOWN) for column in _visit_columns(at)),
        Column("Air minum", lambda case: case.child.household.get_water_display(), width=16),
        Column("Jamban", lambda case: case.child.household.get_latrine_display(), width=16),
        Column("Bantuan diterima", lambda case: "; ".join(case.helps), width=50),
        Column("Tanda", lambda case: alert_words(case.visits[0].alert if case.visits else ""),
               width=18),
        Column("Tindak lanjut", _answered, width=40),
        Column("Alasan diusulkan", lambda case: "; ".join(case.reasons), width=50),
    )  # fmt: skip


def _mother(case: Case) -> str:
    return case.child.mother.name if case.child.mother else ""


def _answered(case: Case) -> str:
    return answers.said(case.answer).sentence if case.answer else ""


def _visit_columns(at: int) -> list[Column]:
    """Date, numbers, z and class of one of the last visits; ``at`` 0 is the newest."""
    order = at + 1

    def column(label: str, read: Callable[[Any, Any], Any], kind: str, width: int) -> Column:
        def of_case(case: Case) -> Any:
            return read(case.visits[at], case.child) if at < len(case.visits) else None

        return Column(f"{label} ({order})", of_case, kind, width)

    found = [
        column("Tanggal ukur", lambda visit, child: visit.measured_on, DAY, 12),
        column("Berat (kg)", lambda visit, child: visit.weight_kg, TWO, 8),
        column("Panjang/tinggi (cm)", lambda visit, child: visit.length_height_cm, TWO, 9),
    ]
    for index, name, word in (("bb_u", "waz", "BB/U"), ("tb_u", "haz", "TB/U"),
                              ("bb_tb", "whz", "BB/TB")):  # fmt: skip
        found.append(column(f"Z {word}", _z(name), TWO, 8))
        found.append(column(f"Status {word}", _status(index), TEXT, 20))
    return found


def _z(name: str) -> Callable[[Any, Any], Any]:
    return lambda visit, child: getattr(visit, name)


def _status(index: str) -> Callable[[Any, Any], Any]:
    return lambda visit, child: status(index, visit, child.birth_date)
