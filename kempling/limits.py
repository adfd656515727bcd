"""The limits that sources dispute (``registry/standards.py``) as the office may change them.

A value equal to its default is not kept: the programme then follows the default of the release.
What is changed here stays when the programme's file is loaded again (``kempling/programmes.py``).
"""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import QueryDict

from accounts.models import record
from regions.models import Programme
from regions.words import number
from registry.alerts import referral
from registry.families import homes
from registry.fields import DecimalCommaField, WholeNumberField
from registry.standards import BY_KEY, LIMITS, Limit, limit

DEFAULT = "bawaan"  # the button that takes one limit back carries its key under this name


class LimitsForm(forms.Form):
    """One box per limit, under its key; an empty box means the default."""

    def __init__(self, data: QueryDict | None = None, *, programme: Programme) -> None:
        present = {row.key: _exact(row, limit(programme, row.key)) for row in LIMITS}
        super().__init__(_taken_back(data), initial=present)
        self.hide_optional = True
        self.changed = {key for key, value in present.items() if value != BY_KEY[key].default}
        for row in LIMITS:
            self.fields[row.key] = _field(row)

    @property
    def sections(self) -> list[tuple[str, list[tuple[forms.BoundField, bool]]]]:
        """``[(group, [(box, differs from the default), …]), …]`` in the order of the table."""
        return [
            (group, [(self[row.key], row.key in self.changed) for row in rows])
            for group, rows in groupby(LIMITS, key=lambda row: row.group)
        ]


def change(user: Any, programme: Programme, given: dict[str, Any]) -> list[str]:
    """Keep what differs; returns the keys of the changed limits. One event, names only."""
    wanted = {key: BY_KEY[key].default if v is None else float(v) for key, v in given.items()}
    alerts = referral.alerts_with(programme, wanted[referral.KEY])
    with transaction.atomic():
        kept = Programme.objects.select_for_update().get(pk=programme.pk)
        changed = [key for key, value in wanted.items() if value != limit(kept, key)]
        area_before = limit(kept, homes.LEAST_AREA)
        for key in changed:
            _keep(kept, BY_KEY[key], wanted[key])
        if changed:
            kept.save(update_fields=["settings"])
            referral.write(alerts)
            homes.settle_area(kept, area_before, limit(kept, homes.LEAST_AREA))
            record(user, "change_programme", kept, fields=changed, action="manage_programme")
    return changed


def own_values(programme: Programme) -> list[str]:
    """``Trimester II sampai dengan minggu: 24 (bawaan 27)`` for each limit that was changed."""
    now = ((row, limit(programme, row.key)) for row in LIMITS)
    return [
        f"{row.label}: {number(value)} {row.unit} (bawaan {number(row.default)})"
        for row, value in now
        if value != row.default
    ]


def _keep(programme: Programme, row: Limit, value: float) -> None:
    # A key the file names stays written down: the next load would bring the file's value back.
    if value == row.default and row.key not in programme.loaded.get("settings", {}):
        programme.settings.pop(row.key, None)
    else:
        programme.settings[row.key] = _exact(row, value)


def _exact(row: Limit, value: float) -> int | float:
    return float(value) if row.places else int(value)


def _taken_back(data: QueryDict | None) -> QueryDict | None:
    """The texts as sent; the one whose "Kembali ke bawaan" was pressed is emptied."""
    key = str(data.get(DEFAULT, "")) if data else ""
    if data is None or key not in BY_KEY:
        return data
    data = data.copy()
    data[key] = ""
    return data


class _LimitField(DecimalCommaField):
    """A stored float stands in the box as people write it: ``10,5``."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(Decimal(str(value)) if isinstance(value, float) else value)


def _field(row: Limit) -> forms.Field:
    told = f"Tulis angka dari {number(row.low)} sampai {number(row.high)}."
    kind: Any = _LimitField(decimal_places=row.places) if row.places else WholeNumberField()
    kind.required = False
    kind.label = row.label
    kind.help_text = f"Bawaan: {number(row.default)}. Sumber: {row.source}"
    kind.unit = row.unit
    words = ("invalid", "min_value", "max_value", "max_decimal_places")
    kind.error_messages |= dict.fromkeys(words, told)
    kind.validators += [
        MinValueValidator(Decimal(str(row.low))),
        MaxValueValidator(Decimal(str(row.high))),
    ]
    return kind
