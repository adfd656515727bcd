"""Who signs in to the demo, one per role and programme, and where they work."""

import secrets
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Grant, User
from accounts.roles import Role
from interventions.models import Partner
from kempling.programmes import FOLDER
from regions import links
from regions.codes import new_code
from regions.models import Posyandu, Programme, Puskesmas

PROGRAMMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
POSYANDU_NAMES = ("Melati", "Mawar", "Kenanga", "Anggrek", "Dahlia", "Teratai", "Flamboyan",
                  "Cempaka", "Seruni", "Bougenville", "Matahari", "Kamboja", "Tulip", "Sakura",
                  "Asoka", "Wijaya Kusuma")  # fmt: skip


def username(role: str, programme: str) -> str:
    return f"{role}.{programme}"


def accounts(password: str) -> list[dict[str, str]]:
    """The rows of demo.json."""
    return [
        {"username": username(role, code), "password": password, "role": role, "programme": code}
        for code in PROGRAMMES
        for role in Role.values
    ]


def load(programme: Programme, password: str) -> dict[str, User]:
    """Make the posyandu, their links, and one person per role."""
    posyandu = _posyandu(programme)
    hashed = make_password(password)
    for role in Role.values:
        name = f"{Role(role).label.split(' (')[0]} Contoh"
        user = User.objects.create(
            username=username(role, programme.code), full_name=name, password=hashed, is_demo=True
        )
        _grant(user, role, programme, posyandu[0])
    return cast_of(programme)


def cast_of(programme: Programme) -> dict[str, User]:
    """{role: user} of one programme's demo people."""
    names = {username(role, programme.code): role for role in Role.values}
    found = User.objects.filter(username__in=names, is_demo=True)
    return {names[user.username]: user for user in found}


def busy_posyandu(programme: Programme) -> Posyandu:
    """The posyandu with many children, of the same puskesmas as the demo's kader."""
    first, *others = Posyandu.objects.of(programme).order_by("id").select_related("desa")
    return next((one for one in others if one.puskesmas_id == first.puskesmas_id), first)


def hasty_kader(programme: Programme) -> User:
    """Its kader, who reads the board to half a centimetre; nobody signs in as this person."""
    posyandu = busy_posyandu(programme)
    name = username("kader-lain", programme.code)
    user, made = User.objects.get_or_create(
        username=name,
        defaults={"full_name": f"Kader {posyandu.name.split(' (')[0]} Contoh", "is_demo": True,
                  "password": make_password(secrets.token_urlsafe(24))},
    )  # fmt: skip
    if made:
        Grant.objects.create(user=user, role=Role.KADER, programme=programme, posyandu=posyandu)
    return user


def _posyandu(programme: Programme) -> list[Posyandu]:
    """One example posyandu a desa, shared out among the puskesmas, each with its poster link."""
    centres = list(Puskesmas.objects.filter(programme=programme))
    made = [
        Posyandu.objects.create(
            programme=programme,
            desa=desa,
            puskesmas=centres[number % len(centres)],
            name=f"{POSYANDU_NAMES[number]} (contoh)",
            code=new_code(),
            is_example=True,
        )
        for number, desa in enumerate(programme.desa())
    ]
    for posyandu in made:
        links.make(programme, posyandu=posyandu)
    return made


def _grant(user: User, role: str, programme: Programme, posyandu: Posyandu) -> None:
    if role == Role.KABUPATEN:
        prefix = programme.region.code.rsplit(".", 1)[0]
        Grant.objects.create(user=user, role=role, region_prefix=prefix)
        return
    area: dict[str, Any] = {}
    if role == Role.KADER:
        area = {"posyandu": posyandu}
    if role == Role.PUSKESMAS:
        area = {"puskesmas": posyandu.puskesmas}
    grant = Grant.objects.create(user=user, role=role, programme=programme, **area)
    if role == Role.BIDAN:
        grant.desa.set([posyandu.desa])
    if role == Role.MITRA:
        partner = Partner.objects.filter(programme=programme).first()
        if partner:
            partner.users.add(user)
