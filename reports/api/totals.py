"""Scope ``jumlah``: the figures of one month, as the monthly report counts them, never anew.

A month whose report is final is told as it was frozen; any other is counted now by
``reports.figures``.
"""

from typing import Any

from django.utils import timezone

from regions.models import Programme
from reports.api.fields import (
    DAY,
    MOMENT,
    MONTH,
    TEXT,
    WHOLE,
    Field,
    Schema,
    listed,
    one_of,
    or_none,
    shape,
    told,
)
from reports.figures import by_desa, summed
from reports.models import MonthlyReport
from reports.months import Month

SHARE: Schema = {
    "type": "object",
    "properties": {"n": WHOLE, "N": WHOLE},
    "required": ["n", "N"],
    "additionalProperties": False,
}
INDEX: tuple[Field, ...] = (
    Field("n", WHOLE, lambda part: part["n"], "di bawah −2 SD"),
    Field("N", WHOLE, lambda part: part["total"], "anak dengan ukuran yang dapat dihitung"),
    Field("berat", WHOLE, lambda part: part["severe"], "bagian n yang di bawah −3 SD"),
    Field("ukur_ulang", WHOLE, lambda part: part["flagged"], "di luar batas wajar, tidak dihitung"),
    Field("tidak_lengkap", WHOLE, lambda part: part["missing"], "ukuran kurang, tidak dihitung"),
    Field("lahir_perkiraan", WHOLE, lambda part: part["approximate"],
          "tanggal lahir perkiraan, tidak dihitung"),
)  # fmt: skip


def _share(n: Any, total: Any) -> dict[str, int]:
    return {"n": n, "N": total}


def _gain(row: Any) -> dict[str, int] | None:
    """None in reports frozen before N/T was computed."""
    return _share(row["gain"]["n"], row["gain"]["total"]) if row.get("gain") else None


def _index(word: str, says: str) -> Field:
    return Field(word, shape(INDEX), lambda row: told(INDEX, row[word]), says)


COUNTS: tuple[Field, ...] = (
    Field("balita", WHOLE, lambda row: row["balita"], "S: tinggal di sini pada per_tanggal"),
    Field("baduta", WHOLE, lambda row: row["baduta"]),
    Field("ibu_hamil", WHOLE, lambda row: row["hamil"]),
    Field("ibu_menyusui", WHOLE, lambda row: row["menyusui"]),
    Field("diukur", SHARE, lambda row: _share(row["measured"], row["balita"]), "D/S"),
    Field("berat_naik", or_none(SHARE), _gain, "N/D′"),
    _index("stunting", "TB/U atau PB/U"),
    _index("wasting", "BB/TB atau BB/PB"),
    _index("underweight", "BB/U"),
    Field("laporan_terverifikasi", SHARE, lambda row: _share(row["approved"], row["received"])),
)
DESA: tuple[Field, ...] = (
    Field("kode_desa", TEXT, lambda row: row["key"], "kode wilayah Kemendagri"),
    Field("nama_desa", TEXT, lambda row: row["label"]),
    *COUNTS,
)
RINGKASAN: tuple[Field, ...] = (
    Field("program", TEXT, lambda found: found["programme"]),
    Field("bulan", MONTH, lambda found: found["month"]),
    Field("sumber", one_of("laporan_final", "hitungan_sekarang"), lambda found: found["source"]),
    Field("per_tanggal", DAY, lambda found: found["on"], "hari yang dihitung"),
    Field("dihitung_pada", MOMENT, lambda found: found["taken_at"]),
    Field("kecamatan", shape(COUNTS), lambda found: told(COUNTS, found["total"])),
    Field("desa", listed(shape(DESA)), lambda found: [told(DESA, row) for row in found["desa"]]),
)


def ringkasan(programme: Programme, asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The month asked for, else the running one; counted are the desa."""
    month = asked["bulan"] or Month.of(programme.today())
    found = _frozen(programme, month) or _now(programme, month)
    answer = told(RINGKASAN, found | {"programme": programme.code})
    return answer, len(answer["desa"])


def _frozen(programme: Programme, month: Month) -> dict[str, Any] | None:
    report = MonthlyReport.objects.of_month(programme, month.first).final().newest()
    return report.figures | {"source": "laporan_final"} if report and report.figures else None


def _now(programme: Programme, month: Month) -> dict[str, Any]:
    desa = by_desa(programme, month)
    return {
        "month": str(month), "on": month.read_on(programme).isoformat(), "desa": desa,
        "total": summed(desa), "taken_at": timezone.now().isoformat(timespec="seconds"),
        "source": "hitungan_sekarang",
    }  # fmt: skip
