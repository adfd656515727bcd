"""A family's card, list and paper; its data are put right, its KK is shown on a click."""

from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Event, User
from registry import visits
from registry.documents import CleanFile, store
from registry.families import homes, life
from registry.identity import index_of
from registry.models import Child, Household, LifeEvent, Mother
from tests.cast import a_child, a_household, a_mother, a_pregnancy, a_submission, signed_in
from tests.helps import a_pmt, a_work

KK = "3302200101200002"


def url(name: str, household: Household) -> str:
    return reverse(f"registry:{name}", args=[household.code])


def page(user: User, name: str, household: Household) -> str:
    answer = signed_in(user).get(url(name, household))
    assert answer.status_code == 200
    return answer.content.decode()


def a_family(place: SimpleNamespace, **home: Any) -> Household:
    """A pregnant mother, two children; the house has an open well."""
    values = {"kk": KK, "kk_index": index_of(KK), "dasawisma": "Anggrek 3",
              "head_name": "Bapak Contoh"}  # fmt: skip
    found = a_household(place, **(values | home))
    mother = a_mother(place, household=found, name="Ibu Contoh", birth_date=date(1998, 3, 1))
    a_child(place, 40, mother=mother, name="Kakak Contoh")
    a_child(place, 8, mother=mother, name="Adik Contoh")
    return found


def test_it_works(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    mother = Mother.objects.get()
    a_pregnancy(cast, mother=mother)
    baby = Child.objects.get(name="Adik Contoh")
    visits.add_measurement(
        None, baby, {"measured_on": cast.programme.today(), "weight_kg": 5, "measure": ""}
    )
    homes.note(cast.bidan, family, cast.programme.today(), {"water_source": "sumur_terbuka"})
    text = page(cast.bidan, "household", family)
    for said in ("Keluarga Bapak Contoh", "RT 01/RW 02", "Anggrek 3", "Ibu Contoh", "Hamil",
                 "Kakak Contoh", "Belum diukur", "Adik Contoh", "Berisiko stunting",
                 "Sumber air minum tidak layak: sumur tidak terlindung", "Tidak layak",
                 "Belum diketahui: jamban", "Rumah dilihat", "Air minum: tidak layak",
                 "Keluarga terdaftar", "3302********0002"):  # fmt: skip
        assert said in text, said
    assert KK not in text
    assert Event.objects.filter(verb="view_household", object_code=family.code).count() == 1


def test_its_kk_is_shown_on_a_click_that_is_written_down(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    answer = signed_in(cast.bidan).post(url("household-kk", family))
    assert KK in answer.content.decode() and answer["Cache-Control"] == "no-store"
    event = Event.objects.get(verb="reveal_nik")
    assert (event.object_code, event.fields, event.user) == (family.code, ["kk"], cast.bidan)
    text = page(cast.bidan, "household", family)
    assert KK not in text and "NIK dan nomor KK ditampilkan" in text
    assert signed_in(cast.kader).post(url("household-kk", family)).status_code == 403
    assert "Tampilkan nomor lengkap" not in page(cast.kader, "household", family)


def test_help_and_who_paid_stand_on_its_timeline(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    child = Child.objects.get(name="Kakak Contoh")
    a_pmt(cast, begun=3, child=child, funding="mitra", partner=cast.partner)
    a_work(cast, begun=2, household=family)
    text = page(cast.tim, "household", family)
    for said in ("PMT dimulai", "Kakak Contoh", "Mitra Contoh", "Jamban", "dimulai",
                 "Rencanakan air dan sanitasi"):  # fmt: skip
        assert said in text, said
    assert "Rencanakan air dan sanitasi" not in page(cast.bidan, "household", family)


def test_documents_open_for_those_who_verify(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    report = a_submission(cast, child=Child.objects.get(name="Adik Contoh"), status="approved")
    paper = store(CleanFile(b"x", "image/jpeg", "jpg"), programme=cast.programme, desa=cast.desa,
                  posyandu=cast.melati, kind="kk_akta", submission=report)  # fmt: skip
    assert paper.code in page(cast.petugas, "household", family)
    text = page(cast.bidan, "household", family)
    assert paper.code not in text and "Laporan kader tentang" in text


# --- Whose people may be seen ------------------------------------------------------------------


def test_people_of_another_posyandu_are_counted_not_named(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    Child.objects.filter(name="Kakak Contoh").update(posyandu=cast.mawar)
    text = page(cast.kader, "household", family)
    assert "Kakak Contoh" not in text and "Adik Contoh" in text
    assert "1 orang lain dari keluarga ini tercatat di posyandu lain" in text
    text = page(cast.kader_mawar, "household", family)  # known by its one child
    assert "Kakak Contoh" in text and "Adik Contoh" not in text and "Ibu Contoh" not in text
    text = page(cast.bidan, "household", family)
    assert "Posyandu Mawar" in text and "Kakak Contoh" in text
    for user in (cast.kader_desa_lain, cast.bidan_lain, cast.gasken.petugas):
        assert signed_in(user).get(url("household", family)).status_code == 404


def test_a_reason_never_names_a_mother_out_of_sight(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    Mother.objects.update(posyandu=cast.mawar, birth_date=date(1980, 1, 1))
    text = page(cast.kader, "household", family)
    assert "Terlalu tua: " in text and "Ibu Contoh" not in text


# --- The list ----------------------------------------------------------------------------------


def heads(user: User, query: str = "") -> list[str]:
    return [row["name"] for row in signed_in(user).get(f"/keluarga/{query}").context["rows"]]


def test_the_list_filters_by_what_the_url_asks(cast: SimpleNamespace) -> None:
    a_family(cast, head_name="A Sumur", kk_index="1", water_source="sumur_terbuka")
    a_family(cast, head_name="B Kebun", kk_index="2", latrine_use="tidak_ada", dasawisma="Melati")
    there = a_household(cast, head_name="C Lain", desa=cast.other_desa, posyandu=cast.kenanga,
                        surveyed_on=date(2026, 1, 1))  # fmt: skip
    gone = a_family(cast, head_name="D Pergi", kk_index="4")
    Child.objects.filter(household=gone).update(left_on=cast.programme.today())
    Mother.objects.filter(household=gone).update(left_on=cast.programme.today())
    assert heads(cast.petugas) == ["A Sumur", "B Kebun", "C Lain"]
    assert heads(cast.petugas, "?risiko=berisiko") == ["A Sumur", "B Kebun"]
    assert heads(cast.petugas, "?risiko=air") == ["A Sumur"]
    assert heads(cast.petugas, "?risiko=jamban") == ["B Kebun"]
    assert heads(cast.petugas, "?risiko=4t") == heads(cast.petugas, "?risiko=tidak") == []
    assert heads(cast.petugas, f"?desa={cast.other_desa.code}") == ["C Lain"]
    assert heads(cast.petugas, "?rumah=belum") == ["A Sumur", "B Kebun"]
    assert heads(cast.petugas, f"?desa={cast.desa.code}&dasawisma=Melati") == ["B Kebun"]
    assert heads(cast.bidan, "?dasawisma=Melati") == ["B Kebun"]  # her only desa
    assert heads(cast.petugas, "?q=kebun") == ["B Kebun"]
    assert heads(cast.petugas, "?q=adik") == ["A Sumur", "B Kebun"]
    assert heads(cast.petugas, "?risiko=salah&warga=x") == ["A Sumur", "B Kebun", "C Lain"]
    assert heads(cast.bidan) == ["A Sumur", "B Kebun"] and heads(cast.gasken.petugas) == []
    assert there.code not in signed_in(cast.kader).get("/keluarga/").content.decode()
    event = Event.objects.filter(verb="list_households", fields=["risiko"]).first()
    assert event is not None and event.why == "n=2 of 2"


def test_the_list_costs_the_same_whatever_it_holds(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    costs = []
    for turn in range(2):
        for number in range(1 if turn == 0 else 30):
            a_family(cast, kk_index=f"{turn}-{number}")
        client.get("/keluarga/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/keluarga/")
        costs.append(len(queries))
    assert costs[1] == costs[0] <= 8


# --- On paper ----------------------------------------------------------------------------------


def printed(user: User, family: Household) -> PdfReader:
    answer = signed_in(user).get(url("household-print", family))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    return PdfReader(BytesIO(answer.content))


def test_the_card_is_one_page_of_paper(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    homes.note(cast.bidan, family, cast.programme.today(), {"latrine_use": "tidak_ada"})
    paper = printed(cast.bidan, family)
    text = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    for said in ("Bapak Contoh", "3302********0002", "Adik Contoh", "Berisiko stunting",
                 "tidak punya jamban", "Rumah dilihat", "Keluarga terdaftar"):  # fmt: skip
        assert said in text, said
    assert KK not in text
    assert Event.objects.filter(verb="print_household", object_code=family.code).exists()


def test_a_long_history_is_still_one_page(cast: SimpleNamespace) -> None:
    long = "Nama Yang Panjang Sekali "
    family = a_family(cast, head_name=(long * 5)[:120], address=(long * 8)[:200])
    today = cast.programme.today()
    for back in range(60, 0, -1):
        said = {"latrine_use": "tidak_ada", "water_source": "permukaan", "residents": back % 9 + 1,
                "floor_area_m2": 30 + back % 7}  # fmt: skip
        homes.note(cast.bidan, family, today - timedelta(days=back), said)
    paper = printed(cast.bidan, family)
    text = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1 and "kejadian sebelumnya ada di portal" in text


# --- Put right ---------------------------------------------------------------------------------


def correct(user: User, family: Household, **changes: str) -> HttpResponse:
    typed = {name: getattr(family, name) for name in
             ("head_name", "address", "rt", "rw", "dasawisma")}  # fmt: skip
    typed["posyandu"] = family.posyandu.code if family.posyandu else ""
    return signed_in(user).post(url("household-correct", family), typed | changes)


def test_a_familys_data_are_put_right(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    answer = correct(cast.bidan, family, head_name="Bapak Baru", rt="09", kk="3302200101200003",
                     posyandu=cast.mawar.code)  # fmt: skip
    assert answer["Location"] == url("household", family)
    family.refresh_from_db()
    assert (family.head_name, family.rt, family.kk) == ("Bapak Baru", "09", "3302200101200003")
    assert family.posyandu == cast.mawar
    fields = [event.fields for event in Event.objects.filter(verb="correct_household")]
    assert ["head_name", "posyandu", "rt"] in fields and ["kk"] in fields
    assert "Nomor KK" in page(cast.bidan, "household-correct", family)
    answer = correct(cast.bidan, family)
    assert Event.objects.filter(verb="correct_household").count() == 2  # nothing new


def test_a_kk_of_another_family_and_a_strange_place_are_refused(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    a_household(cast, kk="3302200101200009", kk_index=index_of("3302200101200009"))
    answer = correct(cast.bidan, family, kk="3302200101200009")
    assert answer.status_code == 409 and "keluarga lain" in answer.content.decode()
    assert correct(cast.bidan, family, kk="12").status_code == 422
    assert correct(cast.bidan, family, posyandu=cast.kenanga.code).status_code == 422
    assert correct(cast.bidan, family, address="").status_code == 422
    for user, status in ((cast.kader, 403), (cast.tim, 403), (cast.bidan_lain, 404)):
        assert correct(user, family, head_name="X").status_code == status
    family.refresh_from_db()
    assert (family.kk, family.head_name) == (KK, "Bapak Contoh")


# --- Life events through their page ------------------------------------------------------------


def tell(user: User, name: str, thing: Any, *people: Any, **changes: str) -> HttpResponse:
    day = str(thing.programme.today() - timedelta(days=2))
    typed: dict[str, Any] = {"kind": "pindah", "happened_on": day,
                             "who": [person.code for person in people]}  # fmt: skip
    where = reverse(f"registry:{name}", args=[thing.code])
    return signed_in(user).post(where, typed | changes)


def test_a_family_moves_out_by_its_page(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    mother, (big, small) = Mother.objects.get(), Child.objects.order_by("birth_date")
    form = signed_in(cast.bidan).get(reverse("registry:child-event", args=[small.code]))
    assert form.context["form"].initial["who"] == [small.code]
    answer = tell(cast.bidan, "child-event", small, mother, big, small, elsewhere="Sumbang")
    assert answer["Location"] == reverse("registry:child", args=[small.code])
    assert Child.objects.filter(left_reason="pindah").count() == 2
    text = signed_in(cast.bidan).get(answer["Location"]).content.decode()
    assert "Pindah ke luar kecamatan" in text and "Ke Sumbang." in text
    assert "Batalkan catatan" in text
    assert "Adik Contoh: pindah ke luar kecamatan" in page(cast.bidan, "household", family)
    event = LifeEvent.objects.get(child=small)
    back = signed_in(cast.bidan).post(reverse("registry:life-take-back", args=[event.code]))
    assert back["Location"] == answer["Location"]
    assert not Child.objects.exclude(left_on=None).exists()
    text = signed_in(cast.bidan).get(answer["Location"]).content.decode()
    assert "Dibatalkan" in text and "Batalkan catatan" not in text


def test_a_death_is_asked_back_once_and_gently(cast: SimpleNamespace) -> None:
    a_family(cast)
    child = Child.objects.get(name="Adik Contoh")
    answer = tell(cast.bidan, "child-event", child, child, kind="meninggal")
    text = answer.content.decode()
    assert answer.status_code == 422 and "Turut berduka cita" in text and "Adik Contoh" in text
    assert not LifeEvent.objects.exists()
    answer = tell(cast.bidan, "child-event", child, child, kind="meninggal", confirmed="1")
    assert answer.status_code == 302
    child.refresh_from_db()
    assert life.away_words(child, cast.programme.today()).startswith("Meninggal ")
    measure = reverse("registry:child-measure", args=[child.code])
    typed = {"measured_on": str(cast.programme.today()), "weight_kg": "8"}
    refused = signed_in(cast.bidan).post(measure, typed | {"confirmed": "1"})
    assert refused.status_code == 409 and "tercatat meninggal" in refused.content.decode()
    event = reverse("registry:household-event", args=[child.household.code])
    form = signed_in(cast.bidan).get(event).context["form"]
    assert child.code not in dict(form.fields["who"].choices)


def test_who_moves_out_of_the_area_is_no_dead_end(cast: SimpleNamespace) -> None:
    a_family(cast)
    child = Child.objects.get(name="Adik Contoh")
    answer = tell(cast.bidan, "child-event", child, child, kind="pindah_posyandu",
                  place=cast.kenanga.code, address="Jalan Nenek 1")  # fmt: skip
    assert answer["Location"] == reverse("registry:households")
    child.refresh_from_db()
    assert child.posyandu == cast.kenanga
    assert signed_in(cast.bidan_lain).get(f"/anak/{child.code}/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"who": []}, "Centang dahulu"), ({"kind": ""}, "Pilih dahulu kejadiannya"),
     ({"happened_on": ""}, "Isi tanggal"),
     ({"kind": "pindah_posyandu"}, "Pilih posyandu atau desa"),
     ({"kind": "pindah_posyandu", "place": "tidak-ada"}, "daftar"),
     ({"who": ["bukan-kode"]}, "luar wilayah")],
)  # fmt: skip
def test_bad_input_gets_a_sentence(cast: SimpleNamespace, changes: Any, said: str) -> None:
    a_family(cast)
    child = Child.objects.get(name="Adik Contoh")
    answer = tell(cast.bidan, "child-event", child, child, elsewhere="Sumbang", **changes)
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text and 'value="Sumbang"' in text
    assert not LifeEvent.objects.exists()
