"""Access rows of the read API: a key opens it, no role does; test_read_api.py asks about keys."""

from types import SimpleNamespace

from reports.api.endpoints import ENDPOINTS
from tests.access.row import Row

KEY_ASKED = frozenset({401})


def _nowhere(place: SimpleNamespace) -> dict[str, str]:
    return {"rest": "v1/tidak-ada"}


ROWS: list[Row] = [
    *(Row(f"api:{endpoint.name}", "public", ok=KEY_ASKED) for endpoint in ENDPOINTS),
    Row("api:openapi", "public"),
    Row("api:nowhere", "public", _nowhere, ok=frozenset({404})),
]
NAMES = {row.name for row in ROWS}
