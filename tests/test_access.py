"""Who may open what: every URL × role × own or other area, against the declared table.

A stranger to the row gets 404, a colleague without the right 403, the public the sign-in page.
A URL missing from the table fails.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import ACTIONS, Role
from tests import environment
from tests.access import ROWS
from tests.access.row import Row
from tests.cast import signed_in

pytestmark = pytest.mark.usefixtures("blank_paper")

BY_NAME = {row.name: row for row in ROWS}
PROGRAMME_WIDE = {"petugas", "tim", "kasi", "sekcam", "camat"}


def _names(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            space = f"{part.namespace}:" if part.namespace else ""
            found += _names(part, prefix + space)
        elif isinstance(part, URLPattern):
            found.append(prefix + (part.name or f"unnamed {part.pattern}"))
    return found


def _roles(cast: SimpleNamespace) -> dict[str, Any]:
    return {
        "kader": cast.kader,
        "bidan": cast.bidan,
        "puskesmas": cast.nakes,
        "mitra": cast.mitra,
        "kabupaten": cast.kabupaten,
        **{role: getattr(cast, role) for role in (*sorted(PROGRAMME_WIDE), "admin")},
    }


def _call(client: Client, row: Row, url: str) -> int:
    data = row.data if row.method == "post" else None
    return getattr(client, row.method)(url, data).status_code


def _may(row: Row, role: str) -> bool:
    return row.action in {"", "public"} or role in ACTIONS[row.action]


def _walked(row: Row, roles: dict[str, Any]) -> dict[str, Any]:
    """All roles on SQLite. On PostgreSQL the narrowest that may and one that may not: which role
    may what is Python, whether the SQL holds is asked by the narrowest area."""
    if not environment.on_postgres():
        return roles
    sides = [[role for role in roles if _may(row, role) is may] for may in (True, False)]
    return {side[0]: roles[side[0]] for side in sides if side}


def test_every_url_has_its_row() -> None:
    names = _names(get_resolver())
    assert set(names) - set(BY_NAME) == set(), "add these to tests/access/"
    assert set(BY_NAME) - set(names) == set(), "these rows name no URL"
    assert len(BY_NAME) == len(ROWS), "a URL has two rows"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_roles_with_the_right_come_in_and_others_do_not(row: Row, cast: SimpleNamespace) -> None:
    for role, user in _walked(row, _roles(cast)).items():
        url = reverse(row.name, kwargs=row.kwargs(cast))
        status = _call(signed_in(user), row, url)
        if _may(row, role):
            assert status in row.ok, f"{role} should open {url}, got {status}"
        else:
            assert status == 403, f"{role} must not open {url}, got {status}"


@pytest.mark.once
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_public_is_asked_to_sign_in(row: Row, cast: SimpleNamespace) -> None:
    url = reverse(row.name, kwargs=row.kwargs(cast))
    response = getattr(Client(), row.method)(url, row.data or None)
    if row.action == "public":
        assert response.status_code in row.ok
    else:
        assert response.status_code == 302 and response["Location"].startswith("/masuk/")


@pytest.mark.parametrize("row", [r for r in ROWS if r.scoped], ids=lambda row: row.name)
def test_rows_of_another_area_do_not_exist(row: Row, cast: SimpleNamespace) -> None:
    """The other programme for everybody; the other desa and posyandu for narrower grants."""
    foreign = reverse(row.name, kwargs=row.kwargs(cast.gasken))
    for role, user in _walked(row, _roles(cast)).items():
        if _may(row, role):
            assert _call(signed_in(user), row, foreign) == 404, f"{role} opens {foreign}"
    strangers = {
        "kader": [cast.kader_mawar, cast.kader_desa_lain],
        "bidan": [cast.bidan_lain],
        "puskesmas": [cast.nakes_lain],
    }
    here = reverse(row.name, kwargs=row.kwargs(cast))
    for role, users in strangers.items():
        for user in users if _may(row, role) and not row.whole else []:
            assert _call(signed_in(user), row, here) == 404, f"{user} opens {here}"


@pytest.mark.once
@pytest.mark.parametrize("row", [r for r in ROWS if r.method == "post"], ids=lambda r: r.name)
def test_changes_happen_by_post_only(row: Row, cast: SimpleNamespace) -> None:
    url = reverse(row.name, kwargs=row.kwargs(cast))
    client = signed_in(next(u for r, u in _roles(cast).items() if _may(row, r)))
    assert client.get(url).status_code == 405


@pytest.mark.once
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_method_makes_the_portal_stumble(row: Row, cast: SimpleNamespace) -> None:
    url = reverse(row.name, kwargs=row.kwargs(cast))
    client = signed_in(cast.petugas)
    for method in ("head", "options", "put", "delete", "patch"):
        assert getattr(client, method)(url).status_code < 500


def test_every_action_has_a_role() -> None:
    assert all(roles <= set(Role) and roles for roles in ACTIONS.values())
