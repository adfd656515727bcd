"""Access rows of accounts: the way in, one's own account, the admin's pages, the log."""

from types import SimpleNamespace

from accounts import devices, tokens, workflow
from tests.access.row import Row


def _person(place: SimpleNamespace) -> dict[str, str]:
    return {"code": place.petugas_dua.code}


def _grant(place: SimpleNamespace) -> dict[str, str]:
    return _person(place) | {"grant": place.petugas_dua.grants.get().code}


def _invitation(place: SimpleNamespace) -> dict[str, str]:
    return {"token": workflow.invite(place.admin, "tim", place.programme, "Orang Contoh")[1]}


def _kader(place: SimpleNamespace) -> dict[str, str]:
    return {"code": place.kader_mawar.code}


def _enrolment(place: SimpleNamespace) -> dict[str, str]:
    return {"token": devices.make_enrolment(place.petugas, place.kader_mawar)}


def _device(place: SimpleNamespace) -> dict[str, str]:
    token = devices.make_enrolment(place.petugas, place.kader_mawar)
    return {"code": devices.enrol(token, "HP Contoh", "573091")[0].code}


def _key(place: SimpleNamespace) -> dict[str, str]:
    until = place.programme.today()
    made, _ = tokens.make(
        place.admin, place.programme, name="Contoh", scope="jumlah", expires_on=until
    )
    return {"code": made.code}


# Let in, and then: nothing of theirs is there to be seen (no second factor, no other programme).
NOTHING_THERE = frozenset({200, 302, 404})

ROWS: list[Row] = [
    Row("account_login", "public"),
    Row("account_logout", "public"),
    Row("mfa_authenticate", "public"),
    Row("account_change_password", ""),
    Row("account_reauthenticate", ""),
    Row("mfa_reauthenticate", ""),
    Row("mfa_index", ""),
    Row("mfa_activate_totp", ""),
    Row("mfa_deactivate_totp", "", ok=NOTHING_THERE),
    Row("mfa_view_recovery_codes", "", ok=NOTHING_THERE),
    Row("mfa_generate_recovery_codes", ""),
    Row("mfa_download_recovery_codes", "", ok=NOTHING_THERE),
    Row("accounts:accept", "public", _invitation),
    Row(
        "accounts:switch-programme", "", method="post", data={"code": "kempling"}, ok=NOTHING_THERE
    ),
    Row("accounts:people", "manage_accounts"),
    Row("accounts:invite", "manage_accounts"),
    Row("accounts:person", "manage_accounts", _person, scoped=True),
    Row("accounts:add-grant", "manage_accounts", _person, scoped=True),
    Row("accounts:end-grant", "manage_accounts", _grant, method="post", scoped=True),
    Row("accounts:reset", "manage_accounts", _person, method="post", scoped=True),
    Row("accounts:deactivate", "manage_accounts", _person, method="post", scoped=True),
    Row("accounts:keys", "manage_keys"),
    Row("accounts:make-key", "manage_keys"),
    Row("accounts:revoke-key", "manage_keys", _key, method="post", scoped=True),
    Row("accounts:log", "see_log"),
    Row("accounts:devices", "manage_devices"),
    Row("accounts:kader-devices", "manage_devices", _kader, scoped=True),
    Row("accounts:make-enrolment", "manage_devices", _kader, method="post", scoped=True),
    Row("accounts:device-revoke", "manage_devices", _device, method="post", scoped=True),
    Row("accounts:device-end-session", "manage_devices", _device, method="post", scoped=True),
    Row("accounts:enrol", "public", _enrolment),
    Row("accounts:device-state", "public"),
    Row("accounts:change-pin", "", ok=NOTHING_THERE),
    Row("pin", "public"),
]
