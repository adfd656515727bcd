"""A posyandu morning without a signal in a real Chromium: none lost, none twice, no name left.

The signal is cut in two ways: the phone knows that it has none (set_offline), and it believes to
have one while nobody answers (the server is stopped). The browser is closed and opened in between.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import many_children
from tests.browsing import everything_kept, files_with, until
from tests.servers import CHROMIUM_FLAGS, Server, chromium_path, run_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
MANY = 60
KADER = "kader.kempling"
SHELL = "/hari-posyandu/luring/"
_STORED = """
import json
from registry.models import Measurement
rows = Measurement.objects.filter(measured_on="{on}", child__name__startswith="Pagi ")
print("ROWS" + json.dumps([[r.child.code, str(r.weight_kg), str(r.length_height_cm), r.measure,
                            r.created_by and r.created_by.username]
                           for r in rows.select_related("child")]))
"""
_WAITING = "async () => (await Kotak.list()).length"
# Asked while pages come and go: one whose scripts are still on their way counts as all waiting.
_LEFT = "async () => window.Kotak ? (await Kotak.list()).length : 1000"
# keluar.js took the day's list off the phone; nothing else of the outbox.
_NO_LIST = """await new Promise((done) => { indexedDB.open("kotak").onsuccess = (opened) => {
    const db = opened.target.result;
    db.transaction("draf").objectStore("draf").count("hari").onsuccess = (found) => {
        db.close(); done(found.target.result === 0); }; }; })"""
# Nothing is sent but when the test says so: not by the page's clock of 40 seconds, and not by the
# service worker, which is told of a signal by the browser in its own time.
_STILL = """
window.setInterval = () => 0;
Object.defineProperty(ServiceWorkerRegistration.prototype, "sync", {value: undefined});
"""


class Phone:
    """A browser profile on disk that is closed and opened again, as a phone's is."""

    def __init__(self, browser: "Browser", profile: Path) -> None:
        self.browser, self.profile = browser, profile
        self.failures: list[str] = []
        self.context: BrowserContext | None = None

    def open(self, *, still: bool = False) -> "Page":
        """A page of the phone; ``still``: it sends nothing by itself (``_STILL``)."""
        self.context = self.browser.browser_type.launch_persistent_context(
            str(self.profile), executable_path=chromium_path(), headless=True, args=CHROMIUM_FLAGS,
            viewport={"width": 360, "height": 740}, locale="id-ID", timezone_id="Asia/Jakarta",
        )  # fmt: skip
        if still:
            self.context.add_init_script(_STILL)
        page = self.context.pages[0]
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        return page

    def close(self) -> None:
        if self.context:
            self.context.close()
        self.context = None


@pytest.fixture(scope="module")
def morning() -> Iterator[tuple[Server, dict[str, Any]]]:
    """A portal of its own with sixty children due today."""
    with run_server() as running:
        yield running, many_children.make(running, KADER, MANY)


@pytest.fixture
def phone(
    morning: tuple[Server, dict[str, Any]], browser: "Browser", tmp_path: Path
) -> Iterator[Phone]:
    found = Phone(browser, tmp_path / "profile")
    yield found
    found.close()
    if not morning[0].pids:  # a test that failed while nobody answered
        morning[0].start()
    assert not found.failures, found.failures


def sign_in(page: "Page", server: Server, username: str = KADER, then: str = "/") -> None:
    account = next(a for a in server.demo["accounts"] if a["username"] == username)
    page.goto(server.url + "/masuk/?next=" + then)
    page.locator("[name=login]").fill(account["username"])
    page.locator("[name=password]").fill(account["password"])
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(server.url + then)


def sign_out(page: "Page", server: Server) -> None:
    page.goto(server.url + "/keluar/")
    page.locator("main form button").click()
    page.wait_for_url(server.url + "/masuk/")
    until(page, _NO_LIST)


def day_path(made: dict[str, Any], on: str = "today") -> str:
    return f"/hari-posyandu/{made['posyandu']}/{made[on]}/"


def open_day(page: "Page", server: Server, path: str) -> None:
    """The day with a signal: afterwards the list and the shell are on the phone."""
    page.goto(server.url + path)
    page.locator("[data-kept-here]").wait_for(state="visible")


def fits(page: "Page") -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def type_in(page: "Page", child: dict[str, Any]) -> tuple[str, ...]:
    """Type one child's numbers into the boxes that stand; what is to be in the database."""
    page.locator("h1:visible", has_text=child["name"]).wait_for()
    page.locator("[name=weight_kg]").fill(child["weight"].replace(".", ","))
    page.locator("[name=length_height_cm]").fill(child["length"].replace(".", ","))
    page.get_by_role("button", name="Simpan").click()
    posture = "l" if child["days"] < 731 else "h"
    return (f"{float(child['weight']):.2f}", f"{float(child['length']):.2f}", posture, KADER)


def in_shell(page: "Page", child: dict[str, Any]) -> tuple[str, ...]:
    page.locator("#q").fill("")
    page.get_by_role("link", name=child["name"]).click()
    said = type_in(page, child)
    page.locator("[data-view=list]").wait_for(state="visible")
    return said


def held(page: "Page", count: int) -> None:
    """Exactly so many entries wait in the list."""
    rows = page.locator("[data-part=held] li")
    rows.nth(count - 1).wait_for(state="attached")
    assert rows.count() == count


def all_sent(page: "Page") -> None:
    """Wait for the outbox to be empty; who is asked back says that it is right.

    However long it takes, as long as it goes on: half a minute without one going is too long.
    """
    left, end = page.evaluate(_LEFT), time.monotonic() + 30
    while left:
        assert time.monotonic() < end, left
        # In one go: between looking and clicking the page may have taken the button away.
        yes = page.get_by_role("button", name="Ya, memang benar")
        yes.evaluate_all("found => found.length && found[0].click()")
        page.wait_for_timeout(200)
        now = page.evaluate(_LEFT)
        if now < left:
            left, end = now, time.monotonic() + 30


def stored(server: Server, on: str) -> list[list[str]]:
    script = _STORED.format(on=on)
    return json.loads(server.manage("shell", "-v", "0", "-c", script).stdout.split("ROWS", 1)[1])


def test_sixty_children_with_the_signal_cut_twice(
    morning: tuple[Server, dict[str, Any]], phone: Phone
) -> None:
    server, made = morning
    children, path, typed = made["children"], day_path(made), {}
    page = phone.open()
    sign_in(page, server)
    open_day(page, server, path)
    for child in children[:5]:  # with a signal, on the plain pages
        page.goto(f"{server.url}{path}{child['code']}/")
        typed[child["code"]] = type_in(page, child)
        page.wait_for_selector(".verdict, [name=confirmed]")
        if page.locator("[name=confirmed]").count():
            page.locator("[name=confirmed]").check()
            page.get_by_role("button", name="Simpan").click()
            page.wait_for_selector(".verdict")
    # The first cut, under the hands: the entry page is open and the phone says it has no signal.
    page.goto(f"{server.url}{path}{children[5]['code']}/")
    page.context.set_offline(True)
    typed[children[5]["code"]] = type_in(page, children[5])
    page.get_by_text("Tersimpan di HP ini").wait_for()
    page.get_by_role("link", name="Daftar anak di HP ini").click()
    page.locator("[data-view=list]").wait_for(state="visible")
    for child in children[6:30]:
        typed[child["code"]] = in_shell(page, child)
    fits(page)
    held(page, 25)
    assert len(stored(server, made["today"])) == 5
    page.context.set_offline(False)
    all_sent(page)
    assert len(stored(server, made["today"])) == 30
    # The second cut: nobody answers, and the browser is closed and opened again twice.
    server.stop()
    phone.close()
    page = phone.open()
    page.goto(server.url + path)
    page.locator("[data-view=list]").wait_for(state="visible")
    for child in children[30:45]:
        typed[child["code"]] = in_shell(page, child)
    phone.close()
    page = phone.open()
    page.goto(server.url + SHELL)
    for child in children[45:]:
        typed[child["code"]] = in_shell(page, child)
    held(page, 30)
    assert "30 catatan belum terkirim" in page.locator("[data-progress]").inner_text()
    server.start()
    # The session ended with the browser: everything stays until she has signed in again.
    page.locator("[data-send] button").click()
    page.get_by_text("Masuk lagi, lalu kirim").wait_for(timeout=20_000)
    held(page, 30)
    sign_in(page, server, then=path)
    page.goto(server.url + SHELL)
    all_sent(page)
    rows = stored(server, made["today"])
    assert len(rows) == MANY
    assert {row[0]: tuple(row[1:]) for row in rows} == typed
    # Nothing is left of it, neither in what the browser hands out nor in its files.
    sign_out(page, server)
    kept = everything_kept(page)
    assert "Pagi " not in kept and "Contoh" not in kept.replace("DATA CONTOH", "")
    page.goto(server.url + SHELL)
    page.get_by_text("Belum ada daftar anak di HP ini").wait_for()
    assert page.evaluate("async () => Kotak.draft('hari').load()") is None
    phone.close()
    for child in (children[0], children[7], children[30], children[59]):
        assert files_with(phone.profile, child["name"]) == []


# The outbox takes its time to open, as on a phone that is short of everything.
_SLOW_STORE = """
const made = crypto.subtle.generateKey.bind(crypto.subtle);
crypto.subtle.generateKey = (...how) =>
    new Promise((done) => setTimeout(done, 3000)).then(() => made(...how));
"""


def test_a_tap_before_the_outbox_is_open_loses_nothing(
    morning: tuple[Server, dict[str, Any]], phone: Phone
) -> None:
    server, made = morning
    path, child = day_path(made, "day_before"), made["children"][50]
    page = phone.open()
    sign_in(page, server)
    open_day(page, server, path)
    page.context.add_init_script(_SLOW_STORE)
    page.goto(f"{server.url}{path}{child['code']}/")
    page.context.set_offline(True)
    type_in(page, child)
    page.get_by_text("Tersimpan di HP ini").wait_for()
    assert page.evaluate(_WAITING) == 1


def test_nothing_is_promised_where_no_worker_keeps_the_page(
    morning: tuple[Server, dict[str, Any]], simple_phone: "BrowserContext"
) -> None:
    """The list alone cannot be opened without a signal."""
    server, made = morning
    page = simple_phone.new_page()
    sign_in(page, server)
    page.goto(server.url + day_path(made, "day_before"))
    until(page, "await Kotak.draft('hari').load()")
    assert page.locator("[data-kept-here]").is_hidden()


def test_another_kader_sees_and_sends_nothing_of_the_first(
    morning: tuple[Server, dict[str, Any]], phone: Phone
) -> None:
    server, made = morning
    path, child = day_path(made, "day_before"), made["children"][7]
    page = phone.open()
    sign_in(page, server)
    open_day(page, server, path)
    server.stop()
    page.goto(server.url + path)
    in_shell(page, child)
    sign_out_by_force(page)  # before anybody answers again: else what waits may still go as hers
    server.start()
    other = next(a["username"] for a in server.demo["accounts"] if a["username"] == "kader.gasken")
    sign_in(page, server, other)
    page.goto(server.url + SHELL)
    page.get_by_text("1 catatan menunggu pemiliknya masuk lagi").wait_for()
    assert "Pagi" not in page.locator("body").inner_text()
    page.evaluate("async () => { await Kotak.send(); }")
    page.goto(server.url + "/kotak-kirim/")
    page.get_by_text("Tidak ada yang menunggu").wait_for()
    assert "Pagi" not in page.locator("body").inner_text()
    assert page.evaluate(_WAITING) == 1 and stored(server, made["day_before"]) == []
    sign_out(page, server)
    sign_in(page, server, then=path)
    page.locator("[data-kept-here]").wait_for(state="visible")
    all_sent(page)
    assert [row[0] for row in stored(server, made["day_before"])] == [child["code"]]
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=3))  # the day after tomorrow
    page.goto(server.url + SHELL)
    page.get_by_text("Belum ada daftar anak di HP ini").wait_for()


def sign_out_by_force(page: "Page") -> None:
    """The session is gone, as after an evening; the phone has noticed nothing."""
    page.context.clear_cookies(name="sessionid")


def measured_by_another(server: Server, made: dict[str, Any], child: dict[str, Any]) -> None:
    script = (
        "from decimal import Decimal; from datetime import date; from registry import visits; "
        "from registry.models import Child; visits.add_measurement(None, "
        f"Child.objects.get(code='{child['code']}'), dict(weight_kg=Decimal('{child['weight']}'), "
        f"measured_on=date.fromisoformat('{made['day_before']}')))"
    )
    server.manage("shell", "-v", "0", "-c", script)


def test_what_needs_a_look_stays_until_it_is_decided(
    morning: tuple[Server, dict[str, Any]], phone: Phone
) -> None:
    """Numbers that cannot be, numbers in doubt, a child somebody else was quicker with."""
    server, made = morning
    path = day_path(made, "day_before")
    doubted, taken, gone = made["children"][40:43]
    page = phone.open(still=True)
    sign_in(page, server)
    open_day(page, server, path)
    server.stop()
    page.goto(server.url + path)
    page.get_by_role("link", name=doubted["name"]).click()
    page.get_by_role("button", name="Simpan").click()
    page.get_by_text("Satu saja sudah boleh").wait_for()
    page.locator("[name=weight_kg]").fill("8..4")
    page.locator("[name=length_height_cm]").fill("740")
    page.get_by_role("button", name="Simpan").click()
    wrong = page.locator("[data-wrong]").inner_text()
    assert "misalnya 8,4" in wrong and "740 terlalu besar" in wrong
    assert page.evaluate(_WAITING) == 0
    page.locator("[name=weight_kg]").fill("5")
    page.locator("[name=length_height_cm]").fill("")
    page.get_by_role("button", name="Simpan").click()
    page.locator("[data-view=list]").wait_for(state="visible")
    in_shell(page, taken)
    page.get_by_role("link", name=gone["name"]).click()
    page.get_by_role("button", name="Tidak hadir").click()
    page.locator("[data-view=list]").wait_for(state="visible")
    measured_by_another(server, made, taken)
    server.start()
    page.locator("[data-send] button").click()
    page.locator("[data-part=look] li").nth(1).wait_for()
    page.locator("[data-part=absent]").get_by_text(gone["name"]).wait_for()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    look = page.locator("[data-part=look]")
    assert "Berat 5 kg terlalu kecil" in look.inner_text()
    assert "Sudah diukur orang lain: " in look.inner_text()
    assert not page.locator("[data-send]").is_visible()
    look.get_by_role("button", name="Biarkan yang tersimpan").click()
    look.get_by_role("button", name="Ya, memang benar").click()
    all_sent(page)
    page.locator("[data-part=look]").wait_for(state="detached")
    rows = {row[0]: row[1] for row in stored(server, made["day_before"])}
    assert rows[doubted["code"]] == "5.00"
    assert rows[taken["code"]] == f"{float(taken['weight']):.2f}" and gone["code"] not in rows
