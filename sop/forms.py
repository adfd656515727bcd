"""Forms of the SOP: the lembar disposisi, a step's output, a day's note, a row of the sheet."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone

from accounts.roles import ACTIONS, Role
from regions.codes import new_code
from regions.models import Programme
from regions.words import long_date, month_name
from sop.clock import next_month
from sop.models import DayNote, Disposisi, Run, SopStep

SALT = "sop.disposisi"
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
# From the Camat down, as the columns of the sheet stand.
ACTORS = [(role.value, role.label) for role in reversed(Role) if role in ACTIONS["work_sop"]]
RECEIVERS = [(value, label) for value, label in ACTORS if value != Role.CAMAT]
DAY_HINT = "Tulis tanggalnya, misalnya 22/06/2026."


class DayField(forms.DateField):
    """A day from the browser's calendar, or typed as 22/06/2026 where there is none."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, **options)
        self.error_messages |= {"required": DAY_HINT, "invalid": DAY_HINT}


class DisposisiForm(forms.ModelForm):
    """What the Camat fills: prefilled from the sheet, so that five minutes are enough."""

    month = forms.TypedChoiceField(
        label="Bulan pelaksanaan", coerce=date.fromisoformat, widget=forms.RadioSelect
    )
    forwarded_to = forms.MultipleChoiceField(
        label="Diteruskan kepada",
        choices=RECEIVERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pilih paling sedikit satu penerima."},
    )
    requests = forms.MultipleChoiceField(
        label="Dengan hormat harap",
        choices=Disposisi.Request.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due_on = DayField(label="Batas waktu", required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Disposisi
        fields = [
            "month",
            "perihal",
            "basis",
            "sifat",
            "forwarded_to",
            "requests",
            "instruction",
            "due_on",
            "repeats_monthly",
        ]
        widgets = {"instruction": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "perihal": {"required": "Tulis perihalnya."},
            "instruction": {"required": "Tulis isi disposisinya."},
        }
        help_texts = {
            "repeats_monthly": "SOP bulan-bulan berikutnya dimulai sendiri dengan disposisi ini.",
            "sifat": "Isi disposisi rahasia hanya terbaca oleh Camat dan penerimanya.",
        }

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        months = self.fields["month"]
        assert isinstance(months, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        months.choices = month_choices(offered_months(programme))

    def clean_due_on(self) -> date | None:
        due: date | None = self.cleaned_data["due_on"]
        today = self.programme.today()
        if due and due < today:
            raise forms.ValidationError(
                f"Batas waktu sudah lewat. Pilih {long_date(today)} atau sesudahnya."
            )
        return due

    def clean(self) -> dict[str, Any]:
        """Take the signed value apart; one that was changed counts as none."""
        data = super().clean() or self.cleaned_data
        self.opened_at, self.form_id = read_opened(data.pop("opened", ""))
        return data


class OutputForm(forms.Form):
    """A step's output. Its label is the column OUTPUT of the sheet."""

    output = forms.CharField(
        max_length=2000,
        help_text="Masuk laporan bulanan: jangan tulis nama anak.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tulis dahulu hasilnya, satu kalimat sudah cukup."},
    )

    def __init__(self, output_name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["output"].label = f"Hasil: {output_name}"


class DayNoteForm(forms.ModelForm):
    """What was done on one day of a daily step."""

    day = DayField(label="Tanggal")

    class Meta:
        model = DayNote
        fields = ["day", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2, "maxlength": 300})}
        error_messages = {"note": {"required": "Tulis dahulu apa yang dikerjakan hari itu."}}


class RowForm(forms.ModelForm):
    """A row of the sheet: who finishes it, who reads, and in what time."""

    responsible = forms.ChoiceField(label="Penanggung jawab", choices=ACTORS)
    others = forms.MultipleChoiceField(
        label="Pelaksana lain",
        choices=ACTORS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ikut melaksanakan dan menyatakan sudah membaca.",
    )

    field_order = ["responsible", "others", "standard_minutes", "is_daily"]

    class Meta:
        model = SopStep
        fields = ["standard_minutes", "is_daily"]
        labels = {"standard_minutes": "Waktu baku", "is_daily": "Dikerjakan setiap hari"}
        help_texts = {
            "is_daily": "Dicatat per hari dan ditutup pada hari terakhir bulan.",
            "standard_minutes": "Kosongkan bila belum ditetapkan. 1 jam = 60 menit.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, *others = self.instance.actors
        self.initial.update(responsible=first, others=others)
        minutes = self.fields["standard_minutes"]
        minutes.unit = "menit"  # type: ignore[attr-defined]
        minutes.widget.attrs |= {"inputmode": "numeric", "min": 1}
        minutes.error_messages["invalid"] = "Tulis menitnya dengan angka bulat, misalnya 15."

    def clean_standard_minutes(self) -> int | None:
        minutes: int | None = self.cleaned_data["standard_minutes"]
        if minutes is not None and not 1 <= minutes <= 60 * 24 * 31:
            raise forms.ValidationError("Tulis waktu antara 1 menit dan 44.640 menit (31 hari).")
        return minutes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_daily") and data.get("standard_minutes"):
            self.add_error(
                "standard_minutes",
                "Pilih salah satu: dikerjakan setiap hari, atau waktu baku dalam menit.",
            )
        return data

    def values(self) -> dict[str, Any]:
        """The columns of the row, the responsible actor first."""
        data = self.cleaned_data
        others = [role for role in data["others"] if role != data["responsible"]]
        return {
            "actors": [data["responsible"], *others],
            "is_daily": data["is_daily"],
            "standard_minutes": data["standard_minutes"],
        }


def offered_months(programme: Programme) -> dict[date, str]:
    """Last month, this one and the next, each with the number of the disposisi it has, or ""."""
    this = programme.today().replace(day=1)
    months = [(this - timedelta(days=1)).replace(day=1), this, next_month(this)]
    runs = Run.objects.of(programme).filter(month__in=months).select_related("disposisi__programme")
    known = {run.month: run.disposisi.number for run in runs}
    return {month: known.get(month, "") for month in months}


def month_choices(months: Mapping[date, str]) -> list[tuple[str, str]]:
    return [
        (str(month), month_name(month) + (f" (sudah ada disposisi {number})" if number else ""))
        for month, number in months.items()
    ]


def next_due(months: Mapping[date, str]) -> date:
    """The month a new disposisi is most likely for: this one, or the next where this has one."""
    _, this, following = months
    return following if months[this] and not months[following] else this


def first_words(programme: Programme) -> dict[str, Any]:
    """What an opened form already says: row 1 of the sheet, this month, everyone concerned."""
    rows = list(SopStep.objects.of(programme))
    actors = {role for row in rows for role in row.actors}
    first = rows[0] if rows else None
    return {
        "month": str(next_due(offered_months(programme))),
        "perihal": f"Pelaksanaan {programme.short_name}",
        "basis": first.completeness if first and first.responsible == Role.CAMAT else "",
        "forwarded_to": [value for value, _ in RECEIVERS if value in actors],
        "requests": [Disposisi.Request.PROSES],
        "instruction": (
            f"Laksanakan {programme.name} ({programme.short_name}) bulan ini menurut lembar SOP. "
            "Laporkan hasilnya pada akhir bulan."
        ),
        "opened": write_opened(timezone.now()),
    }


def write_opened(at: datetime) -> str:
    """When the form was opened and which form it is, signed: the browser only carries it."""
    return signing.dumps([at.isoformat(), new_code()], salt=SALT)


def read_opened(text: str) -> tuple[datetime | None, str]:
    """The opening moment and the form's id; (None, "") when the text is not ours."""
    try:
        at, form_id = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None, ""
    return datetime.fromisoformat(at), form_id


def values_of(form: DisposisiForm) -> Mapping[str, Any]:
    """The cleaned answers as ``workflow.issue`` takes them."""
    return {name: form.cleaned_data[name] for name in DisposisiForm.Meta.fields}
