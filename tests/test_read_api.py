"""Another system reads with its key: what each scope gives, and every key that gives nothing."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, Event
from accounts.transitions import Refused
from registry import rate_limits
from registry.models import Child, Measurement
from reports.api.endpoints import ENDPOINTS, ROOT
from reports.figures import by_desa
from reports.models import MonthlyReport
from reports.months import Month
from tests.access.reports import some_figures
from tests.cast import a_child, signed_in
from tests.schema import faults

ROWS = ("anak/", "pengukuran/", "fhir/Patient", "fhir/Observation")


def a_key(place: Any, scope: str = "orang") -> str:
    until = place.programme.today() + timedelta(days=30)
    return tokens.make(
        place.admin, place.programme, name="Dinas Contoh", scope=scope, expires_on=until
    )[1]


def ask(key: str, path: str, **given: Any) -> Any:
    url = path if path.startswith("http") else ROOT + path
    return Client().get(
        url.removeprefix(settings.SITE_URL), given, headers={"Authorization": f"Bearer {key}"}
    )


def a_visit(child: Child, days_ago: int = 3, **changes: Any) -> Measurement:
    values = {
        "measured_on": child.programme.today() - timedelta(days=days_ago),
        "weight_kg": Decimal("8.20"), "length_height_cm": Decimal("74.00"), "measure": "l",
        "haz": Decimal("-3.05"), "waz": Decimal("-2.10"), "whz": Decimal("-0.80"),
        "alert": "oranye",
    }  # fmt: skip
    visit = Measurement.objects.create(child=child, **(values | changes))
    Child.everyone.filter(pk=child.pk).update(last_visit=visit)
    return visit


def rows_of(body: Any) -> list[Any]:
    return body["baris"] if "baris" in body else [e["resource"] for e in body.get("entry", [])]


def next_of(body: Any) -> str:
    if "baris" in body:
        return body["berikutnya"] or ""
    return next((link["url"] for link in body["link"] if link["relation"] == "next"), "")


# --- It works -----------------------------------------------------------------------------------


def test_totals_are_the_figures_of_the_report(cast: SimpleNamespace) -> None:
    a_visit(a_child(cast), days_ago=0)
    month = Month.of(cast.programme.today())
    body = ask(a_key(cast, "jumlah"), "ringkasan/", bulan=str(month)).json()
    counted = {row["key"]: row for row in by_desa(cast.programme, month)}
    assert body["sumber"] == "hitungan_sekarang"
    assert [row["kode_desa"] for row in body["desa"]] == list(counted)
    here = next(row for row in body["desa"] if row["kode_desa"] == cast.desa.code)
    assert (here["stunting"]["n"], here["stunting"]["N"]) == (1, 1)
    assert here["diukur"] == {"n": 1, "N": counted[cast.desa.code]["balita"]}
    assert body["kecamatan"]["stunting"]["n"] == 1


def test_totals_of_a_final_month_are_the_frozen_ones(cast: SimpleNamespace) -> None:
    month = Month.of(cast.programme.today())
    figures = some_figures(cast) | {"month": str(month)}
    figures["total"] = figures["total"] | {"balita": 4321}
    MonthlyReport.objects.create(
        programme=cast.programme, month=month.first, status="final", figures=figures,
        pdf_name="x.pdf", sha256="0" * 64,
    )  # fmt: skip
    body = ask(a_key(cast, "jumlah"), "ringkasan/").json()
    assert (body["sumber"], body["kecamatan"]["balita"]) == ("laporan_final", 4321)


def test_rows_say_how_a_child_grows_and_not_who_it_is(cast: SimpleNamespace) -> None:
    child = a_child(cast, name="Nama Rahasia", nik="3302201503250001")
    a_visit(child)
    for path in ("anak/", "pengukuran/"):
        response = ask(a_key(cast, "baris"), path)
        said = response.content.decode()
        for secret in ("Nama Rahasia", "3302201503250001", child.mother.name, "Jalan Contoh"):
            assert secret not in said
        assert str(child.birth_date) not in said
    row = ask(a_key(cast, "baris"), "anak/").json()["baris"][0]
    assert row["kode_anak"] == child.code and row["kode_desa"] == cast.desa.code
    last = row["pengukuran_terakhir"]
    assert (last["berat_kg"], last["tb_u"], last["tb_u_kelas"]) == (8.2, -3.05, "Sangat pendek")


def test_every_answer_is_what_the_openapi_file_says(cast: SimpleNamespace) -> None:
    a_child(cast)  # never measured
    a_visit(a_child(cast), lila_cm=Decimal("13.5"), measure="", whz=None, waz_flag=True)
    document = Client().get(f"{ROOT}openapi.json").json()
    assert document["openapi"].startswith("3.1")
    key, refused = a_key(cast), document["components"]["schemas"]["tidak_dijawab"]
    assert len(document["paths"]) == len(ENDPOINTS)
    for path, methods in document["paths"].items():
        response = ask(key, path.removeprefix(ROOT))
        content = methods["get"]["responses"]["200"]["content"]
        schema = content[response["Content-Type"]]["schema"]
        assert response.status_code == 200 and response["Cache-Control"] == "no-store"
        assert faults(schema, response.json()) == [], path
        wrong = ask("baca-salah", path.removeprefix(ROOT))
        assert faults(refused, wrong.json()) == []


def test_a_reading_is_one_event_with_its_count(cast: SimpleNamespace) -> None:
    key = a_key(cast)
    for _ in range(3):
        a_child(cast)
    ask(key, "anak/", sejak="2026-01-01")
    event = Event.objects.get(verb="read_children")
    token = ApiToken.objects.get()
    assert (event.object_code, event.why, event.fields) == (token.code, "n=3", ["sejak"])
    assert event.programme == cast.programme
    assert token.last_used_on == cast.programme.today()


@pytest.mark.parametrize("path", ROWS)
def test_pages_show_every_row_once_while_rows_are_added(cast: SimpleNamespace, path: str) -> None:
    key, size = a_key(cast), "_count" if path.startswith("fhir") else "limit"
    known = [a_visit(a_child(cast), length_height_cm=None, haz=None).child for _ in range(5)]
    seen, following, pages = [], ROOT + path + f"?{size}=3", 0
    while following:
        body = ask(key, following.removeprefix(ROOT)).json()
        seen += rows_of(body)
        following, pages = next_of(body), pages + 1
        if pages == 1:
            known.append(a_visit(a_child(cast), length_height_cm=None, haz=None).child)
    codes = [str(row.get("kode_anak") or row["id"]).split("-")[0] for row in seen]
    assert codes == [child.code for child in known] and pages > 1


@pytest.mark.parametrize("path", ROWS)
def test_a_page_costs_the_same_however_many_it_tells_of(cast: SimpleNamespace, path: str) -> None:
    key = a_key(cast)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ask(key, path).status_code == 200
        return len(queries)

    a_visit(a_child(cast))
    ask(key, path)  # notes the day
    one = cost()
    for _ in range(3):
        a_visit(a_child(cast))
    assert cost() == one


def test_since_gives_what_was_made_or_changed(cast: SimpleNamespace) -> None:
    key, long_ago = a_key(cast), timezone.now() - timedelta(days=60)
    old, corrected, measured = (a_child(cast) for _ in range(3))
    Child.objects.update(created_at=long_ago)
    Event.objects.create(verb="correct_child", object_code=corrected.code, programme=cast.programme)
    Event.objects.create(verb="view_child", object_code=old.code, programme=cast.programme)
    a_visit(old)
    Measurement.objects.update(created_at=long_ago)
    a_visit(measured)
    since = {"sejak": str(cast.programme.today() - timedelta(days=7))}
    found = {row["kode_anak"] for row in ask(key, "anak/", **since).json()["baris"]}
    assert found == {corrected.code, measured.code}
    visits = {row["kode_anak"] for row in ask(key, "pengukuran/", **since).json()["baris"]}
    assert visits == {measured.code}


# --- Who is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ROWS)
def test_only_the_balita_who_live_here_are_told_of(cast: SimpleNamespace, path: str) -> None:
    """Not the other programme's, not who left, grew up or was merged, no corrected visit."""
    today, here = cast.programme.today(), a_child(cast)
    gone, grown, merged = a_child(cast), a_child(cast, months=61), a_child(cast)
    away = a_child(cast.gasken)
    for child in (gone, grown, merged, away, here):
        a_visit(child, revision=1, superseded=child == here)
    a_visit(here, revision=2, length_height_cm=None, haz=None)
    Child.objects.filter(pk=gone.pk).update(left_on=today - timedelta(days=1))
    Child.objects.filter(pk=merged.pk).update(merged_into=here)
    rows = rows_of(ask(a_key(cast), path).json())
    assert [str(r.get("kode_anak") or r["id"]).split("-")[0] for r in rows] == [here.code]


# --- Refused ------------------------------------------------------------------------------------


def test_every_bad_key_is_refused_alike(cast: SimpleNamespace) -> None:
    revoked, expired, asleep = a_key(cast), a_key(cast), a_key(cast.gasken)
    tokens.revoke(cast.admin, ApiToken.objects.get(token_hash=tokens.digest(revoked)))
    ApiToken.objects.filter(token_hash=tokens.digest(expired)).update(expires_at=timezone.now())
    type(cast.programme).objects.filter(pk=cast.gasken.programme.pk).update(is_active=False)
    unknown = "baca-" + "0" * 32
    good = a_key(cast)
    answers = {
        (r.status_code, r.content, r["WWW-Authenticate"], r["Content-Type"])
        for r in (
            *(ask(key, "anak/") for key in (revoked, expired, asleep, unknown, "", "é")),
            Client().get(f"{ROOT}anak/"),
            Client().get(f"{ROOT}anak/", {"kunci": good}),
            Client().get(f"{ROOT}anak/", headers={"Authorization": f"Basic {good}"}),
            signed_in(cast.petugas).get(f"{ROOT}anak/"),
        )
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401


@pytest.mark.parametrize(("scope", "opens"), [("jumlah", 1), ("baris", 3), ("orang", 5)])
def test_a_key_reads_its_scope_and_what_lies_below(
    cast: SimpleNamespace, scope: str, opens: int
) -> None:
    key = a_key(cast, scope)
    answers = [ask(key, endpoint.path) for endpoint in ENDPOINTS]
    assert [r.status_code for r in answers] == [200] * opens + [403] * (5 - opens)
    assert all(r.json()["kode"] == "cakupan" for r in answers[opens:])


@pytest.mark.parametrize(
    "given",
    [
        {"limit": "0"}, {"limit": "201"}, {"limit": "٣"}, {"limit": "x"}, {"hal": "palsu"},
        {"sejak": "kemarin"}, {"sejak": "2026-02-30"}, {"sejak": "0001-01-01"}, {"nama": "Siti"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(cast: SimpleNamespace, given: dict[str, str]) -> None:
    response = ask(a_key(cast), "anak/", **given)
    assert response.status_code == 400
    assert response.json()["kode"] == "isian" and next(iter(given)) in response.json()["pesan"]


def test_a_month_to_come_has_no_totals(cast: SimpleNamespace) -> None:
    key = a_key(cast)
    for month in ("2099-12", "2026-13", "Oktober"):
        assert ask(key, "ringkasan/", bulan=month).status_code == 400


def test_nothing_is_changed_through_it_and_nothing_else_is_there(cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {a_key(cast)}"})
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(f"{ROOT}anak/")
        assert (response.status_code, response.json()["kode"]) == (405, "cara")
    for path in ("/api/", f"{ROOT}ibu/", f"{ROOT}anak"):
        response = client.get(path)
        assert (response.status_code, response.json()["kode"]) == (404, "alamat")


def test_a_key_that_asks_too_often_waits_and_another_does_not(
    cast: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setattr(rate_limits, "PER_KEY", rate_limits.Limit(2, 3600))
    one, other = a_key(cast), a_key(cast)
    answers = [ask(one, "anak/") for _ in range(3)]
    assert [r.status_code for r in answers] == [200, 200, 429]
    assert answers[2].json()["kode"] == "batas" and int(answers[2]["Retry-After"]) > 0
    assert ask(other, "anak/").status_code == 200


# --- The page "Kunci baca" ----------------------------------------------------------------------


def test_the_admin_makes_a_key_sees_it_once_and_revokes_it(cast: SimpleNamespace) -> None:
    admin = signed_in(cast.admin)
    until = str(cast.programme.today() + timedelta(days=90))
    made = admin.post(
        "/kunci-baca/buat/", {"name": "Dinas Contoh", "scope": "baris", "expires_on": until}
    )
    page = made.content.decode()
    key = page[page.index("baca-") :][:37]
    assert ask(key, "anak/").status_code == 200
    listed = admin.get("/kunci-baca/").content.decode()
    assert "Dinas Contoh" in listed and "Berlaku" in listed and key not in listed
    token = ApiToken.objects.get()
    assert key not in token.token_hash and token.created_by == cast.admin
    admin.post(f"/kunci-baca/{token.code}/cabut/")
    assert ask(key, "anak/").status_code == 401
    assert "Dicabut" in admin.get("/kunci-baca/").content.decode()
    verbs = list(Event.objects.about(token.code).values_list("verb", flat=True))
    assert verbs == ["make_key", "read_children", "revoke_key"]


@pytest.mark.parametrize("days", [-1, 366])
def test_a_key_lives_a_year_at_most(cast: SimpleNamespace, days: int) -> None:
    until = str(cast.programme.today() + timedelta(days=days))
    response = signed_in(cast.admin).post(
        "/kunci-baca/buat/", {"name": "Dinas Contoh", "scope": "baris", "expires_on": until}
    )
    assert response.status_code == 422 and "Dinas Contoh" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_a_key_reads_through_its_last_day(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    made, key = tokens.make(
        cast.admin, cast.programme, name="Contoh", scope="jumlah", expires_on=today
    )
    assert made.last_day == today and tokens.find(key) == made


def test_who_is_no_admin_here_makes_no_key(cast: SimpleNamespace) -> None:
    for stranger in (cast.camat, cast.gasken.admin):
        with pytest.raises(Refused):
            tokens.make(
                stranger, cast.programme, name="x", scope="jumlah",
                expires_on=cast.programme.today(),
            )  # fmt: skip
