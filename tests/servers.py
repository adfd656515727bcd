"""Real server processes on 127.0.0.1, for what the test client cannot show.

A server is started as script/server starts it, in a fresh DATA_DIR; on a PostgreSQL run it gets a
fresh database on the server of the run. Preparing is done once per run and copied.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import environment

REPOSITORY = Path(__file__).resolve().parent.parent
# Stands in the prepared copy where the address of the server belongs: its port is not known yet.
_NO_ADDRESS = "http://address.invalid"
CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Server:
    """One portal: its folder, its database and, while it runs, its processes."""

    def __init__(self, data_dir: Path, database: str, env: Mapping[str, str]) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {**_clean_environment(), "SITE_URL": self.url, **env}
        self.env["DATA_DIR"] = str(data_dir)
        if database:
            self.env["DATABASE_URL"] = database
        self.app = ""  # another WSGI application than the configured one (tests/dying.py)
        self._process: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def demo(self) -> dict[str, Any]:
        """What ``demo.json`` says: the accounts and the forms."""
        return json.loads((self.data_dir / "demo.json").read_text())

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return (self.data_dir / "server.log").read_text()

    @property
    def pids(self) -> list[int]:
        """The processes that serve, known by their folder and not by their parent.

        Workers whose master died first have another parent, and still answer for a second.
        """
        mine = f"DATA_DIR={self.data_dir}".encode()
        return [int(path.parent.name) for path in _environments() if mine in _parts(path)]

    def manage(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a manage.py command on this portal. Raises CalledProcessError with its output."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=self.env, capture_output=True, text=True, **options
        )
        if done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done

    def start(self) -> None:
        """Start serving, on the same address each time, and wait until /healthz answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        command += [self.app] if self.app else []
        with (self.data_dir / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{self.port}"],
                cwd=REPOSITORY,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_healthy(seconds=120)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start the process that carries long tasks; most tests need none."""
        with (self.data_dir / "server.log").open("ab") as log:
            self._worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=REPOSITORY,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self._worker

    def stop_worker(self, number: int = signal.SIGTERM) -> int:
        """End the worker as an administrator does, or with SIGKILL; returns its exit code."""
        if self._worker is None:
            return 0
        self._worker.send_signal(number)
        code = self._worker.wait(timeout=60)
        self._worker = None
        return code

    def stop(self) -> None:
        """End it as an administrator does. Raises TimeoutExpired where it hangs."""
        self.stop_worker()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise
        self._process = None

    def kill9(self) -> None:
        """End all its processes at once, as a power cut does. Returns when none is left."""
        end = time.monotonic() + 60
        while pids := self.pids:
            assert time.monotonic() < end, f"Not to be ended: {pids}"
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for child in filter(None, (self._process, self._worker)):
                child.wait(timeout=60)
            time.sleep(0.02)
        self._process = self._worker = None

    def _wait_until_healthy(self, seconds: int) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                break
            with contextlib.suppress(OSError, urllib.error.URLError):
                if status_of(f"{self.url}/healthz") == 200:
                    return
            time.sleep(0.1)
        self.kill9()
        raise AssertionError(f"The server does not serve:\n{self.log[-3000:]}")


@contextlib.contextmanager
def run_server(env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve a fresh portal; ``env`` adds to its environment (KEMPLING_DEMO=0: without people).

    ``env`` may name a DATA_DIR to keep: it is then prepared in place and left there at the end.
    """
    given = dict(env or {})
    kept = given.pop("DATA_DIR", None)
    data_dir = Path(kept) if kept else Path(tempfile.mkdtemp(dir=environment.ROOT)) / "data"
    with fresh_database(given, prepared=not kept) as database:
        server = Server(data_dir, database, given)
        if kept:
            server.manage("prepare")
        else:
            _copy_prepared(given.get("KEMPLING_DEMO", "1"), server)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            if not kept:
                shutil.rmtree(data_dir.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One portal with the demo, shared by the tests of a run that only add to it."""
    with run_server() as running:
        yield running


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def _clean_environment() -> dict[str, str]:
    """The environment of a portal nobody configured."""
    ours = {"DATA_DIR", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return {**inherited, "KEMPLING_DEMO": "1", "RATE_LIMITS": "off", "PYTHONUNBUFFERED": "1"}


def _environments() -> Iterator[Path]:
    return Path("/proc").glob("[0-9]*/environ")


def _parts(environment: Path) -> list[bytes]:
    """What stands in the environment of a process; nothing when it has ended or is not ours."""
    try:
        return environment.read_bytes().split(b"\0")
    except OSError:
        return []


def _free_port() -> int:
    """A port that the system gives to no outgoing connection.

    Whoever knocks while nobody serves would else, once in some thousand times, be connected with
    itself, and the server could not come back to its port.
    """
    outgoing = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    below = range(10_000, max(int(outgoing[0]), 11_000))
    while True:
        port = secrets.choice(below)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


# --- Preparing once for all -------------------------------------------------------------------


def _prepared_folder(demo: str) -> Path:
    database = "postgres" if environment.on_postgres() else "sqlite"
    return environment.PREPARED / f"prepared-{database}-{demo}"


def _prepared_database(demo: str) -> str:
    return f"prepared_{demo}_{environment.ROOT.name.rpartition('-')[2]}".lower()


def _prepare_once(demo: str) -> None:
    """Prepare a portal to copy from; all runs of script/test share it, and wait for the first."""
    folder = _prepared_folder(demo)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "server.log").exists():
            return
        database = ""
        if environment.on_postgres():
            database = _create_database(_prepared_database(demo), template="template0")
        original = Server(folder, database, {"KEMPLING_DEMO": demo, "SITE_URL": _NO_ADDRESS})
        original.manage("prepare")
        (folder / "server.log").touch()


def _copy_prepared(demo: str, server: Server) -> None:
    _prepare_once(demo)
    shutil.copytree(_prepared_folder(demo), server.data_dir)
    accounts = server.data_dir / "demo.json"
    if accounts.exists():
        accounts.write_text(accounts.read_text().replace(_NO_ADDRESS, server.env["SITE_URL"]))


@contextlib.contextmanager
def fresh_database(
    env: Mapping[str, str] | None = None, *, prepared: bool = False
) -> Iterator[str]:
    """The address of a database for one server, and its end; "" is SQLite in its DATA_DIR."""
    env = env or {}
    if "DATABASE_URL" in env:
        yield env["DATABASE_URL"]
    elif environment.on_postgres():
        template = "template0"
        if prepared:
            demo = env.get("KEMPLING_DEMO", "1")
            _prepare_once(demo)
            template = _prepared_database(demo)
        name = f"portal_{uuid.uuid4().hex}"
        yield _create_database(name, template=template)
        _on_postgres(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        yield ""


def _create_database(name: str, *, template: str) -> str:
    _on_postgres(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{_postgres_server()}/{name}"


def _postgres_server() -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[0]


def _on_postgres(statement: str) -> None:
    with psycopg.connect(f"{_postgres_server()}/postgres", autocommit=True) as connection:
        connection.execute(statement)
