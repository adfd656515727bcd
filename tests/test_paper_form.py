"""The form on paper: one page, the form's own questions in the form's own order."""

import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Event
from regions import links
from regions.models import ReportLink
from registry import paper_form
from registry.forms.report import ReportForm
from tests.cast import signed_in
from tests.pictures import text_of, unembedded_fonts

pytestmark = pytest.mark.once

SHEETS = {"a4": (595, 842), "f4": (609, 935)}
FORM = Path(__file__).parent.parent / "templates/registry/report_form.html"


def printed(user: object, link: ReportLink | None = None, paper: str = "") -> bytes:
    name, args = ("paper-form", [link.code]) if link else ("paper-form-blank", [])
    url = reverse(f"registry:{name}", args=args)
    response = signed_in(user).get(url, {"kertas": paper})  # type: ignore[arg-type]
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return response.content


# --- It works ---------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", SHEETS)
def test_it_is_one_page_of_the_paper_asked_for(paper: str, cast: SimpleNamespace) -> None:
    trial = links.make_practice(cast.programme)
    for link in (None, cast.link_melati, trial):
        made = printed(cast.petugas, link, paper)
        [page] = PdfReader(io.BytesIO(made)).pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == SHEETS[paper]
        assert unembedded_fonts(made) == []


def test_it_is_printed_on_the_offices_paper(cast: SimpleNamespace) -> None:
    assert printed(cast.petugas, cast.link) == printed(cast.petugas, cast.link, "f4")
    assert printed(cast.petugas, cast.link, "a0") == printed(cast.petugas, cast.link, "f4")


def test_it_asks_what_the_form_asks_in_its_order(cast: SimpleNamespace) -> None:
    asked = re.findall(r"form\.(\w+)\|as_crispy_field", FORM.read_text())
    asked = [name for name in asked if name != "confirmed"]  # asked back by the phone alone
    on_paper = [name for _, names in paper_form.SECTIONS for name in names]
    assert on_paper == asked
    legends = re.findall(r"<legend>(.*?)</legend>", FORM.read_text())
    assert [title for title, _ in paper_form.SECTIONS] == legends
    words, at = text_of(printed(cast.petugas, cast.link)), 0
    form = ReportForm(link=cast.link)
    for name in on_paper:
        label = str(form.fields[name].label)
        assert label in words[at:], name
        at = words.index(label, at)


def test_it_carries_the_place_and_the_code_of_its_poster(cast: SimpleNamespace) -> None:
    words = text_of(printed(cast.petugas, cast.link_melati))
    for expected in ("Posyandu Melati", cast.desa.title, cast.link_melati.code, "Tanda tangan",
                     "Serahkan ke petugas kecamatan", "NIK tidak perlu"):  # fmt: skip
        assert expected in words
    assert links.token_of(cast.link_melati) not in words
    words = text_of(printed(cast.petugas))
    assert "Posyandu Melati" not in words and "Kecamatan Kembaran" in words


def test_a_programme_without_a_link_has_its_form(cast: SimpleNamespace) -> None:
    ReportLink.objects.all().delete()
    links.make_practice(cast.programme)
    words = text_of(printed(cast.petugas))
    assert "Formulir laporan anak" in words and "LATIHAN" not in words
    assert not ReportLink.objects.real().exists()


def test_printing_is_written_into_the_log(cast: SimpleNamespace) -> None:
    printed(cast.petugas, cast.link_melati)
    event = Event.objects.get(verb="print_paper_form")
    assert (event.user, event.object_code) == (cast.petugas, cast.link_melati.code)


# --- Who may not, what is refused -------------------------------------------------------------


def test_a_dead_link_has_no_form(cast: SimpleNamespace) -> None:
    links.revoke(cast.link_melati)
    url = reverse("registry:paper-form", args=[cast.link_melati.code])
    response = signed_in(cast.petugas).get(url, follow=True)
    assert "sudah dicabut" in response.content.decode()


def test_others_print_none(cast: SimpleNamespace) -> None:
    url = reverse("registry:paper-form", args=[cast.link.code])
    assert signed_in(cast.kader).get(url).status_code == 403
    assert signed_in(cast.gasken.petugas).get(url).status_code == 404
