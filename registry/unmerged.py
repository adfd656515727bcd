"""A person's row held still while something is hung on it, so that no merge comes in between."""

from django.db.models import Model

from accounts.transitions import Refused
from registry.models import Child, Household, Mother
from registry.models.placed import Known

MERGED = (
    "Kartu ini baru saja digabung dengan kartu lain. Muat ulang halaman: yang terbuka "
    "kartu gabungannya. Lalu ulangi di sana."
)  # fmt: skip
# Everybody who locks several people does so in this order, and by key: nobody waits in a circle.
ORDER: tuple[type[Known], ...] = (Household, Mother, Child)


def hold(*people: Model | None) -> None:
    """Hold these people's rows until the transaction ends.

    Raises Refused when one of them was merged since it was fetched: what is hung on it now would
    be seen by nobody.
    """
    for model in ORDER:
        keys = {person.pk for person in people if isinstance(person, model)}
        rows = model.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")  # type: ignore[attr-defined]
        if keys and keys != set(rows.values_list("pk", flat=True)):
            raise Refused(MERGED)
