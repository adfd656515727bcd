"""script/server: from nothing to a portal that serves, again without a change, and to its end."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import REPOSITORY, Server, fresh_database, run_server, status_of

pytestmark = pytest.mark.live


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Server]:
    """A portal of which nothing exists yet."""
    with fresh_database() as database:
        yield Server(tmp_path / "data", database, {})


@contextlib.contextmanager
def script_server(portal: Server, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """script/server, called from ``folder``; ended with all it started, whatever happens."""
    started = subprocess.Popen(
        [REPOSITORY / "script/server"],
        cwd=folder,
        env=portal.env | {"PORT": str(portal.port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield started
    finally:
        started.terminate()
        with contextlib.suppress(ValueError):  # its output was read already
            started.communicate(timeout=60)


def until(condition: Any, seconds: int = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def serves(portal: Server) -> bool:
    with contextlib.suppress(OSError):
        return status_of(f"{portal.url}/healthz") == 200
    return False


def processes_of(portal: Server) -> list[int]:
    """Every process that works on this portal's folder."""
    mark = f"DATA_DIR={portal.data_dir}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return found


def rows(portal: Server) -> str:
    """Everything in the database, as text."""
    left_out = ["contenttypes", "auth.permission", "sessions"]
    return portal.manage("dumpdata", *(f"--exclude={name}" for name in left_out)).stdout


@pytest.mark.once
def test_it_serves_and_a_second_start_changes_nothing(portal: Server, tmp_path: Path) -> None:
    with script_server(portal, tmp_path) as started:
        until(lambda: started.poll() is not None or serves(portal))
        assert started.poll() is None, started.communicate()[0]
        roles = {(account["programme"], account["role"]) for account in portal.demo["accounts"]}
        assert {("kempling", "camat"), ("gasken", "camat")} <= roles
        assert {form["programme"] for form in portal.demo["forms"]} == {"kempling", "gasken"}
        before = rows(portal), portal.demo
    assert processes_of(portal) == []
    with script_server(portal, Path("/")) as started:
        until(lambda: started.poll() is not None or serves(portal))
        assert (rows(portal), portal.demo) == before


@pytest.mark.once
def test_sigterm_while_preparing_leaves_nothing_behind(portal: Server, tmp_path: Path) -> None:
    portal.env["KEMPLING_DEMO"] = "0"
    with script_server(portal, tmp_path) as started:
        until(lambda: portal.data_dir.exists())
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=60) == 128 + signal.SIGTERM
        assert processes_of(portal) == []
    portal.manage("prepare")
    assert '"model": "regions.programme"' in rows(portal)


def test_two_at_once_prepare_one_portal(portal: Server) -> None:
    portal.env["KEMPLING_DEMO"] = "0"
    command = [str(REPOSITORY / "script/manage"), "prepare"]
    both = [
        subprocess.Popen(command, env=portal.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    outputs = [one.communicate(timeout=300)[0].decode() for one in both]
    assert [one.returncode for one in both] == [0, 0], outputs
    before = rows(portal)
    portal.manage("prepare")
    assert rows(portal) == before


@pytest.mark.once
def test_without_demo_there_are_no_people(portal: Server) -> None:
    portal.env["KEMPLING_DEMO"] = "0"
    said = portal.manage("prepare").stdout
    assert f"{portal.url}/" in said, "the one-time address of the first administrator"
    assert not (portal.data_dir / "demo.json").exists()
    assert '"model": "regions.programme"' in rows(portal)
    assert '"model": "registry.child"' not in rows(portal)


@pytest.mark.once
def test_keys_are_for_the_owner_only() -> None:
    with run_server({"KEMPLING_DEMO": "0"}) as server:
        modes = {key.stat().st_mode & 0o777 for key in (server.data_dir / "keys").iterdir()}
        assert modes == {0o600}


@pytest.mark.once
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"KEMPLING_DEMO": "0", "DEBUG": "1"}, "DEBUG"),
        ({"KEMPLING_DEMO": "1"}, "KEMPLING_DEMO=0"),
        ({"KEMPLING_DEMO": "0"}, "SECRET_KEY"),
    ],
)
def test_production_refuses(portal: Server, changes: dict[str, str], said: str) -> None:
    portal.env |= {"KEMPLING_ENV": "production", **changes}
    with pytest.raises(AssertionError, match=said):
        portal.manage("check")
    assert not portal.data_dir.exists()


def test_after_kill_9_it_serves_again() -> None:
    with run_server() as server:
        server.kill9()
        assert not serves(server)
        server.start()
        assert serves(server)
