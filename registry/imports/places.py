"""The desa and posyandu a row names, by the words people write for them.

Only places of the import's own programme are known here, so no row can reach another kecamatan.
"""

import re
from collections import defaultdict

from regions.models import Posyandu, Programme, Region
from registry.names import clean_text

_BEFORE = re.compile(
    r"^(?:desa|ds|kelurahan|kel|kecamatan|kec|posyandu|pos)\b\.?\s*", re.IGNORECASE
)  # fmt: skip
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7",
          "viii": "8", "ix": "9", "x": "10"}  # fmt: skip


class Unplaced(Exception):
    """Why a row's place is not one of ours, as the sentence to show."""


def place_key(name: str) -> str:
    """``Desa Karang Tengah`` → ``karangtengah``; ``Posyandu Melati II`` is also ``Melati 02``."""
    words = re.findall(r"[a-z]+|[0-9]+", _BEFORE.sub("", clean_text(name).lower()))
    plain = [_ROMAN.get(word, word) for word in words[1:]]
    return "".join(word.lstrip("0") or word for word in [*words[:1], *plain])


class Places:
    """The places of one programme."""

    def __init__(self, programme: Programme) -> None:
        self.kecamatan = programme.kecamatan_name
        self.desa = {place_key(desa.name): desa for desa in programme.desa()}
        self.by_key = {desa.pk: desa for desa in self.desa.values()}
        self.names: dict[int, str] = {}  # of posyandu, by their key
        self.posyandu: dict[str, list[Posyandu]] = defaultdict(list)
        for posyandu in Posyandu.objects.of(programme).select_related("desa"):
            self.posyandu[place_key(posyandu.name)].append(posyandu)
            self.names[posyandu.pk] = posyandu.name
        self._known: dict[tuple[str, str, str], tuple[Region, Posyandu | None]] = {}

    def find(self, kecamatan: str, desa: str, posyandu: str) -> tuple[Region, Posyandu | None]:
        """The desa and posyandu of a row. Raises Unplaced with the sentence."""
        names = (kecamatan, desa, posyandu)
        if names not in self._known:
            self._known[names] = self._find(*names)
        return self._known[names]

    def _find(self, kecamatan: str, desa: str, posyandu: str) -> tuple[Region, Posyandu | None]:
        if kecamatan and place_key(kecamatan) != place_key(self.kecamatan):
            raise Unplaced(f"Kecamatan {kecamatan} bukan Kecamatan {self.kecamatan}.")
        named = self.desa.get(place_key(desa)) if desa else None
        if desa and named is None:
            raise Unplaced(f"Desa {desa} bukan di Kecamatan {self.kecamatan}.")
        if not posyandu:
            if named is None:
                raise Unplaced("Desa atau kelurahan kosong.")
            return named, None
        return self._posyandu(posyandu, named)

    def _posyandu(self, name: str, desa: Region | None) -> tuple[Region, Posyandu | None]:
        alike = self.posyandu.get(place_key(name), [])
        here = [one for one in alike if desa is None or one.desa_id == desa.pk]
        if len(here) == 1:
            return here[0].desa, here[0]
        if here:
            raise Unplaced(f"Posyandu {name} ada di beberapa desa. Tulis juga desanya.")
        where = f" di {desa.title}" if desa else ""
        raise Unplaced(f"Posyandu {name} tidak dikenal{where}.")
