"""People come, leave, move, die: acts written as ``LifeEvent``, taken back but never deleted.

A person's events are written in the order of their days, so that the last one says where the
person is; ``left_on`` and ``left_reason`` follow from them. Leaving closes the record in this
programme and tells no other. Turning 60 months is no event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import record
from accounts.transitions import Refused
from regions.codes import new_code
from regions.models import Posyandu, Region
from regions.words import long_date
from registry.lookup import keys
from registry.models import Child, Household, LifeEvent, Mother, Pregnancy
from registry.unmerged import hold

Kind = LifeEvent.Kind
Person = Child | Mother
REGISTER = "register_person"
GONE = {Kind.LEFT, Kind.DIED}
AWAY_WORDS = {Kind.LEFT: "Pindah ke luar kecamatan", Kind.DIED: "Meninggal"}
LONG_AGO = timedelta(days=10 * 366)
NOBODY = "Centang dahulu siapa yang dimaksud."
OUTSIDE = "Salah satu orang ini di luar wilayah Anda. Muat ulang halaman."
DIED = "{name} sudah tercatat meninggal."
LEFT_ALREADY = "{name} sudah tercatat pindah. Kalau kembali, catat dahulu bahwa ia datang."
HERE_ALREADY = "{name} tercatat tinggal di sini. Datang dicatat kalau sebelumnya pindah."
NOT_LAST = "Ada kejadian sesudahnya. Batalkan dahulu kejadian yang terakhir."
TAKEN_BACK = "Kejadian ini sudah dibatalkan orang lain."


@dataclass(frozen=True)
class Told:
    """One event as somebody tells it. ``to_desa``, ``to_posyandu`` and ``address`` (with ``rt``,
    ``rw``; "" = the same house) belong to a move inside the kecamatan; ``elsewhere`` says in words
    from or to where people came or went."""

    kind: str
    on: date
    elsewhere: str = ""
    to_desa: Region | None = None
    to_posyandu: Posyandu | None = None
    address: str = ""
    rt: str = ""
    rw: str = ""


def note(user: Any, people: Sequence[Person], told: Told) -> list[LifeEvent]:
    """Write one event for all these people of one household, all or none.

    Raises Refused when it cannot have happened to one of them, and for people out of reach.
    """
    if not people:
        raise Refused(NOBODY)
    together = new_code()
    with transaction.atomic():
        held = _held(user, people)
        for person in held:
            _possible(person, told)
        events = [_event(user, person, told, together) for person in held]
        if told.kind == Kind.MOVED:
            _move(user, held, told)
        for person in held:
            _follow(person, told)
            record(user, "note_life", person, why=told.kind, action=REGISTER)
    return events


def take_back(user: Any, event: LifeEvent) -> int:
    """Undo what was noted by mistake, for everybody it was noted for in one go; how many.

    Raises Refused when something happened to one of them since.
    """
    with transaction.atomic():
        events = list(
            LifeEvent.objects.select_for_update().standing().filter(together=event.together)
        )
        if not events:
            raise Refused(TAKEN_BACK)
        people = _held(user, [_person(one) for one in events])
        for one, person in zip(events, people, strict=True):
            if last_of(person) != one:
                raise Refused(NOT_LAST)
        now = timezone.now()
        LifeEvent.objects.filter(pk__in=[one.pk for one in events]).update(
            taken_back_at=now, taken_back_by=user
        )
        for one, person in zip(events, people, strict=True):
            _undo(person, one)
            record(user, "take_back_life", person, why=one.kind, action=REGISTER)
    return len(events)


def last_of(person: Person) -> LifeEvent | None:
    """The last event of this person that stands."""
    return person.life_events.standing().first()


def refuse_after_death(person: Person, on: date) -> None:
    """Raise Refused for something said to have happened to a person after death."""
    if person.left_reason == Kind.DIED and person.left_on and on >= person.left_on:
        raise Refused(
            f"{person.name} tercatat meninggal {long_date(person.left_on)}. Kalau itu salah "
            "catat, batalkan dahulu pada kartunya; kalau tanggal ini yang salah, perbaiki."
        )


def away_words(person: Person, on: date) -> str:
    """``Meninggal 3 Mei 2026``; "" while the person lives here on the day."""
    if person.left_on is None or person.left_on > on:
        return ""
    word = AWAY_WORDS.get(Kind(person.left_reason)) if person.left_reason in Kind.values else ""
    return f"{word or 'Pindah atau keluar'} {long_date(person.left_on)}"


def _follow(person: Person, told: Told) -> None:
    """``left_on`` and ``left_reason`` after the event, which is the person's last."""
    if told.kind == Kind.MOVED:
        return
    gone = told.kind in GONE
    person.left_on, person.left_reason = (told.on, told.kind) if gone else (None, "")
    person.save(update_fields=["left_on", "left_reason"])


def _undo(person: Person, event: LifeEvent) -> None:
    """The person as it was before its last event."""
    if event.kind == Kind.MOVED:
        _move_back(person, event)
        return
    left_on = event.before.get("left_on")
    person.left_on = date.fromisoformat(left_on) if left_on else None
    person.left_reason = event.before.get("left_reason", "")
    person.save(update_fields=["left_on", "left_reason"])


# --- What is possible --------------------------------------------------------------------------


def _held(user: Any, people: Sequence[Person]) -> list[Person]:
    """The people as they are behind a lock, when the user may register them all."""
    hold(*(person.household for person in people), *people)
    found = []
    for person in people:
        rows: Any = type(person)._default_manager.in_scope(user, REGISTER)
        now = rows.filter(pk=person.pk).select_related("household", "programme").first()
        if now is None:
            raise Refused(OUTSIDE, stranger=True)
        found.append(now)
    return found


def _possible(person: Person, told: Told) -> None:
    _possible_day(person, told)
    last = person.life_events.standing().exclude(kind=Kind.MOVED).first()
    state = last.kind if last else person.left_reason if person.left_on else ""
    if state == Kind.DIED:
        raise Refused(DIED.format(name=person.name))
    away = state == Kind.LEFT or (last is None and person.left_on is not None)
    if away and told.kind != Kind.CAME:
        raise Refused(LEFT_ALREADY.format(name=person.name))
    if not away and told.kind == Kind.CAME and last is not None:
        raise Refused(HERE_ALREADY.format(name=person.name))


def _possible_day(person: Person, told: Told) -> None:
    today, on = person.programme.today(), told.on
    if on > today:
        raise Refused("Tanggal ini belum tiba. Isi hari kejadiannya.")
    if today - on > LONG_AGO:
        raise Refused("Periksa tahunnya. Tanggal ini terlalu lama berlalu.")
    if person.birth_date and on < person.birth_date:
        raise Refused(f"Tanggal ini sebelum {person.name} lahir. Periksa tanggalnya.")
    before = last_of(person)
    if before and on < before.happened_on:
        raise Refused(
            f"{person.name}: kejadian terakhir yang tercatat {long_date(before.happened_on)}. "
            "Isi hari itu atau sesudahnya."
        )
    if told.kind == Kind.DIED:
        _not_seen_since(person, on)


def _not_seen_since(person: Person, on: date) -> None:
    """Refuse a death before a day on which the person was measured or examined."""
    if isinstance(person, Child):
        seen = person.measurements.current().filter(measured_on__gt=on)
        days, words = seen.values_list("measured_on", flat=True), "diukur"
    else:
        checks = person.pregnancies.filter(checks__superseded=False, checks__checked_on__gt=on)
        days, words = checks.values_list("checks__checked_on", flat=True), "diperiksa"
    if last := max(days, default=None):
        raise Refused(f"{person.name} masih {words} {long_date(last)}. Periksa tanggalnya.")


# --- Moving inside the kecamatan ---------------------------------------------------------------


def _event(user: Any, person: Person, told: Told, together: str) -> LifeEvent:
    whose = {"child": person} if isinstance(person, Child) else {"mother": person}
    place: dict[str, Any] = {}
    before = {"left_on": str(person.left_on or ""), "left_reason": person.left_reason}
    if told.kind == Kind.MOVED:
        place = {"from_desa": person.desa, "from_posyandu": person.posyandu,
                 "to_desa": told.to_desa, "to_posyandu": told.to_posyandu}  # fmt: skip
        home = person.household
        before = {"household": home.pk} | {name: getattr(home, name) for name in HOUSE}
    return LifeEvent.objects.create(
        programme=person.programme, kind=told.kind, happened_on=told.on, together=together,
        elsewhere=told.elsewhere[:120], before=before, created_by=user, **whose, **place,
    )  # fmt: skip


HOUSE = ("address", "rt", "rw", "desa_id", "posyandu_id")


def _move(user: Any, people: Sequence[Person], told: Told) -> None:
    """Give the people their new place; with all of a family its house moves, else a part of it
    that goes to another address becomes a family of its own."""
    if told.to_desa is None:
        raise Refused("Pilih posyandu atau desa tujuannya.")
    if not told.address and all(_is_there(person, told) for person in people):
        raise Refused("Posyandu, desa, dan alamatnya tidak berubah. Pilih tempat yang baru.")
    home = people[0].household
    if not _stays_behind(home, people, told.on):
        _move_house(user, home, told)
    elif told.address or told.to_desa.pk != home.desa_id:
        home = _new_house(user, home, told)
    for person in people:
        person.desa, person.posyandu, person.household = told.to_desa, told.to_posyandu, home
        _settle_in(person)


def _is_there(person: Person, told: Told) -> bool:
    return (person.desa, person.posyandu) == (told.to_desa, told.to_posyandu)


def _stays_behind(home: Household, people: Sequence[Person], on: date) -> bool:
    """Whether somebody of the family lives on at the old house."""
    going = {(type(person), person.pk) for person in people}
    there = [*home.children.here(on), *home.mothers.here(on)]
    return any((type(person), person.pk) not in going for person in there)


def _move_house(user: Any, home: Household, told: Told) -> None:
    home.desa, home.posyandu = told.to_desa or home.desa, told.to_posyandu
    changed = ["desa", "posyandu"]
    if told.address:
        home.address, home.rt, home.rw = told.address, told.rt, told.rw
        changed += ["address", "rt", "rw"]
    home.save(update_fields=changed)
    record(user, "correct_household", home, fields=changed, action=REGISTER)


def _new_house(user: Any, old: Household, told: Told) -> Household:
    if not told.address:
        raise Refused("Isi alamat barunya: sebagian keluarga tetap tinggal di alamat lama.")
    made = Household.objects.create(
        programme=old.programme, desa=told.to_desa, posyandu=told.to_posyandu,
        head_name=old.head_name, address=told.address, rt=told.rt, rw=told.rw, created_by=user,
    )  # fmt: skip
    record(user, "register_household", made, action=REGISTER)
    return made


def _settle_in(person: Person) -> None:
    person.save(update_fields=["desa", "posyandu", "household"])
    keys.refresh(person)
    if isinstance(person, Mother):
        where = {"desa": person.desa, "posyandu": person.posyandu}
        Pregnancy.objects.filter(mother=person).update(**where)


def _move_back(person: Person, event: LifeEvent) -> None:
    """Back to the old place; into the old house, or the moved house to its old address."""
    before, now = event.before, person.household
    old = _standing(before["household"])
    person.desa = event.from_desa or person.desa
    person.posyandu, person.household = event.from_posyandu, old
    _settle_in(person)
    if now.pk == old.pk:
        Household.objects.filter(pk=now.pk).update(**{name: before[name] for name in HOUSE})
    else:
        _drop_when_empty(now)


def _standing(pk: int) -> Household:
    """The household of this key, or the one it was merged into since."""
    found = Household.everyone.get(pk=pk)
    while found.merged_into_id is not None:
        found = Household.everyone.get(pk=found.merged_into_id)
    return found


def _drop_when_empty(home: Household) -> None:
    """The house that was made for the move, unless something else hangs on it by now."""
    try:
        with transaction.atomic():
            home.delete()
    except ProtectedError:
        return


# --- Reading -----------------------------------------------------------------------------------

# What the items below read beside the events themselves.
RELATED = ("child", "mother", "created_by", "from_desa", "to_desa", "from_posyandu", "to_posyandu")


def last_among(events: Iterable[LifeEvent]) -> LifeEvent | None:
    """Of a person's events, newest first, the last that stands: the one that may be taken back."""
    return next((event for event in events if event.taken_back_at is None), None)


def _person(event: LifeEvent) -> Person:
    found = event.child or event.mother
    if found is None:
        raise ValueError("A life event is about a child or a mother.")
    return found


def items(events: Iterable[LifeEvent], *, named: bool = False) -> list[dict[str, Any]]:
    """The events as items of a timeline; ``named``: of a family, with whom each is about."""
    return [_item(event, named=named) for event in events]


def _item(event: LifeEvent, *, named: bool) -> dict[str, Any]:
    title = event.get_kind_display()
    if named:
        title = f"{_person(event).name}: {title[0].lower()}{title[1:]}"
    taken = f"Dibatalkan {long_date(event.taken_back_at)}." if event.taken_back_at else ""
    return {
        "when": event.happened_on,
        "title": title,
        "text": " ".join(part for part in (_where_words(event), taken) if part),
        "who": str(event.created_by or ""),
        "tone": "netral",
        "kinds": ("kejadian",),
    }


def _where_words(event: LifeEvent) -> str:
    if event.kind == Kind.MOVED:
        return f"Dari {_place(event.from_desa, event.from_posyandu)} ke " + (
            f"{_place(event.to_desa, event.to_posyandu)}."
        )
    word = "Dari" if event.kind == Kind.CAME else "Ke"
    return f"{word} {event.elsewhere}." if event.elsewhere else ""


def _place(desa: Region | None, posyandu: Posyandu | None) -> str:
    named = f"Posyandu {posyandu.name}" if posyandu else ""
    return ", ".join(part for part in (named, desa.title if desa else "") if part)
