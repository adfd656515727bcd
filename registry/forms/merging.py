"""What a person decides about two cards: which value stands, and who merges too."""

from typing import Any

from django import forms

from registry.merging.review import Review
from registry.merging.unite import Choices
from registry.names import clean_text

KEPT, GONE = "kept", "gone"
SIDES = ((KEPT, "Kartu yang dipertahankan"), (GONE, "Kartu yang digabungkan"))


class MergeForm(forms.Form):
    """One choice for each differing line and for what can stand only once."""

    also = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Pilih ibu atau keluarga dari daftar."}
    )

    def __init__(self, data: Any = None, *, review: Review) -> None:
        super().__init__(data)
        self.review = review
        kinds = [(part.kind, part.word) for part in review.family if not part.hindrance]
        self.fields["also"].choices = kinds  # type: ignore[attr-defined]
        for key in review.keys:
            self.fields[key] = forms.ChoiceField(
                choices=SIDES, required=False,
                error_messages={"invalid_choice": "Pilih isi kartu yang kiri atau yang kanan."},
            )  # fmt: skip

    @property
    def picked(self) -> set[str]:
        """The keys for which the card that goes is chosen, as the page shows them."""
        if not self.is_bound:
            return self.review.picked
        return {key for key in self.review.keys if self.data.get(key) == GONE}

    @property
    def ticked(self) -> set[str]:
        sent: Any = self.data
        return set(sent.getlist("also")) if self.is_bound else self.review.ticked

    def choices(self) -> Choices:
        sides = {key: self.cleaned_data[key] for key in self.review.keys}
        return Choices(
            also=frozenset(self.cleaned_data["also"]),
            gone=frozenset(key for key, side in sides.items() if side == GONE),
            kept=frozenset(key for key, side in sides.items() if side == KEPT),
        )


class FindForm(forms.Form):
    """The other card, by name or by the code in its address."""

    hide_optional = True
    q = forms.CharField(label="Nama atau kode kartu", required=False, max_length=60)

    def clean_q(self) -> str:
        return clean_text(self.cleaned_data["q"])
