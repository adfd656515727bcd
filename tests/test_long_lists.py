"""A kabupaten full of children: every list, opened by everybody who may, asks at most eight
questions, and no plan reads a large table from end to end.

Small in the normal run; ``script/test --slow`` loads 100,000 children of 25 kecamatan.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from registry.models import Child
from tests import environment, kabupaten
from tests.cast import a_submission, signed_in
from tests.environment import SLOW, rounds

# In the normal run few children, whose number in the statistics is that of the full run.
SEED, EACH, OTHERS = rounds(60, 500), rounds(60, 4000), rounds(3, 24)
MOST_QUERIES = 8
# The tables that grow with the children, their visits and what is done about them.
LARGE = frozenset(
    {"registry_child", "registry_mother", "registry_household", "registry_measurement",
     "registry_submission", "registry_lookupkey", "accounts_event"}
)  # fmt: skip
# Adds up a month of a whole programme, which is most of what stands in a small database.
WHOLE = ("/mutu/",)
# One of each reach: the programme, some desa, the posyandu of a puskesmas, one posyandu.
REACHES = ("petugas", "bidan", "nakes", "kader")
# They open what nobody above may, in the full run everything.
OFFICES = ("tim", "admin", "mitra", "kasi", "sekcam", "camat")


def pages(cast: SimpleNamespace) -> Iterator[str]:
    """Every list of the portal, bare and by each of its filters."""
    today = cast.programme.today()
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    yield from (f"/anak/{query}" for query in (
        "", "?kelompok=semua", "?kelompok=baduta", "?gizi=stunting", "?gizi=belum",
        "?gizi=flagged", "?gizi=perkiraan", "?gizi=tidak_ditimbang", "?gizi=naik", "?tanda=merah",
        "?tanda=kuning", f"?desa={cast.desa.code}", f"?bulan={month}",
        f"?bulan={month}&gizi=wasting", f"?bulan={month}&gizi=tidak_naik&tanda=oranye",
    ))  # fmt: skip
    yield from (f"/ibu/{query}" for query in (
        "", "?kelompok=menyusui", "?kelompok=lewat", "?kelompok=semua", "?tanda=kek",
        f"?bulan={month}",
    ))  # fmt: skip
    yield from (f"/keluarga/{query}" for query in (
        "", "?risiko=berisiko", "?risiko=belum", "?risiko=tidak", "?rumah=belum",
        f"?desa={cast.desa.code}",
    ))  # fmt: skip
    yield from (f"/prioritas/{query}" for query in (
        "", "?siapa=anak", "?siapa=ibu", "?sebab=merah", "?sebab=2t", "?sebab=tidak_ditimbang",
        "?jawaban=belum", "?jawaban=sudah", "?jawaban=saya",
    ))  # fmt: skip
    yield from (f"/laporan/{query}" for query in (
        f"?desa={cast.desa.code}", "?ganda=mungkin", f"?desa={cast.desa.code}&ganda=tidak",
        "?dokumen=ada", f"?desa={cast.desa.code}&kader=tanpa_akun",
    ))  # fmt: skip
    yield from (
        "/laporan/", "/laporan/?tab=terverifikasi", "/laporan/?tab=ditolak", "/laporan/tertahan/",
        "/laporan-saya/", "/poster/", "/posyandu/", "/hari-posyandu/?pilih=1",
        f"/hari-posyandu/{cast.melati.code}/{today}/",
    )  # fmt: skip
    yield from ("/tindakan/", "/tindakan/?status=butuh", "/tindakan/?status=berjalan",
                "/tindakan/?status=berakhir", "/tindakan/?pilar=sanitasi",
                "/tindakan/?pilar=sanitasi&status=butuh", "/tindakan/?pilar=kegiatan",
                "/tindakan/sanitasi/keluarga/", "/mitra/", "/bantuan-saya/")  # fmt: skip
    yield from ("/ganda/", "/ganda/?jenis=ibu", "/ganda/riwayat/", "/mutu/")
    yield from (f"{page}?q={text}" for page in ("/anak/", "/ibu/", "/keluarga/", "/prioritas/")
                for text in ("mentari", "mentari+kirana", "menyari", "1234"))  # fmt: skip
    yield from ("/orang/", "/hp/", "/jejak/", "/jejak/?perbuatan=view_child")


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """The questions put to the database, with their values."""
    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def scans(sql: str, params: Any) -> list[str]:
    """The large tables that the plan of a question reads from end to end."""
    with connection.cursor() as cursor:
        if environment.on_postgres():
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            return list(_scanned(json.loads(json.dumps(cursor.fetchone()[0]))[0]["Plan"]))
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [row[3] for row in cursor.fetchall()]
    read = [found[1] for step in steps if (found := re.match(r"SCAN (\w+)", step))]
    return [name for name in read if name in LARGE or _aliased(sql, name)]


def _aliased(sql: str, alias: str) -> bool:
    """Whether the alias of a subquery stands for a large table anywhere in the question."""
    return any(re.search(rf'"{table}" "?{alias}\b', sql) for table in LARGE)


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    """Of PostgreSQL's plan: read whole, or along an index without a beginning."""
    whole = plan["Node Type"] == "Seq Scan" or (
        plan["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in plan
    )
    if whole and plan.get("Relation Name") in LARGE:
        yield f"{plan['Node Type']} on {plan['Relation Name']}"
    for part in plan.get("Plans", []):
        yield from _scanned(part)


def fill(cast: SimpleNamespace) -> None:
    """Children, their visits and reports; of those that wait one is about a child who stands
    already, and two are about one child."""
    kabupaten.fill(cast.programme, EACH, others=OTHERS, each=EACH, seed=SEED)
    known = Child.objects.of(cast.programme).order_by("pk")[0]
    told = {name: getattr(known, name) for name in ("birth_date", "sex", "desa", "posyandu")}
    a_submission(cast, child_name=known.name, mother_name=known.mother.name, **told)
    for _ in range(2):
        a_submission(cast, child_name="Bunga Melur", mother_name="Sartinah")
    if not SLOW:
        kabupaten.pretend(400)


@pytest.mark.slow
def test_every_list_asks_few_questions_and_scans_no_large_table(cast: SimpleNamespace) -> None:
    fill(cast)
    many: dict[tuple[str, str], int] = {}
    read, opened = set(), set()
    plans: dict[str, list[str]] = {}
    clients = {who: signed_in(getattr(cast, who)) for who in (*REACHES, *OFFICES)}
    for who, page in openings(cast):
        if not SLOW and page in opened and who in OFFICES:
            continue
        with asked() as found:
            answer = clients[who].get(page)
        if answer.status_code != 200:
            continue
        opened.add(page)
        if len(found) > MOST_QUERIES:
            many[who, page] = len(found)
        for sql, params in found:
            if sql.startswith("SELECT") and sql not in plans:
                plans[sql] = scans(sql, params)
            if page not in WHOLE:
                read |= {(page, name) for name in plans.get(sql, ())}
    assert (many, sorted(read)) == ({}, [])
    assert opened == set(pages(cast)), set(pages(cast)) - opened


def openings(cast: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """Who opens what: in the full run everybody everything; else one of the whole programme, the
    smaller reaches only the bare lists, and the offices what nobody opened."""
    every = list(pages(cast))
    yield from ((REACHES[0], page) for page in every)
    for who in REACHES[1:]:
        yield from ((who, page) for page in every if SLOW or "?" not in page)
    yield from ((who, page) for who in OFFICES for page in every)


def test_a_scan_would_be_seen(cast: SimpleNamespace) -> None:
    """The test above can fail: a table read without its keys is named."""
    whole = "SELECT COUNT(*) FROM registry_child WHERE father_name = %s"
    within = (
        "SELECT 1 FROM accounts_user WHERE username = %s AND EXISTS "
        '(SELECT 1 FROM "registry_measurement" U0 WHERE U0.alert <> username)'
    )
    assert scans(whole, ["x"]) and scans(within, ["x"])
