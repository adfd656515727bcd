"""Finding and making the people a report tells of: candidates, household, mother, child."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import record
from accounts.transitions import Refused
from regions.models import Programme
from registry import measuring
from registry.families import residents
from registry.identity import index_of
from registry.lookup import keys
from registry.lookup.candidates import Asked, Found, find
from registry.models import Child, Household, Mother, Submission
from registry.names import name_key
from registry.unmaking import Stands, stands
from registry.unmerged import hold

NIK_TAKEN = (
    "NIK ini sudah dipakai orang lain di program ini. Pilih anak itu, atau periksa angkanya."
)


KK_ELSEWHERE = (
    "Nomor KK ini tercatat di desa lain. Periksa angkanya, atau minta petugas kecamatan "
    "mendaftarkan di desa itu."
)
KK_TAKEN = "Nomor KK ini sudah tercatat pada keluarga lain. Periksa angkanya."


@dataclass(frozen=True)
class Approval:
    """What the verifier chose: the child to link, or None for a new one, and what was read from
    the document (all optional)."""

    child: Child | None = None
    nik: str = ""
    kk: str = ""
    birth_date: date | None = None
    resident: dict[str, Any] = field(default_factory=dict)  # residents.COLUMNS, {} = not said


@dataclass(frozen=True)
class Placed:
    """The child a report ended up with, and what had to be made for it."""

    child: Child
    made_child: bool
    made_mother: bool
    made_household: bool
    stood: dict[str, Stands]  # of what was there already: "child", "household"


def candidates(submission: Submission, nik: str = "", kk: str = "") -> list[Found]:
    """Children of the programme who may be the reported one, likeliest first, with reasons."""
    return find(submission.programme, asked_about(submission, nik, kk))


def asked_about(submission: Submission, nik: str = "", kk: str = "") -> Asked:
    """What a report, and the numbers read from its document, tell of a child."""
    born, precision = measuring.birth_date_of(submission)
    return Asked(
        submission.child_name, born, precision, submission.sex, submission.desa,
        submission.mother_name, submission.father_name, nik=nik, kk=kk,
    )  # fmt: skip


def place(user: Any, submission: Submission, choice: Approval) -> Placed:
    """Link the report to the chosen child, or make household, mother and child.

    Raises Refused when the NIK or KK typed belongs to someone else.
    """
    if choice.child:
        child, home = choice.child, choice.child.household
        hold(home, child)
        child.refresh_from_db(fields=["nik", "nik_index", "birth_date", "birth_precision"])
        home.refresh_from_db(fields=["kk", "kk_index", *residents.COLUMNS])
        stood = {"child": stands(child), "household": stands(home)}
        _add_numbers(user, child, choice)
        residents.note(user, home, choice.resident, "verify_report")
        record(user, "link_child", child, action="verify_report")
        return Placed(child, False, False, False, stood)
    born, precision = measuring.birth_date_of(submission)
    if choice.birth_date:
        born, precision = choice.birth_date, Child.Precision.DAY
    family = new_family(
        user,
        _where(submission),
        mother_name=submission.mother_name,
        kk=choice.kk,
        home={name: getattr(submission, name) for name in ("address", "rt", "rw")}
        | {"head_name": submission.father_name}
        | choice.resident,
        job=submission.parent_job,
    )
    child = new_child(
        user,
        family,
        {"name": submission.child_name, "sex": submission.sex, "birth_date": born,
         "birth_precision": precision, "father_name": submission.father_name},
        nik=choice.nik,
    )  # fmt: skip
    stood = {"household": family.stood} if family.stood else {}
    return Placed(child, True, family.made_mother, family.made_household, stood)


def _where(submission: Submission) -> dict[str, Any]:
    return {name: getattr(submission, name) for name in ("programme", "desa", "posyandu")}


@dataclass(frozen=True)
class Family:
    """Household and mother (None when only the father is known), and which of them are new."""

    where: dict[str, Any]
    household: Household
    mother: Mother | None
    made_household: bool
    made_mother: bool
    stood: Stands | None = None  # of a household that was there


def new_family(
    user: Any,
    where: dict[str, Any],
    *,
    mother_name: str,
    home: dict[str, Any],
    kk: str = "",
    job: str = "",
    mother_details: dict[str, Any] | None = None,
) -> Family:
    """The household by KK number when known, else by mother and address; made when new.

    ``where`` = programme, desa, posyandu; ``home`` = address, rt, rw, head_name and, when said,
    resident and its reason. Raises Refused when the KK number belongs to another desa, or was just
    given to another family; and for a family from elsewhere without a reason.
    """
    household = _household_of(where["programme"], kk)
    if household and household.desa_id != where["desa"].pk:
        raise Refused(KK_ELSEWHERE)  # its people would show their address to another desa
    household = household or _same_home(where, mother_name, home, kk)
    made_household = household is None
    hold(household)
    if household:
        household.refresh_from_db(fields=["kk", "kk_index", *residents.COLUMNS])
    stood = stands(household) if household else None
    if household is None:
        household = _new_household(user, where, home, kk)
    else:
        if kk and not household.kk:  # found by mother and address: now its number is known
            give_kk(user, household, kk)
        said = {name: home[name] for name in residents.COLUMNS if name in home}
        residents.note(user, household, said, "")
    mother = _mother_in(household, mother_name) if mother_name else None
    hold(mother)
    made_mother = bool(mother_name) and mother is None
    if made_mother:
        mother = _new_mother(user, where, household, mother_name, job, mother_details or {})
    return Family(where, household, mother, made_household, made_mother, stood)


def give_kk(user: Any, household: Household, kk: str) -> None:
    """Write a household's KK number down. Raises Refused when it is another family's."""
    household.kk, household.kk_index = kk, index_of(kk)
    try:
        with transaction.atomic():
            hold(household)
            household.save(update_fields=["kk", "kk_index"])
            record(user, "correct_household", household, fields=["kk"])
    except IntegrityError as error:
        raise Refused(KK_TAKEN) from error


def _new_household(user: Any, where: dict[str, Any], home: dict[str, Any], kk: str) -> Household:
    residents.refuse_without_reason(Household(**where, **home))
    try:
        with transaction.atomic():
            household = Household.objects.create(
                **where, **home, kk=kk, kk_index=index_of(kk), created_by=user
            )
            record(user, "register_household", household)
    except IntegrityError as error:
        raise Refused(KK_TAKEN) from error
    return household


def _household_of(programme: Programme, kk: str) -> Household | None:
    return Household.objects.of(programme).filter(kk_index=index_of(kk)).first() if kk else None


def _same_home(
    where: dict[str, Any], mother_name: str, home: dict[str, Any], kk: str
) -> Household | None:
    """A household of the desa at this address whose mother has this name, and no other KK."""
    key, address = name_key(mother_name), name_key(home["address"])
    if not key:
        return None
    near = Mother.objects.of(where["programme"]).filter(desa=where["desa"], name_key=key)
    for mother in near.select_related("household"):
        there = mother.household
        if kk and there.kk:  # two numbers are two families, whatever else agrees
            continue
        if name_key(there.address) == address and (there.rt, there.rw) == (home["rt"], home["rw"]):
            return there
    return None


def _mother_in(household: Household, name: str) -> Mother | None:
    return household.mothers.filter(name_key=name_key(name)).first()


def _new_mother(
    user: Any,
    where: dict[str, Any],
    household: Household,
    name: str,
    job: str,
    details: dict[str, Any],
) -> Mother:
    nik = details.pop("nik", "")
    try:
        with transaction.atomic():
            mother = Mother.objects.create(
                **where, household=household, name=name, name_key=name_key(name), job=job[:80],
                nik=nik, nik_index=index_of(nik), created_by=user, **details,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(NIK_TAKEN) from error
    keys.refresh(mother)
    record(user, "register_mother", mother)
    return mother


def new_child(user: Any, family: Family, values: dict[str, Any], nik: str = "") -> Child:
    """Make the child of a family. Raises Refused when the NIK belongs to another child."""
    try:
        with transaction.atomic():
            child = Child.objects.create(
                **family.where, household=family.household, mother=family.mother, **values,
                name_key=name_key(values["name"]), nik=nik, nik_index=index_of(nik),
                created_by=user,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(NIK_TAKEN) from error
    keys.refresh(child)
    record(user, "register_child", child)
    return child


def _add_numbers(user: Any, child: Child, choice: Approval) -> None:
    """Add NIK, KK and exact birth date to a linked child where they were not known."""
    try:
        with transaction.atomic():
            if choice.nik and not child.nik:
                child.nik, child.nik_index = choice.nik, index_of(choice.nik)
                child.save(update_fields=["nik", "nik_index"])
                keys.refresh(child)
    except IntegrityError as error:
        raise Refused(NIK_TAKEN) from error
    if choice.kk and not child.household.kk:
        give_kk(user, child.household, choice.kk)
