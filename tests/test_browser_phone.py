"""A kader's phone in a real Chromium: bound at the desk, lost with a report on it, emptied."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browsing import everything_kept
from tests.servers import Server
from tests.test_browser_axe import hold, wrong
from tests.test_browser_outbox import KEPT, press, stored, visit, waiting
from tests.test_browser_report import fill, form_url

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PIN = "573091"


@pytest.fixture
def desk(browser: "Browser", server: Server) -> "Iterator[Page]":
    """The petugas at the office computer."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="id-ID")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(server.url + "/masuk/")
    password = next(
        a["password"] for a in server.demo["accounts"] if a["username"] == "petugas.kempling"
    )
    page.get_by_label("Nama pengguna").fill("petugas.kempling")
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(server.url + "/")
    page.goto(server.url + "/hp/")
    page.locator("tbody th a").first.click()
    yield page
    context.close()


def bind(server: Server, desk: "Page", phone: "BrowserContext") -> "Page":
    """The desk shows the address; the phone opens it and chooses its PIN."""
    desk.get_by_role("button", name="Daftarkan HP").click()
    desk.locator("svg.qr").wait_for()
    page = phone.new_page()
    page.goto(desk.locator(".receipt .hash").inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for box in page.locator("input.pin").all():
        box.fill(PIN)
    page.get_by_role("button", name="Simpan PIN dan masuk").click()
    page.wait_for_url(server.url + "/")
    return page


def revoke(desk: "Page") -> None:
    """The phone was reported lost."""
    desk.reload()
    desk.get_by_text("Cabut HP", exact=True).first.click()
    desk.locator("details[open] form button").click()
    desk.get_by_text("belum tersambung lagi").first.wait_for()


def test_bound_at_the_desk_then_opened_by_the_pin(
    server: Server, desk: "Page", phone: "BrowserContext"
) -> None:
    page = bind(server, desk, phone)
    phone.clear_cookies(name="sessionid")
    page.goto(server.url + "/hari-posyandu/")
    assert "/masuk/pin/" in page.url
    page.locator("input.pin").fill(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hari-posyandu/**")


def test_a_lost_phone_hands_over_and_keeps_nothing(
    server: Server, desk: "Page", phone: "BrowserContext"
) -> None:
    name = "Anak Di HP Hilang"
    bind(server, desk, phone).close()
    visit(phone, form_url(server)).close()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto(form_url(server))
    fill(page, name)
    press(page)
    page.get_by_text(KEPT).wait_for()
    assert len(waiting(page)) == 1
    revoke(desk)
    phone.set_offline(False)
    page.evaluate("() => { Kotak.send(); }")  # leads away from this page: not waited for
    page.wait_for_url("**/masuk/pin/")
    page.get_by_text("HP ini sudah dikosongkan").wait_for()
    assert name not in everything_kept(page)
    assert not [c for c in phone.cookies() if c["name"] == "hp"]
    assert stored(server, name) == 0, "not in the queue"
    desk.reload()
    assert "dikosongkan" in desk.locator("table").inner_text()
    desk.goto(server.url + "/laporan/tertahan/")
    lost = desk.locator("tbody tr", has_text="Menunggu di HP yang dilaporkan hilang")
    lost.locator("th a").click()  # others may be held for other reasons
    desk.wait_for_url("**/laporan/tertahan/*/")
    assert name in desk.content(), "but with the staff"


def test_each_page_of_the_phone_is_read_well(
    server: Server, desk: "Page", browser: "Browser"
) -> None:
    """axe and the width of small phones: choosing a PIN, refused, the PIN, wrong, revoked."""
    desk.get_by_role("button", name="Daftarkan HP").click()
    phone = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", bypass_csp=True
    )
    page = phone.new_page()
    page.goto(desk.locator(".receipt .hash").inner_text())
    found = wrong(page)
    page.locator("input.pin").first.fill("123456")
    page.keyboard.press("Enter")
    page.wait_for_selector(".form-errors")
    found += wrong(page)
    for box in page.locator("input.pin").all():
        box.fill(PIN)
    page.get_by_role("button", name="Simpan PIN dan masuk").click()
    page.wait_for_url(server.url + "/")
    page.goto(server.url + "/hp/pin/")
    found += wrong(page)
    phone.clear_cookies(name="sessionid")
    page.goto(server.url + "/masuk/")
    found += wrong(page)
    page.locator("input.pin").fill("806427")
    page.keyboard.press("Enter")
    page.wait_for_selector(".form-errors")
    found += wrong(page)
    revoke(desk)
    page.goto(server.url + "/masuk/")
    found += wrong(page)
    phone.close()
    hold(found)
