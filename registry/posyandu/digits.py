"""How often each digit stood behind the comma: n/N, the picture of ten bars, its words."""

from typing import Any

from growth.quality import Tally
from regions.words import number, percent

WIDE, HIGH = 9, 30  # one bar and its gap are 10 wide


def rounding(added: Tally, key: str) -> dict[str, Any]:
    """How many readings ended in ,0 or ,5, as n/N and as the picture of the ten digits."""
    digits = added.height_digits if key == "tinggi-bulat" else added.weight_digits
    return {
        "n": added.odd[key], "total": added.asked[key],
        "share": percent(added.odd[key], added.asked[key]), "bars": bars(digits),
        "words": digit_words(digits),
    }  # fmt: skip


def bars(digits: list[int]) -> dict[str, Any]:
    """SVG paths of the ten bars, those of 0 and 5 apart, and the height of an even share.

    The box is 100 × 30; the tallest bar, or twice the even share, fills it.
    """
    total = sum(digits)
    top = max(*digits, total / 5, 1)
    paths = {True: "", False: ""}
    for digit, count in enumerate(digits):
        if count:
            tall = round(HIGH * count / top, 1)
            paths[digit in (0, 5)] += f"M{digit * 10} {HIGH}v-{tall:g}h{WIDE}v{tall:g}z"
    even = round(HIGH - HIGH * total / 10 / top, 1) if total else HIGH
    return {"round": paths[True], "other": paths[False], "even": f"{even:g}"}


def digit_words(digits: list[int]) -> str:
    """What the picture shows, for who cannot see it: ``0: 12 kali, 1: 3 kali, …``."""
    return ", ".join(f"{digit}: {number(count)} kali" for digit, count in enumerate(digits))
