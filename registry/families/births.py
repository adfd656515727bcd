"""A pregnancy ends: how, and the children that were born of it, twins too."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import record
from accounts.transitions import Refused
from registry import people, registering
from registry.models import Child, Consent, Mother, Pregnancy
from registry.mothers.pregnancy import gestation
from registry.unmerged import hold

REGISTER = "register_person"
NEAR = timedelta(days=31)
LEAST_WEEKS, MOST_WEEKS = 20, 44
CHANGED = "Anak dari kehamilan ini sudah didaftarkan orang lain. Lihat dahulu kartu ibunya."
NOT_BORN = "Kehamilan ini tidak tercatat berakhir dengan kelahiran hidup."
OTHERS = "Anak ini sudah ditautkan dengan kehamilan lain."


def last_birth(mother: Mother) -> Pregnancy | None:
    """Her last pregnancy, when it ended with a live birth."""
    rows = mother.pregnancies.select_related("mother__household", "programme", "desa", "posyandu")
    last = rows.order_by("-hpht").first()
    return last if last and last.outcome == Pregnancy.Outcome.BORN else None


def without_child(newest_first: Sequence[Pregnancy]) -> bool:
    """Whether the last of these pregnancies ended with a live birth and nobody is registered."""
    last = next(iter(newest_first), None)
    if last is None or last.outcome != Pregnancy.Outcome.BORN:
        return False
    return not Child.objects.filter(pregnancy=last).exists()


def weeks_at_birth(pregnancy: Pregnancy) -> int | None:
    """Completed weeks on the day of birth, when they can be those of a live birth."""
    if pregnancy.ended_on is None:
        return None
    age = gestation(pregnancy.begun, pregnancy.ended_on)
    return age[0] if age and LEAST_WEEKS <= age[0] <= MOST_WEEKS else None


def perhaps_registered(pregnancy: Pregnancy) -> list[Child]:
    """Children of hers born about that day who hang on no pregnancy yet: a kader reported them."""
    born = pregnancy.ended_on
    if born is None:
        return []
    near = (born - NEAR, born + NEAR)
    rows = pregnancy.mother.children.filter(pregnancy__isnull=True, birth_date__range=near)
    return list(rows.order_by("birth_date", "id"))


def register_births(
    user: Any,
    pregnancy: Pregnancy,
    babies: Sequence[dict[str, Any]],
    *,
    consent: dict[str, str],
    nursing: bool,
    known: int,
) -> list[Child]:
    """Make the children born of the pregnancy, with mother, household and birth date filled in;
    breastfeeding begins with the birth.

    ``babies``: columns of ``Child``, with ``nik``; ``known``: how many the person saw registered
    already, so that a second sending makes none. Raises Refused then, and for a NIK in use.
    """
    with transaction.atomic():
        hold(pregnancy.mother.household, pregnancy.mother)
        held = Pregnancy.objects.select_for_update().get(pk=pregnancy.pk)
        if held.outcome != Pregnancy.Outcome.BORN or held.ended_on is None:
            raise Refused(NOT_BORN)
        if held.children.count() != known:
            raise Refused(CHANGED)
        made = [_baby(user, pregnancy, baby) for baby in babies]
        for child in made:
            Consent.objects.create(
                programme=child.programme, child=child, recorded_by=user, **consent
            )
        if nursing and not pregnancy.mother.breastfeedings.filter(ended_on__isnull=True).exists():
            registering.begin_breastfeeding(user, pregnancy.mother, held.ended_on, made[0])
    return made


def link_birth(user: Any, pregnancy: Pregnancy, child: Child) -> None:
    """This child of hers, registered before, was born of the pregnancy."""
    with transaction.atomic():
        hold(pregnancy.mother, child)
        free = Child.objects.filter(pk=child.pk, mother=pregnancy.mother, pregnancy__isnull=True)
        weeks = child.gestation_weeks or weeks_at_birth(pregnancy)
        if not free.update(pregnancy=pregnancy, gestation_weeks=weeks):
            raise Refused(OTHERS)
        record(user, "link_birth", child, fields=["pregnancy"], action=REGISTER)


def _baby(user: Any, pregnancy: Pregnancy, baby: dict[str, Any]) -> Child:
    mother = pregnancy.mother
    where = {name: getattr(mother, name) for name in ("programme", "desa", "posyandu")}
    family = people.Family(where, mother.household, mother, False, False)
    columns = {name: value for name, value in baby.items() if name != "nik"}
    columns |= {"birth_date": pregnancy.ended_on, "pregnancy": pregnancy,
                "gestation_weeks": weeks_at_birth(pregnancy)}  # fmt: skip
    return people.new_child(user, family, columns, baby.get("nik", ""))
