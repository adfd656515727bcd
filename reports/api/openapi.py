"""The OpenAPI 3.1 file, made from the table of endpoints."""

from typing import Any

from django.conf import settings

from reports.api.asking import REFUSALS, REFUSED, Parameter
from reports.api.endpoints import ENDPOINTS, ROOT, Endpoint

REFUSED_AS = {"isian": 400} | {code: status for code, (status, _) in REFUSALS.items()}
NEVER = {"alamat", "cara"}  # what an address that stands in the file, read by GET, never answers


def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "KEMPLING: baca data",
            "version": "1",
            "description": "Hanya membaca. Satu kunci untuk satu sistem, dibuat admin program "
            "pada halaman Kunci baca. Angka kecil dapat menunjuk satu keluarga: jangan "
            "diterbitkan.",
        },
        "servers": [{"url": settings.SITE_URL}],
        "security": [{"kunci": []}],
        "paths": {ROOT + endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {
            "securitySchemes": {"kunci": {"type": "http", "scheme": "bearer"}},
            "schemas": {"tidak_dijawab": REFUSED},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    refused = {"schema": {"$ref": "#/components/schemas/tidak_dijawab"}}
    answers: dict[str, Any] = {
        "200": {
            "description": endpoint.says,
            "content": {endpoint.media_type: {"schema": endpoint.schema}},
        }
    }
    for code, status in REFUSED_AS.items():
        if code not in NEVER:
            answers[str(status)] = {
                "description": code, "content": {"application/json": refused},
            }  # fmt: skip
    return {
        "operationId": endpoint.name,
        "summary": endpoint.says,
        "description": f"Kunci: {endpoint.scope.label}.",
        "parameters": [_parameter(parameter) for parameter in endpoint.parameters],
        "responses": answers,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name, "in": "query", "required": False,
        "schema": parameter.schema, "description": parameter.says,
    }  # fmt: skip
