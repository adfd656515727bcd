"""Posyandu are added one by one or pasted as a list; the second paste changes nothing."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from regions.models import Posyandu, Puskesmas
from registry import places, resources
from tests.cast import signed_in


def add(client: Client, **data: object) -> HttpResponse:
    return client.post(reverse("registry:posyandu-add"), data)  # type: ignore[arg-type,return-value]


def paste(client: Client, text: str, *, store: bool = True) -> HttpResponse:
    data = {"text": text, **({"store": "1"} if store else {})}
    return client.post(reverse("registry:posyandu-paste"), data)  # type: ignore[return-value]


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def rows() -> list[tuple[object, ...]]:
    return sorted(Posyandu.objects.values_list("code", "name", "desa__name", "puskesmas__name"))


# --- It works ---------------------------------------------------------------------------------


def test_one_posyandu_is_added(cast: SimpleNamespace) -> None:
    response = add(
        signed_in(cast.petugas),
        name="  Posyandu Anggrek  2 ", desa=cast.desa.code, puskesmas="Puskesmas Contoh A",
    )  # fmt: skip
    assert response.status_code == 302
    added = Posyandu.objects.get(name="Anggrek 2")
    assert (added.programme, added.desa, added.puskesmas) == (
        cast.programme, cast.desa, cast.puskesmas,
    )  # fmt: skip
    assert added.code and not added.is_example
    event = Event.objects.get(verb="add_posyandu")
    assert (event.user, event.object_code) == (cast.petugas, added.code)


def test_the_puskesmas_may_wait(cast: SimpleNamespace) -> None:
    add(signed_in(cast.petugas), name="Anggrek", desa=cast.desa.code)
    assert Posyandu.objects.get(name="Anggrek").puskesmas is None


def test_a_list_is_looked_through_before_it_is_stored(cast: SimpleNamespace) -> None:
    client, before = signed_in(cast.petugas), rows()
    page = page_of(
        paste(client, f"Anggrek; {cast.desa.name}\nMelati; {cast.desa.name}", store=False)
    )
    assert "siap disimpan" in page and "Simpan 1 posyandu" in page
    assert rows() == before and not Event.objects.filter(verb="paste_posyandu").exists()


def test_a_list_is_stored(cast: SimpleNamespace) -> None:
    text = (
        "Nama posyandu; Desa; Puskesmas\n"
        f"Anggrek 1; {cast.desa.name}; Puskesmas Contoh A\n"
        "\n"
        f"Posyandu Anggrek 2;desa {cast.desa.name.upper()};\n"
        f"Dahlia\t{cast.other_desa.name}\tpuskesmas contoh b\n"
        f"Teratai, {cast.other_desa.title}\n"
    )
    assert paste(signed_in(cast.petugas), text).status_code == 302
    stored = Posyandu.objects.of(cast.programme).filter(is_example=False)
    assert sorted(stored.values_list("name", "desa__name", "puskesmas__name")) == [
        ("Anggrek 1", cast.desa.name, "Puskesmas Contoh A"),
        ("Anggrek 2", cast.desa.name, None),
        ("Dahlia", cast.other_desa.name, "Puskesmas Contoh B"),
        ("Teratai", cast.other_desa.name, None),
    ]
    assert Event.objects.get(verb="paste_posyandu").why == "new=4 update=0"


def test_pasting_twice_changes_nothing(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    text = f"Anggrek; {cast.desa.name}; Puskesmas Contoh A\nanggrek; {cast.desa.name}"
    paste(client, text)
    before = rows()
    paste(client, text)
    assert rows() == before
    assert "Semua sudah ada" in page_of(paste(client, text, store=False))
    assert [event.why for event in Event.objects.filter(verb="paste_posyandu")] == [
        "new=1 update=0", "new=0 update=0",
    ]  # fmt: skip


def test_a_known_posyandu_keeps_its_name_code_and_puskesmas(cast: SimpleNamespace) -> None:
    before = rows()
    paste(signed_in(cast.petugas), f"POSYANDU MELATI; {cast.desa.name}")
    assert rows() == before


def test_a_list_may_give_a_posyandu_its_puskesmas(cast: SimpleNamespace) -> None:
    client, text = signed_in(cast.petugas), f"Melati; {cast.desa.name}; Puskesmas Contoh B"
    assert "Puskesmas diubah" in page_of(paste(client, text, store=False))
    paste(client, text)
    cast.melati.refresh_from_db()
    assert (cast.melati.puskesmas.name, cast.melati.code) == (
        "Puskesmas Contoh B",
        "kempling-melati",
    )


def test_the_list_shows_one_desa(cast: SimpleNamespace) -> None:
    client, url = signed_in(cast.petugas), reverse("registry:posyandu")
    assert {p.name for p in client.get(url).context["rows"]} == {"Melati", "Mawar", "Kenanga"}
    page = client.get(url, {"desa": cast.other_desa.code}).context["rows"]
    assert {p.name for p in page} == {"Kenanga"}


def test_long_lists_are_turned_page_by_page(cast: SimpleNamespace) -> None:
    client, url = signed_in(cast.petugas), reverse("registry:posyandu")
    paste(client, "\n".join(f"Anggrek {n:03}; {cast.desa.name}" for n in range(120)))
    first = client.get(url, {"desa": cast.desa.code})
    assert len(first.context["rows"]) == 50 and not first.context["pager"]["previous_url"]
    second = client.get(url + first.context["pager"]["next_url"])
    assert {p.name for p in first.context["rows"]}.isdisjoint(
        p.name for p in second.context["rows"]
    )
    assert second.context["desa"] == cast.desa


def test_the_list_asks_the_database_the_same_however_long_it_is(
    cast: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    client = signed_in(cast.petugas)
    paste(client, "\n".join(f"Anggrek {n}; {cast.desa.name}" for n in range(40)))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(reverse("registry:posyandu"))


# --- Who may not ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["kader", "bidan", "nakes", "tim", "camat", "mitra", "kabupaten"])
def test_others_add_no_posyandu(role: str, cast: SimpleNamespace) -> None:
    client, before = signed_in(getattr(cast, role)), rows()
    assert add(client, name="Anggrek", desa=cast.desa.code).status_code == 403
    assert paste(client, f"Anggrek; {cast.desa.name}").status_code == 403
    assert client.get(reverse("registry:posyandu")).status_code == 403
    assert rows() == before


def test_nothing_reaches_the_other_programme(cast: SimpleNamespace) -> None:
    there = cast.gasken.desa
    client, before = signed_in(cast.petugas), rows()
    assert add(client, name="Anggrek", desa=there.code).status_code == 422
    assert paste(client, f"Anggrek; {there.name}").status_code == 422
    assert paste(client, f"Melati; {there.name}; Puskesmas Contoh B").status_code == 422
    Puskesmas.objects.create(programme=cast.gasken.programme, name="Puskesmas Seberang")
    assert paste(client, f"Melati; {cast.desa.name}; Puskesmas Seberang").status_code == 422
    assert (
        add(client, name="Baru", desa=cast.desa.code, puskesmas="Puskesmas Seberang").status_code
        == 422
    )
    assert rows() == before
    assert cast.gasken.melati not in client.get(reverse("registry:posyandu")).context["rows"]


def test_extra_keys_decide_nothing(cast: SimpleNamespace) -> None:
    other = cast.gasken.programme
    add(
        signed_in(cast.petugas), name="Anggrek", desa=cast.desa.code, code="curian", id=1,
        programme=other.pk, is_example="1", is_active="",
    )  # fmt: skip
    added = Posyandu.objects.get(name="Anggrek")
    assert added.programme == cast.programme and added.code != "curian"
    assert added.is_active and not added.is_example


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Melati", "melati", "Posyandu MELATI"])
def test_a_name_the_desa_has_already(name: str, cast: SimpleNamespace) -> None:
    before = rows()
    response = add(signed_in(cast.petugas), name=name, desa=cast.desa.code)
    assert response.status_code == 422 and "sudah ada di" in page_of(response)
    assert f'value="{name}"' in page_of(response) or "melati" in page_of(response).lower()
    assert rows() == before


def test_the_same_name_in_another_desa_is_another_posyandu(cast: SimpleNamespace) -> None:
    assert add(signed_in(cast.petugas), name="Melati", desa=cast.other_desa.code).status_code == 302


def test_two_people_adding_at_once_make_one(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "known_posyandu", lambda desa, name: None)
    response = add(signed_in(cast.petugas), name="Melati", desa=cast.desa.code)
    assert response.status_code == 422 and "sudah ada di" in page_of(response)


@pytest.mark.parametrize("name", ["", "   ", "Posyandu", "\u200b", "x" * 101])
def test_a_name_is_needed_and_not_too_long(name: str, cast: SimpleNamespace) -> None:
    response = add(signed_in(cast.petugas), name=name, desa=cast.desa.code)
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Anggrek; Atlantis", "Atlantis bukan desa atau kelurahan di Kecamatan Kembaran"),
        ("Anggrek", "Tulis nama desa atau kelurahannya"),
        ("; Ledug", "Tulis nama posyandunya"),
        ("Anggrek; Ledug; Puskesmas Antah", "Puskesmas Antah tidak ada dalam daftar"),
        ("Anggrek; Ledug; ; 17", "Tulis tiga bagian saja"),
        ("x" * 101 + "; Ledug", "Nama terlalu panjang"),
    ],
)
def test_one_bad_line_is_named_and_nothing_is_stored(
    line: str, sentence: str, cast: SimpleNamespace
) -> None:
    before = rows()
    text = f"Anggrek 1; Ledug\n\n{line}\nAnggrek 2; Ledug"
    response = paste(signed_in(cast.petugas), text)
    assert response.status_code == 422
    problems = response.context["problems"]  # type: ignore[attr-defined]
    assert [problem.line for problem in problems] == ["3"] and sentence in problems[0].problem
    assert "Belum ada yang disimpan" in page_of(response)
    assert line.split(";")[0] in page_of(response)  # what was typed is kept
    assert rows() == before and not Event.objects.filter(verb="paste_posyandu").exists()


@pytest.mark.parametrize("text", ["", "  \n ;;; \n", "\x00", "Nama posyandu; Desa; Puskesmas"])
def test_an_empty_list_is_asked_for_again(text: str, cast: SimpleNamespace) -> None:
    before = rows()
    assert paste(signed_in(cast.petugas), text).status_code == 422
    assert rows() == before


def test_a_list_has_an_end(cast: SimpleNamespace) -> None:
    text = "\n".join(f"Anggrek {n}; Ledug" for n in range(resources.MAX_LINES + 1))
    response = paste(signed_in(cast.petugas), text)
    assert response.status_code == 422 and "Tempel paling banyak 500" in page_of(response)


def test_a_name_that_is_html_is_shown_as_text(cast: SimpleNamespace) -> None:
    page = page_of(paste(signed_in(cast.petugas), "<b>Anggrek</b>; Ledug", store=False))
    assert "<b>Anggrek</b>" not in page and "&lt;b&gt;Anggrek" in page
