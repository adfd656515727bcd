"""The boxes of a PIN: one wide box of six figures, read by nobody over the shoulder."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import pins

MISSING = "Isi dahulu bagian ini."
NOT_THE_SAME = "Kedua PIN tidak sama. Ketik sekali lagi."


class Dots(forms.TextInput):
    """A text box shown as dots (hp.css): a browser would offer to keep a password box's words.

    Like a password, what was typed never comes back with the page.
    """

    def format_value(self, value: Any) -> None:
        return None


class PinField(forms.CharField):
    def __init__(self, label: str, help_text: str = "") -> None:
        box = Dots(
            {
                "class": "pin", "inputmode": "numeric", "autocomplete": "off",
                "pattern": "[0-9]{6}", "maxlength": "6", "spellcheck": "false",
            }
        )  # fmt: skip
        super().__init__(label=label, help_text=help_text, widget=box)
        self.error_messages["required"] = MISSING


class PinForm(forms.Form):
    """What opens a bound phone. Anything that is not the PIN is a wrong PIN."""

    hide_optional = True
    pin = PinField("PIN 6 angka")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pin"].widget.attrs["autofocus"] = True


class NewPinForm(forms.Form):
    """A PIN of one's own, twice."""

    hide_optional = True
    pin = PinField("PIN baru, 6 angka", "Jangan angka berurutan, berulang, atau tanggal lahir.")
    pin_again = PinField("Ketik PIN itu sekali lagi")

    def clean_pin(self) -> str:
        pin = str(self.cleaned_data["pin"])
        sentence = pins.why_refused(pin)
        if sentence:
            raise ValidationError(sentence)
        return pin

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("pin") and given["pin"] != given.get("pin_again"):
            self.add_error("pin_again", NOT_THE_SAME)
        return given


class ChangePinForm(NewPinForm):
    old_pin = PinField("PIN yang sekarang")
    field_order = ("old_pin", "pin", "pin_again")
