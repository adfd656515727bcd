"""The table of the read API: every address, who may read it, what may be asked, what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from accounts.models import ApiToken
from regions.models import Programme
from reports.api import fhir, rows, totals
from reports.api.asking import BULAN, HAL, SEJAK, Parameter, size
from reports.api.fields import Schema, shape, told

ROOT = "/api/v1/"
Scope = ApiToken.Scope
# Each may read what stands before it, too.
SCOPES = (Scope.TOTALS, Scope.ROWS, Scope.PEOPLE)
Answer = tuple[dict[str, Any], int]  # the body, and how many rows it tells of
LIMIT, COUNT, COUNT_OBSERVATIONS = size("limit"), size("_count"), size("_count", fhir.PER_VISIT)


@dataclass(frozen=True)
class Endpoint:
    """``verb``: what the event log calls a reading of it."""

    name: str
    path: str
    scope: ApiToken.Scope
    verb: str
    says: str
    parameters: tuple[Parameter, ...]
    schema: Schema
    read: Callable[[Programme, dict[str, Any]], Answer]
    media_type: str = "application/json"


def _anak(programme: Programme, asked: dict[str, Any]) -> Answer:
    found = rows.children(programme, asked["sejak"])
    shown, place = rows.page(rows.CHILDREN, found, asked["limit"], asked["hal"])
    on = programme.today()
    told_of = [told(rows.ANAK, rows.Seen(child, child.last_visit, on)) for child in shown]
    return _listed(told_of, on, "anak/", asked, place)


def _pengukuran(programme: Programme, asked: dict[str, Any]) -> Answer:
    found = rows.visits(programme, asked["sejak"])
    shown, place = rows.page(rows.VISITS, found, asked["limit"], asked["hal"])
    on = programme.today()
    told_of = [told(rows.PENGUKURAN, rows.Seen(visit.child, visit, on)) for visit in shown]
    return _listed(told_of, on, "pengukuran/", asked, place)


def _listed(told_of: list[Any], on: Any, path: str, asked: dict[str, Any], place: str) -> Answer:
    following = _next(path, asked, place) or None
    body = {"per_tanggal": on.isoformat(), "baris": told_of, "berikutnya": following}
    return body, len(told_of)


def _patients(programme: Programme, asked: dict[str, Any]) -> Answer:
    found = rows.children(programme, asked["sejak"])
    shown, place = rows.page(rows.CHILDREN, found, asked["_count"], asked["hal"])
    return _bundle(fhir.PATIENT, shown, "fhir/Patient", asked, place)


def _observations(programme: Programme, asked: dict[str, Any]) -> Answer:
    """So many visits that no page holds more observations than were asked for."""
    found = rows.visits(programme, asked["sejak"])
    size = asked["_count"] // fhir.PER_VISIT
    shown, place = rows.page(rows.VISITS, found, size, asked["hal"])
    things = list(chain.from_iterable(map(fhir.measured, shown)))
    return _bundle(fhir.OBSERVATION, things, "fhir/Observation", asked, place)


def _bundle(fields: Any, things: list[Any], path: str, asked: dict[str, Any], place: str) -> Answer:
    here, following = _next(path, asked, asked["hal"], always=True), _next(path, asked, place)
    return fhir.bundle(fields, things, here, following), len(things)


def _next(path: str, asked: dict[str, Any], place: str, *, always: bool = False) -> str:
    """The address of a page with everything else asked alike; "" without a place."""
    if not (place or always):
        return ""
    given = {name: value for name, value in (asked | {"hal": place}).items() if value}
    given |= {"sejak": given["sejak"].isoformat()} if "sejak" in given else {}
    return f"{settings.SITE_URL}{ROOT}{path}?{urlencode(given)}"


ENDPOINTS = (
    Endpoint(
        "ringkasan", "ringkasan/", Scope.TOTALS, "read_totals",
        "Jumlah satu bulan per desa, seperti laporan bulanan.",
        (BULAN,), shape(totals.RINGKASAN), totals.ringkasan,
    ),
    Endpoint(
        "anak", "anak/", Scope.ROWS, "read_children",
        "Balita yang tinggal di kecamatan hari ini, tanpa nama dan NIK.",
        (SEJAK, LIMIT, HAL), rows.shape_of_page(rows.ANAK), _anak,
    ),
    Endpoint(
        "pengukuran", "pengukuran/", Scope.ROWS, "read_visits",
        "Pengukuran balita itu yang berlaku, tanpa nama dan NIK.",
        (SEJAK, LIMIT, HAL), rows.shape_of_page(rows.PENGUKURAN), _pengukuran,
    ),
    Endpoint(
        "patient", "fhir/Patient", Scope.PEOPLE, "read_patients",
        "Balita itu sebagai FHIR R4 Patient, dengan nama, tanpa NIK.",
        (SEJAK, COUNT, HAL), fhir.shape_of_bundle(fhir.PATIENT), _patients, fhir.MEDIA_TYPE,
    ),
    Endpoint(
        "observation", "fhir/Observation", Scope.PEOPLE, "read_observations",
        "Berat, panjang atau tinggi, dan LiLA sebagai FHIR R4 Observation.",
        (SEJAK, COUNT_OBSERVATIONS, HAL), fhir.shape_of_bundle(fhir.OBSERVATION), _observations,
        fhir.MEDIA_TYPE,
    ),
)  # fmt: skip
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
