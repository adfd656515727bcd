"""The two buttons of a month of exclusive breastfeeding: Ya, Tidak."""

from django import forms
from django.urls import reverse

from registry.models import Child
from registry.mothers.exclusive import MONTHS, letters


class ExclusiveForm(forms.Form):
    """Which month, what was answered, and the card it was asked on."""

    month = forms.ChoiceField(choices=[(str(month), letters(month)) for month in MONTHS])
    exclusive = forms.ChoiceField(choices=[("ya", "Ya"), ("tidak", "Tidak")])
    back = forms.ChoiceField(choices=[("ibu", "Ibu"), ("anak", "Anak")], required=False)

    @property
    def month_asked(self) -> int:
        return int(self.cleaned_data["month"])

    @property
    def answer(self) -> bool:
        return str(self.cleaned_data["exclusive"]) == "ya"

    def back_to(self, child: Child) -> str:
        """The mother's card when it was asked there, else the child's."""
        if self.data.get("back") == "ibu" and child.mother:
            return reverse("registry:mother", args=[child.mother.code])
        return reverse("registry:child", args=[child.code])
