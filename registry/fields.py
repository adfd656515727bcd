"""Form fields that take what people type: commas, three date boxes, untidy names."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from regions.words import number
from registry.names import MAX_NAME, clean_text


class NameField(forms.CharField):
    """A name or other one-line text, cleaned by the one rule before anything looks at it."""

    def __init__(self, *, max_length: int = MAX_NAME, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.validators = [
            MaxLengthValidator(
                max_length, f"Terlalu panjang. Tulis paling banyak {max_length} huruf."
            )
        ]

    def to_python(self, value: Any) -> str:
        return clean_text(str(value)) if value else ""


class TickBox(forms.CheckboxInput):
    """A tick, also as scripts send it: ``0``, ``no`` and ``tidak`` are none.

    Django takes every text but ``false`` for a tick; a consent must not come about that way.
    """

    NONE = frozenset({"", "0", "false", "no", "off", "tidak", "null", "none"})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return str(data.get(name) or "").strip().lower() not in self.NONE


class WholeNumberField(forms.IntegerField):
    """Whole numbers, with the sentence people understand."""

    default_error_messages = {
        "invalid": "Tulis dengan angka saja, misalnya 18.",
        "min_value": "Angka paling kecil %(limit_value)s.",
        "max_value": "Angka paling besar %(limit_value)s.",
    }

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        if not text.isascii():  # Python would read the digits of every script
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class DecimalCommaField(forms.DecimalField):
    """``8,4`` and ``8.4`` are the same number; anything else is asked for again.

    At most two decimals are kept, as the columns have them.
    """

    default_error_messages = {
        "invalid": "Tulis dengan angka saja, misalnya 8,4.",
        "max_decimal_places": "Tulis paling banyak 2 angka di belakang koma.",
        "max_digits": "Angkanya terlalu panjang. Tulis misalnya 8,4.",
        "max_whole_digits": "Angkanya terlalu panjang. Tulis misalnya 8,4.",
    }
    SHAPE = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?", re.ASCII)
    widget = forms.TextInput

    def __init__(self, *, decimal_places: int = 2, **kwargs: Any) -> None:
        # Digits before the comma are left to the plausibility rules: 8400 gets a better sentence.
        super().__init__(decimal_places=decimal_places, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """A number we kept stands in the box as people write it: ``6,1``, not ``6.10``."""
        # Without the dot of thousands: it would come back as a comma.
        return number(value).replace(".", "") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = clean_text(str(value if value is not None else "")).replace(" ", "")
        if not text:
            return None
        text = text.replace(",", ".")
        if not self.SHAPE.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class ThreeBoxDateWidget(forms.MultiWidget):
    """Day, month, year in three boxes; also reads one ISO value under the plain name."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes = [
            forms.TextInput({"inputmode": "numeric", "maxlength": size, "autocomplete": "off"})
            for size in (2, 2, 4)
        ]
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        parts = str(value or "").split("-")
        return parts[::-1] if len(parts) == 3 else ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Any]:
        whole = str(data.get(name) or "").strip()
        if whole:
            return self.decompress(whole) if whole.count("-") == 2 else [whole, "", ""]
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)


class ThreeBoxDateField(forms.Field):
    """A calendar day from three boxes or ``YYYY-MM-DD``; two-digit years are asked back."""

    widget = ThreeBoxDateWidget
    default_error_messages = {
        "required": "Isi tanggal, bulan, dan tahunnya.",
        "invalid": "Tanggal ini tidak ada di kalender. Tulis misalnya 5, 3, 2024.",
        "partial": "Lengkapi tanggal, bulan, dan tahunnya.",
        "year": "Tulis tahun dengan 4 angka, misalnya 2024.",
    }

    def to_python(self, value: Any) -> date | None:
        parts = [clean_text(str(part if part is not None else "")) for part in value or []]
        if not any(parts):
            return None
        if not all(parts):
            raise ValidationError(self.error_messages["partial"], code="partial")
        if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day, month, year = map(int, parts)
        if year < 1000:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return ThreeBoxDateWidget().decompress(initial) != data


class RupiahField(forms.Field):
    """Whole rupiah: ``450000``, ``450.000``, ``Rp450.000`` and ``Rp 450.000,00``."""

    widget = forms.TextInput
    default_error_messages = {
        "required": "Isi jumlahnya.",
        "invalid": "Tulis jumlah rupiah dengan angka, misalnya 450.000.",
    }
    SHAPE = re.compile(r"(?:rp\.?)?(\d{1,3}(?:\.\d{3})+|\d{1,13})(?:,00|,-)?", re.ASCII)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        text = clean_text(str(value if value is not None else "")).replace(" ", "").lower()
        if not text:
            return None
        found = self.SHAPE.fullmatch(text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(found[1].replace(".", ""))
