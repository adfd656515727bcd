"""The life of a help: direncanakan → berjalan → selesai, or dihentikan with a reason.

One table per noun; only this module writes a status. The trace stands beside each act, in the
same transaction. A view catches ``Refused`` and shows its sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User, record
from accounts.transitions import Refused, Step, Transitions
from interventions import indications
from interventions.life import Funding, Status
from interventions.models import (
    Activity,
    Attendance,
    Intervention,
    Partner,
    PmtDay,
    PmtEpisode,
    SanitationWork,
)
from regions.models import Programme, Region
from regions.words import long_date
from registry import documents, unmerged
from registry.documents import CleanFile
from registry.families import homes, life
from registry.models import Child, Document, Household, Measurement, Mother, Pregnancy

PLANNED, RUNNING = frozenset({Status.PLANNED}), frozenset({Status.RUNNING})
NOT_ENDED = PLANNED | RUNNING
RUN, DELIVER = "run_interventions", "record_delivery"
LONG_AGO = timedelta(days=3 * 366)
GONE = "Ibu ini sudah tidak tercatat di kecamatan ini, jadi PMT tidak direncanakan."
TWIN_ENDS = "Dua kartu digabung. PMT diteruskan pada satu catatan."
_START = Step(PLANNED, Status.RUNNING, RUN, "Mulai")
_STOP = Step(NOT_ENDED, Status.STOPPED, RUN, "Hentikan", needs_reason=True, tone="danger")
_COMPLETE = Step(RUNNING, Status.COMPLETED, RUN, "Selesaikan")

PMT = Transitions(
    {
        "start": _START,
        "record_day": Step(RUNNING, Status.RUNNING, DELIVER, "Catat hari makan"),
        "complete": _COMPLETE,
        "stop": _STOP,
    },
    moved="PMT ini tidak sedang berjalan atau sudah diubah orang lain. Lihat keadaannya sekarang.",
)
WORK = Transitions(
    {"start": _START, "complete": _COMPLETE, "stop": _STOP},
    moved="Pekerjaan ini sudah diubah orang lain. Lihat keadaannya sekarang.",
)
ACTIVITY = Transitions(
    {"hold": Step(NOT_ENDED, Status.COMPLETED, RUN, "Catat pelaksanaan"), "stop": _STOP},
    moved="Kegiatan ini sudah diubah orang lain. Lihat keadaannya sekarang.",
)
TABLES: dict[type[Intervention], Transitions] = {
    PmtEpisode: PMT,
    SanitationWork: WORK,
    Activity: ACTIVITY,
}


def verbs(user: User, thing: Intervention) -> dict[str, Step]:
    """What this person may do with the help now: the buttons."""
    return TABLES[type(thing)].verbs(user, thing)


# --- Planning ----------------------------------------------------------------------------------


def plan_pmt(
    user: User, *, child: Child | None = None, pregnancy: Pregnancy | None = None, **plan: Any
) -> PmtEpisode:
    """Plan a PMT for one child or one pregnant woman; ``plan`` as the form's cleaned data.

    ``planned_days`` and ``planned_end`` may be missing: the programme's setting, and the day
    the feeding then ends. Refused: gizi buruk, a person who left, a second open PMT.
    """
    person = child or pregnancy
    if person is None:
        raise ValueError("A PMT is for a child or a pregnancy.")
    _may_plan(user, person.programme, plan)
    baseline = _allowed_for(child, pregnancy, plan["indication"])
    plan["planned_days"] = plan.get("planned_days") or indications.planned_days(
        person.programme.settings, plan["indication"]
    )
    plan["planned_end"] = plan.get("planned_end") or _feeding_end(
        plan["planned_start"], plan["planned_days"]
    )
    try:
        with transaction.atomic():
            unmerged.hold(*_of_the_family(child, pregnancy))
            episode = PmtEpisode.objects.create(
                child=child, pregnancy=pregnancy, baseline=baseline, created_by=user,
                household=_of_the_family(child, pregnancy)[1],
                **_where(person), **plan,
            )  # fmt: skip
            record(user, "plan", episode, fields=plan, action=RUN)
    except IntegrityError as error:
        raise Refused("Sudah ada PMT yang direncanakan atau berjalan untuk orang ini.") from error
    return episode


def plan_work(
    user: User, household: Household, *, photo: CleanFile | None = None, **plan: Any
) -> SanitationWork:
    """Plan a clean-water or sanitation work for a household, with the photo before if taken."""
    _may_plan(user, household.programme, plan)
    with transaction.atomic():
        unmerged.hold(household)
        if photo:
            plan["photo_before"] = _keep(photo, household, Document.Kind.BEFORE, user)
        work = SanitationWork.objects.create(
            household=household, created_by=user, **_where(household), **plan
        )
        record(user, "plan", work, fields=plan, action=RUN)
    return work


def plan_activity(user: User, programme: Programme, *, desa: Region, **plan: Any) -> Activity:
    """Plan a class, sosialisasi, training or meeting in a desa, on one day."""
    _may_plan(user, programme, plan)
    plan["planned_end"] = plan["planned_start"]
    with transaction.atomic():
        activity = Activity.objects.create(programme=programme, desa=desa, created_by=user, **plan)
        record(user, "plan", activity, fields=plan, action=RUN)
    return activity


def add_partner(user: User, programme: Programme, *, name: str, kind: str) -> Partner:
    """Add a partner to the programme's list. Refused when the name stands there already."""
    if not user.may(RUN):
        raise Refused("Anda tidak berwenang melakukan ini.", stranger=True)
    if Partner.objects.filter(programme=programme, name__iexact=name).exists():
        raise Refused("Mitra dengan nama ini sudah ada dalam daftar.")
    try:
        with transaction.atomic():
            partner = Partner.objects.create(programme=programme, name=name, kind=kind)
            record(user, "add_partner", partner, action=RUN)
    except IntegrityError as error:
        raise Refused("Mitra dengan nama ini sudah ada dalam daftar.") from error
    return partner


# --- Delivering --------------------------------------------------------------------------------


def start(user: User, thing: Intervention, on: date) -> None:
    """Begin a planned PMT or work. A PMT takes its before from the last measurement so far."""
    table = TABLES[type(thing)]
    table.guard(user, thing, "start")
    _not_future(thing, on)
    changes: dict[str, Any] = {"started_on": on}
    if isinstance(thing, PmtEpisode):
        changes["planned_end"] = max(thing.planned_end, _feeding_end(on, thing.planned_days))
        if thing.child:
            changes["baseline"] = latest_measurement(thing.child, on)
    with transaction.atomic():
        table.move(user, thing, "start", **changes)


@dataclass(frozen=True)
class Fed:
    """What is known of one feeding day; ``eaten`` as PmtDay.Eaten, None when not given."""

    day: date
    given: bool
    eaten: int | None = None
    note: str = ""


def record_day(user: User, episode: PmtEpisode, fed: Fed) -> PmtDay:
    """Record one day of feeding. Refused: future, outside the time, recorded before."""
    return record_days(user, episode, [fed])[0]


def record_days(user: User, episode: PmtEpisode, days: Iterable[Fed]) -> list[PmtDay]:
    """Record several days, all or none; one event."""
    days = list(days)
    if not days:
        raise Refused("Isi dahulu paling sedikit satu hari.")
    PMT.guard(user, episode, "record_day")
    for fed in days:
        if problem := wrong_day(episode, fed.day):
            raise Refused(problem)
    try:
        with transaction.atomic():
            _hold_still(episode)
            rows = [_day(user, episode, fed) for fed in days]
            record(user, "record_day", episode, why=f"n={len(rows)}", action=DELIVER)
    except IntegrityError as error:
        raise Refused(_told(episode, days)) from error
    return rows


def wrong_day(episode: PmtEpisode, day: date) -> str:
    """Why this day cannot be a feeding day of the episode, "" when it can."""
    if day > episode.programme.today():
        return f"{long_date(day)} belum tiba. Catat hari yang sudah lewat atau hari ini."
    if away := life.away_words(episode.person, day):
        return f"{episode.person.name}: {away[0].lower()}{away[1:]}. Hentikan PMT ini."
    if not episode.holds(day):
        return (
            f"{long_date(day)} di luar masa PMT, yaitu {long_date(episode.started_on)} "
            f"sampai {long_date(episode.last_feeding_day)}."
        )
    return ""


# --- Ending ------------------------------------------------------------------------------------


def complete(
    user: User,
    thing: PmtEpisode | SanitationWork,
    on: date,
    *,
    cost_real: int | None = None,
    **changes: Any,
) -> None:
    """End a running PMT or work as done."""
    table = TABLES[type(thing)]
    table.guard(user, thing, "complete")
    _ends_well(thing, on)
    changes |= {"ended_on": on, "cost_real": cost_real}
    with transaction.atomic():
        table.move(user, thing, "complete", **changes)


def complete_work(
    user: User,
    work: SanitationWork,
    on: date,
    *,
    photos: dict[str, CleanFile] | None = None,
    household: dict[str, str] | None = None,
    **changes: Any,
) -> None:
    """End a work with its condition after; ``photos`` {photo_before, photo_after}.

    ``household``: what the family's water, latrine or house is now.
    """
    WORK.guard(user, work, "complete")
    kinds = {"photo_before": Document.Kind.BEFORE, "photo_after": Document.Kind.AFTER}
    with transaction.atomic():
        unmerged.hold(work.household)
        for name, clean in (photos or {}).items():
            changes[name] = _keep(clean, work, kinds[name], user)
        complete(user, work, on, **changes)
        homes.improve(user, work.household, on, household or {}, RUN)


def stop(user: User, thing: Intervention, reason: str, on: date) -> None:
    """End a help before its time; the reason is kept with it."""
    table = TABLES[type(thing)]
    table.guard(user, thing, "stop", reason)
    _ends_well(thing, on)
    with transaction.atomic():
        table.move(user, thing, "stop", reason=reason, ended_on=on, stop_reason=reason.strip())


@dataclass(frozen=True)
class Came:
    """One who came: a mother of the registry, or a name from the paper list."""

    name: str
    sex: str = "P"
    mother: Mother | None = None
    role: str = ""
    pre_score: int | None = None
    post_score: int | None = None


def hold(
    user: User,
    activity: Activity,
    on: date,
    people: Iterable[Came],
    *,
    photo: CleanFile | None = None,
    **changes: Any,
) -> None:
    """Write down an activity that took place: the day, who came, cost, photo. Then it is done."""
    people = list(people)
    ACTIVITY.guard(user, activity, "hold")
    _not_future(activity, on)
    if not people:
        raise Refused("Isi daftar hadir dahulu: centang ibu yang datang atau tulis namanya.")
    with transaction.atomic():
        unmerged.hold(*(person.mother for person in people))
        if photo:
            changes["photo"] = _keep(photo, activity, Document.Kind.ACTIVITY, user)
        ACTIVITY.move(user, activity, "hold", held_on=on, started_on=on, ended_on=on, **changes)
        Attendance.objects.bulk_create(
            Attendance(activity=activity, **vars(person)) for person in people
        )


def stop_twin(user: User, episode: PmtEpisode) -> None:
    """End the open PMT of a card that became one with another: a person has one at a time.

    The days recorded so far stay in every count.
    """
    today = episode.programme.today()
    last = episode.days.last()
    changes = {"status": Status.STOPPED, "stop_reason": TWIN_ENDS,
               "ended_on": max(today, last.day) if last else today}  # fmt: skip
    open_one = PmtEpisode.objects.open().filter(pk=episode.pk)
    if not open_one.update(**changes):
        raise Refused(PMT.moved)
    record(user, "stop", episode, fields=changes, action="merge_people")


# --- What the acts stand on --------------------------------------------------------------------


def latest_measurement(child: Child, on: date) -> Measurement | None:
    """The child's last counted measurement up to the day."""
    return child.measurements.current().filter(measured_on__lte=on).first()


def _may_plan(user: User, programme: Programme, plan: dict[str, Any]) -> None:
    if not user.may(RUN):
        raise Refused("Anda tidak berwenang melakukan ini.", stranger=True)
    partner = plan.get("partner")
    if plan["funding"] == Funding.MITRA and partner is None:
        raise Refused("Pilih mitra yang membiayai.")
    if partner and partner.programme_id != programme.pk:
        raise Refused("Pilih mitra dari daftar program ini.")
    if plan.get("planned_end") and plan["planned_end"] < plan["planned_start"]:
        raise Refused("Rencana selesai harus sama dengan atau setelah rencana mulai.")


def _allowed_for(
    child: Child | None, pregnancy: Pregnancy | None, indication: str
) -> Measurement | None:
    """The baseline when this person may get PMT; else Refused with the sentence."""
    known = indications.FOR_CHILDREN if child else indications.FOR_MOTHERS
    if indication not in known:
        raise Refused("Pilih alasan pemberian dari daftar.")
    if child is None:
        today = pregnancy.programme.today()  # type: ignore[union-attr]
        if pregnancy.mother.left_on and pregnancy.mother.left_on <= today:  # type: ignore[union-attr]
            raise Refused(GONE)
        if pregnancy.ended_on and pregnancy.ended_on <= today:  # type: ignore[union-attr]
            raise Refused("Kehamilan ini sudah berakhir, jadi PMT tidak direncanakan.")
        return None
    today = child.programme.today()
    baseline = latest_measurement(child, today)
    if problem := indications.why_not_child(child, baseline, today):
        raise Refused(problem)
    return baseline


def _of_the_family(
    child: Child | None, pregnancy: Pregnancy | None
) -> tuple[Child | Mother, Household]:
    """The person who is fed, and the household she or the child belongs to."""
    person = child or pregnancy.mother  # type: ignore[union-attr]
    return person, person.household


def _where(person: Child | Pregnancy | Household) -> dict[str, Any]:
    return {name: getattr(person, name) for name in ("programme", "desa", "posyandu")}


def _feeding_end(begun: date, days: int) -> date:
    return begun + timedelta(days=days - 1)


def _not_future(thing: Intervention, on: date) -> None:
    """Nothing happens in the future, and a year mistyped is no past."""
    today = thing.programme.today()
    if on > today:
        raise Refused(f"{long_date(on)} belum tiba. Isi hari ini atau hari yang sudah lewat.")
    if today - on > LONG_AGO:
        raise Refused("Periksa tahunnya. Tanggal ini terlalu lama berlalu.")


def _ends_well(thing: Intervention, on: date) -> None:
    """Not in the future, not before it began, not before a day already recorded."""
    _not_future(thing, on)
    if thing.started_on and on < thing.started_on:
        raise Refused(f"Tidak bisa berakhir sebelum dimulai pada {long_date(thing.started_on)}.")
    if isinstance(thing, PmtEpisode) and (last := thing.days.last()) and on < last.day:
        raise Refused(f"Sudah ada catatan makan sampai {long_date(last.day)}.")


def _hold_still(episode: PmtEpisode) -> None:
    """Nobody ends the episode between the guard and the day (PostgreSQL; SQLite has one writer)."""
    now = PmtEpisode.objects.select_for_update().get(pk=episode.pk)
    if now.status != Status.RUNNING:
        raise Refused(PMT.moved)


def _day(user: User, episode: PmtEpisode, fed: Fed) -> PmtDay:
    if fed.given and fed.eaten is None:
        raise Refused(f"{long_date(fed.day)}: pilih berapa yang dimakan.")
    eaten = fed.eaten if fed.given else None
    return PmtDay.objects.create(
        episode=episode, day=fed.day, given=fed.given, eaten=eaten, note=fed.note, by=user
    )


def _told(episode: PmtEpisode, days: list[Fed]) -> str:
    known = set(episode.days.values_list("day", flat=True))
    twice = ", ".join(long_date(fed.day) for fed in days if fed.day in known)
    return f"Sudah dicatat sebelumnya: {twice}. Catatan yang ada tidak diubah."


def _keep(clean: CleanFile, thing: Any, kind: str, user: User) -> Document:
    return documents.store(clean, **_where(thing), kind=kind, user=user)
