"""Scope ``orang``: FHIR R4 Patient and Observation, in FHIR's own words.

Sources: HL7 FHIR R4 (vital signs), LOINC codes and the address extension as SATUSEHAT uses them
(administrativeCode: province, city, district, village). No NIK leaves the portal here: it is
masked everywhere but on a logged click, and half a NIK is no identifier. z-scores are left out:
no national code for them is known, and a reader with WHO's tables can compute them.
"""

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings

from registry.models import Child, Measurement
from reports.api.fields import DAY, MOMENT, NUMBER, TEXT, Field, Schema, listed, one_of, shape, told

MEDIA_TYPE = "application/fhir+json"
ADMINISTRATIVE = "https://fhir.kemkes.go.id/r4/StructureDefinition/administrativeCode"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
PER_VISIT = 3  # the most observations one visit gives: weight, length or height, LiLA
_LEVELS = ("province", "city", "district", "village")
_OBJECTS = listed({"type": "object"})


class Measured(NamedTuple):
    """One number of a visit, as an Observation tells it."""

    visit: Measurement
    short: str
    loinc: str
    words: str
    value: Decimal
    unit: str
    unsure: bool


# --- Patient ------------------------------------------------------------------------------------


def _identifiers(child: Child) -> list[dict[str, str]]:
    return [{"use": "usual", "system": f"{settings.SITE_URL}/kode/anak", "value": child.code}]


def _address(child: Child) -> list[dict[str, Any]]:
    """The desa by its codes and its name; street, RT and RW stay here."""
    codes = [prefix.replace(".", "") for prefix in child.desa.prefixes]
    levels = [{"url": u, "valueCode": c} for u, c in zip(_LEVELS, codes, strict=False)]
    return [
        {"use": "home", "country": "ID", "text": child.desa.title,
         "extension": [{"url": ADMINISTRATIVE, "extension": levels}]}
    ]  # fmt: skip


def _born(child: Child) -> str:
    """FHIR tells a date known to the month as ``2025-03``."""
    return f"{child.birth_date:%Y-%m}" if child.is_approximate else child.birth_date.isoformat()


PATIENT: tuple[Field, ...] = (
    Field("resourceType", one_of("Patient"), lambda child: "Patient"),
    Field("id", TEXT, lambda child: child.code),
    Field("identifier", _OBJECTS, _identifiers, "kode anak di portal ini"),
    Field("active", {"type": "boolean"}, lambda child: True),
    Field("name", _OBJECTS, lambda child: [{"use": "official", "text": child.name}]),
    Field("gender", one_of("male", "female"),
          lambda child: {"L": "male", "P": "female"}[child.sex]),
    Field("birthDate", {"type": "string", "pattern": r"^\d{4}-\d\d(-\d\d)?$"}, _born),
    Field("address", _OBJECTS, _address),
)  # fmt: skip


# --- Observation --------------------------------------------------------------------------------


def measured(visit: Measurement) -> Iterator[Measured]:
    """What was measured at the visit: one to three numbers."""
    lying = visit.measure == Measurement.Posture.LYING
    length = ("8306-3", "Panjang badan, terlentang") if lying else ("8302-2", "Tinggi badan")
    kinds = (
        ("bb", "29463-7", "Berat badan", visit.weight_kg, "kg", visit.waz_flag),
        ("tb", *length, visit.length_height_cm, "cm", visit.haz_flag),
        ("lila", "56072-2", "Lingkar lengan atas", visit.lila_cm, "cm",
         "lila_cm" in visit.doubted),
    )  # fmt: skip
    for short, loinc, words, value, unit, unsure in kinds:
        if value is not None:
            yield Measured(visit, short, loinc, words, value, unit, unsure)


def _status(one: Measured) -> str:
    """``preliminary``: outside the plausible, to be measured again."""
    if one.unsure:
        return "preliminary"
    return "amended" if one.visit.revision > 1 else "final"


def _id(one: Measured) -> str:
    """The same for every revision of a visit, so that a correction replaces what it corrects."""
    return f"{one.visit.child.code}-{one.visit.measured_on:%Y%m%d}-{one.short}"


OBSERVATION: tuple[Field, ...] = (
    Field("resourceType", one_of("Observation"), lambda one: "Observation"),
    Field("id", TEXT, _id),
    Field("status", one_of("final", "amended", "preliminary"), _status),
    Field("category", _OBJECTS,
          lambda one: [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}]),
    Field("code", {"type": "object"},
          lambda one: {"coding": [{"system": LOINC, "code": one.loinc}], "text": one.words}),
    Field("subject", {"type": "object"},
          lambda one: {"reference": f"Patient/{one.visit.child.code}"}),
    Field("effectiveDateTime", DAY, lambda one: one.visit.measured_on.isoformat()),
    Field("issued", MOMENT,
          lambda one: one.visit.created_at.astimezone(UTC).isoformat(timespec="seconds")),
    Field("valueQuantity",
          {"type": "object", "properties": {"value": NUMBER}, "required": ["value"]},
          lambda one: {"value": float(one.value), "unit": one.unit, "system": UCUM,
                       "code": one.unit}),
)  # fmt: skip


# --- Bundle -------------------------------------------------------------------------------------


def bundle(fields: tuple[Field, ...], things: Any, here: str, following: str) -> dict[str, Any]:
    """A searchset of the things, with the address of this page and, when there is one, the next."""
    links = [{"relation": "self", "url": here}]
    links += [{"relation": "next", "url": following}] if following else []
    found = [told(fields, thing) for thing in things]
    answer: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": links}
    # FHIR knows no empty list.
    return answer | ({"entry": [_entry(resource) for resource in found]} if found else {})


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    kind, key = resource["resourceType"], resource["id"]
    url = f"{settings.SITE_URL}/api/v1/fhir/{kind}/{key}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": "match"}}


def shape_of_bundle(fields: tuple[Field, ...]) -> Schema:
    entry = {
        "type": "object",
        "properties": {
            "fullUrl": TEXT,
            "resource": shape(fields),
            "search": {"type": "object"},
        },
        "required": ["fullUrl", "resource", "search"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "resourceType": one_of("Bundle"),
            "type": one_of("searchset"),
            "link": _OBJECTS,
            "entry": listed(entry),
        },
        "required": ["resourceType", "type", "link"],
        "additionalProperties": False,
    }
