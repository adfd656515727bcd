"""A merged card is on no page; its old addresses lead to the kept card, for who may see it."""

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.roles import ACTIONS
from registry import registering, visits
from registry.merging.workflow import Choices, merge, undo_merge
from registry.models import Child, Household, Measurement, Merge, Mother
from registry.posyandu import entry
from tests.access import ROWS
from tests.access.row import Row
from tests.cast import a_child, a_household, a_mother, a_pregnancy, a_submission, signed_in
from tests.helps import a_check, a_pmt, a_work, an_activity
from tests.pictures import text_of

MARKER = "Tergabungwati"
# Here a merged card is told of on purpose: who became one with whom. And a frozen PDF of tests.
LEFT_OUT = {"registry:merges", "registry:merge", "reports:pdf"}
WHOLE = Choices(also=frozenset({"mother", "household"}))


def full(place: SimpleNamespace, name: str) -> Child:
    """A child with a family, and something of every kind that hangs on them."""
    today = place.programme.today()
    home = a_household(place, head_name=name, latrine="terbuka")
    mother = a_mother(place, name=f"Ibu {name}", household=home)
    child = a_child(place, months=14, name=name, mother=mother)
    for ago in (40, 9):
        numbers = {"measured_on": today - timedelta(days=ago), "weight_kg": Decimal("7.4"),
                   "length_height_cm": Decimal("70"), "measure": "l"}  # fmt: skip
        visits.add_measurement(place.kader, child, numbers)
    entry.absent(place.kader, child, place.melati, today)
    a_submission(place, child=child, status="approved")
    a_pmt(place, child=child, begun=2)
    a_work(place, household=home)
    pregnancy = a_pregnancy(place, mother=mother)
    a_check(pregnancy, lila_cm=Decimal("22"))
    registering.begin_breastfeeding(place.bidan, mother, today, child)
    return child


@pytest.fixture
def kept(cast: SimpleNamespace) -> Child:
    """A child whose twin, with mother and household of its own, was merged into it."""
    one, again = full(cast, "Anak Tetap"), full(cast, MARKER)
    merge(cast.petugas, one, again, WHOLE)
    assert Child.everyone.filter(name=MARKER, merged_into=one).exists()
    return one


def words(answer: HttpResponse) -> str:
    if answer.get("Content-Type") == "application/pdf":
        return text_of(b"".join(answer))
    return b"".join(answer).decode(errors="replace")


def someone(cast: SimpleNamespace, row: Row) -> Any:
    """A person of the programme who may open the page."""
    people = {"kader": cast.kader, "bidan": cast.bidan, "puskesmas": cast.nakes,
              "mitra": cast.mitra, "kabupaten": cast.kabupaten}  # fmt: skip
    order = ("petugas", "kasi", "tim", "camat", "sekcam", "admin", *people)
    role = next(r for r in order if row.action in ("", "public") or r in ACTIONS[row.action])
    return people.get(role) or getattr(cast, role)


def arguments(cast: SimpleNamespace, row: Row, kept: Child) -> list[dict[str, Any]]:
    """The page's own arguments; and of a page about one person, those of the kept one."""
    plain = row.kwargs(cast)
    mine = {Child: kept, Mother: kept.mother, Household: kept.household}
    found = [plain]
    for name, value in plain.items():
        for model, person in mine.items():
            if model.objects.filter(code=value).exists() if isinstance(value, str) else False:
                found.append(plain | {name: person.code})
    return found


def test_a_merged_card_is_on_no_page(cast: SimpleNamespace, kept: Child) -> None:
    """Every page of the access table, for somebody who may open it."""
    shown = []
    for row in ROWS:
        if row.method != "get" or row.name in LEFT_OUT:
            continue
        client = signed_in(someone(cast, row))
        for kwargs in arguments(cast, row, kept):
            answer = client.get(reverse(row.name, kwargs=kwargs), follow=True)
            shown += [row.name] if MARKER in words(answer) else []
    assert shown == []


LISTS = (
    "/anak/?kelompok=semua", "/anak/?gizi=belum", "/anak/?gizi=tidak_ditimbang",
    "/ibu/?kelompok=semua", "/ibu/?kelompok=menyusui", "/prioritas/?siapa=ibu",
    "/tindakan/?pilar=pmt&status=butuh", "/tindakan/?pilar=pmt&status=berjalan",
    "/tindakan/?pilar=sanitasi", "/mutu-data/daftar/semua/", "/ganda/?jenis=ibu",
    "/ganda/?jenis=keluarga", "/laporan/?tab=terverifikasi",
)  # fmt: skip


def test_nor_on_any_list(cast: SimpleNamespace, kept: Child) -> None:
    for user in (cast.kasi, cast.bidan, cast.tim):
        client = signed_in(user)
        assert [url for url in LISTS if MARKER in words(client.get(url))] == []


def test_each_is_counted_once(cast: SimpleNamespace, kept: Child) -> None:
    page = words(signed_in(cast.kasi).get("/anak/?kelompok=semua"))
    assert "1 anak" in page and "Anak Tetap" in page
    page = words(signed_in(cast.kasi).get("/ibu/"))
    assert "1 ibu hamil" in page
    day = reverse("registry:posyandu-day", args=[cast.melati.code, cast.programme.today()])
    assert "0 dari 1 sudah diukur, 1 tidak hadir" in words(signed_in(cast.kader).get(day))


# --- Old addresses -----------------------------------------------------------------------------


@pytest.fixture
def two(cast: SimpleNamespace) -> tuple[Child, Child]:
    return a_child(cast), a_child(cast)


def test_old_addresses_lead_to_the_kept_card(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    old_mother, old_home = again.mother, again.household
    merge(cast.petugas, one, again, WHOLE)
    client = signed_in(cast.petugas)
    for name in ("child", "child-measure", "child-correct", "child-print", "alert-answer"):
        answer = client.get(reverse(f"registry:{name}", args=[again.code]) + "?grafik=bb_u")
        assert (answer.status_code, answer.url) == (
            302, reverse(f"registry:{name}", args=[one.code]) + "?grafik=bb_u",
        )  # fmt: skip
    answer = client.get(reverse("registry:mother", args=[old_mother.code]))
    assert answer.url == reverse("registry:mother", args=[one.mother.code])
    answer = signed_in(cast.tim).get(reverse("interventions:plan-work", args=[old_home.code]))
    assert answer.url == reverse("interventions:plan-work", args=[one.household.code])


def test_a_merge_taken_back_opens_the_old_address_again(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    done, client = merge(cast.petugas, *two), signed_in(cast.petugas)
    url = reverse("registry:child", args=[two[1].code])
    assert client.get(url).status_code == 302
    undo_merge(cast.petugas, done)
    assert client.get(url).status_code == 200


def test_only_for_who_may_see_the_kept_card(cast: SimpleNamespace) -> None:
    one, again = a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga), a_child(cast)
    merge(cast.petugas, one, again)
    url = reverse("registry:child", args=[again.code])
    assert signed_in(cast.kader_desa_lain).get(url).status_code == 302
    for user in (cast.kader, cast.bidan, cast.gasken.petugas):
        assert signed_in(user).get(url).status_code == 404
    assert signed_in(cast.admin).get(url).status_code == 403


def test_a_form_opened_before_the_merge_still_counts(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    """What was typed into the card that went is stored with the kept one, not lost."""
    one, again = two
    merge(cast.petugas, one, again)
    numbers = {"measured_on": str(cast.programme.today()), "weight_kg": "9,1"}
    url = reverse("registry:child-measure", args=[again.code])
    answer = signed_in(cast.bidan).post(url, numbers)
    assert answer.url == reverse("registry:child", args=[one.code])
    assert Measurement.objects.get().child == one


def test_a_measurement_that_waited_on_a_phone_still_counts(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    merge(cast.petugas, one, again)
    client, today = signed_in(cast.kader), cast.programme.today()
    url = reverse("registry:posyandu-child", args=[cast.melati.code, today, again.code])
    said = {"weight_kg": "9,1", "client_id": "hp-1"}
    answer = client.post(url, said, headers={"accept": "application/json"})
    assert answer.status_code == 201
    assert json.loads(answer.content)["client_id"] == "hp-1"
    again_sent = client.post(url, said, headers={"accept": "application/json"})
    assert again_sent.status_code == 200 and Measurement.objects.get().child == one


def test_what_never_was_is_no_address(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    merge(cast.petugas, *two)
    client = signed_in(cast.petugas)
    for url in ("/anak/tidak-ada/", "/tidak/ada/", f"/anak/{two[1].code}/ukur/x/perbaiki/"):
        answer = client.get(url, follow=True)
        assert answer.status_code == 404
    assert client.delete(f"/anak/{two[1].code}/").status_code == 405
    assert Merge.objects.count() == 1 and an_activity(cast)
