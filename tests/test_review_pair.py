"""Catatan ganda on the screen: pairs, two cards side by side, merged, told apart, taken back."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from registry import visits
from registry.identity import index_of
from registry.merging import pairs
from registry.merging.review import marked, review
from registry.merging.workflow import merge, tell_apart
from registry.models import Child, Household, Merge, Mother, NotSame
from registry.names import name_key
from tests.cast import a_child, a_household, a_mother, a_pregnancy, a_submission, signed_in


def named(place: SimpleNamespace, name: str, **more: Any) -> Child:
    return a_child(place, name=name, **more) if more.get("name_key") else _keyed(
        a_child(place, name=name, **more)
    )  # fmt: skip


def _keyed(person: Any) -> Any:
    type(person).objects.filter(pk=person.pk).update(name_key=name_key(person.name))
    person.refresh_from_db()
    return person


@pytest.fixture
def two(cast: SimpleNamespace) -> tuple[Child, Child]:
    one = named(cast, "Siti Nurkhasanah")
    again = named(cast, "SITI NURKHASANNAH", birth_date=one.birth_date + timedelta(days=3))
    return one, again


def pair_url(name: str, one: Any, again: Any, kind: str = "anak") -> str:
    return reverse(f"registry:{name}", args=[kind, one.code, again.code])


# --- Pairs -------------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    """From the home page to the pair, merged, and back again."""
    one, again = two
    client = signed_in(cast.petugas)
    home = client.get("/").content.decode()
    assert "Periksa pasangan anak yang mungkin sama" in home and reverse("registry:pairs") in home
    page = client.get(reverse("registry:pairs")).content.decode()
    assert pair_url("review-pair", one, again) in page and "Tanggal lahir berdekatan" in page
    page = client.get(pair_url("review-pair", one, again)).content.decode()
    assert "Gabungkan kedua kartu menjadi satu?" in page and "Berbeda" in page
    said = {"child.name": "kept", "child.birth_date": "gone", "also": ["mother", "household"]}
    answer = client.post(pair_url("review-pair", one, again), said)
    done = Merge.objects.get()
    assert answer.url == reverse("registry:merge", args=[done.code])
    one.refresh_from_db()
    assert (one.name, one.birth_date) == ("Siti Nurkhasanah", again.birth_date)
    assert (Child.objects.count(), Mother.objects.count()) == (1, 1)
    page = client.get(answer.url).content.decode()
    assert "bersama keluarga dan ibunya" in page and "Batalkan penggabungan" in page
    assert one.name in client.get(reverse("registry:merges")).content.decode()
    client.post(reverse("registry:undo-merge", args=[done.code]), {"apart": "1"})
    assert Child.objects.count() == 2 and NotSame.objects.count() == 1
    assert pair_url("review-pair", one, again) not in client.get("/ganda/").content.decode()
    assert "Dibatalkan" in client.get(reverse("registry:merges")).content.decode()


def test_a_pair_told_apart_never_comes_back(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    client = signed_in(cast.kasi)
    assert len(pairs.pairs(cast.programme, cast.kasi)) == 1
    client.post(pair_url("tell-apart", *two))
    assert pairs.pairs(cast.programme, cast.kasi) == []
    assert Event.objects.filter(verb="tell_apart", user=cast.kasi).count() == 1
    page = client.get(pair_url("review-pair", *two)).content.decode()
    assert "Pernah dinyatakan bukan orang yang sama" in page


def test_who_is_alike(cast: SimpleNamespace) -> None:
    mother = _keyed(a_mother(cast, name="Ibu Aminah"))
    other_mother = _keyed(a_mother(cast, name="Ny. Aminah"))
    born = cast.programme.today() - timedelta(days=500)
    near, far = timedelta(days=31), timedelta(days=32)
    one = named(cast, "Budi", birth_date=born, mother=mother)
    named(cast, "Budi", birth_date=born + near)  # a month typed wrongly
    named(cast, "Budi", birth_date=born - far)
    named(cast, "Ani", birth_date=born, mother=other_mother)  # the mother's name, the same day
    named(cast, "Cici", birth_date=born + near, mother=mother)
    found = pairs.shown("child", pairs.pairs(cast.programme, cast.petugas))
    assert [(p.first.name, p.second.name, p.reasons) for p in found] == [
        ("Budi", "Budi", ("Nama anak sama", "Tanggal lahir berdekatan")),
        ("Budi", "Ani", ("Nama ibu sama", "Tanggal lahir sama")),
    ]  # fmt: skip
    assert found[0].first == one


def test_two_numbers_are_two_people(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    for child, nik in zip(two, ("3302200501230001", "3302200501230002"), strict=True):
        Child.objects.filter(pk=child.pk).update(nik=nik, nik_index=index_of(nik))
    assert pairs.pairs(cast.programme, cast.petugas) == []


def test_mothers_and_households(cast: SimpleNamespace) -> None:
    one, again = (_keyed(a_mother(cast, name=name)) for name in ("Siti Aminah", "Ny. Siti Aminah"))
    _keyed(a_mother(cast, name="Siti Aminah", desa=cast.other_desa, posyandu=cast.kenanga))
    found = pairs.pairs(cast.programme, cast.petugas, "mother")
    assert [p.codes for p in found] == [tuple(sorted((one.code, again.code)))]
    homes = pairs.pairs(cast.programme, cast.petugas, "household")
    codes = {code for pair in homes for code in pair.codes}
    assert codes == {one.household.code, again.household.code}
    a_household(cast, rt="09")
    assert len(pairs.pairs(cast.programme, cast.petugas, "household")) == 1
    for kind in ("ibu", "keluarga"):
        page = signed_in(cast.petugas).get(f"/ganda/?jenis={kind}")
        assert f"/ganda/{kind}/" in page.content.decode()


def test_nobody_of_another_programme_is_compared(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    named(cast.gasken, "Siti Nurkhasanah", birth_date=two[0].birth_date)
    assert len(pairs.pairs(cast.programme, cast.petugas)) == 1
    assert pairs.pairs(cast.gasken.programme, cast.gasken.petugas) == []


def test_the_queries_do_not_grow_with_the_pairs(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    asked = []
    for _ in range(2):
        for number in range(6):
            one = named(cast, f"Anak Ganda {number}")
            named(cast, f"ANAK GANDA {number}", birth_date=one.birth_date)
        client.get("/ganda/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/ganda/")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8


# --- Side by side ------------------------------------------------------------------------------


def test_only_what_differs_is_marked() -> None:
    assert marked("Nurkhasanah", "Nurhasanah") == (("Nur", False), ("k", True), ("hasanah", False))
    assert marked("SITI", "Siti") == (("SITI", False),)
    assert marked("", "Siti") == ()


def test_the_lines_say_what_will_happen(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    Child.objects.filter(pk=one.pk).update(father_name="Budi", birth_precision="month")
    Child.objects.filter(pk=again.pk).update(birth_weight_g=2900)
    one, again = Child.objects.get(pk=one.pk), Child.objects.get(pk=again.pk)
    lines = {row.key: row for row in review("child", one, again).own.rows}
    assert lines["child.father_name"].state == "Hanya di satu kartu"
    assert lines["child.birth_weight_g"].state == "Akan diisi"
    assert lines["child.sex"].state == "Sama"
    # A date known to the day is surer than one reckoned from months.
    assert lines["child.birth_date"].takes_gone and not lines["child.name"].takes_gone


def test_niks_are_masked(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    for child, nik in zip(two, ("3302200501230001", "3302211501230001"), strict=True):
        Child.objects.filter(pk=child.pk).update(nik=nik, nik_index=index_of(nik))
    page = signed_in(cast.petugas).get(pair_url("review-pair", *two)).content.decode()
    assert "3302********0001" in page and "330220050123" not in page
    assert "bagian yang disembunyikan" in page
    assert Event.objects.filter(verb="compare_pair").count() == 2


def test_visits_and_reports_of_both_are_shown(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    on = cast.programme.today() - timedelta(days=20)
    for child, kg in ((one, "8.1"), (again, "8.3")):
        visits.add_measurement(None, child, {"measured_on": on, "weight_kg": Decimal(kg)})
    report = a_submission(cast, child=again, status="approved")
    page = signed_in(cast.petugas).get(pair_url("review-pair", *two)).content.decode()
    assert "Hanya satu yang berlaku" in page and f"child.measurement.{on}" in page
    assert "8,1 kg" in page and "8,3 kg" in page and report.receipt_text in page
    assert "1 pengukuran, 1 laporan kader pindah" in page


def test_a_decision_that_is_none_is_asked_back_with_what_was_chosen(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    client, url = signed_in(cast.petugas), pair_url("review-pair", *two)
    answer = client.post(url, {"child.name": "gone", "child.birth_date": "keduanya"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Pilih isi kartu yang kiri atau yang kanan." in page
    assert answer.context["form"].picked == {"child.name"}
    assert client.post(url, {"also": "programme"}).status_code == 422
    assert Child.objects.count() == 2


def test_what_stands_against_a_merge_is_told(cast: SimpleNamespace) -> None:
    mothers = [a_pregnancy(cast, weeks=weeks).mother for weeks in (60, 8)]
    client = signed_in(cast.petugas)
    page = client.get(pair_url("review-pair", mothers[0], mothers[1], "ibu")).content.decode()
    assert "Catat dahulu akhir kehamilan yang lama" in page and "Ya, gabungkan" not in page
    children = [a_child(cast, mother=mother) for mother in mothers]
    page = client.get(pair_url("review-pair", children[0], children[1])).content.decode()
    assert "Tidak bisa ikut digabung" in page and "Ya, gabungkan" in page
    answer = client.post(pair_url("review-pair", mothers[0], mothers[1], "ibu"))
    assert answer.status_code == 409 and "kehamilan" in answer.content.decode()


def test_a_card_that_was_merged_meanwhile_is_told(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    merge(cast.kasi, *two)
    client = signed_in(cast.petugas)
    for url in (pair_url("review-pair", *two), pair_url("review-pair", *reversed(two))):
        answer = client.post(url, follow=True)
        assert "sudah digabung" in answer.content.decode()
    answer = client.post(pair_url("tell-apart", *two), follow=True)
    assert "sudah digabung" in answer.content.decode()
    assert not NotSame.objects.exists() and Merge.objects.count() == 1


def test_no_such_pair(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    client = signed_in(cast.petugas)
    for args in (
        ("anak", one.code, one.code), ("ibu", one.code, again.code),
        ("kucing", one.code, again.code), ("anak", one.code, "tidak-ada"),
    ):  # fmt: skip
        assert client.get(reverse("registry:review-pair", args=args)).status_code == 404


# --- From a card -------------------------------------------------------------------------------


def test_from_a_card_to_its_twin(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    other = named(cast, "Nama Lain", mother=_keyed(a_mother(cast, name="Ibu Ratna")))
    stranger = named(cast.gasken, "Nama Lain")
    client = signed_in(cast.petugas)
    url = reverse("registry:pick-twin", args=["anak", one.code])
    assert url in client.get(reverse("registry:child", args=[one.code])).content.decode()
    assert pair_url("review-pair", one, again) in client.get(url).content.decode()
    for typed in ("nama lain", "Ratna", other.code):
        page = client.get(url, {"q": typed}).content.decode()
        assert pair_url("review-pair", one, other) in page and stranger.code not in page
    assert "Tidak ada kartu yang cocok" in client.get(url, {"q": "zzz"}).content.decode()
    # Whoever may not merge is not led there.
    card = signed_in(cast.bidan).get(reverse("registry:child", args=[one.code]))
    assert url not in card.content.decode()


def test_from_a_mothers_card(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    page = signed_in(cast.petugas).get(reverse("registry:mother", args=[mother.code]))
    for kind, code in (("ibu", mother.code), ("keluarga", mother.household.code)):
        url = reverse("registry:pick-twin", args=[kind, code])
        assert url in page.content.decode()
        assert signed_in(cast.kasi).get(url, {"q": "contoh"}).status_code == 200


# --- Merges ------------------------------------------------------------------------------------


def test_a_merge_says_what_it_did_and_what_undoing_means(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    on = cast.programme.today() - timedelta(days=20)
    visits.add_measurement(None, again, {"measured_on": on, "weight_kg": Decimal("8.1")})
    done = merge(cast.petugas, one, again)
    url, client = reverse("registry:merge", args=[done.code]), signed_in(cast.petugas)
    page = client.get(url).content.decode()
    assert "1 pengukuran" in page and "Semua catatan kembali" in page
    visits.add_measurement(None, one, {"measured_on": on + timedelta(days=9), "weight_kg": 8})
    assert "tetap pada kartu" in client.get(url).content.decode()
    answer = client.post(reverse("registry:undo-merge", args=[done.code]), follow=True)
    assert "Tetap pada kartu yang dipertahankan: pengukuran" in answer.content.decode()
    again_url = reverse("registry:undo-merge", args=[done.code])
    assert client.post(again_url).status_code == 409


def test_a_later_merge_comes_first(cast: SimpleNamespace) -> None:
    one, two, three = (a_child(cast) for _ in range(3))
    first, second = merge(cast.petugas, two, one), merge(cast.petugas, three, two)
    client = signed_in(cast.petugas)
    page = client.get(reverse("registry:merge", args=[first.code])).content.decode()
    assert reverse("registry:merge", args=[second.code]) in page
    answer = client.post(reverse("registry:undo-merge", args=[first.code]))
    assert answer.status_code == 409 and "lebih baru" in answer.content.decode()


def test_households_are_merged_by_themselves(cast: SimpleNamespace) -> None:
    one, again = a_household(cast), a_household(cast)
    a_mother(cast, household=again)
    client = signed_in(cast.kasi)
    client.post(pair_url("review-pair", one, again, kind="keluarga"))
    assert Household.objects.get() == one and one.mothers.count() == 1
    assert tell_apart(cast.kasi, a_household(cast), one).kind == "household"
