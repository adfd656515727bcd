"""The PIN of a kader's phone: which are too easy, how often one may try, and the alarm on guessing.

Tries are counted per account, whatever the address and whichever of its phones (case 28): five,
then fifteen minutes; at the tenth in a row the phone must be bound anew (security.md T8).
"""

import re
from datetime import date, timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Device, Event, record
from accounts.transitions import Refused
from regions.models import Programme

LENGTH = 6
TRIES = 5
LOCK = timedelta(minutes=15)
LAST_TRY = 10
SPRAYED_ACCOUNTS = 20
SPRAY_WINDOW = timedelta(minutes=15)

LOCKED = (
    "Terlalu banyak percobaan. Demi keamanan HP ini dikunci 15 menit. Coba lagi nanti, "
    "atau minta petugas kecamatan mendaftarkan HP ini lagi."
)
GONE = "HP ini tidak terdaftar lagi. Minta petugas kecamatan mendaftarkannya kembali."
EASY = "PIN ini mudah ditebak. Jangan pakai angka berurutan, berulang, atau tanggal lahir."
NOT_SIX = "PIN terdiri dari tepat 6 angka."
_SEQUENCES = ("01234567890123456789", "98765432109876543210")
_WELL_KNOWN = {"112233", "332211", "147258", "258369", "147852", "159357", "123654", "789456"}


def why_refused(pin: str) -> str:
    """What is wrong with a new PIN, in a sentence; "" when it may be used."""
    if not re.fullmatch(r"[0-9]{6}", pin, re.ASCII):
        return NOT_SIX
    repeated = pin in (pin[0] * 6, pin[:2] * 3, pin[:3] * 2)
    in_order = any(pin in run for run in _SEQUENCES)
    return EASY if repeated or in_order or pin in _WELL_KNOWN or _is_a_day(pin) else ""


def _is_a_day(pin: str) -> bool:
    """Whether it reads as a date of birth, ddmmyy: the PIN a finder tries first."""
    day, month, year = (int(pin[at : at + 2]) for at in (0, 2, 4))
    try:
        date(1900 + year, month, day)
    except ValueError:
        return False
    return True


def check(device: Device, pin: str) -> None:
    """Spend one try on this PIN. Raises Refused when it is wrong, or while the account is locked.

    The try is taken before the PIN is looked at, so that many tries at once cannot outrun the
    count; the PIN is worked out while locked too, so that the answer takes as long.
    """
    spent = _take_try(device)
    right = check_password(pin, device.pin)
    if spent is None:
        raise Refused(LOCKED)
    if not right:
        raise Refused(_note_wrong(device, spent))
    Device.objects.filter(user=device.user_id).update(wrong_pins=0, locked_until=None)


def _take_try(device: Device) -> int | None:
    """How many tries in a row this one makes; None while locked. Raises Refused when unbound."""
    with transaction.atomic():
        phones = Device.objects.select_for_update().filter(user=device.user_id).order_by("pk")
        bound = [phone for phone in phones if phone.revoked_at is None]
        mine = next((phone for phone in bound if phone.pk == device.pk), None)
        if mine is None:
            raise Refused(GONE)
        if any(phone.is_locked() for phone in bound):
            return None
        spent = mine.wrong_pins + 1
        # The fifth locks at once, until it proves right: a sixth beside it finds the lock.
        until = timezone.now() + LOCK if spent % TRIES == 0 else None
        mine_and_others = Device.objects.filter(pk__in=[phone.pk for phone in bound])
        mine_and_others.update(wrong_pins=F("wrong_pins") + 1, locked_until=until)
        return spent


def _note_wrong(device: Device, spent: int) -> str:
    """Keep that it was wrong, never what was typed; the sentence to show."""
    record(None, "pin_failed", device)
    _watch_for_spray()
    if spent >= LAST_TRY:
        _unbind(device)
        return GONE
    left = -spent % TRIES
    return f"PIN tidak cocok. Masih bisa {left} kali lagi." if left else LOCKED


def _unbind(device: Device) -> None:
    """Ten in a row: this is not its kader. What waits on the phone goes to quarantine."""
    with transaction.atomic():
        now = timezone.now()
        if Device.objects.bound().filter(pk=device.pk).update(revoked_at=now, session_key=""):
            record(None, "revoke_phone", device)


def _watch_for_spray() -> None:
    """One PIN tried on many accounts locks none of them: say so to the admin, once a window."""
    recent = Event.objects.filter(at__gt=timezone.now() - SPRAY_WINDOW)
    if recent.filter(verb="pin_spray").exists():
        return
    tried = Device.objects.filter(code__in=recent.filter(verb="pin_failed").values("object_code"))
    accounts = tried.values("user").distinct().count()
    if accounts >= SPRAYED_ACCOUNTS:
        for programme in Programme.objects.filter(pk__in=tried.values("programme")):
            record(None, "pin_spray", programme, programme=programme, why=f"{accounts} akun")
