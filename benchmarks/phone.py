"""How soon a page is ready on a slow phone: Lighthouse against a fresh server.

    .venv/bin/python benchmarks/phone.py [--rounds 5] [--page /status/ …] [--desk] [--line]

A phone with 400 kbit/s, 400 ms a trip and a CPU four times slower. Medians over the rounds; each
round is a first visit with an empty profile and a repeat visit with the same one. Ends with 1
beyond the budgets of performance.md: P13 for the kader's pages, with --desk P14 for an officer's.

By default Lighthouse simulates the phone from what it saw at full speed: 2 trips for the name, one
to connect, one for the page. --line sends every packet over such a line in truth (tests/proxy.py,
none lost) and tells what was seen; there a name costs no trip, and the bytes are all that came,
also what the service worker laid down for the next visit.

The CPU counts: measure on an idle machine, the load is printed. Needs Chromium, Node and npm;
Lighthouse (Apache-2.0) is put into the cache folder of this account, never into the repository.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import django

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.pop("DATABASE_URL", None)

from tests import environment  # noqa: E402, F401 - a temporary folder, before anything else

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kempling.settings")
django.setup()
from tests.proxy import Line, Proxy  # noqa: E402
from tests.servers import CHROMIUM_FLAGS, Server, chromium_path, run_server  # noqa: E402
from tests.test_weight import cookie_of  # noqa: E402

LIGHTHOUSE = "13.5.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kempling"
SIMULATED = {"rttMs": 400, "throughputKbps": 400, "cpuSlowdownMultiplier": 4}
BY_LINE = {
    "requestLatencyMs": 0, "downloadThroughputKbps": 0, "uploadThroughputKbps": 0,
    "cpuSlowdownMultiplier": 4,
}  # fmt: skip
READY, REPEAT = 3.0, 1.5  # seconds
PERFORMANCE, ACCESSIBILITY = 95, 100
BYTES, REQUESTS = 45_000, 6
DESK_READY, DESK_BYTES = 5.0, 100_000
DESK = ("/", "/laporan/", "/anak/", "/tindakan/", "/sop/", "/laporan-bulanan/")
OFFICER = "petugas.kempling"
SETTLED = 5  # seconds in which the service worker lays down the next visit


def lighthouse() -> Path:
    """The pinned Lighthouse; fetched once. Its install scripts are not run."""
    folder = CACHE / f"lighthouse-{LIGHTHOUSE}"
    program = folder / "node_modules/.bin/lighthouse"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([*command, "--prefix", folder, f"lighthouse@{LIGHTHOUSE}"], check=True)
    return program


@contextmanager
def chromium() -> Iterator[int]:
    """A Chromium with an empty profile; the port by which it is steered."""
    profile = Path(tempfile.mkdtemp())
    flags = [*CHROMIUM_FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0"]
    command = [chromium_path() or "chromium", *flags, "about:blank"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        told = profile / "DevToolsActivePort"
        while not told.exists() or not told.read_text():
            time.sleep(0.05)
        yield int(told.read_text().split()[0])
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(profile, ignore_errors=True)


def visit(port: int, url: str, *, line: bool = False, cookie: str = "") -> dict[str, Any]:
    """Lighthouse's report of one visit; what the profile keeps stays.

    A busy machine makes it miss a visit: then once more, three times at most.
    """
    slow = BY_LINE if line else SIMULATED
    command: list[str] = [
        str(lighthouse()), url, f"--port={port}", "--output=json", "--output-path=stdout",
        "--quiet", "--disable-storage-reset", "--form-factor=mobile",
        f"--throttling-method={'devtools' if line else 'simulate'}",
        "--only-categories=performance,accessibility",
        *(f"--throttling.{name}={value}" for name, value in slow.items()),
        *([f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []),
    ]  # fmt: skip
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        if not done.returncode:
            return json.loads(done.stdout)
    raise SystemExit(done.stderr[-2000:])


def figures(report: dict[str, Any]) -> dict[str, float]:
    """What the budget speaks of; ready is the later of "largest words drawn" and "usable"."""
    audits = report["audits"]
    drawn, usable = (
        audits[name]["numericValue"] / 1000 for name in ("largest-contentful-paint", "interactive")
    )
    fetched = audits["network-requests"]["details"]["items"]
    scores = {name: round(part["score"] * 100) for name, part in report["categories"].items()}
    return {
        "ready": max(drawn, usable),
        "first words": audits["first-contentful-paint"]["numericValue"] / 1000,
        "bytes": audits["total-byte-weight"]["numericValue"],
        "requests": len([one for one in fetched if one["url"].startswith("http")]),
        **scores,
    }


def measure(
    url: str, rounds: int, proxy: Proxy | None = None, cookie: str = ""
) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of the first and of the repeat visit; over the line of ``proxy`` if one is given."""
    first: list[dict[str, float]] = []
    again: list[dict[str, float]] = []
    for _ in range(rounds):
        with chromium() as port:
            for found in (first, again):
                came = proxy.line.down if proxy else 0
                seen = figures(visit(port, url, line=bool(proxy), cookie=cookie))
                if proxy:
                    time.sleep(SETTLED)
                    seen["bytes"] = proxy.line.down - came
                found.append(seen)
    return _medians(first), _medians(again)


def _medians(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(one[name] for one in found) for name in found[0]}


def beyond(first: dict[str, float], again: dict[str, float]) -> list[str]:
    """What of a kader's page is over the budget, in words."""
    held = {
        f"ready {first['ready']:.2f} s > {READY} s": first["ready"] <= READY,
        f"repeat visit {again['ready']:.2f} s > {REPEAT} s": again["ready"] <= REPEAT,
        f"performance {first['performance']:.0f}": first["performance"] >= PERFORMANCE,
        f"accessibility {first['accessibility']:.0f}": first["accessibility"] >= ACCESSIBILITY,
        f"{first['bytes']:.0f} bytes > {BYTES}": first["bytes"] <= BYTES,
        f"{first['requests']:.0f} requests > {REQUESTS}": first["requests"] <= REQUESTS,
    }
    return [words for words, holds in held.items() if not holds]


def beyond_desk(first: dict[str, float]) -> list[str]:
    """What of an officer's page is over the budget, in words."""
    held = {
        f"ready {first['ready']:.2f} s > {DESK_READY} s": first["ready"] <= DESK_READY,
        f"{first['bytes']:.0f} bytes > {DESK_BYTES}": first["bytes"] <= DESK_BYTES,
    }
    return [words for words, holds in held.items() if not holds]


def show(name: str, visited: dict[str, float]) -> None:
    print(
        f"{name:<28} ready {visited['ready']:.2f} s, first words {visited['first words']:.2f} s, "
        f"performance {visited['performance']:.0f}, accessibility {visited['accessibility']:.0f}, "
        f"{visited['bytes']:.0f} bytes, {visited['requests']:.0f} requests"
        f"   (load {os.getloadavg()[0]:.1f})",
        flush=True,
    )


def warm(url: str) -> None:
    """Both workers have read their templates before anything is measured."""
    for _ in range(20):
        urllib.request.urlopen(url).close()


def form_of(server: Server) -> str:
    address = next(f["url"] for f in server.demo["forms"] if f["programme"] == "kempling")
    return "/" + address.split("/", 3)[3]


def kader_pages(server: Server, pages: list[str], rounds: int, proxy: Proxy | None) -> list[str]:
    """The form and ``pages``, measured; what is over the budget, in words."""
    over = []
    for path in [form_of(server), *pages]:
        warm(server.url + path)
        first, again = measure((proxy or server).url + path, rounds, proxy)
        name = "/l/…/" if path.startswith("/l/") else path
        show(name, first)
        show(f"{name} again", again)
        over += [f"{name}: {words}" for words in beyond(first, again)]
    return over


def desk_pages(server: Server, rounds: int, proxy: Proxy | None) -> list[str]:
    """An officer's pages, signed in."""
    over, cookie = [], cookie_of(server, OFFICER)
    for path in DESK:
        first, again = measure((proxy or server).url + path, rounds, proxy, cookie)
        show(f"desk {path}", first)
        show(f"desk {path} again", again)
        over += [f"desk {path}: {words}" for words in beyond_desk(first)]
    return over


def main() -> int:
    asked = argparse.ArgumentParser(description="Ready on a slow phone.")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--page", nargs="*", default=[], help="more pages than the form")
    asked.add_argument("--desk", action="store_true", help="also an officer's pages (P14)")
    asked.add_argument("--line", action="store_true", help="over a slow line in truth")
    given = asked.parse_args()
    with run_server() as server, ExitStack() as open_:
        line = Line(loss=0)
        proxy = open_.enter_context(Proxy(server.port, line)) if given.line else None
        over = kader_pages(server, given.page, given.rounds, proxy)
        over += desk_pages(server, given.rounds, proxy) if given.desk else []
    print(*(over or ["Within the budget."]), sep="\n")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
