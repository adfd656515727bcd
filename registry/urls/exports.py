"""URLs of lists as files: the list's own filters behind them."""

from django.urls import URLPattern, path, register_converter

from registry.urls.posyandu_day import DAY
from registry.views import exports


class KindConverter:
    """What a file is: xlsx or csv."""

    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindConverter, "berkas")
urls: list[URLPattern] = [
    path("anak/unduh.<berkas:kind>", exports.children, name="children-export"),
    path("anak/eppgbm.xlsx", exports.eppgbm, name="children-eppgbm"),
    path("ibu/unduh.<berkas:kind>", exports.mothers, name="mothers-export"),
    path("keluarga/unduh.<berkas:kind>", exports.households, name="households-export"),
    path("prioritas/unduh.<berkas:kind>", exports.priority, name="priority-export"),
    path(f"{DAY}daftar.<berkas:kind>", exports.posyandu_day, name="posyandu-day-export"),
]
