"""The report form on paper: the same questions in the same order, for who has no phone.

One page; it ends on the desk of the kecamatan, where staff type it in.
"""

from dataclasses import dataclass
from typing import Any

from django import forms

from regions.models import Programme, ReportLink
from regions.paper import print_paper
from regions.posters import place_words, posyandu_title
from registry.fields import DecimalCommaField, ThreeBoxDateField, WholeNumberField
from registry.forms.report import ReportForm

PAPERS = ("a4", "f4")
# As in templates/registry/report_form.html; tests/test_paper_form.py holds the two together.
SECTIONS = (
    ("1. Anak", ("child_name", "sex", "birth_date", "age_months")),
    ("2. Orang tua", ("mother_name", "father_name", "parent_job", "address", "rt", "rw", "desa",
                      "posyandu")),
    ("3. Pengukuran dan dokumen", ("weight_kg", "length_height_cm", "measure", "measured_on",
                                   "reason", "document")),
    ("4. Persetujuan dan pelapor", ("consent", "consent_giver", "reporter_name")),
)  # fmt: skip
DIGITS = {"weight_kg": (2, 2), "length_height_cm": (3, 1)}
KINDS = (
    (ThreeBoxDateField, "date"),
    (DecimalCommaField, "decimal"),
    (WholeNumberField, "whole"),
    (forms.FileField, "papers"),
    (forms.BooleanField, "tick"),
)


@dataclass(frozen=True)
class Line:
    """One question: how it is answered is the ``kind`` (templates/paper/_isian.html)."""

    name: str
    label: str
    kind: str
    note: str = ""
    known: str = ""
    choices: tuple[str, ...] = ()
    whole: str = ""
    part: str = ""
    unit: str = ""


def paper_form(link: ReportLink, paper: str = "") -> bytes:
    """The PDF of one page; ``paper`` a4 or f4, else the office's own."""
    programme, form = link.programme, ReportForm(link=link)
    context: dict[str, object] = {
        **place_words(link),
        "link": link,
        "practice": link.is_practice,
        "sections": [(title, _lines(form, names, link)) for title, names in SECTIONS],
    }
    if paper in PAPERS:
        context["paper"] = paper
    return print_paper("paper/report_form.html", programme, context)


def blank_link(programme: Programme) -> ReportLink:
    """What the form of the whole programme is printed from: its link, or none that is stored."""
    known = ReportLink.objects.real().alive().filter(programme=programme, desa=None, posyandu=None)
    return known.first() or ReportLink(programme=programme)


def _lines(form: ReportForm, names: tuple[str, ...], link: ReportLink) -> list[Line]:
    """RT and RW share a line."""
    return [_line(form, name, link) for name in names if name != "rw"]


def _line(form: ReportForm, name: str, link: ReportLink) -> Line:
    if name in ("desa", "posyandu"):
        return Line(name, "Desa/kelurahan" if name == "desa" else "Posyandu", "write",
                    known=_known(link, name))  # fmt: skip
    field: Any = form.fields[name]
    note = getattr(field, "optional_note", "") or str(field.help_text)
    whole, part = DIGITS.get(name, (2, 0))
    return Line(
        name, str(field.label), _kind(name, field), "" if name == "document" else note,
        choices=tuple(str(label) for _, label in getattr(field, "choices", ())),
        whole="x" * whole, part="x" * part, unit=getattr(field, "unit", ""),
    )  # fmt: skip


def _kind(name: str, field: forms.Field) -> str:
    if name == "rt":
        return "rt"
    if isinstance(field.widget, forms.RadioSelect):
        return "choice"
    if isinstance(field.widget, forms.Textarea):
        return "tall"
    return next((kind for cls, kind in KINDS if isinstance(field, cls)), "write")


def _known(link: ReportLink, name: str) -> str:
    if name == "posyandu":
        return posyandu_title(link.posyandu) if link.posyandu else ""
    return link.desa.title if link.desa else ""
