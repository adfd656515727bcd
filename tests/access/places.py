"""Access rows of posters and posyandu."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row


def _link(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": place.link_melati.code}


ROWS: list[Row] = [
    Row("registry:posters", "manage_posters"),
    Row("registry:link-make", "manage_posters", method="post", data={"place": "kecamatan"}),
    Row("registry:poster-pdf", "manage_posters", _link, scoped=True),
    Row("registry:practice-make", "manage_posters", method="post"),
    Row("registry:poster-set", "manage_posters"),
    Row("registry:paper-form-blank", "manage_posters"),
    Row("registry:paper-form", "manage_posters", _link, scoped=True),
    Row("registry:link-rotate", "manage_posters", _link, "post", scoped=True),
    Row("registry:link-revoke", "manage_posters", _link, "post", scoped=True),
    Row("registry:posyandu", "manage_places"),
    Row("registry:posyandu-add", "manage_places"),
    Row("registry:posyandu-paste", "manage_places"),
    Row("registry:desa-settings", "manage_places"),
]
