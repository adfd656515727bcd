"""Scope ``baris``: children and their measurements without name, NIK, address or birth day.

Only balita who live in the kecamatan today, merged cards left out, and only the revision of a
visit that counts.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Event
from accounts.paging import Order
from regions.models import Programme
from registry.exports.people import INDICES, status
from registry.models import Child, Measurement
from reports.api.asking import NotAnswered
from reports.api.fields import (
    DAY,
    MONTH,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Field,
    Schema,
    listed,
    one_of,
    or_none,
    plain,
    shape,
    told,
)
from reports.figures import balita

BEHIND = "b"
CHILDREN = Order("baca anak", ("id",))
VISITS = Order("baca pengukuran", ("id",))
# What is written about a child when something of it, or of its visits' z-scores, was changed.
CHANGES = (
    "correct_child", "recompute", "note_life", "take_back_life", "merge", "undo_merge",
    "import_child", "undo_import_child", "import_list", "undo_import", "link_child",
)  # fmt: skip


class Seen(NamedTuple):
    """One child with one of its visits, read on a day."""

    child: Child
    visit: Measurement
    on: date


# --- Reading ------------------------------------------------------------------------------------


def children(programme: Programme, since: datetime | None) -> QuerySet[Child]:
    """The balita of today; ``since``: who was registered, measured or corrected from then on."""
    found = balita(programme, programme.today()).select_related("desa", "last_visit")
    if since is None:
        return found
    measured = Measurement.objects.filter(child=OuterRef("pk"), created_at__gte=since)
    changed = _changed(OuterRef("code"), programme, since)
    return found.filter(Q(created_at__gte=since) | Exists(measured) | Exists(changed))


def visits(programme: Programme, since: datetime | None) -> QuerySet[Measurement]:
    """The counted visits of these children; ``since``: made or computed anew from then on."""
    mine = balita(programme, programme.today())
    found: QuerySet[Measurement] = Measurement.objects.current().filter(child__in=mine)
    found = found.select_related("child__desa")
    if since is None:
        return found
    changed = _changed(OuterRef("child__code"), programme, since)
    return found.filter(Q(created_at__gte=since) | Exists(changed))


def _changed(code: OuterRef, programme: Programme, since: datetime) -> QuerySet[Event]:
    return Event.objects.filter(
        object_code=code, programme=programme, verb__in=CHANGES, at__gte=since
    )


def page(order: Order, rows: QuerySet[Any], size: int, place: str) -> tuple[list[Any], str]:
    """The rows behind a place, in the order they were registered, and the place of the next page
    ("" after the last): a row added meanwhile comes at the end, and none comes twice."""
    known = order.unseal(place)
    if place and known is None:
        raise NotAnswered("isian", "Isian hal tidak dikenal. Mulai lagi tanpa isian hal.")
    if known:
        rows = rows.filter(pk__gt=known[1][0])
    found = list(rows.order_by("pk")[: size + 1])
    return found[:size], order.seal(BEHIND, found[size - 1]) if len(found) > size else ""


# --- Telling ------------------------------------------------------------------------------------


def _index_fields(index: str, column: str) -> tuple[Field, ...]:
    return (
        Field(index, or_none(NUMBER), lambda seen: plain(getattr(seen.visit, column)),
              "z-score WHO 2006"),
        Field(f"{index}_ukur_ulang", YES_NO, lambda seen: getattr(seen.visit, f"{column}_flag"),
              "di luar batas wajar atau diragukan: tidak masuk hitungan"),
        Field(f"{index}_kelas", TEXT,
              lambda seen: status(index, seen.visit, seen.child.birth_date)),
    )  # fmt: skip


SIZES: tuple[Field, ...] = (
    Field("tanggal_ukur", DAY, lambda seen: seen.visit.measured_on.isoformat()),
    Field("umur_bulan", WHOLE, lambda seen: seen.child.months(seen.visit.measured_on),
          "umur penuh pada tanggal ukur"),
    Field("berat_kg", or_none(NUMBER), lambda seen: plain(seen.visit.weight_kg)),
    Field("panjang_tinggi_cm", or_none(NUMBER), lambda seen: plain(seen.visit.length_height_cm)),
    Field("cara_ukur", one_of("terlentang", "berdiri", ""),
          lambda seen: {"l": "terlentang", "h": "berdiri"}.get(seen.visit.measure, "")),
    Field("lila_cm", or_none(NUMBER), lambda seen: plain(seen.visit.lila_cm)),
    Field("edema", YES_NO, lambda seen: seen.visit.oedema),
    *_index_fields("bb_u", INDICES["bb_u"]),
    *_index_fields("tb_u", INDICES["tb_u"]),
    *_index_fields("bb_tb", INDICES["bb_tb"]),
    Field("kenaikan_berat", one_of("N", "T", "O", "B", ""), lambda seen: seen.visit.weight_gain),
    Field("tanda", one_of("merah", "oranye", "kuning", "biru", "hijau", ""),
          lambda seen: seen.visit.alert),
    Field("perbaikan_ke", WHOLE, lambda seen: seen.visit.revision - 1),
)  # fmt: skip
_APPROXIMATE = "tanggal lahir diperkirakan dari umur: tidak masuk hitungan"
ANAK: tuple[Field, ...] = (
    Field("kode_anak", TEXT, lambda seen: seen.child.code),
    Field("kode_desa", TEXT, lambda seen: seen.child.desa.code, "kode wilayah Kemendagri"),
    Field("jenis_kelamin", one_of("L", "P"), lambda seen: seen.child.sex),
    Field("bulan_lahir", MONTH, lambda seen: f"{seen.child.birth_date:%Y-%m}"),
    Field("lahir_perkiraan", YES_NO, lambda seen: seen.child.is_approximate, _APPROXIMATE),
    Field("umur_bulan", WHOLE, lambda seen: seen.child.months(seen.on), "umur penuh hari ini"),
    Field("pengukuran_terakhir", or_none(shape(SIZES)),
          lambda seen: told(SIZES, seen) if seen.visit else None),
)  # fmt: skip
PENGUKURAN: tuple[Field, ...] = (
    Field("kode_anak", TEXT, lambda seen: seen.child.code),
    Field("kode_desa", TEXT, lambda seen: seen.child.desa.code, "kode wilayah Kemendagri"),
    Field("lahir_perkiraan", YES_NO, lambda seen: seen.child.is_approximate, _APPROXIMATE),
    *SIZES,
)


def shape_of_page(row: tuple[Field, ...]) -> Schema:
    return {
        "type": "object",
        "properties": {
            "per_tanggal": DAY,
            "baris": listed(shape(row)),
            "berikutnya": or_none({"type": "string", "format": "uri"}),
        },
        "required": ["per_tanggal", "baris", "berikutnya"],
        "additionalProperties": False,
    }
