"""How growth says numbers and dates in Bahasa Indonesia: 8,4 kg · −2,34 SD · 20 Juli 2026."""

from datetime import date

MINUS = "\u2212"
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def number(value: float, places: int | None = None) -> str:
    """Write 8.4 as "8,4"; with places=1 write 74 as "74,0". At most 3 decimals otherwise."""
    text = f"{value:.3f}".rstrip("0").rstrip(".") if places is None else f"{value:.{places}f}"
    return text.replace(".", ",").replace("-", MINUS)


def measured(value: float) -> str:
    """Write a measurement with the decimals of the scale: 74 as "74,0", 8.25 as "8,25"."""
    return number(value, 1 if round(value, 1) == round(value, 2) else 2)


def sd(z: float) -> str:
    """Write a z-score with its sign and unit: "−2,34 SD", "+1,12 SD", "0,00 SD"."""
    return f"{'+' if z > 0 else ''}{number(z, 2)} SD"


def signed(z: float) -> str:
    """Write the limit of a class: "−2", "0", "+1"."""
    return f"{'+' if z > 0 else ''}{number(z)}"


def long_date(day: date) -> str:
    """Write "20 Juli 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Write "20 Jul 26", for a mark on a chart."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year % 100:02d}"
