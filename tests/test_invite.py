"""People come in by invitation: who may invite whom, and an address that works once."""

from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import workflow
from accounts.models import Event, Grant, Invitation, User
from accounts.roles import Role
from accounts.transitions import Refused
from interventions.models import Partner
from kempling import programmes
from regions.models import Puskesmas, ReportLink
from registry.models import Child
from tests.cast import PASSWORD, a_child, person, signed_in

TODAY = date.today()
CHOSEN = "beras-merah-dan-telur"
ANSWERS = {
    "full_name": "Orang Contoh", "username": "orang.contoh",
    "password1": CHOSEN, "password2": CHOSEN,
}  # fmt: skip


def invited(cast: SimpleNamespace, role: str = "petugas", **area: Any) -> tuple[User, str]:
    return workflow.invite(cast.admin, role, cast.programme, "Orang Baru Contoh", **area)


def address(token: str) -> str:
    return reverse("accounts:accept", args=[token])


def ask(cast: SimpleNamespace, role: str, **boxes: Any) -> Any:
    form = {"full_name": "Orang Baru Contoh", "valid_from": str(TODAY)} | boxes
    return signed_in(cast.admin).post(f"/orang/undang/?peran={role}", form)


# --- It works -----------------------------------------------------------------------------------


def test_an_admin_invites_and_the_person_comes_in(cast: SimpleNamespace) -> None:
    admin = signed_in(cast.admin)
    form = {"full_name": "Bidan Baru Contoh", "desa": [cast.desa.code], "valid_from": str(TODAY)}
    made = admin.post("/orang/undang/?peran=bidan", form)
    assert made.status_code == 302
    page = admin.get(made["Location"]).content.decode()
    link = page.split("/undangan/")[1].split("/")[0]
    assert "/undangan/" not in admin.get(made["Location"]).content.decode(), "shown once"

    stranger = Client()
    assert "Siapkan akun Anda" in stranger.get(address(link)).content.decode()
    assert stranger.post(address(link), ANSWERS)["Location"] == "/masuk/"
    stranger.post("/masuk/", {"login": "orang.contoh", "password": CHOSEN})
    user = User.objects.get(username="orang.contoh")
    assert user.full_name == "Orang Contoh" and user.roles == {"bidan"}
    a_child(cast)
    a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    assert Child.objects.in_scope(user).count() == 1, "only her own desa"
    assert set(Event.objects.filter(object_code=user.code).values_list("verb", flat=True)) == {
        "invite", "accept_invitation", "sign_in",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "boxes"),
    [
        ("kader", lambda c: {"posyandu": c.melati.code}),
        ("bidan", lambda c: {"desa": [c.desa.code, c.other_desa.code]}),
        ("puskesmas", lambda c: {"puskesmas": c.puskesmas.name}),
        ("mitra", lambda c: {"partner": c.partner.code}),
        ("camat", lambda c: {"acting": "Plt", "valid_until": str(TODAY + timedelta(days=30))}),
        ("kabupaten", lambda c: {}),
        ("admin", lambda c: {}),
    ],
)
def test_each_role_gets_the_area_it_needs(role: str, boxes: Any, cast: SimpleNamespace) -> None:
    response = ask(cast, role, **boxes(cast))
    assert response.status_code == 302, response.context and response.context["form"].errors
    user = User.objects.get(full_name="Orang Baru Contoh")
    grant = user.grants.get()
    assert grant.role == role
    assert {
        "kader": lambda: grant.posyandu == cast.melati,
        "bidan": lambda: set(grant.desa.all()) == {cast.desa, cast.other_desa},
        "puskesmas": lambda: grant.puskesmas == cast.puskesmas,
        "mitra": lambda: cast.partner in user.partners.all(),
        "camat": lambda: str(grant) == "Plt. Camat" and grant.valid_until,
        "kabupaten": lambda: (grant.programme, grant.region_prefix) == (None, "33.02"),
        "admin": lambda: grant.programme == cast.programme,
    }[role]()


def test_the_token_itself_is_not_kept(cast: SimpleNamespace) -> None:
    _, token = invited(cast)
    kept = Invitation.objects.get()
    assert kept.token_hash == Invitation.digest(token) and token not in kept.token_hash
    assert timedelta(days=6) < kept.expires_at - timezone.now() <= timedelta(days=7)


def test_the_list_shows_who_works_here_and_until_when(cast: SimpleNamespace) -> None:
    Grant.objects.filter(user=cast.camat).update(acting="Plh", valid_until=date(2031, 3, 1))
    stranger = cast.gasken.petugas.username
    html = signed_in(cast.admin).get("/orang/").content.decode()
    assert "Plh. Camat" in html and "1 Maret 2031" in html
    assert "Posyandu Melati" in html
    assert stranger not in html


def test_the_list_is_filtered_and_paged(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.people.PAGE", 4)
    admin, seen, url = signed_in(cast.admin), [], "/orang/"
    while url:
        page = admin.get(url)
        seen += [person.pk for person, _ in page.context["rows"]]
        url = page.context["next_url"] and "/orang/" + page.context["next_url"]
    assert sorted(seen) == sorted(User.objects.in_scope(cast.admin).values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) > 8
    kader = admin.get("/orang/?peran=kader").context["rows"]
    assert {person.pk for person, _ in kader} == {
        cast.kader.pk, cast.kader_mawar.pk, cast.kader_desa_lain.pk
    }  # fmt: skip


def test_the_list_needs_the_same_queries_for_many(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        person("kader", cast.programme, posyandu=cast.melati, username=f"tambahan.{n}")
    client = signed_in(cast.admin)
    with django_assert_max_num_queries(12):
        client.get("/orang/")


def test_a_second_role_and_its_end(cast: SimpleNamespace) -> None:
    admin = signed_in(cast.admin)
    form = {"valid_from": str(TODAY), "acting": "Plh"}
    admin.post(f"/orang/{cast.sekcam.code}/peran/?peran=camat", form)
    user = User.objects.get(pk=cast.sekcam.pk)
    assert user.roles == {"sekcam", "camat"} and user.may("finalise_report")
    grant = user.grants.get(role="camat")
    admin.post(reverse("accounts:end-grant", args=[user.code, grant.code]))
    user = User.objects.get(pk=user.pk)
    assert user.roles == {"sekcam"} and not user.may("finalise_report")


def test_a_reset_gives_a_new_way_in_and_ends_every_session(cast: SimpleNamespace) -> None:
    session = signed_in(cast.petugas)
    totp.TOTP.activate(cast.petugas, totp.generate_totp_secret())
    admin = signed_in(cast.admin)
    made = admin.post(reverse("accounts:reset", args=[cast.petugas.code]))
    token = admin.get(made["Location"]).context["address"].rstrip("/").rsplit("/", 1)[1]
    assert session.get("/").status_code == 200 and not session.get("/").context["user"].pk
    cast.petugas.refresh_from_db()
    assert not cast.petugas.check_password(PASSWORD)
    assert not Authenticator.objects.exists(), "a lost phone keeps nobody out"
    page = Client().get(address(token)).content.decode()
    assert cast.petugas.username in page and 'name="username"' not in page
    Client().post(address(token), ANSWERS | {"username": "orang.lain"})
    cast.petugas.refresh_from_db()
    assert cast.petugas.check_password(CHOSEN)
    assert cast.petugas.username == "petugas.kempling", "a chosen user name stays"


def test_deactivation_closes_the_account(cast: SimpleNamespace) -> None:
    session = signed_in(cast.petugas)
    signed_in(cast.admin).post(reverse("accounts:deactivate", args=[cast.petugas.code]))
    assert not session.get("/").context["user"].is_authenticated
    cast.petugas.refresh_from_db()
    assert not cast.petugas.is_active and not cast.petugas.grants.valid().exists()


# --- Who may not --------------------------------------------------------------------------------


def test_only_an_admin_invites(cast: SimpleNamespace) -> None:
    for user in (cast.camat, cast.petugas, cast.kader):
        with pytest.raises(Refused) as refused:
            workflow.invite(user, "petugas", cast.programme, "Orang Contoh")
        assert refused.value.stranger


def test_an_admin_cannot_touch_the_other_programme(cast: SimpleNamespace) -> None:
    client, stranger = signed_in(cast.admin), cast.gasken.petugas
    grant = stranger.grants.get()
    assert client.get(f"/orang/{stranger.code}/").status_code == 404
    for name in ("reset", "deactivate"):
        assert client.post(reverse(f"accounts:{name}", args=[stranger.code])).status_code == 404
    end = reverse("accounts:end-grant", args=[stranger.code, grant.code])
    assert client.post(end).status_code == 404
    add = f"/orang/{stranger.code}/peran/?peran=petugas"
    assert client.post(add, {"valid_from": str(TODAY)}).status_code == 404
    for act in (
        lambda: workflow.invite(cast.admin, "petugas", cast.gasken.programme, "Orang Contoh"),
        lambda: workflow.end_grant(cast.admin, grant),
        lambda: workflow.reset(cast.admin, stranger),
        lambda: workflow.deactivate(cast.admin, stranger),
        lambda: workflow.add_grant(cast.admin, stranger, "petugas", cast.gasken.programme),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.stranger
    stranger.refresh_from_db()
    assert stranger.is_active and stranger.grants.valid().count() == 1


def test_an_admin_of_one_programme_takes_nobody_over_who_works_in_two(
    cast: SimpleNamespace,
) -> None:
    """Whoever resets holds the new address: with it, the rights in the other programme."""
    Grant.objects.create(user=cast.petugas, role="camat", programme=cast.gasken.programme)
    with pytest.raises(Refused) as refused:
        workflow.reset(cast.admin, cast.petugas)
    assert refused.value.sentence == workflow.ELSEWHERE
    assert workflow.deactivate(cast.admin, cast.petugas) is False
    user = User.objects.get(pk=cast.petugas.pk)
    assert user.is_active and user.roles == {"camat"}, "the other programme keeps its Camat"


def test_a_place_of_the_other_programme_is_not_on_offer(cast: SimpleNamespace) -> None:
    there = cast.gasken
    Puskesmas.objects.create(programme=there.programme, name="Puskesmas Lain")
    for role, box, foreign in (
        ("kader", "posyandu", there.melati.code),
        ("bidan", "desa", there.desa.code),
        ("puskesmas", "puskesmas", "Puskesmas Lain"),
        ("mitra", "partner", there.partner.code),
        ("kader", "posyandu", cast.melati.pk),  # its own place, but by primary key
        ("bidan", "desa", "9" * 23),
    ):
        response = ask(cast, role, **{box: foreign})
        assert response.status_code == 422 and response.context["form"].errors[box]
    assert not User.objects.filter(full_name="Orang Baru Contoh").exists()


def test_nobody_changes_their_own_roles(cast: SimpleNamespace) -> None:
    mine = cast.admin.grants.get()
    for act in (
        lambda: workflow.reset(cast.admin, cast.admin),
        lambda: workflow.deactivate(cast.admin, cast.admin),
        lambda: workflow.end_grant(cast.admin, mine),
        lambda: workflow.add_grant(cast.admin, cast.admin, "camat", cast.programme),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.sentence == workflow.YOURSELF
    page = signed_in(cast.admin).post(
        reverse("accounts:deactivate", args=[cast.admin.code]), follow=True
    )
    assert workflow.YOURSELF in page.content.decode()


# --- What is refused ----------------------------------------------------------------------------


def test_an_address_works_once(cast: SimpleNamespace) -> None:
    _, token = invited(cast)
    assert Client().post(address(token), ANSWERS).status_code == 302
    again = Client().post(address(token), ANSWERS | {"username": "pencuri"})
    assert again.status_code == 404
    assert "tidak berlaku lagi" in again.content.decode()
    with pytest.raises(Refused):
        workflow.accept(token, "Pencuri", CHOSEN, "pencuri")


def test_of_two_at_once_the_second_is_told(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have found the invitation open; the conditional update lets one through."""
    _, token = invited(cast)
    known = Invitation.objects.open_for(token)
    monkeypatch.setattr(type(Invitation.objects.all()), "open_for", lambda *_: known)
    workflow.accept(token, "Pertama", CHOSEN, "pertama")
    with pytest.raises(Refused) as refused:
        workflow.accept(token, "Kedua", CHOSEN, "kedua")
    assert refused.value.sentence == workflow.GONE
    assert not User.objects.filter(username="kedua").exists()


@pytest.mark.parametrize("token", ["0" * 32, "x", "tidak-ada"])
def test_an_unknown_address_looks_like_a_spent_one(token: str, cast: SimpleNamespace) -> None:
    _, spent = invited(cast)
    Client().post(address(spent), ANSWERS)
    unknown, used = Client().get(address(token)), Client().get(address(spent))
    assert unknown.status_code == used.status_code == 404
    assert unknown.content == used.content


def test_an_address_dies_after_seven_days(cast: SimpleNamespace) -> None:
    _, token = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(address(token)).status_code == 404
    with pytest.raises(Refused):
        workflow.accept(token, "Terlambat", CHOSEN, "terlambat")


def test_a_new_address_kills_the_one_before(cast: SimpleNamespace) -> None:
    user, first = invited(cast)
    second = workflow.reset(cast.admin, user)
    assert Client().get(address(first)).status_code == 404
    assert Client().get(address(second)).status_code == 200


def test_deactivation_kills_the_open_address(cast: SimpleNamespace) -> None:
    user, token = invited(cast)
    workflow.deactivate(cast.admin, user)
    assert Client().get(address(token)).status_code == 404


@pytest.mark.parametrize(
    ("change", "box"),
    [
        ({"password2": "lain"}, "password2"),
        ({"password1": "pendek", "password2": "pendek"}, "password1"),
        ({"password1": "1234567890", "password2": "1234567890"}, "password1"),
        ({"password1": "orang.contoh1", "password2": "orang.contoh1"}, "password1"),
        ({"username": "petugas.kempling"}, "username"),
        ({"username": "Petugas.Kempling"}, "username"),
        ({"username": "ada spasi"}, "username"),
        ({"username": "orang.cont\u043eh"}, "username"),
        ({"username": "orang\n"}, "username"),
        ({"username": "undangan-saya"}, "username"),
        ({"username": ""}, "username"),
        ({"full_name": " \u200b "}, "full_name"),
    ],
)
def test_what_cannot_be_is_asked_again(
    change: dict[str, str], box: str, cast: SimpleNamespace
) -> None:
    if change.get("username") == "orang\n":
        change = {"username": "or\nang"}
    _, token = invited(cast)
    response = Client().post(address(token), ANSWERS | change)
    assert response.status_code == 422
    assert response.context["form"].errors[box]
    assert Invitation.objects.waiting().exists(), "the invitation is not spent"


def test_a_user_name_taken_meanwhile_is_asked_again(cast: SimpleNamespace) -> None:
    _, token = invited(cast)
    with pytest.raises(Refused) as refused:
        workflow.accept(token, "Orang Contoh", CHOSEN, cast.petugas.username)
    assert refused.value.sentence == workflow.TAKEN
    assert Client().get(address(token)).status_code == 200, "rolled back as a whole"


def test_dates_that_end_before_they_begin_are_refused(cast: SimpleNamespace) -> None:
    response = ask(cast, "petugas", valid_until=str(TODAY - timedelta(days=1)))
    assert response.status_code == 422 and response.context["form"].errors["valid_until"]


# --- The first admin ----------------------------------------------------------------------------


def first_admin(*options: str) -> str:
    out = StringIO()
    call_command("first_admin", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def empty(db: None) -> None:
    """Both programmes, and nobody."""
    for rows in (ReportLink.objects, Partner.objects, Grant.objects, User.objects):
        rows.all().delete()
    for name in ("kempling", "gasken"):
        programmes.load(programmes.FOLDER / f"{name}.toml")


def test_an_empty_portal_prints_the_first_address(empty: None, settings: Any) -> None:
    out = first_admin()
    url = next(line for line in out.splitlines() if line.startswith(settings.SITE_URL))
    assert Client().post(url, ANSWERS).status_code == 302
    user = User.objects.get(username="orang.contoh")
    assert {(g.role, g.programme.code) for g in user.all_grants} == {
        (Role.ADMIN, "kempling"), (Role.ADMIN, "gasken"),
    }  # fmt: skip
    assert first_admin() == "", "an admin works here now"


def test_running_it_again_makes_no_second_person(empty: None) -> None:
    first_admin()
    assert "http" not in first_admin()
    assert User.objects.count() == 1 and Invitation.objects.count() == 1


def test_new_prints_a_fresh_address_and_kills_the_old(empty: None) -> None:
    old, new = (first_admin(*o).split("/undangan/")[1].strip(" /\n") for o in ((), ("--new",)))
    assert old != new and User.objects.count() == 1
    assert Client().get(address(old)).status_code == 404
    assert Client().get(address(new)).status_code == 200


def test_an_address_nobody_used_in_time_is_followed_by_another(empty: None) -> None:
    first_admin()
    Invitation.objects.update(expires_at=timezone.now())
    assert "/undangan/" in first_admin()
    assert User.objects.count() == 1


def test_new_beside_an_admin_who_works_makes_another(cast: SimpleNamespace) -> None:
    assert first_admin() == ""
    assert "/undangan/" in first_admin("--new")
    cast.admin.refresh_from_db()
    assert cast.admin.check_password(PASSWORD), "nobody is locked out by it"


def test_production_closes_what_the_demo_opened(cast: SimpleNamespace, settings: Any) -> None:
    User.objects.exclude(pk=cast.petugas.pk).update(is_demo=True)
    session = signed_in(cast.camat)
    assert "closed" not in first_admin(), "a trial keeps its demo"
    settings.PRODUCTION = True
    assert "/undangan/" in first_admin(), "the demo's admin does not count"
    assert not session.get("/").context["user"].is_authenticated
    assert Client().login(username=cast.camat.username, password=PASSWORD) is False
    assert Client().login(username=cast.petugas.username, password=PASSWORD) is True
