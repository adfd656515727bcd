"""The form by which staff write down that people of a family came, left, moved or died."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from registry.area import Place, every_place, place_of
from registry.families import life
from registry.families.life import Person, Told
from registry.fields import NameField, ThreeBoxDateField
from registry.forms.homes import buttons
from registry.forms.report import UNKNOWN_PLACE
from registry.forms.visits import AskOnce
from registry.models import LifeEvent

Kind = LifeEvent.Kind
NEEDS_PLACE = "Pilih posyandu atau desa tujuannya."
NEEDS_DAY = "Isi tanggal kejadiannya."
SURE = "Periksa sekali lagi nama dan tanggalnya: {names} dicatat meninggal."
KINDS = [
    (Kind.MOVED.value, "Pindah posyandu atau desa di kecamatan ini"),
    (Kind.LEFT.value, Kind.LEFT.label),
    (Kind.CAME.value, Kind.CAME.label),
    (Kind.DIED.value, Kind.DIED.label),
]


class LifeForm(AskOnce):
    """What happened, when, to whom. A death is asked back once, gently."""

    hide_optional = True

    who = forms.MultipleChoiceField(
        label="Siapa", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": life.NOBODY, "invalid_choice": life.OUTSIDE},
    )  # fmt: skip
    kind = buttons("Kejadian", KINDS, "Pilih dahulu kejadiannya.")
    happened_on = ThreeBoxDateField(
        label="Tanggal kejadian", error_messages={"required": NEEDS_DAY}
    )
    elsewhere = NameField(
        label="Dari mana atau ke mana", max_length=120, required=False,
        help_text="Kalau datang atau pindah ke luar kecamatan, misalnya Kecamatan Sumbang.",
    )  # fmt: skip
    place = forms.ChoiceField(
        label="Posyandu tujuan", required=False, error_messages={"invalid_choice": UNKNOWN_PLACE},
        help_text="Kalau pindah posyandu atau desa di kecamatan ini.",
    )  # fmt: skip
    address = NameField(
        label="Alamat baru", max_length=200, required=False,
        help_text="Kosongkan kalau rumahnya tetap sama.",
    )  # fmt: skip
    rt = NameField(label="RT", max_length=5, required=False)
    rw = NameField(label="RW", max_length=5, required=False)

    def __init__(
        self, *args: Any, user: Any, people: Sequence[Person], chosen: str = "", **kwargs: Any
    ) -> None:
        """``people``: those of the family this user may register; ``chosen``: the code of one."""
        kwargs.setdefault("initial", {})
        kwargs["initial"] |= {"who": [chosen] if chosen else [], "happened_on": None}
        super().__init__(*args, **kwargs)
        self.user = user
        self.people = {person.code: person for person in people}
        today = user.programme.today()
        self.fields["who"].one_column = True  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (code, _named(person, today)) for code, person in self.people.items()
        ]
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", "Pilih posyandu"), *every_place(user.programme)
        ]  # fmt: skip

    def clean_place(self) -> Place | None:
        value = self.cleaned_data["place"]
        return place_of(self.user, value) if value else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Kind.MOVED and not data.get("place") and "place" not in self.errors:
            self.add_error("place", NEEDS_PLACE)
        if not self.errors and data["kind"] == Kind.DIED:
            names = ", ".join(person.name for person in self.chosen())
            self.ask_back([("kind", SURE.format(names=names))])
        return data

    def chosen(self) -> list[Person]:
        return [self.people[code] for code in self.cleaned_data["who"]]

    def told(self) -> Told:
        data = self.cleaned_data
        desa, posyandu = data["place"] or (None, None)
        moved = data["kind"] == Kind.MOVED
        return Told(
            kind=data["kind"],
            on=data["happened_on"],
            elsewhere="" if moved else data["elsewhere"],
            to_desa=desa if moved else None,
            to_posyandu=posyandu if moved else None,
            **{name: data[name] if moved else "" for name in ("address", "rt", "rw")},
        )


def _named(person: Person, on: date) -> str:
    """``Anak Contoh, 2 tahun (pindah ke luar kecamatan 3 Mei 2026)``."""
    age = getattr(person, "age_text", None)
    about = f", {age(on)}" if age else ", ibu"
    away = life.away_words(person, on)
    return person.name + about + (f" ({away[0].lower()}{away[1:]})" if away else "")
