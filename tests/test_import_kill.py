"""Imports against death and against each other: real worker processes, on both databases.

Killed (-9) at any moment, a list is in the registry whole or not at all, and the next worker
brings it in; two importers of one list at once leave each child once (security.md case 51).
"""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import environment
from tests.servers import REPOSITORY, Server, run_server
from tests.test_serve import until

pytestmark = [pytest.mark.live, pytest.mark.slow]

ROWS, KILLS = environment.rounds(200, 2_000), environment.rounds(1, 20)
SECONDS = ROWS / 400  # about as long as writing takes
# Made in the portal's own database: lists of ROWS children, analysed.
_LISTS = """
import json, random
from datetime import date, timedelta
from types import SimpleNamespace
from accounts import jobs
from accounts.models import Grant, User
from regions.models import Programme
from registry.imports import workflow
from tests.handed_in import content, handed_in, row
programme = Programme.objects.get(code="kempling")
user, is_new = User.objects.get_or_create(username="petugas.lomba")
if is_new:
    Grant.objects.create(user=user, role="petugas", programme=programme)
place = SimpleNamespace(petugas=user, programme=programme)
def word(chance):
    return "".join(chance.choice("bcdfghjklmnprstwy") + chance.choice("aiueo") for _ in range(4))
def rows(seed):
    chance = random.Random(seed)
    return [row(Nama=f"{word(chance)} {word(chance)}", Nama_Ibu=word(chance), RW=str(n % 90),
                Nama_Ayah=word(chance), Alamat=f"Jalan {word(chance)}",
                Tgl_Lahir=str(date(2023, 1, 1) + timedelta(days=n % 1200))) for n in range(ROWS)]
made = []
for seed in SEEDS:
    source = handed_in(place, content(rows(seed)))
    workflow.map_columns(user, source, source.columns, "daftar")
    job = jobs.take()
    jobs.carry(job)
    assert job.state == "done", job.message
    source.refresh_from_db()
    made.append(source)
print("MADE" + json.dumps([[source.code, source.rows.accepted().count()] for source in made]))
"""
_BEGIN = """
import json
from accounts.models import User
from registry.imports import workflow
from registry.models import Import
source = Import.objects.get(code="CODE")
workflow.begin_write(User.objects.get(username="petugas.lomba"), source, "400/12/2026")
source.refresh_from_db()
print("MADE" + json.dumps(source.job.code))
"""
_STATE = """
import json
from registry.models import Child, Consent, Import, Measurement
tables = (Child, Consent, Measurement)
source = Import.objects.get(code="CODE")
print("MADE" + json.dumps([source.state, source.job.state,
                           *(table.objects.count() for table in tables)]))
"""
_CARRY = """
import sys, django
django.setup()
from accounts import jobs
import registry.imports.workflow
job = jobs.take()
print("READY", flush=True)
sys.stdin.readline()
jobs.carry(job)
print(job.state, job.message)
"""


@pytest.fixture(scope="module")
def portal() -> Iterator[Server]:
    with run_server({"KEMPLING_DEMO": "0"}) as server:
        server.stop()  # the database is enough
        yield server


def told(portal: Server, script: str, **values: str) -> Any:
    for name, value in values.items():
        script = script.replace(name, value)
    return json.loads(portal.manage("shell", "-v0", "-c", script).stdout.split("MADE", 1)[1])


def lists(portal: Server, seeds: list[int]) -> list[list[Any]]:
    return told(portal, _LISTS, SEEDS=str(seeds), ROWS=str(ROWS))


def state(portal: Server, one: list[Any]) -> list[Any]:
    """[state of the list, of its job, children, legal bases, visits]."""
    return told(portal, _STATE, CODE=one[0])


def begin(portal: Server, one: list[Any]) -> str:
    """Put the writing in line; the code of its job."""
    return told(portal, _BEGIN, CODE=one[0])


def test_kill_9_leaves_all_rows_or_none(portal: Server) -> None:
    chance, halves = random.Random(), 0
    made = lists(portal, list(range(KILLS)))
    assert all(count > 0.9 * ROWS for _, count in made)
    for one in made:
        before, count = state(portal, one), one[1]
        job = begin(portal, one)
        portal.start_worker()
        _wait_for_the_writing(portal, job)
        time.sleep(chance.uniform(0, SECONDS))
        portal.stop_worker(signal.SIGKILL)
        found = state(portal, one)
        halves += found[0] == "analysed"
        assert found[2:] in (before[2:], [number + count for number in before[2:]])
        assert (found[0] == "written") == (found[2:] != before[2:]), "and the page says which"
        portal.start_worker()
        until(lambda here=one: _is_over(portal, here))
        portal.stop_worker()
        assert state(portal, one) == ["written", "done", *(n + count for n in before[2:])]
    assert halves or KILLS < 10, "most of 20 kills hit the writing itself"


def _wait_for_the_writing(portal: Server, job: str) -> None:
    """Until its transaction is open, or was: what it tells then lies in a file."""
    file, end = portal.data_dir / "jobs" / f"{job}.json", time.monotonic() + 60
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.01)


def _is_over(portal: Server, one: list[Any]) -> bool:
    time.sleep(0.5)
    return state(portal, one)[1] not in ("waiting", "running")


def test_two_importers_at_once_leave_each_child_once(portal: Server) -> None:
    one, other = lists(portal, [77, 77])
    before = state(portal, one)
    begin(portal, one)
    begin(portal, other)
    env = portal.env | {"DJANGO_SETTINGS_MODULE": "kempling.settings", "PYTHONPATH": "."}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _CARRY], cwd=REPOSITORY, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert all(process.stdout and process.stdout.readline() == "READY\n" for process in both)
    answers = [process.communicate("\n", timeout=300)[0] for process in both]
    assert [answer.split()[0] for answer in answers] == ["done", "done"], answers
    after = state(portal, one)
    assert after[0] == state(portal, other)[0] == "written"
    assert after[2:] == [number + one[1] for number in before[2:]]
