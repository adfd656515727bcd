"""Whose NIK it is that a verifier types from a document: told before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from registry.identity import index_of
from registry.models import Child, Mother
from registry.models.placed import Known

OF_A_MOTHER = "NIK ini tercatat sebagai NIK {}. NIK anak berbeda dari NIK ibunya: periksa lagi."
HAS_ANOTHER = (
    "{} sudah punya NIK lain ({}). NIK yang Anda ketik tidak akan menggantikannya: periksa lagi, "
    "atau perbaiki di kartunya."
)


@dataclass(frozen=True)
class Holder:
    """Somebody in the user's area who has this NIK."""

    person: Known
    who: str  # ``Anak Jaka, lahir …`` is said by the template; this is ``anak`` or ``ibu``

    @property
    def url(self) -> str:
        return reverse(
            f"registry:{'child' if self.is_child else 'mother'}", args=[self.person.code]
        )

    @property
    def is_child(self) -> bool:
        return isinstance(self.person, Child)


def holders(user: Any, nik: str) -> list[Holder]:
    """The child and the mother with this NIK, as far as the user may see them; two queries."""
    if not nik:
        return []
    found = []
    for model, who in ((Child, "anak"), (Mother, "ibu")):
        rows = model.objects.in_scope(user).filter(nik_index=index_of(nik))
        rows = rows.select_related("household", "desa", "posyandu").defer("nik")
        found += [Holder(person, who) for person in rows]
    return found


def doubts(nik: str, linked: Child | None, found: Sequence[Holder]) -> list[tuple[str, str]]:
    """What to ask back once about a NIK that could be written, as ``AskOnce`` takes it.

    ``linked``: the child it shall be written on, None for a new one. A NIK of another child is no
    doubt: ``workflow.approve`` refuses it.
    """
    asked = [OF_A_MOTHER.format(f"ibu {one.person.name}") for one in found if not one.is_child]  # type: ignore[attr-defined]
    if nik and linked and linked.nik and linked.nik != nik:
        asked.append(HAS_ANOTHER.format(linked.name, linked.nik_masked))
    return [("nik", sentence) for sentence in asked]
