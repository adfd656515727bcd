"""People come and go: invited, accepted, given roles and relieved of them, reset, deactivated.

An admin acts for the programme worked in and no other. Whoever resets an account could sign in
by its new address, so that needs a person none of whose grants lies outside the admin's reach.
"""

import secrets
from datetime import date, timedelta
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from accounts import devices
from accounts.models import Grant, Invitation, User, record
from accounts.roles import Role
from accounts.transitions import Refused
from regions.codes import base32
from regions.models import Posyandu, Programme, Puskesmas, Region

GOOD_FOR = timedelta(days=7)
STRANGER = "Anda tidak berwenang melakukan ini."
GONE = "Undangan ini sudah dipakai atau sudah lewat masanya. Minta alamat baru kepada admin."
TAKEN = "Nama pengguna ini sudah dipakai. Pilih yang lain."
YOURSELF = "Peran dan akun Anda sendiri hanya dapat diubah oleh admin lain."
ELSEWHERE = "Akun ini juga dipakai di luar program Anda. Akhiri saja perannya di sini."


def invite(
    admin: User, role: str, programme: Programme, full_name: str, **area: Any
) -> tuple[User, str]:
    """Prepare a person and their first grant; return both the person and the one-time token.

    ``area``: posyandu, puskesmas, desa (a list), partner, acting, valid_from, valid_until, as the
    role needs. Raises Refused when the admin may not.
    """
    _must_manage(admin, programme)
    with transaction.atomic():
        user = _new_person(full_name)
        _give(user, role, programme, **area)
        token = _new_invitation(user, admin)
        record(admin, "invite", user, programme=programme, action="manage_accounts", why=role)
    return user, token


def accept(token: str, full_name: str, password: str, username: str = "") -> User:
    """Spend the invitation: name, user name (kept when one was chosen before) and password.

    Raises Refused when it is spent or late, or when the user name was taken meanwhile.
    """
    known = Invitation.objects.open_for(token)
    if known is None:
        raise Refused(GONE)
    user = known.user
    user.full_name = full_name
    user.username = user.username if user.has_chosen_name else username
    user.set_password(password)  # slow on purpose: before the transaction, which holds the lock
    try:
        with transaction.atomic():
            if not Invitation.objects.waiting().filter(pk=known.pk).update(used_at=timezone.now()):
                raise Refused(GONE)
            user.save(update_fields=["full_name", "username", "password"])
            record(user, "accept_invitation", user)
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    return user


def add_grant(admin: User, user: User, role: str, programme: Programme, **area: Any) -> Grant:
    """Give a person one more role in this programme. Raises Refused when the admin may not."""
    _must_manage(admin, programme)
    _must_not_be(admin, user)
    with transaction.atomic():
        grant = _give(user, role, programme, **area)
        record(admin, "give_role", user, programme=programme, action="manage_accounts", why=role)
    return grant


def end_grant(admin: User, grant: Grant) -> None:
    """End a role today: yesterday was its last day. Raises Refused when the admin may not."""
    mine = Grant.objects.in_scope(admin).filter(pk=grant.pk)
    if not mine:
        raise Refused(STRANGER, stranger=True)
    _must_not_be(admin, grant.user)
    with transaction.atomic():
        _end(mine)
        record(
            admin, "end_role", grant.user, programme=admin.programme,
            fields=["valid_until"], action="manage_accounts", why=grant.role,
        )  # fmt: skip


def reset(admin: User, user: User) -> str:
    """A new one-time address; password, second factor and every open session are gone.

    This is how a lost password or phone is mended, and how somebody deactivated comes back.
    Raises Refused when the admin may not.
    """
    _must_look_after(admin, user)
    _must_not_be(admin, user)
    if not _only_here(admin, user):
        raise Refused(ELSEWHERE)
    with transaction.atomic():
        _lock_out(user, admin, is_active=True)
        token = _new_invitation(user, admin)
        record(
            admin, "reset_account", user, programme=admin.programme,
            fields=["password"], action="manage_accounts",
        )  # fmt: skip
    return token


def deactivate(admin: User, user: User) -> bool:
    """End every role in the admin's reach; with none left elsewhere, the account itself.

    Returns whether the account was closed. Raises Refused when the admin may not.
    """
    _must_look_after(admin, user)
    _must_not_be(admin, user)
    with transaction.atomic():
        closed = _only_here(admin, user)
        if closed:
            _lock_out(user, admin, is_active=False)
        _end(Grant.objects.in_scope(admin).filter(user=user))
        record(
            admin, "deactivate_account", user, programme=admin.programme,
            fields=["is_active"], action="manage_accounts",
        )  # fmt: skip
    return closed


def close_demo_accounts() -> int:
    """In production nobody signs in with a password that was printed once; how many were closed."""
    demo = list(User.objects.filter(is_demo=True, is_active=True))
    with transaction.atomic():
        for user in demo:
            _lock_out(user, None, is_active=False)
            record(None, "deactivate_account", user, fields=["is_active"])
    return len(demo)


def switch_programme(user: User, code: str) -> Programme:
    """Keep that the person now works in another of their programmes. Raises Http404 on others."""
    for programme in user.programmes():
        if programme.code == code:
            record(user, "switch_programme", programme, programme=programme)
            return programme
    raise Http404


def invite_first_admin() -> str:
    """The one-time token for an admin of every programme; earlier unspent ones die."""
    with transaction.atomic():
        user = _waiting_admin() or _new_person("Admin portal")
        for programme in Programme.objects.visible():
            if not user.grants.valid().filter(role=Role.ADMIN, programme=programme).exists():
                _give(user, Role.ADMIN, programme)
        record(None, "invite", user, programme=user.programme, why=Role.ADMIN)
        return _new_invitation(user, None)


def an_admin_works() -> bool:
    """Whether some admin has accepted and can sign in."""
    return bool(User.objects.admins().with_password().exists())


def first_admin_waits() -> bool:
    """Whether an address for the first admin is still good."""
    return Invitation.objects.waiting().filter(invited_by__isnull=True).exists()


def _waiting_admin() -> User | None:
    """The invited first admin who has not accepted yet."""
    invited = User.objects.admins().without_password()
    found: User | None = invited.filter(invitations__invited_by__isnull=True).first()
    return found


# --- Guards ---------------------------------------------------------------------------------------


def _must_manage(admin: User, programme: Programme) -> None:
    if programme not in [grant.programme for grant in admin.grants_for("manage_accounts")]:
        raise Refused(STRANGER, stranger=True)


def _must_look_after(admin: User, user: User) -> None:
    if not User.objects.in_scope(admin).filter(pk=user.pk).exists():
        raise Refused(STRANGER, stranger=True)


def _must_not_be(admin: User, user: User) -> None:
    if admin.pk == user.pk:
        raise Refused(YOURSELF)


def _only_here(admin: User, user: User) -> bool:
    """Whether every grant this person holds, now or later, lies in the admin's reach."""
    still = user.grants.exclude(valid_until__lt=timezone.localdate())
    return not still.exclude(pk__in=Grant.objects.in_scope(admin)).exists()


# --- Rows -----------------------------------------------------------------------------------------


def _new_person(full_name: str) -> User:
    user = User(full_name=full_name)
    user.username = f"{User.UNNAMED}{user.code}"
    user.set_unusable_password()
    user.save()
    return user


def _give(
    user: User,
    role: str,
    programme: Programme,
    *,
    posyandu: Posyandu | None = None,
    puskesmas: Puskesmas | None = None,
    desa: list[Region] | None = None,
    partner: Any = None,
    acting: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Grant:
    kabupaten = role == Role.KABUPATEN
    grant = Grant.objects.create(
        user=user,
        role=role,
        programme=None if kabupaten else programme,
        region_prefix=programme.region.prefixes[-2] if kabupaten else "",
        posyandu=posyandu,
        puskesmas=puskesmas,
        acting=acting,
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
    )
    grant.desa.set(desa or [])
    if partner:
        _sign_in_for(user, grant, partner)
    return grant


def _sign_in_for(user: User, grant: Grant, partner: Any) -> None:
    """The person signs in for this partner; for an earlier one only while that grant stands."""
    before = user.grants.filter(role=Role.MITRA, programme=grant.programme).exclude(pk=grant.pk)
    if not before.exclude(valid_until__lt=timezone.localdate()).exists():
        mine = cast(Any, user).partners  # a relation of an app above
        mine.remove(*mine.filter(programme=grant.programme))
    partner.users.add(user)


def _end(grants: Any) -> None:
    """The last day of these grants was yesterday; one that ended before stays as it was."""
    yesterday = timezone.localdate() - timedelta(days=1)
    grants.exclude(valid_until__lte=yesterday).update(valid_until=yesterday)


def _lock_out(user: User, by: User | None, *, is_active: bool) -> None:
    """No password, no second factor, no open address, no phone; sessions die with the password."""
    user.is_active = is_active
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    user.invitations.waiting().update(expires_at=timezone.now())
    devices.revoke_all(user, by)


def _new_invitation(user: User, by: User | None) -> str:
    """A fresh token of 32 base32 characters (160 bits), of which only the digest is kept."""
    user.invitations.waiting().update(expires_at=timezone.now())
    token = base32(secrets.token_bytes(20)).lower()
    Invitation.objects.create(
        user=user,
        invited_by=by,
        token_hash=Invitation.digest(token),
        expires_at=timezone.now() + GOOD_FOR,
    )
    return token
