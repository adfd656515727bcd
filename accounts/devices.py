"""A kader's phone: bound by a one-time address, opened by a PIN, revoked in one click.

A PIN opens accounts of kader only: whoever holds another role owes a password and a second
factor, so nobody can enrol a phone and sign in as the Camat.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts import pins
from accounts.models import Device, Enrolment, Grant, User, digest_of, record
from accounts.roles import Role
from accounts.transitions import Refused
from regions.codes import base32
from regions.models import Programme

GOOD_FOR = timedelta(hours=24)
STRANGER = "Anda tidak berwenang melakukan ini."
KADER_ONLY = (
    "Hanya HP kader yang didaftarkan dengan PIN. Orang ini juga memegang peran lain, "
    "jadi masuk dengan kata sandi."
)
NOT_WORKING = "Orang ini bukan kader aktif di program ini. Beri perannya dahulu."
USED = "Alamat ini sudah dipakai atau sudah lewat 24 jam. Minta alamat baru kepada petugas."
OTHERS_PHONE = (
    "HP ini masih terdaftar atas nama kader lain. Minta petugas mencabutnya dahulu, "
    "lalu buka alamat ini lagi."
)
ALREADY = "HP ini sudah dicabut."
ENDED = "Peran Anda sebagai kader sudah berubah. Masuk dengan kata sandi, atau hubungi petugas."


# --- Binding ------------------------------------------------------------------------------------


def make_enrolment(admin: User, user: User) -> str:
    """A one-time token (160 bits, 24 hours) that binds the phone which opens its address.

    Earlier unused ones of this kader die. Raises Refused when the admin may not, or when the
    person is anything besides a kader here.
    """
    programme = _programme_of(admin, user)
    token = base32(secrets.token_bytes(20)).lower()
    with transaction.atomic():
        _spoil_enrolments(user)
        Enrolment.objects.create(
            token_hash=digest_of(token), user=user, programme=programme, made_by=admin,
            expires_at=timezone.now() + GOOD_FOR,
        )  # fmt: skip
        record(admin, "invite_phone", user, programme=programme, action="manage_devices")
    return token


def enrol(token: str, name: str, pin: str, carried: Device | None = None) -> tuple[Device, str]:
    """Bind this phone: the device, and the secret its cookie carries (256 bits, kept hashed).

    ``carried`` is the phone's present binding: the same kader's is renewed (a forgotten PIN), a
    stranger's must be revoked first, so that nothing of hers is lost or shown. Raises Refused.
    """
    known = Enrolment.objects.open_for(token)
    if known is None:
        raise Refused(USED)
    _must_be_kader_only(known.user, known.programme)
    sentence = pins.why_refused(pin)
    if sentence:
        raise Refused(sentence)
    again = carried if carried and carried.revoked_at is None else None
    if again and again.user_id != known.user_id:
        raise Refused(OTHERS_PHONE)
    secret, hashed = secrets.token_urlsafe(32), make_password(pin)  # slow: outside the lock
    with transaction.atomic():
        unused = Enrolment.objects.filter(pk=known.pk, used_at=None, expires_at__gt=timezone.now())
        if not unused.update(used_at=timezone.now()):
            raise Refused(USED)
        device = _bound(known, again, name=name, token_hash=digest_of(secret), pin=hashed)
        record(known.user, "enrol_phone", device, fields=["pin"])
    return device, secret


def _bound(known: Enrolment, again: Device | None, **given: str) -> Device:
    device = again or Device(user=known.user)
    _close(device)
    device.programme, device.enrolled_by = known.programme, known.made_by
    device.wrong_pins, device.locked_until, device.session_key = 0, None, ""
    for field, value in given.items():
        setattr(device, field, value)
    device.save()
    return device


# --- The PIN ------------------------------------------------------------------------------------


def unlock(device: Device, pin: str) -> None:
    """The PIN is right and its kader may come in. Raises Refused with the sentence to show."""
    pins.check(device, pin)
    if not device.user.is_active or device.user.owes_second_factor:
        raise Refused(ENDED)


def change_pin(device: Device, old: str, new: str) -> None:
    """Another PIN; the phone's session ends, so whoever copied it is out. Raises Refused."""
    sentence = pins.why_refused(new)
    if sentence:
        raise Refused(sentence)
    pins.check(device, old)
    hashed = make_password(new)
    with transaction.atomic():
        if not Device.objects.bound().filter(pk=device.pk).update(pin=hashed, session_key=""):
            raise Refused(pins.GONE)
        _close(device)
        record(device.user, "change_pin", device, fields=["pin"])


# --- The superior -------------------------------------------------------------------------------


def revoke(admin: User, device: Device) -> None:
    """Lost, stolen or passed on: nobody opens the portal with it any more, from this moment.

    Raises Refused when the admin may not, or when it was revoked before.
    """
    _must_look_after(admin, device)
    with transaction.atomic():
        if not _revoke(device, admin):
            raise Refused(ALREADY)
        _spoil_enrolments(device.user)  # an address not yet opened may lie in that phone's chat
        record(admin, "revoke_phone", device, fields=["revoked_at"], action="manage_devices")


def end_session(admin: User, device: Device) -> None:
    """Sign the phone out; its PIN opens it again. Raises Refused when the admin may not."""
    _must_look_after(admin, device)
    with transaction.atomic():
        _close(device)
        Device.objects.filter(pk=device.pk).update(session_key="")
        record(admin, "end_session", device, action="manage_devices")


def revoke_all(user: User, by: User | None) -> None:
    """Every phone and open address of an account that is reset or closed; inside its act."""
    for device in user.devices.bound().select_related("programme"):
        _revoke(device, by)
        record(by, "revoke_phone", device, fields=["revoked_at"])
    _spoil_enrolments(user)


def wiped(device: Device) -> None:
    """The revoked phone says that it has handed over what waited, and keeps nothing."""
    with transaction.atomic():
        known = Device.objects.filter(pk=device.pk, revoked_at__isnull=False, wiped_at=None)
        if known.update(wiped_at=timezone.now()):
            record(None, "wipe_phone", device)


# --- Guards and rows ----------------------------------------------------------------------------


def _programme_of(admin: User, user: User) -> Programme:
    """The programme in which this admin looks after this kader's phones."""
    mine = Grant.objects.in_scope(admin, "manage_devices").filter(user=user)
    if admin.programme is None or not mine.exists():
        raise Refused(STRANGER, stranger=True)
    _must_be_kader_only(user, admin.programme)
    return admin.programme


def _must_be_kader_only(user: User, programme: Programme) -> None:
    """Every grant held now or later is a kader's in this programme, and one is in force."""
    still = user.grants.exclude(valid_until__lt=timezone.localdate())
    if still.exclude(role=Role.KADER, programme=programme).exists():
        raise Refused(KADER_ONLY)
    if not user.is_active or not still.valid().exists():
        raise Refused(NOT_WORKING)


def _must_look_after(admin: User, device: Device) -> None:
    if not Device.objects.in_scope(admin).filter(pk=device.pk).exists():
        raise Refused(STRANGER, stranger=True)


def _revoke(device: Device, by: User | None) -> bool:
    """Whether this call revoked it. The secret is kept: by it the phone hands over what waits."""
    now, bound = timezone.now(), Device.objects.bound().filter(pk=device.pk)
    done = bound.update(revoked_at=now, revoked_by=by, session_key="")
    _close(device)
    return bool(done)


def _close(device: Device) -> None:
    """The session this phone has open is gone with its row."""
    if device.session_key:
        Session.objects.filter(session_key=device.session_key).delete()


def _spoil_enrolments(user: User) -> None:
    now = timezone.now()
    user.enrolments.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
