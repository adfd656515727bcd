"""The nutrition classes of Permenkes 2/2020 for children under five, each in exactly one table.

A class is stored and compared by its code; label and colour are looked up. The z-score is
rounded to 2 decimals before it is classed, as the WHO does: −2,00 is normal, −2,01 is not.
"""

import math
from dataclasses import dataclass

INDEX_LABELS = {
    "bb_u": "Berat menurut umur",
    "tb_u": "Tinggi menurut umur",
    "bb_tb": "Berat menurut tinggi",
    "imt_u": "IMT menurut umur",
}
# As long as the tables of the WHO lie (below day 731).
LYING_LABELS = INDEX_LABELS | {
    "tb_u": "Panjang menurut umur",
    "bb_tb": "Berat menurut panjang",
}
NORMAL_FROM = -2  # SD: below it short, thin or light


@dataclass(frozen=True, slots=True)
class GrowthClass:
    """A class between two limits (SD; for LiLA cm) with its label and colour token."""

    code: str
    label: str
    lower: float
    upper: float
    colour: str

    def holds(self, z: float) -> bool:
        """Say whether z lies in it. A limit belongs to the class nearer the median."""
        above = z >= self.lower if self.lower < 0 else z > self.lower
        below = z < self.upper if self.upper < 0 else z <= self.upper
        return above and below


_WEIGHT_FOR_HEIGHT = (
    GrowthClass("gizi_buruk", "Gizi buruk", -math.inf, -3, "merah"),
    GrowthClass("gizi_kurang", "Gizi kurang", -3, -2, "oranye"),
    GrowthClass("gizi_baik", "Gizi baik", -2, 1, "hijau"),
    GrowthClass("berisiko_gizi_lebih", "Berisiko gizi lebih", 1, 2, "biru"),
    GrowthClass("gizi_lebih", "Gizi lebih", 2, 3, "biru"),
    GrowthClass("obesitas", "Obesitas", 3, math.inf, "biru"),
)

CLASSES: dict[str, tuple[GrowthClass, ...]] = {
    "bb_u": (
        GrowthClass("bb_sangat_kurang", "Berat badan sangat kurang", -math.inf, -3, "oranye"),
        GrowthClass("bb_kurang", "Berat badan kurang", -3, -2, "oranye"),
        GrowthClass("bb_normal", "Berat badan normal", -2, 1, "hijau"),
        GrowthClass("risiko_bb_lebih", "Risiko berat badan lebih", 1, math.inf, "biru"),
    ),
    "tb_u": (
        GrowthClass("sangat_pendek", "Sangat pendek", -math.inf, -3, "oranye"),
        GrowthClass("pendek", "Pendek", -3, -2, "oranye"),
        GrowthClass("normal", "Normal", -2, 3, "hijau"),
        GrowthClass("tinggi", "Tinggi", 3, math.inf, "biru"),
    ),
    "bb_tb": _WEIGHT_FOR_HEIGHT,
    "imt_u": _WEIGHT_FOR_HEIGHT,
}

# LiLA, 6–59 completed months: a limit belongs to the class above it (11,5 is gizi kurang).
LILA_CLASSES = (
    GrowthClass("lila_gizi_buruk", "Gizi buruk akut", -math.inf, 11.5, "merah"),
    GrowthClass("lila_gizi_kurang", "Gizi kurang akut", 11.5, 12.5, "oranye"),
    GrowthClass("lila_normal", "Normal", 12.5, math.inf, "hijau"),
)
LILA_NOT_APPLICABLE = GrowthClass("tidak_berlaku", "Tidak berlaku", math.nan, math.nan, "")
_LILA_MONTHS = range(6, 60)


def classify(index: str, z: float | None) -> GrowthClass | None:
    """Class a z-score of "bb_u", "tb_u", "bb_tb" or "imt_u"; None, never normal, without one."""
    if z is None or not math.isfinite(z):
        return None
    rounded = round(float(z), 2)
    return next(growth_class for growth_class in CLASSES[index] if growth_class.holds(rounded))


def classify_lila(lila_cm: float | None, age_months: int | None) -> GrowthClass | None:
    """Class a LiLA in cm; None if it or the age is unknown, "tidak berlaku" outside 6–59 months."""
    if lila_cm is None or age_months is None or not 0 < lila_cm < math.inf:
        return None
    if age_months not in _LILA_MONTHS:
        return LILA_NOT_APPLICABLE
    return next(growth_class for growth_class in LILA_CLASSES if lila_cm < growth_class.upper)
