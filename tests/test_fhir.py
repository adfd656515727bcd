"""What leaves as FHIR R4 is FHIR, says no more than it should, and calls nothing final that is not.

``fhir.resources`` carries R4B (4.3.0), in which Patient, Observation and Bundle are R4's own.
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from registry.models import Measurement
from tests.cast import a_child
from tests.test_read_api import a_key, a_visit, ask


def entries(key: str, path: str, **given: Any) -> list[Any]:
    """The resources of a bundle, each held against the models of FHIR."""
    response = ask(key, path, **given)
    assert response["Content-Type"] == "application/fhir+json"
    bundle = Bundle.model_validate_json(response.content)
    assert bundle.type == "searchset" and bundle.link[0].relation == "self"
    assert len(bundle.entry or []) == len(response.json().get("entry", []))
    return [entry.resource for entry in bundle.entry or []]


def test_children_are_patients_without_nik(cast: SimpleNamespace) -> None:
    day = cast.programme.today().replace(year=cast.programme.today().year - 2, day=11)
    exact = a_child(cast, birth_date=day, sex="L", nik="3302201503250001", name="Budi Contoh")
    rough = a_child(cast, birth_date=day, birth_precision="month")
    key = a_key(cast)
    one, other = entries(key, "fhir/Patient")
    assert (one.id, one.gender, one.birthDate) == (exact.code, "male", day)
    assert one.name[0].text == "Budi Contoh"
    assert one.identifier[0].value == exact.code and len(one.identifier) == 1
    levels = {e.url: e.valueCode for e in one.address[0].extension[0].extension}
    village = cast.desa.code.replace(".", "")
    assert levels == {
        "province": village[:2], "city": village[:4], "district": village[:6], "village": village,
    }  # fmt: skip
    raw = ask(key, "fhir/Patient")
    assert raw.json()["entry"][1]["resource"]["birthDate"] == f"{day:%Y-%m}"
    assert other.id == rough.code
    for secret in ("3302201503250001", "id/nik", "Jalan Contoh"):
        assert secret not in raw.content.decode()


def test_visits_are_observations_by_posture(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, days_ago=40, measure="l", lila_cm=Decimal("13.5"))
    a_visit(child, days_ago=3, measure="h")
    found = entries(a_key(cast), "fhir/Observation")
    assert len({one.id for one in found}) == 5
    told = [(o.code.coding[0].code, float(o.valueQuantity.value), o.valueQuantity.code)
            for o in found]  # fmt: skip
    assert told == [
        ("29463-7", 8.2, "kg"), ("8306-3", 74.0, "cm"), ("56072-2", 13.5, "cm"),
        ("29463-7", 8.2, "kg"), ("8302-2", 74.0, "cm"),
    ]  # fmt: skip
    for one in found:
        assert one.status == "final" and one.subject.reference == f"Patient/{child.code}"
        assert one.category[0].coding[0].code == "vital-signs"
        assert isinstance(one.effectiveDateTime, date)


def test_a_correction_replaces_and_a_doubtful_number_is_not_final(cast: SimpleNamespace) -> None:
    child, key = a_child(cast), a_key(cast)
    first = a_visit(child, length_height_cm=None, haz=None)
    before = entries(key, "fhir/Observation")[0]
    Measurement.objects.filter(pk=first.pk).update(superseded=True)
    a_visit(child, revision=2, weight_kg=Decimal("9.10"), haz_flag=True)
    weight, length = entries(key, "fhir/Observation")
    assert (weight.id, weight.status, float(weight.valueQuantity.value)) == (
        before.id, "amended", 9.1,
    )  # fmt: skip
    assert length.status == "preliminary"


def test_a_page_holds_no_more_than_asked_for_and_may_be_empty(cast: SimpleNamespace) -> None:
    key = a_key(cast)
    assert entries(key, "fhir/Observation") == []
    for _ in range(3):
        a_visit(a_child(cast), lila_cm=Decimal("13.5"))
    assert len(entries(key, "fhir/Observation", _count=7)) == 6
    assert ask(key, "fhir/Observation", _count=2).status_code == 400
