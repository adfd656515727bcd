"""The correction of a returned report: exactly the parts the verifier ticked."""

import hashlib
import json
from typing import Any

from registry.forms.report import ReportForm, initial_of
from registry.models import Submission
from registry.names import clean_text
from registry.report_parts import DOCUMENT, Part

PHOTO_ASKED = "Ambil fotonya sekali lagi, lalu kirim."
NUMBERS = frozenset({"birth_date", "sex", "weight_kg", "length_height_cm", "measure",
                     "measured_on"})  # fmt: skip


class CorrectForm(ReportForm):
    """Only the fields of ``parts`` are asked and read; the others stay as they were sent.

    The rules of the whole report still hold: a new birth date after the stored visit is refused.
    """

    def __init__(self, *args: Any, submission: Submission, parts: list[Part], **kw: Any) -> None:
        self.submission, self.parts = submission, parts
        super().__init__(*args, initial=initial_of(submission), **kw)
        opened = {name for part in parts for name in part.fields}
        for name in [*self.fields]:
            if name not in opened | {"client_id", "confirmed"}:
                del self.fields[name]
        if DOCUMENT in self.fields:
            self.fields[DOCUMENT].required = True
            self.fields[DOCUMENT].error_messages["required"] = PHOTO_ASKED

    @property
    def shown(self) -> list[Any]:
        """The boxes to fill, in the order of the form."""
        names = [n for n in self.fields if n not in {"client_id", "confirmed"}]
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        for name in Submission.ANSWERS:
            if name not in self.fields:
                self.cleaned_data[name] = getattr(self.submission, name)
        unseen = not NUMBERS & {part.key for part in self.parts}
        if unseen and self.submission.confirmed:
            self.cleaned_data["confirmed"] = True  # asked about before, and unchanged
        return super().clean()

    def clean_document(self) -> Any:
        return super().clean_document() if DOCUMENT in self.fields else None

    def _clean_place(self, data: dict[str, Any]) -> None:
        if "posyandu" in self.fields:
            super()._clean_place(data)
        else:
            data["desa"], data["posyandu"] = self.submission.desa, self.submission.posyandu

    def add_error(self, field: str | None, error: Any) -> None:
        """A rule about a closed field is told above the form."""
        super().add_error(field if field in self.fields else None, error)


def digest_of_sending(posted: Any) -> str:
    """SHA-256 of the texts of a sending, whatever they mean: a repetition has the same."""
    texts = {n: clean_text(str(posted[n])) for n in posted if n != "csrfmiddlewaretoken"}
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
