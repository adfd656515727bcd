"""``{% load indonesia %}``: dates, times, numbers and money in templates (see regions/words.py)."""

from typing import Any

from django import template

from regions import words
from regions.models import Programme

register = template.Library()


def _programme(given: Any) -> Programme | None:
    """A page without a programme hands on an empty text."""
    return given if isinstance(given, Programme) else None


@register.filter
def tanggal(day: Any, programme: Any = None) -> str:
    """22 Juni 2022"""
    return words.long_date(day, _programme(programme))


@register.filter
def bulan(day: Any) -> str:
    """Oktober 2026"""
    return words.month_name(day)


@register.filter
def jam(moment: Any, programme: Any = None) -> str:
    """10.42 WIB"""
    return words.clock(moment, _programme(programme))


@register.filter
def waktu(moment: Any, programme: Any = None) -> str:
    """22 Juni 2022 pukul 10.42 WIB"""
    return words.date_and_clock(moment, _programme(programme))


@register.filter
def angka(value: Any, places: int | None = None) -> str:
    """1.234,5; ``value|angka:1`` with exactly one decimal."""
    return words.number(value, places)


@register.filter
def rupiah(value: Any) -> str:
    """Rp450.000"""
    return words.rupiah(value)


@register.filter
def persen(n: Any, total: Any) -> str:
    """75,0 % (9/12)"""
    return words.percent(n, total)
