"""How soon the kader's form is ready on a slow phone: Lighthouse against a fresh server.

    .venv/bin/python benchmarks/phone.py [--rounds 3] [--page /status/ …]

Simulated: 400 kbit/s, 400 ms a trip, a CPU four times slower. Medians over the rounds; each round
is a first visit with an empty profile and a repeat visit with the same one. Ends with 1 beyond the
budget of performance.md P13. Needs Chromium, Node and npm; Lighthouse (Apache-2.0) is put into the
cache folder of this account, never into the repository.
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
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.pop("DATABASE_URL", None)

from tests import environment  # noqa: E402, F401 - a temporary folder, before anything else
from tests.servers import CHROMIUM_FLAGS, Server, chromium_path, run_server  # noqa: E402

LIGHTHOUSE = "13.5.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kempling"
SLOW = {"rttMs": 400, "throughputKbps": 400, "cpuSlowdownMultiplier": 4}
READY, REPEAT = 3.0, 1.5  # seconds
PERFORMANCE, ACCESSIBILITY = 95, 100
BYTES, REQUESTS = 45_000, 6


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


def visit(port: int, url: str) -> dict[str, Any]:
    """Lighthouse's report of one visit; what the profile keeps stays."""
    command: list[str] = [
        str(lighthouse()), url, f"--port={port}", "--output=json", "--output-path=stdout",
        "--quiet",
        "--disable-storage-reset", "--form-factor=mobile", "--throttling-method=simulate",
        "--only-categories=performance,accessibility",
        *(f"--throttling.{name}={value}" for name, value in SLOW.items()),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout)


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


def measure(url: str, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of the first and of the repeat visit."""
    first, again = [], []
    for _ in range(rounds):
        with chromium() as port:
            first.append(figures(visit(port, url)))
            again.append(figures(visit(port, url)))
    return _medians(first), _medians(again)


def _medians(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(one[name] for one in found) for name in found[0]}


def beyond(first: dict[str, float], again: dict[str, float]) -> list[str]:
    """What is over the budget, in words."""
    held = {
        f"ready {first['ready']:.2f} s > {READY} s": first["ready"] <= READY,
        f"repeat visit {again['ready']:.2f} s > {REPEAT} s": again["ready"] <= REPEAT,
        f"performance {first['performance']:.0f}": first["performance"] >= PERFORMANCE,
        f"accessibility {first['accessibility']:.0f}": first["accessibility"] >= ACCESSIBILITY,
        f"{first['bytes']:.0f} bytes > {BYTES}": first["bytes"] <= BYTES,
        f"{first['requests']:.0f} requests > {REQUESTS}": first["requests"] <= REQUESTS,
    }
    return [words for words, holds in held.items() if not holds]


def show(name: str, visited: dict[str, float]) -> None:
    print(
        f"{name:<28} ready {visited['ready']:.2f} s, first words {visited['first words']:.2f} s, "
        f"performance {visited['performance']:.0f}, accessibility {visited['accessibility']:.0f}, "
        f"{visited['bytes']:.0f} bytes, {visited['requests']:.0f} requests"
    )


def warm(url: str) -> None:
    """Both workers have read their templates before anything is measured."""
    for _ in range(20):
        urllib.request.urlopen(url).close()


def form_of(server: Server) -> str:
    address = next(f["url"] for f in server.demo["forms"] if f["programme"] == "kempling")
    return "/" + address.split("/", 3)[3]


def main() -> int:
    asked = argparse.ArgumentParser(description="Ready on a slow phone.")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--page", nargs="*", default=[], help="more pages than the form")
    given = asked.parse_args()
    over = []
    with run_server() as server:
        for path in [form_of(server), *given.page]:
            warm(server.url + path)
            first, again = measure(server.url + path, given.rounds)
            name = "/l/…/" if path.startswith("/l/") else path
            show(name, first)
            show(f"{name} again", again)
            over += [f"{name}: {words}" for words in beyond(first, again)]
    print(*(over or ["Within the budget."]), sep="\n")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
