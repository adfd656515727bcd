"""The standing cast: one person per role, the same in every test.

Both programmes are loaded from their own files, so the tests stand on the real sheets and
regions. ``cast`` belongs to KEMPLING; ``cast.gasken`` is the other programme with its own staff.
"""

import itertools
import pickle
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import Grant, User
from accounts.roles import Role
from interventions.models import Partner
from kempling import programmes
from regions import links
from regions.models import Posyandu, Programme, Puskesmas
from registry.lookup import keys
from registry.models import Child, Consent, Household, Mother, Pregnancy, Submission

PASSWORD = "kata-sandi-uji-2026"
_number = itertools.count(1)
_STANDING: list[bytes] = []


def person(role: str, programme: Programme | None, **area: Any) -> User:
    """A user with one grant; ``area`` as Grant's fields, ``desa`` a list of regions."""
    desa = area.pop("desa", [])
    name = area.pop("username", f"{role}.{programme.code if programme else 'kab'}.{next(_number)}")
    user = User.objects.create(
        username=name, full_name=f"{Role(role).label} Contoh", password=make_password(PASSWORD)
    )
    grant = Grant.objects.create(user=user, role=role, programme=programme, **area)
    if desa:
        grant.desa.set(desa)
    return user


class Cast(SimpleNamespace):
    """Places and people of one programme; the other programme is made when a test asks for it."""

    @cached_property
    def gasken(self) -> "Cast":
        return _staff(programmes.load(programmes.FOLDER / "gasken.toml"))


def _staff(programme: Programme) -> Cast:
    """The places and people of one programme."""
    desa, other_desa = programme.desa()[:2]
    puskesmas, other_puskesmas = (
        Puskesmas.objects.get_or_create(programme=programme, name=name)[0]
        for name in ("Puskesmas Contoh A", "Puskesmas Contoh B")
    )
    melati, mawar, kenanga = (
        Posyandu.objects.create(
            programme=programme,
            desa=place,
            puskesmas=centre,
            name=name,
            code=f"{programme.code}-{name.lower()}",
            is_example=True,
        )
        for name, place, centre in (
            ("Melati", desa, puskesmas),
            ("Mawar", desa, puskesmas),
            ("Kenanga", other_desa, other_puskesmas),
        )
    )
    people = {
        role: person(role, programme, username=f"{role}.{programme.code}")
        for role in ("petugas", "tim", "kasi", "sekcam", "camat", "admin")
    }
    mitra = person("mitra", programme, username=f"mitra.{programme.code}")
    partner = Partner.objects.create(programme=programme, name="Mitra Contoh")
    partner.users.add(mitra)
    return Cast(
        programme=programme,
        desa=desa,
        other_desa=other_desa,
        melati=melati,
        mawar=mawar,
        kenanga=kenanga,
        puskesmas=puskesmas,
        partner=partner,
        link=links.make(programme),
        link_melati=links.make(programme, posyandu=melati),
        kader=person("kader", programme, posyandu=melati, username=f"kader.{programme.code}"),
        kader_mawar=person("kader", programme, posyandu=mawar),
        kader_desa_lain=person("kader", programme, posyandu=kenanga),
        bidan_lain=person("bidan", programme, desa=[other_desa]),
        nakes_lain=person("puskesmas", programme, puskesmas=other_puskesmas),
        bidan=person("bidan", programme, desa=[desa], username=f"bidan.{programme.code}"),
        nakes=person(
            "puskesmas", programme, puskesmas=puskesmas, username=f"puskesmas.{programme.code}"
        ),
        petugas_dua=person("petugas", programme),
        mitra=mitra,
        **people,
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, in which the cast stands once for the whole run: to load a programme
    costs more than most tests. What a test changes is rolled back at its end."""
    with django_db_blocker.unblock():
        _STANDING.append(pickle.dumps(_stand()))


def _stand() -> Cast:
    here = _staff(programmes.load(programmes.FOLDER / "kempling.toml"))
    here.kabupaten = person("kabupaten", None, region_prefix="33.02", username="kabupaten.banyumas")
    return here


@pytest.fixture
def cast(db: None) -> Cast:
    """KEMPLING's people and places, with ``cast.gasken`` and ``cast.kabupaten`` beside them.

    Each test has its own copies of the objects. After a test with true transactions the tables
    are empty; whoever comes then stands the cast up anew.
    """
    here: Cast = pickle.loads(_STANDING[0])  # noqa: S301 - our own bytes
    return here if User.objects.filter(pk=here.kabupaten.pk).exists() else _stand()


def signed_in(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user, backend="accounts.backends.GrantedBackend")
    return client


# --- Things, with defaults that are ordinary ---------------------------------------------------


def a_household(place: Any, **changes: Any) -> Household:
    values = {
        "programme": place.programme,
        "desa": place.desa,
        "posyandu": place.melati,
        "address": "Jalan Contoh 1",
        "rt": "01",
        "rw": "02",
        "head_name": "Kepala Contoh",
    }
    return Household.objects.create(**(values | changes))


def a_mother(place: Any, **changes: Any) -> Mother:
    values = {
        "programme": place.programme,
        "desa": place.desa,
        "posyandu": place.melati,
        "name": f"Ibu Contoh {next(_number)}",
    }
    values |= changes
    values.setdefault("household", None)
    household = values.pop("household") or a_household(
        place, desa=values["desa"], posyandu=values["posyandu"]
    )
    values["name_key"] = values["name"].lower()
    mother = Mother.objects.create(household=household, **values)
    keys.refresh(mother)
    return mother


def a_pregnancy(place: Any, weeks: int = 16, **changes: Any) -> Pregnancy:
    """An ongoing pregnancy, ``weeks`` weeks along today."""
    mother = changes.pop("mother", None) or a_mother(place)
    values = {
        "programme": mother.programme,
        "desa": mother.desa,
        "posyandu": mother.posyandu,
        "hpht": place.programme.today() - timedelta(weeks=weeks),
    }
    return Pregnancy.objects.create(mother=mother, **(values | changes))


def a_child(place: Any, months: int = 18, **changes: Any) -> Child:
    """A child of ``months`` months today, with mother and household."""
    mother = changes.pop("mother", None) or a_mother(
        place, **{k: changes[k] for k in ("desa", "posyandu") if k in changes}
    )
    name = changes.pop("name", f"Anak Contoh {next(_number)}")
    values = {
        "programme": mother.programme,
        "desa": mother.desa,
        "posyandu": mother.posyandu,
        "household": mother.household,
        "name": name,
        "name_key": name.lower(),
        "sex": "P",
        "birth_date": place.programme.today() - timedelta(days=round(months * 30.4375)),
    }
    child = Child.objects.create(mother=mother, **(values | changes))
    keys.refresh(child)
    return child


def answers(**changes: Any) -> dict[str, Any]:
    """What a kader types into the report form: a stunted girl of 18 months."""
    today = date.today()
    return {
        "client_id": f"uji-{next(_number)}",
        "reporter_name": "Kader Contoh",
        "child_name": "Anak Contoh",
        "sex": "P",
        "birth_date": str(today - timedelta(days=551)),
        "mother_name": "Ibu Contoh",
        "parent_job": "Petani",
        "address": "Jalan Contoh 1",
        "rt": "01",
        "rw": "02",
        "weight_kg": "8,2",
        "length_height_cm": "74",
        "measure": "l",
        "measured_on": str(today),
        "filled_on": str(today),
        "reason": "Tampak pendek",
        "consent": "1",
        "consent_giver": "ibu",
    } | changes


def a_submission(place: Any, **changes: Any) -> Submission:
    """A stored report waiting for a verifier, as ``workflow.submit`` leaves it."""
    today = date.today()
    values = {
        "programme": place.programme,
        "desa": place.desa,
        "posyandu": place.melati,
        "link": place.link_melati,
        "client_id": f"uji-{next(_number)}",
        "digest": f"{next(_number):064d}",
        "reporter_name": "Kader Contoh",
        "child_name": f"Anak Contoh {next(_number)}",
        "sex": "P",
        "birth_date": today - timedelta(days=551),
        "mother_name": "Ibu Contoh",
        "parent_job": "Petani",
        "address": "Jalan Contoh 1",
        "rt": "01",
        "rw": "02",
        "weight_kg": Decimal("8.2"),
        "length_height_cm": Decimal("74"),
        "measure": "l",
        "measured_on": today,
        "filled_on": today,
        "consent_giver": "ibu",
        "sign": 1,
    }
    report = Submission.objects.create(**(values | changes))
    Consent.objects.create(programme=report.programme, submission=report, giver="ibu")
    return report
