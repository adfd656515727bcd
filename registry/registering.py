"""Acts by which staff put people straight into the registry, without a kader's report.

Each act is one transaction with its event beside it; ``Refused`` carries the sentence to show.
What is made must lie in the area of the person who made it (``in_scope``).
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.models import record
from accounts.transitions import Refused
from growth.words import long_date
from registry import people, visits
from registry.families import life
from registry.lookup import keys
from registry.models import (
    Breastfeeding,
    Child,
    Consent,
    Mother,
    Pregnancy,
    PregnancyCheck,
)
from registry.mothers.pregnancy import gestation
from registry.people import NIK_TAKEN
from registry.unmerged import hold

REGISTER, CHECK = "register_person", "check_pregnancy"
OUTSIDE = "Tempat ini di luar wilayah Anda. Pilih posyandu atau desa dari daftar."
MOTHER_KNOWN = "Ibu dengan nama ini sudah tercatat di keluarga itu. Cari namanya di daftar ibu."
PREGNANT_ALREADY = "Ibu ini sudah tercatat hamil. Catat dahulu akhir kehamilan itu."
NURSING_ALREADY = "Ibu ini sudah tercatat menyusui. Catat dahulu kapan ia berhenti."
BORN_FROM_WEEK = 20  # before it nobody is born alive
TOO_EARLY = (
    "Menurut HPHT kehamilan ini baru {weeks} minggu, terlalu muda untuk lahir hidup. "
    "Periksa tanggalnya, HPHT-nya, atau hasil kehamilannya."
)
HAS_CHILDREN = "Anak dari kehamilan ini sudah terdaftar, jadi akhirnya tidak bisa dibatalkan."
ENDED_ALREADY = "Ini sudah dicatat orang lain. Muat ulang halaman untuk melihatnya."


# --- Children ----------------------------------------------------------------------------------


def register_child(
    user: Any,
    where: dict[str, Any],
    *,
    family: dict[str, Any],
    child: dict[str, Any],
    consent: dict[str, str],
    nik: str = "",
    numbers: dict[str, Any] | None = None,
) -> Child:
    """Make a child with its household, mother, consent and, when measured, its first visit.

    ``where`` = programme, desa, posyandu; ``family`` as ``people.new_family`` takes it.
    """
    with transaction.atomic():
        made = people.new_family(user, where, **family)
        fresh = people.new_child(user, made, child, nik)
        _consent(user, fresh.programme, consent, child=fresh)
        if numbers:
            visits.add_measurement(user, fresh, numbers)
        _inside(user, fresh)
    return fresh


def correct_child(user: Any, child: Child, changes: dict[str, Any], kk: str = "") -> list[str]:
    """Put a child's data right, and the family's KK number; returns the names of what changed."""
    household = child.household
    new_kk = kk if kk and kk != household.kk else ""
    try:
        with transaction.atomic():
            hold(household if new_kk else None, child)
            if changes:
                visits.correct_child(user, child, changes)
                _inside(user, child)
            if new_kk:
                people.give_kk(user, household, new_kk)
    except IntegrityError as error:
        raise Refused(NIK_TAKEN) from error
    return [*changes, *(["kk"] if new_kk else [])]


# --- Mothers -----------------------------------------------------------------------------------


def register_mother(
    user: Any,
    where: dict[str, Any],
    *,
    family: dict[str, Any],
    consent: dict[str, str],
    pregnancy: dict[str, Any] | None = None,
    nursing_since: date | None = None,
) -> Mother:
    """Make a mother with her household and consent; she is pregnant, or breastfeeds since a day."""
    with transaction.atomic():
        made = people.new_family(user, where, **family)
        mother = made.mother
        if mother is None or not made.made_mother:
            raise Refused(MOTHER_KNOWN)
        _consent(user, mother.programme, consent, mother=mother)
        _inside(user, mother)
        if pregnancy:
            begin_pregnancy(user, mother, pregnancy)
        if nursing_since:
            begin_breastfeeding(user, mother, nursing_since)
    return mother


def correct_mother(user: Any, mother: Mother, changes: dict[str, Any]) -> list[str]:
    """Put a mother's own data right; returns the names of what changed."""
    if not changes:
        return []
    try:
        with transaction.atomic():
            hold(mother)
            for name, value in changes.items():
                setattr(mother, name, value)
            mother.save(update_fields=list(changes))
            keys.refresh(mother)
            record(user, "correct_mother", mother, fields=changes, action=REGISTER)
    except IntegrityError as error:
        raise Refused(NIK_TAKEN) from error
    return list(changes)


def begin_pregnancy(
    user: Any, mother: Mother, values: dict[str, Any], born: date | None = None
) -> Pregnancy:
    """Write down a pregnancy (the columns of ``Pregnancy``), and her birth date if told anew."""
    _after_the_last(mother.pregnancies.all(), values["hpht"])
    where = {name: getattr(mother, name) for name in ("programme", "desa", "posyandu")}
    try:
        with transaction.atomic():
            hold(mother)
            fresh = Pregnancy.objects.create(mother=mother, created_by=user, **where, **values)
            told = _told(values) + _note_birth(mother, born)
            record(user, "begin_pregnancy", mother, fields=told, action=REGISTER)
    except IntegrityError as error:
        raise Refused(PREGNANT_ALREADY) from error
    return fresh


def correct_pregnancy(
    user: Any, pregnancy: Pregnancy, changes: dict[str, Any], born: date | None = None
) -> list[str]:
    """Put a pregnancy's own data right; returns the names of what changed."""
    hpht = changes.get("hpht")
    if hpht:
        _after_the_last(pregnancy.mother.pregnancies.exclude(pk=pregnancy.pk), hpht)
        first = pregnancy.checks.current().last()
        if first and first.checked_on < hpht:
            raise Refused(
                f"Ibu sudah diperiksa pada {long_date(first.checked_on)}, sebelum HPHT ini. "
                "Periksa tanggalnya."
            )
    with transaction.atomic():
        hold(pregnancy.mother)
        if changes:
            Pregnancy.objects.filter(pk=pregnancy.pk).update(**changes)
        changed = [*changes, *_note_birth(pregnancy.mother, born)]
        if changed:
            record(user, "correct_pregnancy", pregnancy.mother, fields=changed, action=CHECK)
    return changed


def check_pregnancy(user: Any, pregnancy: Pregnancy, values: dict[str, Any]) -> PregnancyCheck:
    """Add one examination; a day has at most one."""
    life.refuse_after_death(pregnancy.mother, values["checked_on"])
    try:
        with transaction.atomic():
            hold(pregnancy.mother)
            fresh = PregnancyCheck.objects.create(pregnancy=pregnancy, created_by=user, **values)
            record(user, "check_pregnancy", pregnancy.mother, fields=_told(values), action=CHECK)
    except IntegrityError as error:
        raise Refused(
            "Ibu ini sudah diperiksa pada tanggal itu. Periksa tanggal pemeriksaannya."
        ) from error
    return fresh


def correct_check(
    user: Any, old: PregnancyCheck, values: dict[str, Any], reason: str
) -> PregnancyCheck:
    """Add revision + 1 with its reason; the old revision stays and no longer counts."""
    if not reason.strip():
        raise Refused("Tulis alasan perbaikannya.")
    told = {**values, "checked_on": old.checked_on}
    with transaction.atomic():
        hold(old.pregnancy.mother)
        live = PregnancyCheck.objects.filter(pk=old.pk, superseded=False)
        if not live.update(superseded=True):
            raise Refused("Pemeriksaan ini sudah diperbaiki orang lain. Muat ulang halaman.")
        fresh = PregnancyCheck.objects.create(
            pregnancy=old.pregnancy, created_by=user, revision=old.revision + 1,
            reason=reason.strip(), **told,
        )  # fmt: skip
        record(user, "correct_check", old.pregnancy.mother, fields=_told(told), action=CHECK)
    return fresh


def end_pregnancy(user: Any, pregnancy: Pregnancy, on: date, outcome: str = "") -> None:
    """The pregnancy ended on the day; ``outcome`` of ``Pregnancy.Outcome``, "" = not known.

    Who gave birth has done so once more.
    """
    last = pregnancy.checks.first()
    if on < pregnancy.hpht:
        raise Refused("Tanggal ini sebelum HPHT. Periksa tanggalnya.")
    if last and on < last.checked_on:
        raise Refused(f"Ibu masih diperiksa pada {long_date(last.checked_on)}. Periksa tanggalnya.")
    age = gestation(pregnancy.begun, on)
    if outcome == Pregnancy.Outcome.BORN and age and age[0] < BORN_FROM_WEEK:
        raise Refused(TOO_EARLY.format(weeks=age[0]))
    with transaction.atomic():
        _end(user, pregnancy, pregnancy.mother, on, "end_pregnancy", outcome=outcome)
        _count_birth(pregnancy.mother, outcome, 1)


def _count_birth(mother: Mother, outcome: str, more: int) -> None:
    """One birth more, or taken back; where nobody knows how many there were, nothing is counted."""
    if outcome in (Pregnancy.Outcome.BORN, Pregnancy.Outcome.STILLBORN):
        rows = Mother.objects.filter(pk=mother.pk, births__gte=max(0, -more))
        rows.update(births=models.F("births") + more)


def reopen_pregnancy(user: Any, pregnancy: Pregnancy) -> None:
    """Take back an end that was written down by mistake; its examinations are hers again."""
    try:
        with transaction.atomic():
            hold(pregnancy.mother)
            ended = Pregnancy.objects.filter(pk=pregnancy.pk, ended_on__isnull=False)
            if pregnancy.children.exists():
                raise Refused(HAS_CHILDREN)
            if not ended.update(ended_on=None, outcome=""):
                raise Refused(ENDED_ALREADY)
            _count_birth(pregnancy.mother, pregnancy.outcome, -1)
            fields = ["ended_on", *(["outcome"] if pregnancy.outcome else [])]
            pregnancy.ended_on, pregnancy.outcome = None, ""
            record(user, "reopen_pregnancy", pregnancy.mother, fields=fields, action=CHECK)
    except IntegrityError as error:
        raise Refused(PREGNANT_ALREADY) from error


def begin_breastfeeding(
    user: Any, mother: Mother, since: date, child: Child | None = None
) -> Breastfeeding:
    """The mother breastfeeds since the day; once at a time."""
    if child and since < child.birth_date and not child.is_approximate:
        raise Refused("Tanggal ini sebelum anak itu lahir. Periksa tanggalnya.")
    try:
        with transaction.atomic():
            hold(mother)
            fresh = Breastfeeding.objects.create(mother=mother, started_on=since, child=child)
            record(user, "begin_breastfeeding", mother, fields=["started_on"], action=REGISTER)
    except IntegrityError as error:
        raise Refused(NURSING_ALREADY) from error
    return fresh


def end_breastfeeding(user: Any, nursing: Breastfeeding, on: date) -> None:
    """The mother stopped breastfeeding on the day."""
    if on < nursing.started_on:
        raise Refused("Tanggal ini sebelum ibu mulai menyusui. Periksa tanggalnya.")
    _end(user, nursing, nursing.mother, on, "end_breastfeeding")


# --- What the acts stand on --------------------------------------------------------------------


def _after_the_last(others: models.QuerySet[Pregnancy], hpht: date) -> None:
    """Refuse an HPHT before the end of a pregnancy that is over."""
    last = others.filter(ended_on__gt=hpht).order_by("-ended_on").first()
    if last and last.ended_on:
        raise Refused(
            f"HPHT ini sebelum akhir kehamilan yang lalu ({long_date(last.ended_on)}). "
            "Periksa tanggalnya."
        )


def _note_birth(mother: Mother, born: date | None) -> list[str]:
    """Keep the mother's birth date; the name of the column when it changed."""
    if born is None or born == mother.birth_date:
        return []
    mother.birth_date = born
    mother.save(update_fields=["birth_date"])
    return ["birth_date"]


def _told(values: dict[str, Any]) -> list[str]:
    return [name for name, value in values.items() if value is not None]


def _end(
    user: Any, thing: Pregnancy | Breastfeeding, mother: Mother, on: date, verb: str, **more: Any
) -> None:
    """Write ``ended_on`` once: of two people the second is told, not overwritten."""
    if on > mother.programme.today():
        raise Refused("Tanggal ini belum terjadi. Isi hari ini atau hari yang sudah lewat.")
    with transaction.atomic():
        hold(mother)
        running = type(thing)._default_manager.filter(pk=thing.pk, ended_on__isnull=True)
        if not running.update(ended_on=on, **more):
            raise Refused(ENDED_ALREADY)
        for name, value in {"ended_on": on, **more}.items():
            setattr(thing, name, value)
        record(user, verb, mother, fields=["ended_on", *more], action=CHECK)


def _consent(user: Any, programme: Any, consent: dict[str, str], **person: models.Model) -> None:
    Consent.objects.create(programme=programme, recorded_by=user, **consent, **person)


def _inside(user: Any, thing: Child | Mother) -> None:
    """Refuse what would lie outside the area of the person who makes it."""
    if not type(thing)._default_manager.in_scope(user, REGISTER).filter(pk=thing.pk).exists():
        raise Refused(OUTSIDE, stranger=True)
