"""A child's visits: measured, corrected, and scored anew when sex or birth date change.

Measurements are append-only: a correction adds a revision with its reason. The z columns are
derived and follow the child's data, in place.
"""

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import record
from accounts.transitions import Refused
from registry import measuring
from registry.models import Child, Measurement


def add_measurement(user: Any, child: Child, numbers: dict[str, Any]) -> Measurement:
    """Store one visit with its z-scores. Raises Refused on a second visit of the same day."""
    fresh = Measurement(child=child, created_by=user, **numbers)
    _derive(fresh)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
            record(user, "measure", child, fields=numbers, action="measure_child")
    except IntegrityError as error:
        raise Refused(
            "Anak ini sudah diukur pada tanggal itu. Perbaiki pengukuran yang ada, "
            "atau periksa tanggalnya."
        ) from error
    return fresh


def correct_measurement(
    user: Any, old: Measurement, numbers: dict[str, Any], reason: str
) -> Measurement:
    """Add revision + 1 with its reason; the old revision stays and no longer counts."""
    if not reason.strip():
        raise Refused("Tulis alasan perbaikannya.")
    fresh = Measurement(
        child=old.child, created_by=user, revision=old.revision + 1, reason=reason,
        **{**numbers, "measured_on": old.measured_on},
    )  # fmt: skip
    _derive(fresh)
    with transaction.atomic():
        live = Measurement.objects.filter(pk=old.pk, superseded=False)
        if not live.update(superseded=True):
            raise Refused("Pengukuran ini sudah diperbaiki orang lain. Muat ulang halaman.")
        fresh.save(force_insert=True)
        record(user, "correct_measurement", old.child, fields=numbers, action="measure_child")
    return fresh


def correct_child(user: Any, child: Child, changes: dict[str, Any]) -> None:
    """Correct a child's own data; a new sex or birth date recomputes every stored z."""
    with transaction.atomic():
        for name, value in changes.items():
            setattr(child, name, value)
        child.save(update_fields=list(changes))
        if {"sex", "birth_date", "birth_precision"} & set(changes):
            recompute(child)
        record(user, "correct_child", child, fields=changes, action="register_person")


def recompute(child: Child) -> None:
    """Score every visit of the child anew, in place."""
    for measurement in child.measurements.select_related("child"):
        _derive(measurement)
        measurement.save(
            update_fields=["haz", "waz", "whz", "baz", "haz_flag", "waz_flag", "whz_flag",
                           "baz_flag", "alert", "rule_version"]
        )  # fmt: skip


def _derive(measurement: Measurement) -> None:
    for name, value in measuring.visit_of(measurement).columns().items():
        setattr(measurement, name, value)
