"""Staff register a pregnant or breastfeeding mother directly, and begin or end either state."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event, User
from registry import registering
from registry.identity import index_of
from registry.models import Breastfeeding, Consent, Household, Mother, Pregnancy
from tests.cast import a_child, a_household, a_mother, a_pregnancy, signed_in

NIK, KK = "3302204205950001", "3302200101200002"
URL = "/ibu/baru/"


def typed(here: SimpleNamespace, /, **changes: str) -> dict[str, str]:
    """What a bidan types about a woman 16 weeks pregnant."""
    return {
        "state": "hamil", "hpht": str(here.programme.today() - timedelta(weeks=16)),
        "gravida": "2", "height_cm": "152,5", "pre_weight_kg": "48,5",
        "last_birth_on": "2022-03-04", "name": "Ibu Contoh Baru", "nik": NIK,
        "birth_date": "1995-05-02", "phone": "081200000000", "parent_job": "Petani",
        "husband": "Suami Contoh", "place": here.melati.code, "address": "Jalan Contoh 7",
        "rt": "01", "rw": "02", "kk": KK, "consent_method": "lisan",
    } | changes  # fmt: skip


def register(user: User, data: dict[str, str]) -> HttpResponse:
    return signed_in(user).post(URL, data)


def test_it_works(cast: SimpleNamespace) -> None:
    response = register(cast.bidan, typed(cast))
    mother = Mother.objects.get()
    assert response["Location"] == reverse("registry:mother", args=[mother.code])
    assert (mother.nik, mother.job, mother.phone) == (NIK, "Petani", "081200000000")
    assert (mother.birth_date, mother.posyandu) == (date(1995, 5, 2), cast.melati)
    assert (mother.household.kk, mother.household.head_name) == (KK, "Suami Contoh")
    pregnancy = mother.pregnancies.get()
    assert (pregnancy.gravida, pregnancy.height_cm) == (2, Decimal("152.5"))
    assert pregnancy.pre_weight_kg == Decimal("48.5")
    assert pregnancy.last_birth_on == date(2022, 3, 4)
    assert (pregnancy.desa, pregnancy.posyandu) == (cast.desa, cast.melati)
    consent = Consent.objects.get(mother=mother)
    assert (consent.giver, consent.method) == ("ibu", "lisan")
    verbs = set(Event.objects.filter(object_code=mother.code).values_list("verb", flat=True))
    assert verbs == {"register_mother", "begin_pregnancy"}


def test_a_breastfeeding_mother_needs_no_hpht(cast: SimpleNamespace) -> None:
    since = cast.programme.today() - timedelta(days=40)
    register(cast.bidan, typed(cast, state="menyusui", hpht="", nursing_since=str(since)))
    mother = Mother.objects.get()
    assert mother.breastfeedings.get().started_on == since and not mother.pregnancies.exists()


def test_her_card_shows_how_far_she_is(cast: SimpleNamespace) -> None:
    register(cast.bidan, typed(cast))
    text = signed_in(cast.bidan).get(f"/ibu/{Mother.objects.get().code}/").content.decode()
    for said in ("Hamil 16 minggu 0 hari, trimester II", "HPL", "dihitung dari HPHT", "152,5 cm",
                 "LiLA dan Hb belum diperiksa", "Suami Contoh",
                 "lisan di depan petugas"):  # fmt: skip
        assert said in text, said
    assert NIK not in text and KK not in text and "3302********0001" in text


def test_the_same_mother_is_asked_once(cast: SimpleNamespace) -> None:
    known = a_mother(cast, name="ibu contoh baru")
    Mother.objects.filter(pk=known.pk).update(name_key=registering.people.name_key(known.name))
    response = register(cast.bidan, typed(cast))
    assert response.status_code == 422 and "Mungkin sudah tercatat" in response.content.decode()
    assert register(cast.bidan, typed(cast, not_same="1")).status_code == 302
    assert Mother.objects.count() == 2


def test_one_household_has_no_two_mothers_of_one_name(cast: SimpleNamespace) -> None:
    register(cast.bidan, typed(cast))
    response = register(cast.bidan, typed(cast, nik="", not_same="1"))
    assert response.status_code == 409 and "sudah tercatat di keluarga" in response.content.decode()
    assert Pregnancy.objects.count() == 1


@pytest.mark.parametrize("nik", ["3302205205950001", "3302200205950001"])
def test_a_nik_that_says_otherwise_is_asked_back_once(cast: SimpleNamespace, nik: str) -> None:
    """Another day, or a man; the prefix of another kecamatan says nothing."""
    born = "" if nik[6] == "0" else "1995-05-02"
    response = register(cast.bidan, typed(cast, nik=nik, birth_date=born))
    assert response.status_code == 422 and "NIK ini" in response.content.decode()
    data = typed(cast, nik=nik, birth_date=born, confirmed="1")
    assert register(cast.bidan, data).status_code == 302
    assert register(cast.bidan, typed(cast, nik="1101014205950001", not_same="1", kk="",
                                      address="Jalan Lain 3")).status_code == 302  # fmt: skip


def test_schooling_and_births_are_kept_and_shown(cast: SimpleNamespace) -> None:
    register(cast.bidan, typed(cast, education="sma", births="1"))
    mother = Mother.objects.get()
    assert (mother.education, mother.births) == ("sma", 1)
    text = signed_in(cast.bidan).get(f"/ibu/{mother.code}/").content.decode()
    assert "SMA atau sederajat" in text and "1 kali" in text
    url = reverse("registry:mother-correct", args=[mother.code])
    signed_in(cast.bidan).post(url, {"name": mother.name, "births": "3"})
    mother.refresh_from_db()
    assert (mother.births, mother.education) == (3, "")


# --- Who may not -------------------------------------------------------------------------------


def test_others_may_not_and_areas_hold(cast: SimpleNamespace) -> None:
    for user in (cast.kader, cast.tim, cast.camat):
        assert register(user, typed(cast)).status_code == 403
    for user in (cast.bidan, cast.nakes):
        assert register(user, typed(cast, place=cast.kenanga.code)).status_code == 422
    there = a_mother(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    for name in ("pregnancy-new", "breastfeeding-new"):
        url = reverse(f"registry:{name}", args=[there.code])
        assert signed_in(cast.bidan).get(url).status_code == 404
        assert signed_in(cast.kader).get(url).status_code == 403
    assert Mother.objects.count() == 1


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": ""}, "Pilih hamil atau menyusui"),
        ({"hpht": ""}, "Isi HPHT"),
        ({"hpht": "2031-01-01"}, "belum terjadi"),
        ({"hpht": "2020-01-01"}, "lebih dari 45 minggu"),
        ({"hpl_override": "2020-01-01"}, "40 minggu setelah HPHT"),
        ({"state": "menyusui", "hpht": ""}, "sejak kapan"),
        ({"state": "menyusui", "nursing_since": "2031-01-01"}, "belum terjadi"),
        ({"birth_date": "2025-01-01"}, "10 sampai 60 tahun"),
        ({"height_cm": "1,52"}, "sentimeter"),
        ({"gravida": "30"}, "paling besar 20"),
        ({"pre_weight_kg": "4850"}, "kilogram"),
        ({"gravida": "1"}, "Kehamilan pertama tidak punya"),
        ({"last_birth_on": "2031-01-01"}, "harus sebelum HPHT"),
        ({"nik": "123"}, "16 angka"),
        ({"name": ""}, "Isi nama ibu"),
        ({"births": "2"}, "paling banyak 1 kali"),
        ({"births": "99"}, "paling besar 20"),
        ({"education": "s9"}, "daftar"),
        ({"consent_method": ""}, "kertas atau lisan"),
    ],
)
def test_bad_input_gets_a_sentence(
    cast: SimpleNamespace, changes: dict[str, str], said: str
) -> None:
    response = register(cast.bidan, typed(cast, **changes))
    text = response.content.decode()
    assert response.status_code == 422 and said in text
    assert 'value="Jalan Contoh 7"' in text
    assert not Mother.objects.exists() and not Household.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(315, 302), (316, 422), (0, 302), (-1, 422)])
def test_a_pregnancy_is_at_most_45_weeks(cast: SimpleNamespace, days: int, status: int) -> None:
    hpht = cast.programme.today() - timedelta(days=days)
    assert register(cast.bidan, typed(cast, hpht=str(hpht))).status_code == status


def test_a_nik_of_another_mother_is_refused(cast: SimpleNamespace) -> None:
    register(cast.bidan, typed(cast))
    data = typed(cast, name="Ibu Lain", kk="", address="Jalan Lain 2", not_same="1")
    response = register(cast.bidan, data)
    assert response.status_code == 409 and "sudah dipakai" in response.content.decode()
    assert Mother.objects.count() == 1 and Household.objects.count() == 1


def test_a_kk_of_another_desa_is_refused(cast: SimpleNamespace) -> None:
    there = a_household(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    Household.objects.filter(pk=there.pk).update(kk_index=index_of(KK))
    assert register(cast.petugas, typed(cast)).status_code == 409
    assert not Mother.objects.exists()


# --- A known mother ----------------------------------------------------------------------------


def post(user: User, name: str, mother: Mother, **data: str) -> HttpResponse:
    return signed_in(user).post(reverse(f"registry:{name}", args=[mother.code]), data)


def test_a_known_mother_is_pregnant_once_at_a_time(cast: SimpleNamespace) -> None:
    mother, today = a_mother(cast), cast.programme.today()
    hpht = str(today - timedelta(weeks=10))
    assert post(cast.bidan, "pregnancy-new", mother, hpht=hpht).status_code == 302
    response = post(cast.bidan, "pregnancy-new", mother, hpht=hpht)
    assert response.status_code == 409 and "sudah tercatat hamil" in response.content.decode()
    assert mother.pregnancies.count() == 1


def test_a_new_pregnancy_begins_after_the_last_one(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    old = a_pregnancy(cast, 60, ended_on=today - timedelta(weeks=20))
    response = post(
        cast.bidan, "pregnancy-new", old.mother, hpht=str(today - timedelta(weeks=30))
    )  # fmt: skip
    assert response.status_code == 409 and "kehamilan yang lalu" in response.content.decode()
    response = post(cast.bidan, "pregnancy-new", old.mother, hpht=str(today - timedelta(weeks=9)))
    assert response.status_code == 302


def test_a_pregnancy_ends_and_breastfeeding_begins_and_ends(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 40).mother, cast.programme.today()
    child = a_child(cast, 0, mother=mother)
    day = str(today - timedelta(days=2))
    ended = {"ended_on": day, "outcome": "lahir"}
    assert post(cast.bidan, "pregnancy-end", mother, **ended).status_code == 302
    assert mother.pregnancies.get().ended_on == today - timedelta(days=2)
    assert post(
        cast.bidan, "breastfeeding-new", mother, started_on=str(today), child=child.code
    ).status_code == 302  # fmt: skip
    assert mother.breastfeedings.get().child == child
    response = post(cast.bidan, "breastfeeding-new", mother, started_on=str(today))
    assert response.status_code == 409
    assert post(cast.bidan, "breastfeeding-end", mother, ended_on=str(today)).status_code == 302
    verbs = set(Event.objects.about(mother.code).values_list("verb", flat=True))
    assert verbs >= {"end_pregnancy", "begin_breastfeeding", "end_breastfeeding"}


@pytest.mark.parametrize(
    ("ended_on", "status", "said"),
    [("", 422, "Isi tanggal"), ("2031-01-01", 409, "belum terjadi"),
     ("2020-01-01", 409, "sebelum HPHT")],
)  # fmt: skip
def test_a_wrong_end_is_refused_on_the_card(
    cast: SimpleNamespace, ended_on: str, status: int, said: str
) -> None:
    mother = a_pregnancy(cast, 40).mother
    response = post(cast.bidan, "pregnancy-end", mother, ended_on=ended_on, outcome="lahir")
    assert response.status_code == status and said in response.content.decode()
    assert mother.pregnancies.get().ended_on is None


def test_what_has_ended_cannot_end_again(cast: SimpleNamespace) -> None:
    pregnancy, today = a_pregnancy(cast, 40), cast.programme.today()
    registering.end_pregnancy(cast.bidan, pregnancy, today)
    with pytest.raises(registering.Refused):
        registering.end_pregnancy(cast.bidan, pregnancy, today)
    client = signed_in(cast.bidan)
    url = reverse("registry:pregnancy-end", args=[pregnancy.mother.code])
    told = client.post(url, {"ended_on": str(today)}, follow=True).content.decode()
    assert "tidak tercatat hamil" in told


def test_breastfeeding_ends_after_it_began(cast: SimpleNamespace) -> None:
    mother, today = a_mother(cast), cast.programme.today()
    Breastfeeding.objects.create(mother=mother, started_on=today)
    response = post(
        cast.bidan, "breastfeeding-end", mother, ended_on=str(today - timedelta(days=1))
    )  # fmt: skip
    assert response.status_code == 409 and "sebelum ibu mulai" in response.content.decode()


# --- A pregnancy is put right ------------------------------------------------------------------


def put_right(user: User, pregnancy: Pregnancy, **changes: str) -> HttpResponse:
    data = {"hpht": str(pregnancy.hpht)} | changes
    return post(user, "pregnancy-correct", pregnancy.mother, **data)


def test_a_pregnancy_is_put_right(cast: SimpleNamespace) -> None:
    pregnancy, today = a_pregnancy(cast, 20), cast.programme.today()
    hpht = today - timedelta(weeks=22)
    assert put_right(
        cast.bidan, pregnancy, hpht=str(hpht), gravida="3", birth_date="1999-02-03"
    ).status_code == 302  # fmt: skip
    pregnancy.refresh_from_db()
    assert (pregnancy.hpht, pregnancy.gravida) == (hpht, 3)
    assert pregnancy.mother.birth_date == date(1999, 2, 3)
    event = Event.objects.get(verb="correct_pregnancy")
    assert event.fields == ["birth_date", "gravida", "hpht"]
    put_right(cast.bidan, pregnancy, gravida="3")  # nothing new: no second event
    assert Event.objects.filter(verb="correct_pregnancy").count() == 1
    text = signed_in(cast.bidan).get(f"/ibu/{pregnancy.mother.code}/").content.decode()
    assert "Data kehamilan diperbaiki" in text and "22 minggu 0 hari" in text


def test_her_last_child_is_proposed_as_the_birth_before(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    child = a_child(cast, 30, mother=mother)
    url = reverse("registry:pregnancy-new", args=[mother.code])
    form = signed_in(cast.bidan).get(url).context["form"]
    assert form.initial["last_birth_on"] == child.birth_date


def test_no_hpht_after_an_examination_or_before_the_last_end(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    old = a_pregnancy(cast, 90, ended_on=today - timedelta(weeks=50))
    pregnancy = a_pregnancy(cast, 20, mother=old.mother)
    seen = {"checked_on": today - timedelta(weeks=12), "hb": Decimal("11")}
    registering.check_pregnancy(cast.bidan, pregnancy, seen)
    late, early = (str(today - timedelta(weeks=n)) for n in (10, 44))
    response = put_right(cast.bidan, pregnancy, hpht=late)
    assert response.status_code == 409 and "sudah diperiksa pada" in response.content.decode()
    assert put_right(cast.bidan, pregnancy, hpht=early).status_code == 302
    Pregnancy.objects.filter(pk=old.pk).update(ended_on=today - timedelta(weeks=30))
    response = put_right(cast.bidan, pregnancy, hpht=str(today - timedelta(weeks=40)))
    assert response.status_code == 409 and "kehamilan yang lalu" in response.content.decode()


# --- The list ----------------------------------------------------------------------------------


def names(user: User, query: str = "") -> list[str]:
    return [row["name"] for row in signed_in(user).get(f"/ibu/{query}").context["rows"]]


def test_the_list_tells_pregnant_from_breastfeeding(cast: SimpleNamespace) -> None:
    near, far = a_pregnancy(cast, 36).mother, a_pregnancy(cast, 9).mother
    nursing, other = a_mother(cast), a_mother(cast)
    Breastfeeding.objects.create(mother=nursing, started_on=cast.programme.today())
    assert names(cast.petugas) == [near.name, far.name]
    assert names(cast.petugas, "?kelompok=menyusui") == [nursing.name]
    everybody = {m.name for m in (near, far, nursing, other)}
    assert set(names(cast.petugas, "?kelompok=semua")) == everybody
    assert names(cast.petugas, f"?kelompok=semua&q={other.name.upper()}") == [other.name]
    assert names(cast.petugas, f"?desa={cast.other_desa.code}") == []
    assert names(cast.kader_mawar) == [] and names(cast.gasken.petugas) == []
    assert Event.objects.filter(verb="list_mothers").first().why == "n=2 of 2"


def test_a_month_shows_who_was_pregnant_then(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    ended = a_pregnancy(cast, 41, ended_on=today)
    assert names(cast.petugas) == []
    assert names(cast.petugas, f"?bulan={last_month:%Y-%m}") == [ended.mother.name]


def test_a_pregnancy_nobody_ended_is_asked_for(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast, 50).mother
    client = signed_in(cast.bidan)
    text = client.get("/ibu/").content.decode()
    assert "1 kehamilan sudah lewat 45 minggu" in text and mother.name not in text
    late = client.get("/ibu/?kelompok=lewat").content.decode()
    assert mother.name in late and "Catat akhir kehamilan" in late
    assert "sudah lewat 45 minggu" in client.get(f"/ibu/{mother.code}/").content.decode()


def test_list_and_card_cost_the_same_whatever_they_hold(cast: SimpleNamespace) -> None:
    client, mother = signed_in(cast.petugas), a_pregnancy(cast).mother
    today = cast.programme.today()
    urls = ("/ibu/", f"/ibu/{mother.code}/")
    costs = []
    for turn in range(2):
        counted = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counted.append(len(queries))
        costs.append(counted)
        for number in range(30 if turn == 0 else 0):
            a_pregnancy(cast)
            registering.check_pregnancy(
                cast.bidan, mother.pregnancies.get(),
                {"checked_on": today - timedelta(days=number), "hb": Decimal("11")},
            )  # fmt: skip
            a_child(cast, mother=mother)
    assert costs[1][0] == costs[0][0] <= 8
    # + 2: the people who examined, and the children's exclusive months
    assert costs[1][1] <= costs[0][1] + 2 <= 22
