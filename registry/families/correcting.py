"""A family's own data put right: head, address, dasawisma, posyandu, KK number, warga kecamatan."""

from typing import Any

from django.db import transaction

from accounts.models import record
from accounts.transitions import Refused
from registry import people
from registry.families import residents
from registry.models import Household
from registry.unmerged import hold

REGISTER = "register_person"
OUTSIDE = "Tempat ini di luar wilayah Anda. Pilih posyandu dari daftar."


def correct_household(
    user: Any,
    household: Household,
    changes: dict[str, Any],
    kk: str = "",
    resident: dict[str, Any] | None = None,
) -> list[str]:
    """Put a family's data right; returns the names of what changed.

    Raises Refused for a KK number of another family, a place out of reach, and a family from
    elsewhere without a reason.
    """
    with transaction.atomic():
        hold(household)
        if changes:
            for name, value in changes.items():
                setattr(household, name, value)
            household.save(update_fields=list(changes))
            record(user, "correct_household", household, fields=changes, action=REGISTER)
            if not Household.objects.known_to(user, REGISTER).filter(pk=household.pk).exists():
                raise Refused(OUTSIDE, stranger=True)
        if new_kk := kk if kk != household.kk else "":
            people.give_kk(user, household, new_kk)
        said = resident or {}
        answered = [name for name, value in said.items() if getattr(household, name) != value]
        residents.note(user, household, said, REGISTER)
    return [*changes, *(["kk"] if new_kk else []), *answered]
