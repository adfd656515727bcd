"""Access rows of the portal's own pages."""

from tests.access.row import Row

ROWS: list[Row] = [
    Row("home", "public"),
    Row("healthz", "public"),
    Row("programme", "public", lambda place: {"code": place.programme.code}),
    Row("privacy", "public"),
    Row("brand", "public", lambda place: {"code": place.programme.code}),
    Row("programme-settings", "manage_programme"),
    Row("programme-limits", "manage_programme"),
    Row("programme-kbm", "manage_programme"),
    Row(
        "programme-kbm-withdraw", "manage_programme", lambda place: {"since": "2030-01-01"}, "post"
    ),
]
