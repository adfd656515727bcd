"""Our own ``insert`` stores what ``bulk_create`` stores, column for column."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from registry.identity import index_of
from registry.imports.inserting import insert, like
from registry.models import Child, ImportRow, Measurement
from tests.cast import a_household
from tests.handed_in import a_list

NIK = "3302200503240001"


def rows_of(model: Any, own: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = [
        {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        for row in model.objects.order_by("pk")
    ]
    return [{name: value for name, value in row.items() if name not in own} for row in rows]


def children(cast: SimpleNamespace) -> list[Child]:
    where = {"programme": cast.programme, "desa": cast.desa, "household": a_household(cast)}
    one = Child(
        **where, name="Contoh Satu", name_key="contoh satu", sex="L", birth_date=date(2024, 3, 5),
        nik=NIK, nik_index=index_of(NIK), birth_length_cm=Decimal("48.5"), birth_weight_g=3100,
        imported={"name": "Contoh Satu"},
    )  # fmt: skip
    other = Child(**where, name="Contoh Dua", name_key="contoh dua", sex="P",
                  birth_date=date(2025, 1, 31), posyandu=cast.melati)  # fmt: skip
    return [one, other]


def test_it_works(cast: SimpleNamespace) -> None:
    own = ("id", "code", "created_at", "household_id", "child_id")
    for way in (Child.objects.bulk_create, insert):
        some = children(cast)
        way(some)
        numbers = {"measured_on": date(2026, 6, 9), "weight_kg": Decimal("10.6"),
                   "haz": Decimal("-2.34"), "doubted": ["weight_kg"]}  # fmt: skip
        visits = [Measurement(child=child, **numbers) for child in some]
        (Measurement.objects.bulk_create if way != insert else insert)(visits)
        assert [child.pk for child in some] == list(
            Child.objects.order_by("pk").values_list("pk", flat=True)
        )
        stored = rows_of(Child, own), rows_of(Measurement, own)
        if way != insert:
            expected = stored
            Measurement.objects.all().delete()
            Child.objects.all().delete()
    assert stored == expected and stored[0][0]["nik"] == NIK


def test_many_rows_take_several_statements(cast: SimpleNamespace) -> None:
    source = a_list(cast)
    insert(ImportRow(source=source, number=n, outcome="baru", values={"n": n}) for n in range(5000))
    assert source.rows.count() == 5000
    assert source.rows.get(number=4321).values == {"n": 4321}
    insert([])


def test_like_shares_nothing_that_changes(cast: SimpleNamespace) -> None:
    pattern = Child(programme=cast.programme, name="Contoh")
    one, other = like(pattern, name="Satu"), like(pattern, name="Dua", desa=cast.desa)
    assert (pattern.name, one.name, other.name) == ("Contoh", "Satu", "Dua")
    assert other.desa == cast.desa and one.desa_id is None and one._state is not other._state
