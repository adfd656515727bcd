"""The list of children and a child's card: what they show, to whom, and at what cost."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from registry import timeline, visits, workflow
from registry.documents import CleanFile, store
from registry.identity import index_of
from registry.models import Child, Measurement
from registry.mothers import exclusive
from registry.people import Approval
from reports.figures import figures_of
from reports.months import Month
from tests.cast import a_child, a_mother, a_submission, signed_in
from tests.pages import walk

LIST = "/anak/"


def card_of(client: Client, child: Child, query: str = "") -> str:
    return client.get(reverse("registry:child", args=[child.code]) + query).content.decode()


def a_visit(child: Child, on: date, **numbers: Any) -> Measurement:
    values = {"measured_on": on, "weight_kg": Decimal("8.2"), "measure": "l",
              "length_height_cm": Decimal("74")}  # fmt: skip
    return visits.add_measurement(None, child, values | numbers)


def a_measured_child(place: SimpleNamespace, **changes: Any) -> Child:
    """A girl of 551 days, measured today: TB/U −2,34, gizi baik (fact 1 of the field)."""
    today = place.programme.today()
    child = a_child(place, **({"birth_date": today - timedelta(days=551)} | changes))
    a_visit(child, today)
    return child


def names(client: Client, query: str = "") -> list[str]:
    """The names on the list, in their order."""
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [row["name"] for row in response.context["rows"]]


# --- The card ----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    child = a_measured_child(cast, name="Anak Contoh")
    text = card_of(signed_in(cast.bidan), child)
    for said in (
        "Anak Contoh", "1 tahun 6 bulan", "Desa Ledug", "Melati", child.mother.name,
        "Rujuk minggu ini", "Panjang menurut umur −2,34 SD: pendek", "usulkan sasaran PMT",
        "Ini hasil penapisan, bukan diagnosis", "Pendek", "Berat badan normal", "−1,87 SD",
        "Gizi baik", "−1,00 SD", "−0,57 SD", "PB/U", "8,2 kg", "74,0 cm", "terlentang",
    ):  # fmt: skip
        assert said in text, said
    assert "<svg" in text and "Anak terdaftar" in text


def test_every_opening_is_an_event(cast: SimpleNamespace) -> None:
    child, client = a_measured_child(cast), signed_in(cast.bidan)
    for _ in range(2):
        card_of(client, child)
    events = Event.objects.filter(verb="view_child", user=cast.bidan, object_code=child.code)
    assert events.count() == 2 and events[0].grant.role == "bidan"


@pytest.mark.parametrize(
    ("index", "title"),
    [("tb_u", "Panjang badan menurut umur (PB/U)"), ("bb_u", "Berat badan menurut umur (BB/U)"),
     ("bb_tb", "Berat menurut panjang badan (BB/PB)"), ("imt_u", "IMT menurut umur (IMT/U)"),
     ("kms", "Kartu menuju sehat"), ("x", "Panjang badan menurut umur (PB/U)")],
)  # fmt: skip
def test_each_index_has_its_chart(cast: SimpleNamespace, index: str, title: str) -> None:
    text = card_of(signed_in(cast.bidan), a_measured_child(cast), f"?grafik={index}")
    assert f"{title}, anak perempuan" in text


def test_the_chart_stands_right_below_the_sign(cast: SimpleNamespace) -> None:
    child = a_child(cast, 20)
    numbers = {"measured_on": cast.programme.today(), "weight_kg": Decimal(9)}
    visits.add_measurement(None, child, numbers)
    response = signed_in(cast.bidan).get(reverse("registry:child", args=[child.code]))
    text = response.content.decode()
    places = [
        text.index(f"{words}<") for words in ("Grafik pertumbuhan", "Status gizi", "Pengukuran")
    ]
    assert text.index("Tanda saat ini") < places[0] and places == sorted(places)


def test_a_child_never_measured_says_so(cast: SimpleNamespace) -> None:
    text = card_of(signed_in(cast.bidan), a_child(cast))
    assert "Belum pernah diukur" in text and "Status gizi" not in text and "Ukur ulang" in text


def test_oedema_is_red_and_without_weight_classes(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, cast.programme.today(), oedema=True, weight_kg=Decimal("10"))
    text = card_of(signed_in(cast.bidan), child)
    assert "Gizi buruk (edema)" in text and "Rujuk hari ini" in text
    assert "Tidak dihitung karena edema" in text


def test_a_flagged_index_asks_to_measure_again(cast: SimpleNamespace) -> None:
    child = a_child(cast, 12)
    a_visit(child, cast.programme.today(), length_height_cm=Decimal("55"), weight_kg=Decimal("9"))
    text = card_of(signed_in(cast.bidan), child)
    assert "ukur ulang" in text and "Di luar batas wajar" in text


def test_a_doubted_number_is_said_to_be_doubted(cast: SimpleNamespace) -> None:
    child = a_child(cast, 12)
    a_visit(child, cast.programme.today(), weight_kg=Decimal("9"), doubted=["length_height_cm"])
    text = card_of(signed_in(cast.bidan), child)
    assert "Angkanya diragukan, ukur ulang" in text and "Di luar batas wajar" not in text
    assert "Berat badan normal" in text


def test_an_approximate_birth_date_carries_its_mark(cast: SimpleNamespace) -> None:
    text = card_of(signed_in(cast.bidan), a_measured_child(cast, birth_precision="month"))
    assert "≈ 1 tahun 6 bulan" in text and "≈ −2,34 SD" in text and "masih perkiraan" in text


def test_an_old_measurement_is_called_old(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, cast.programme.today() - timedelta(days=100))
    assert "100 hari yang lalu" in card_of(signed_in(cast.bidan), child)


def test_the_timeline_tells_report_and_decision_with_its_reason(cast: SimpleNamespace) -> None:
    report = a_submission(cast, reason="Tampak pendek")
    workflow.send_back(cast.petugas, report, "Foto KK buram.")
    report.refresh_from_db()
    type(report).objects.filter(pk=report.pk).update(status="edited")
    report.refresh_from_db()
    child = workflow.approve(cast.petugas_dua, report, Approval())
    response = signed_in(cast.bidan).get(reverse("registry:child", args=[child.code]))
    told = [(item["title"], item.get("text", "")) for item in response.context["items"]]
    assert ("Laporan kader diterima", "Tampak pendek") in told
    assert any("Foto KK buram." in text for _, text in told)
    assert any("diverifikasi" in title for title, _ in told)
    moments = [item["when"] for item in response.context["items"]]
    assert len(moments) >= 5 and isinstance(moments[0], date)  # today's visit stands on top


def test_other_apps_hang_their_part_on_the_card(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = cast.programme.today() + timedelta(days=1)

    def told(user: Any, person: Any) -> list[dict[str, Any]]:
        return [{"when": when, "title": f"PMT untuk {person.code} dilihat {user.username}"}]

    def buttons(user: Any, person: Any) -> list[dict[str, Any]]:
        return [{"label": "Rencanakan PMT", "url": "/rencana/"}]

    monkeypatch.setattr(timeline, "timeline_sources", [told])
    monkeypatch.setattr(timeline, "action_sources", [buttons])
    child = a_measured_child(cast)
    response = signed_in(cast.tim).get(reverse("registry:child", args=[child.code]))
    first = response.context["items"][0]
    assert first["title"] == f"PMT untuk {child.code} dilihat {cast.tim.username}"
    assert 'href="/rencana/">Rencanakan PMT' in response.content.decode()


def test_documents_are_for_those_who_may_open_them(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    kept = store(
        CleanFile(b"x", "image/jpeg", "jpg"), programme=cast.programme, desa=cast.desa,
        posyandu=cast.melati, submission=report,
    )  # fmt: skip
    child = workflow.approve(cast.petugas, report, Approval())
    url = reverse("registry:document", args=[kept.code])
    assert url in card_of(signed_in(cast.petugas), child)
    for user in (cast.bidan, cast.kader, cast.camat):
        assert url not in card_of(signed_in(user), child)


def test_a_kader_measures_and_does_nothing_else(cast: SimpleNamespace) -> None:
    child = a_measured_child(cast)
    text = card_of(signed_in(cast.kader), child)
    assert reverse("registry:child-measure", args=[child.code]) in text
    for name in ("child-correct", "child-nik"):
        assert reverse(f"registry:{name}", args=[child.code]) not in text


def test_gain_stands_in_the_status_and_in_the_table(cast: SimpleNamespace) -> None:
    child, today = a_child(cast, 18), cast.programme.today()
    last = today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    for on, kg, cm in ((before, "10.0", 78), (last, "10.0", 79), (today, "9.9", 80)):
        a_visit(child, on, weight_kg=Decimal(kg), length_height_cm=Decimal(cm))
    text = card_of(signed_in(cast.kader), child)
    assert "Berat tidak naik (T), 2 kali berturut-turut" in text
    assert '<td data-label="N/T">T (2T)</td>' in text
    assert '<td data-label="N/T">B</td>' in text


def test_a_change_of_class_is_a_sentence(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    child = a_child(cast, birth_date=today - timedelta(days=551))
    a_visit(child, today - timedelta(days=30), length_height_cm=Decimal("75"))
    assert "Tinggi menurut umur memburuk" not in card_of(signed_in(cast.bidan), child)
    a_visit(child, today)
    assert "Tinggi menurut umur memburuk: dari normal ke pendek (dibanding" in card_of(
        signed_in(cast.bidan), child
    )


def test_a_preterm_child_shows_both_ages(cast: SimpleNamespace) -> None:
    born = cast.programme.today() - timedelta(days=183)
    child = a_child(cast, birth_date=born, gestation_weeks=32, birth_weight_g=1800)
    a_visit(child, cast.programme.today(), weight_kg=Decimal("6"), length_height_cm=Decimal("61"))
    text = card_of(signed_in(cast.bidan), child)
    for said in ("Umur koreksi", "usia kehamilan 32 minggu", "1.800 g, 32 minggu (prematur)",
                 "laporan memakai umur sebenarnya"):  # fmt: skip
        assert said in text, said
    stored = child.measurements.get().haz
    assert f"{stored}".replace(".", ",").replace("-", "−") in text
    type(child).objects.filter(pk=child.pk).update(gestation_weeks=39)
    assert "Umur koreksi" not in card_of(signed_in(cast.bidan), child)


def test_correcting_the_gestation_changes_no_z(cast: SimpleNamespace) -> None:
    child = a_measured_child(cast, gestation_weeks=40)
    before = child.measurements.values_list("haz", "waz", "whz", "alert").get()
    url = reverse("registry:child-correct", args=[child.code])
    born = child.birth_date
    sent = {
        "name": child.name, "sex": child.sex, "birth_date_0": born.day, "birth_date_1": born.month,
        "birth_date_2": born.year, "posyandu": child.posyandu.code, "gestation_weeks": "34",
        "birth_weight_g": "2100", "birth_length_cm": "44,5",
    }  # fmt: skip
    client = signed_in(cast.petugas)
    assert client.post(url, sent).status_code == 302
    child.refresh_from_db()
    assert (child.gestation_weeks, child.birth_weight_g) == (34, 2100)
    assert child.birth_length_cm == Decimal("44.5")
    assert child.measurements.values_list("haz", "waz", "whz", "alert").get() == before
    assert not Event.objects.filter(verb="recompute", object_code=child.code).exists()
    refused = client.post(url, sent | {"gestation_weeks": "4", "birth_weight_g": "2,1"})
    assert refused.status_code == 422
    assert "antara 20 dan 44" in refused.content.decode()
    assert "dalam gram" in refused.content.decode()


def test_the_months_of_breast_milk_stand_on_it(cast: SimpleNamespace) -> None:
    child = a_child(cast, 3)
    exclusive.answer(cast.bidan, child, 0, True, cast.programme.today())
    text = card_of(signed_in(cast.bidan), child)
    assert "<b>E1</b> ya" in text and "<b>E2</b> belum ditanya" in text
    assert "ASI eksklusif" not in card_of(signed_in(cast.bidan), a_child(cast, 30))


def test_the_kms_of_an_older_child_has_two_halves(cast: SimpleNamespace) -> None:
    child, client = a_child(cast, 26), signed_in(cast.bidan)
    for back in (0, 90):
        a_visit(child, cast.programme.today() - timedelta(days=back))
    assert "24–60 bulan" in card_of(client, child, "?grafik=kms")
    assert "anak perempuan, 0–24 bulan" in card_of(client, child, "?grafik=kms&bagian=0")
    assert "bagian=" not in card_of(client, a_measured_child(cast), "?grafik=kms")


def test_older_visits_and_events_are_folded_away(cast: SimpleNamespace) -> None:
    child = a_child(cast, 20)
    for back in range(7):
        a_visit(child, cast.programme.today() - timedelta(days=31 * back))
    text = card_of(signed_in(cast.bidan), child)
    assert "Lihat 3 pengukuran sebelumnya" in text and text.count("<tbody>") >= 2
    assert "Lihat 3 kejadian sebelumnya" in text


def test_the_card_costs_the_same_however_long_its_history(cast: SimpleNamespace) -> None:
    child, client = a_measured_child(cast), signed_in(cast.petugas)
    card_of(client, child)
    with CaptureQueriesContext(connection) as before:
        card_of(client, child)
    for back in range(1, 9):
        a_visit(child, cast.programme.today() - timedelta(days=30 * back))
        workflow.approve(cast.petugas, a_submission(cast, measured_on=None), Approval(child=child))
    with CaptureQueriesContext(connection) as after:
        card_of(client, child)
    assert len(after) <= len(before) + 2  # decisions and their people, once there are reports
    assert len(after) <= 19


# --- The list ----------------------------------------------------------------------------------


def a_crowd(cast: SimpleNamespace) -> dict[str, Child]:
    """One child of every kind, by name."""
    today = cast.programme.today()
    born = today - timedelta(days=551)
    children = {
        "Stunting": a_measured_child(cast, name="Stunting"),
        "Baik": a_child(cast, name="Baik", birth_date=born),
        "Kira": a_measured_child(cast, name="Kira", birth_precision="month"),
        "Bengkak": a_child(cast, name="Bengkak", birth_date=born),
        "Janggal": a_child(cast, name="Janggal", birth_date=born),
        "Belum": a_child(cast, name="Belum"),
        "Parah": a_child(cast, name="Parah", birth_date=born),
        "Besar": a_child(cast, 70, name="Besar"),
        "Lima": a_child(cast, 40, name="Lima"),
        "Pergi": a_measured_child(cast, name="Pergi", left_on=today),
    }
    a_visit(children["Baik"], today, weight_kg=Decimal("10"), length_height_cm=Decimal("80"))
    a_visit(children["Bengkak"], today, oedema=True, length_height_cm=Decimal("80"))
    a_visit(children["Janggal"], today, length_height_cm=Decimal("55"))
    a_visit(children["Parah"], today, length_height_cm=Decimal("70"), weight_kg=Decimal("5.9"))
    a_visit(children["Lima"], today, measure="h", length_height_cm=Decimal("98"),
            weight_kg=Decimal("15"))  # fmt: skip
    return children


def test_the_list_puts_the_worst_first(cast: SimpleNamespace) -> None:
    a_crowd(cast)
    found = names(signed_in(cast.petugas))
    assert found[:2] == ["Bengkak", "Parah"]
    assert found.index("Stunting") < found.index("Belum") < found.index("Baik")
    assert "Besar" not in found and "Pergi" not in found
    event = Event.objects.get(verb="list_children")
    assert event.why == f"n={len(found)} of {len(found)}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?gizi=stunting", {"Stunting", "Parah"}),
        ("?gizi=severe", {"Parah"}),
        ("?gizi=wasting", {"Bengkak", "Parah"}),
        ("?gizi=underweight", {"Parah"}),
        ("?gizi=flagged", {"Janggal"}),
        ("?gizi=perkiraan", {"Kira"}),
        ("?gizi=belum", {"Belum"}),
        ("?tanda=merah", {"Bengkak", "Parah"}),
        ("?tanda=hijau", {"Baik", "Lima"}),
        ("?kelompok=semua&q=besar", {"Besar"}),
        ("?kelompok=semua&q=pergi", {"Pergi"}),
        ("?q=STUNTTING", {"Stunting"}),  # as name_key compares: no doubled letters, no case
        ("?kelompok=baduta&tanda=hijau", {"Baik"}),
        ("?q=tidakada", set()),
        ("?gizi=stunting&kelompok=apa&tanda=ungu&desa=99&bulan=x", {"Stunting", "Parah"}),
    ],
)
def test_filters_stand_in_the_url(cast: SimpleNamespace, query: str, expected: set[str]) -> None:
    a_crowd(cast)
    assert set(names(signed_in(cast.petugas), query)) == expected


def test_a_mothers_name_finds_her_child(cast: SimpleNamespace) -> None:
    child = a_child(cast, mother=a_mother(cast, name="siti aminah"))
    assert names(signed_in(cast.petugas), "?q=Aminah") == [child.name]


def test_desa_is_offered_and_filters(cast: SimpleNamespace) -> None:
    here, there = a_child(cast), a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    client = signed_in(cast.petugas)
    assert names(client, f"?desa={cast.other_desa.code}") == [there.name]
    assert 'name="desa"' in client.get(LIST).content.decode()
    bidan = signed_in(cast.bidan)
    assert names(bidan) == [here.name] and 'name="desa"' not in bidan.get(LIST).content.decode()


def test_each_area_sees_its_own(cast: SimpleNamespace) -> None:
    melati, mawar = a_child(cast), a_child(cast, posyandu=cast.mawar)
    kenanga = a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    a_child(cast.gasken)
    seen = {
        cast.kader: {melati.name},
        cast.kader_mawar: {mawar.name},
        cast.bidan: {melati.name, mawar.name},
        cast.nakes: {melati.name, mawar.name},
        cast.camat: {melati.name, mawar.name, kenanga.name},
    }
    for user, expected in seen.items():
        assert set(names(signed_in(user))) == expected, user


def test_a_month_reads_as_the_report_does(cast: SimpleNamespace) -> None:
    """Every number of the monthly report opens a list of as many children."""
    a_crowd(cast)
    month = Month.of(cast.programme.today())
    last = month.back()
    early = a_child(cast, name="Dahulu", birth_date=last.last - timedelta(days=551))
    a_visit(early, last.last)
    client = signed_in(cast.petugas)
    for asked in (month, last):
        total = figures_of(cast.programme, asked)["total"]
        for word in ("stunting", "wasting", "underweight"):
            for part in ("n", "severe", "total", "flagged", "missing", "approximate"):
                gizi = {"n": word, "severe": f"{word}-severe"}.get(part, f"{word}-{part}")
                gizi = {"stunting-severe": "severe"}.get(gizi, gizi)
                found = names(client, f"?bulan={asked}&gizi={gizi}")
                assert len(found) == total[word][part], (str(asked), word, part)
        for query, name in (("", "balita"), ("&kelompok=baduta", "baduta"),
                            ("&gizi=diukur", "measured")):  # fmt: skip
            assert len(names(client, f"?bulan={asked}{query}")) == total[name], name
    assert names(client, f"?bulan={last}&gizi=stunting") == ["Dahulu"]
    assert "Dahulu" not in names(client, f"?bulan={month}&gizi=stunting")


def test_the_status_of_a_month_is_that_of_its_last_visit(cast: SimpleNamespace) -> None:
    month = Month.of(cast.programme.today()).back()
    child = a_child(cast, birth_date=month.last - timedelta(days=551))
    a_visit(child, month.first)
    a_visit(child, month.last, length_height_cm=Decimal("80"))
    client = signed_in(cast.petugas)
    assert names(client, f"?bulan={month}&gizi=stunting") == []
    assert names(client, f"?bulan={month}&gizi=diukur") == [child.name]


@pytest.mark.parametrize("who", ["petugas", "bidan", "nakes"])
def test_the_list_costs_the_same_for_one_child_and_for_forty(
    cast: SimpleNamespace, who: str
) -> None:
    client = signed_in(getattr(cast, who))
    a_measured_child(cast)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(40):
        a_measured_child(cast)
    with CaptureQueriesContext(connection) as many:
        found = client.get(LIST)
    assert len(many) == len(one) <= 8, [query["sql"] for query in many]
    with CaptureQueriesContext(connection) as second:
        client.get(LIST + found.context["pager"]["next_url"])
    assert len(second) <= 8


def test_paging_shows_each_child_once(cast: SimpleNamespace) -> None:
    for number in range(60):
        a_child(cast, name=f"Anak {number % 3}")
    client = signed_in(cast.petugas)
    pages = [[row["url"] for row in page.context["rows"]] for page in walk(client, LIST)]
    assert [len(page) for page in pages] == [25, 25, 10] and len(set(sum(pages, []))) == 60
    assert "Berikutnya" in client.get(LIST).content.decode()
    assert client.get(f"{LIST}?hal=999").context["pager"]["note"] == "25 dari 60"


def test_no_nik_stands_on_the_list(cast: SimpleNamespace) -> None:
    nik = "3302204101240001"
    child = a_child(cast)
    child.nik, child.nik_index = nik, index_of(nik)
    child.save()
    assert nik not in signed_in(cast.petugas).get(LIST).content.decode()
