"""Forms of PMT: the plan, one day, one week."""

from datetime import date
from typing import Any

from django import forms

from interventions import indications
from interventions.forms.plain import DayField, PlainForm, PlanForm, chosen
from interventions.models import PmtDay, PmtEpisode
from interventions.workflow import Fed
from registry.fields import NameField, WholeNumberField

MOST_DAYS = 366


class PmtPlanForm(PlanForm):
    """A PMT for one person; ``person_kind`` decides the indications offered."""

    indication = chosen("Alasan pemberian", [])
    planned_days = WholeNumberField(
        label="Rencana hari makan", required=False, min_value=1, max_value=MOST_DAYS
    )
    menu = NameField(
        label="Menu", max_length=200, help_text="Misalnya nasi, telur, sayur bayam, dan pisang."
    )

    field_order = (
        "indication", "menu", "planned_days", "planned_start", "planned_end", "funding",
        "partner", "cost_planned",
    )  # fmt: skip

    def __init__(self, *args: Any, for_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = indications.FOR_CHILDREN if for_child else indications.FOR_MOTHERS
        labels = dict(PmtEpisode.Indication.choices)
        usual = {name: indications.planned_days(self.programme.settings, name) for name in known}
        self.fields["indication"].choices = [  # type: ignore[attr-defined]
            ("", "Pilih"),
            *((name, labels[name]) for name in known),
        ]
        self.fields["planned_days"].help_text = "Kosongkan untuk lama yang biasa: " + ", ".join(
            f"{labels[name][:1].lower()}{labels[name][1:]} {days} hari"
            for name, days in usual.items()
        )
        self.fields["planned_days"].unit = "hari"  # type: ignore[attr-defined]
        self.fields["planned_end"].required = False
        self.fields["planned_end"].help_text = "Kosongkan bila diberikan setiap hari."

    def clean(self) -> dict[str, Any]:
        plan = super().clean()
        begin, end, days = (plan.get(n) for n in ("planned_start", "planned_end", "planned_days"))
        room = (end - begin).days + 1 if begin and end else 0
        if days and 0 < room < days:
            self._ask("planned_end", f"Masa ini hanya {room} hari, kurang dari {days} hari makan.")
        return plan


class PmtDayForm(PlainForm):
    """One feeding day."""

    day = DayField(label="Tanggal")
    given = forms.TypedChoiceField(
        label="PMT diberikan?", choices=[("1", "Diberikan"), ("0", "Tidak diberikan")],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    eaten = forms.TypedChoiceField(
        label="Berapa yang dimakan?", choices=PmtDay.Eaten.choices[::-1], coerce=int,
        empty_value=None, required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    note = NameField(
        label="Catatan", max_length=200, required=False, help_text="Misalnya anak demam."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["eaten"].optional_note = "isi bila diberikan"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("given") and said.get("eaten") is None and "eaten" not in self.errors:
            self.add_error("eaten", "Pilih berapa yang dimakan.")
        return said

    def fed(self) -> Fed:
        said = self.cleaned_data
        return Fed(said["day"], said["given"], said["eaten"], said["note"])


NOT_GIVEN = "x"
WEEK_CHOICES = [
    ("", "Belum dicatat"),
    *((str(value), label) for value, label in PmtDay.Eaten.choices[::-1]),
    (NOT_GIVEN, "Tidak diberikan"),
]


class PmtWeekForm(PlainForm):
    """Seven days at once: one list per day that may still be recorded (``open_days``)."""

    def __init__(self, *args: Any, open_days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_days = open_days
        for day in open_days:
            self.fields[str(day)] = forms.ChoiceField(
                label=str(day), choices=WEEK_CHOICES, required=False
            )
            self.fields[str(day)].error_messages["invalid_choice"] = "Pilih salah satu dari daftar."

    def fed(self) -> list[Fed]:
        said = ((day, self.cleaned_data.get(str(day), "")) for day in self.open_days)
        return [
            Fed(day, answer != NOT_GIVEN, None if answer == NOT_GIVEN else int(answer))
            for day, answer in said
            if answer
        ]
