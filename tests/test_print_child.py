"""Cetak kartu: one page always, searchable, no NIK in full, the same twice."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Event
from registry import visits
from registry.children.paper import card_pdf
from registry.identity import index_of
from registry.models import Child
from tests.cast import a_child, a_household, a_mother, signed_in
from tests.pictures import everything_in, pages_of, text_of, unembedded_fonts

pytestmark = pytest.mark.once

NIK = "3302204101240001"


def a_visit(child: Child, back: int = 0, **numbers: Any) -> None:
    values = {"measured_on": child.programme.today() - timedelta(days=back), "measure": "l",
              "weight_kg": Decimal("8.2"), "length_height_cm": Decimal("74")}  # fmt: skip
    visits.add_measurement(None, child, values | numbers)


def a_long_history(cast: SimpleNamespace) -> Child:
    """40 visits, the longest names and address the columns hold, as many reasons as may be."""
    long = "Nama Yang Panjang Sekali "
    mother = a_mother(
        cast, name=(long * 5)[:120],
        household=a_household(cast, address=(long * 8)[:200], head_name=(long * 5)[:120]),
    )  # fmt: skip
    name = (long * 5)[:120]
    child = a_child(cast, 40, mother=mother, name=name, father_name=name, gestation_weeks=32,
                    birth_weight_g=1800, birth_length_cm=Decimal("42.5"))  # fmt: skip
    for back in range(39, -1, -1):
        kg = Decimal("7.00") + Decimal(39 - back) / 20
        a_visit(child, 29 * back, weight_kg=kg, lila_cm=Decimal("11.2"), oedema=back == 0,
                length_height_cm=Decimal(70) + Decimal(39 - back) / 4,
                measure="l" if back > 16 else "h")  # fmt: skip
    return child


def printed(cast: SimpleNamespace, child: Child) -> bytes:
    response = signed_in(cast.bidan).get(reverse("registry:child-print", args=[child.code]))
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert child.name not in response["Content-Disposition"]
    return bytes(response.content)


def test_it_works(cast: SimpleNamespace) -> None:
    child = a_child(cast, name="Anak Contoh", nik=NIK, nik_index=index_of(NIK),
                    birth_date=cast.programme.today() - timedelta(days=551))  # fmt: skip
    a_visit(child)
    made = printed(cast, child)
    text = text_of(made)
    assert len(pages_of(made)) == 1 and not unembedded_fonts(made)
    for said in (
        "PEMERINTAH KABUPATEN BANYUMAS", "KARTU PERTUMBUHAN ANAK", "Anak Contoh", "Melati",
        child.mother.name, "Rujuk minggu ini", "−2,34 SD: pendek", "usulkan sasaran PMT",
        "Berat badan normal", "Panjang badan menurut umur (PB/U)", "Kartu menuju sehat",
        "74,0 T", "Ini hasil penapisan, bukan diagnosis", "WHO 2006", "WHO2006-anthro1.1",
        "Dicetak", str(cast.bidan), "Halaman 1 dari 1",
    ):  # fmt: skip
        assert said in text, said
    assert Event.objects.filter(verb="print_child", object_code=child.code).count() == 1


def test_no_number_stands_on_it_in_full(cast: SimpleNamespace) -> None:
    child = a_child(cast, nik=NIK, nik_index=index_of(NIK))
    a_visit(child)
    assert child.nik_masked in text_of(made := printed(cast, child))
    assert NIK.encode() not in everything_in(made)


@pytest.mark.parametrize("paper", ["A4", "F4"])
def test_one_page_with_forty_visits_and_the_longest_names(
    cast: SimpleNamespace, paper: str
) -> None:
    cast.programme.settings["paper"] = paper
    cast.programme.save()
    child = a_long_history(cast)
    made = printed(cast, child)
    assert len(pages_of(made)) == 1
    assert "pengukuran sebelumnya ada di portal" in text_of(made)
    assert "Gizi buruk (edema)" in text_of(made) and "Dicetak" in text_of(made)


def test_ten_visits_of_an_ordinary_child_are_all_there(cast: SimpleNamespace) -> None:
    child = a_child(cast, 20)
    for back in range(10):
        a_visit(child, 30 * back, weight_kg=Decimal("11.0") - Decimal(back) / 5)
    text = text_of(printed(cast, child))
    assert all(f"{number} bln" in text for number in range(11, 20))
    assert "sebelumnya ada di portal" not in text


def test_a_child_never_measured(cast: SimpleNamespace) -> None:
    made = printed(cast, a_child(cast))
    assert len(pages_of(made)) == 1
    assert "Belum pernah diukur" in text_of(made) and "Ukur ulang" in text_of(made)


def test_the_same_moment_prints_the_same_file(cast: SimpleNamespace) -> None:
    child, now = a_child(cast), timezone.now()
    a_visit(child)
    rows = list(child.measurements.all())
    assert card_pdf(child, rows, "Bidan", now) == card_pdf(child, rows, "Bidan", now)


def test_names_cannot_draw_on_files(cast: SimpleNamespace) -> None:
    child = a_child(cast, name='<img src="file:///etc/passwd"> Contoh')
    assert '<img src="file:' in text_of(printed(cast, child))


def test_it_says_when_the_birth_date_is_a_guess(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_precision="month")
    a_visit(child)
    assert "tanggal lahir masih perkiraan" in text_of(printed(cast, child))


def test_a_preterm_child_has_both_ages_on_it(cast: SimpleNamespace) -> None:
    born = cast.programme.today() - timedelta(days=183)
    child = a_child(cast, birth_date=born, gestation_weeks=32)
    a_visit(child, weight_kg=Decimal("6"), length_height_cm=Decimal("61"))
    text = text_of(printed(cast, child))
    assert "Umur koreksi" in text and "Tanda memakai umur sebenarnya" in text


def test_the_document_carries_title_and_language(cast: SimpleNamespace) -> None:
    child = a_child(cast, name="Anak Contoh")
    a_visit(child)
    reader = PdfReader(BytesIO(printed(cast, child)))
    assert reader.metadata and reader.metadata.title == "Kartu pertumbuhan Anak Contoh"


def test_it_costs_the_same_however_long_the_history(cast: SimpleNamespace) -> None:
    child, client = a_child(cast, 40), signed_in(cast.bidan)
    url = reverse("registry:child-print", args=[child.code])
    counts = []
    for back in (0, 3):
        for more in range(back):
            a_visit(child, 31 * more)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
