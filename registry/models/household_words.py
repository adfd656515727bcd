"""The words by which families are looked up."""

from datetime import date
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from accounts.models import reach
from registry.models.placed import PlacedQuerySet, some
from registry.mothers.pregnancy import Limits


class HouseholdQuerySet(PlacedQuerySet):
    def known_to(self, user: Any, action: str = "") -> Self:
        """Whose place or one of whose people the user may see (or do ``action`` to).

        A child may belong to another posyandu than its family's house.
        """
        from registry.models.children import Child
        from registry.models.families import Mother

        action = action or self.action
        children = Child.objects.in_scope(user, action).filter(household=OuterRef("pk"))
        mothers = Mother.objects.in_scope(user, action).filter(household=OuterRef("pk"))
        return self.filter(reach(user, action) | Exists(children) | Exists(mothers))

    def here(self, on: date) -> Self:
        """In which somebody lives in the kecamatan on the day, or nobody is written down yet."""
        from registry.models.children import Child
        from registry.models.families import Mother

        mine = {"household": OuterRef("pk")}
        living = some(Child.objects.here(on).filter(**mine))
        living |= some(Mother.objects.here(on).filter(**mine))
        known = some(Child.objects.filter(**mine)) | some(Mother.objects.filter(**mine))
        return self.filter(living | ~known)

    def unseen(self) -> Self:
        """Whose house nobody has looked at."""
        return self.filter(surveyed_on__isnull=True)

    def with_risk(self, on: date, limits: Limits) -> Self:
        """Add how each family stands to the risk of stunting on the day, as booleans:
        ``is_target``, ``may_be_target``, ``risk_water``, ``risk_latrine``, ``risk_4t`` and
        ``risk_unknown``. The words below stand on it."""
        from registry.models import risk_words

        return self.annotate(**risk_words.columns(on, limits))

    def at_risk(self, on: date, limits: Limits, cause: str = "") -> Self:
        """Keluarga berisiko stunting on the day; ``cause``: a key of ``risk.CAUSES``."""
        from registry.models import risk_words

        return self.with_risk(on, limits).filter(risk_words.caused(cause))

    def of_risk(self, state: str, on: date, limits: Limits) -> Self:
        """In one state of ``registry.families.risk.LABELS`` on the day."""
        from registry.models import risk_words

        return self.with_risk(on, limits).filter(risk_words.in_state(state))

    def residents(self, said: bool | None) -> Self:
        """Who said to be warga kecamatan (True) or not (False), or was not asked (None)."""
        return self.filter(Q(resident__isnull=True) if said is None else Q(resident=said))
