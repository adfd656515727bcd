"""P15: on a slow, lossy line that is cut, every report and its photo arrives, and exactly once.

A real Chromium, the form as a kader uses it, the kotak kirim of that phone, and between it and the
server the line of tests/proxy.py: 400 kbit/s, 400 ms, 5 % of the packets lost, answers lost after
the work was done, the signal gone twice. script/test --slow sends 50 reports with cuts of 30 s and
waits beside the phone; script/test sends few over a quicker line and presses "send" itself.
"""

import io
import json
import random
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests import environment
from tests.browsing import everything_kept, outbox_ready, until
from tests.proxy import Line, Proxy
from tests.servers import Server, run_server
from tests.test_browser_report import fill, form_url

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REPORTS, CUT = environment.rounds(3, 50), environment.rounds(5, 30)
PHOTO_SIDE = environment.rounds(240, 1600)
LINE = {} if environment.SLOW else {"kbits": 2_000, "round_trip": 0.1}
KEPT = "await caches.match(location.pathname) && navigator.serviceWorker.controller"
WAITING = "Kotak.list().then((rows) => rows.map((row) => [row.state, row.code, row.tries]))"
_STORED = """
import json
from registry.models import HeldReport, Submission
sent = Submission.objects.filter(child_name__startswith="Anak Kirim")
print("ROWS" + json.dumps({"names": sorted(sent.values_list("child_name", flat=True)),
    "photos": [s.documents.count() for s in sent], "held": HeldReport.objects.count()}))
"""


def a_photo(number: int) -> dict[str, Any]:
    """A picture that packs badly, as a photo does."""
    grain = random.Random(number).randbytes(PHOTO_SIDE * PHOTO_SIDE // 16 * 3)
    small = Image.frombytes("RGB", (PHOTO_SIDE // 4, PHOTO_SIDE // 4), grain)
    out = io.BytesIO()
    small.resize((PHOTO_SIDE, PHOTO_SIDE)).save(out, "JPEG", quality=85)
    return {"name": f"foto{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def name_of(number: int) -> str:
    return f"Anak Kirim {number:02d}"


def stored(server: Server) -> dict[str, Any]:
    printed = server.manage("shell", "-v0", "-c", _STORED).stdout
    return json.loads(printed.split("ROWS", 1)[1])


def send_one(page: "Page", form: str, number: int) -> None:
    """Open the form, with a signal or without; type; press "Kirim"; read what it says."""
    page.goto(form)
    outbox_ready(page)
    fill(page, name_of(number))
    page.locator("input[type=file]").set_input_files([a_photo(number)])
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_text("Tersimpan di HP ini.").or_(page.locator(".code")).first.wait_for(
        timeout=120_000
    )


def cut_for(proxy: Proxy, seconds: int) -> threading.Timer:
    """No signal from now on; it comes back by itself."""
    proxy.cut()
    back = threading.Timer(seconds, proxy.mend)
    back.start()
    return back


def empty_the_outbox(page: "Page", seconds: int) -> None:
    """Wait beside the phone until nothing waits any more."""
    impatient = "Kotak.list().then((rows) => Promise.all(rows.map((row) => Kotak.retry(row.id))))"
    end = time.monotonic() + seconds
    while waiting := page.evaluate(WAITING):
        assert time.monotonic() < end, waiting
        assert not [row for row in waiting if row[0] == "dilihat"], waiting
        if not environment.SLOW:
            page.evaluate(impatient)
        page.wait_for_timeout(1000)


def test_every_report_arrives_once(browser: "Browser") -> None:
    with run_server() as server, Proxy(server.port, Line(seed=7, **LINE)) as proxy:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        context.set_default_timeout(60_000)
        page = context.new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        form = form_url(server).replace(server.url, proxy.url)
        page.goto(form)
        until(page, KEPT)
        cuts = []
        for number in range(REPORTS):
            if number in (REPORTS // 3, 2 * REPORTS // 3):
                cuts.append(cut_for(proxy, CUT))
            elif number % 2 == 0:
                proxy.lose_answers(1)
            send_one(page, form, number)
        for back in cuts:
            back.join()
        page.close()  # the form is closed; another page of the portal sends what waits
        page = context.new_page()
        page.goto(f"{proxy.url}/kotak-kirim/")
        empty_the_outbox(page, 120 + 30 * REPORTS)
        print(proxy.line)  # noqa: T201 - what the line did
        found = stored(server)
        assert found["names"] == [name_of(number) for number in range(REPORTS)]
        assert found["photos"] == [1] * REPORTS and not found["held"]
        assert proxy.line.answers_lost and proxy.line.stalls
        assert page.evaluate(WAITING) == [] and "Anak Kirim" not in everything_kept(page)
        assert not failures, failures
        context.close()
