"""The form before its scripts have come, and its second visit without a trip (start.js, sw.js)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.proxy import Line, Proxy
from tests.servers import Server
from tests.test_browser_outbox import KEPT, press, stored, until, visit
from tests.test_browser_report import fill, form_url
from tests.test_weight import WHOLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

LATE = re.compile(r"/static/js/(kotak|laporan)\.")
READY = "window.Kotak && await Kotak.ready.then(() => true, () => true)"


@pytest.fixture
def phone(browser: "Browser") -> "Iterator[BrowserContext]":
    """A phone without a service worker: its requests can be held back."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", service_workers="block"
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def held_back(context: "BrowserContext") -> "list[Route]":
    """The form's scripts stay on their way until the test lets them go."""
    held: list[Route] = []
    context.route(LATE, lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    return held


def let_go(context: "BrowserContext", held: "list[Route]") -> None:
    for route in held:
        route.continue_()
    context.unroute(LATE)


def opened(context: "BrowserContext", url: str) -> "Page":
    """The form as soon as it is drawn; its scripts may still be on their way."""
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    until(page, "window.Start")
    return page


def tap(page: "Page") -> None:
    """ "Kirim", whether its scripts have come or not."""
    page.get_by_role("button", name="Kirim laporan").click()


def test_a_tap_before_the_scripts_waits_for_them_and_sends_once(
    server: Server, phone: "BrowserContext"
) -> None:
    name, posts = "Anak Sebelum Skrip", []
    held = held_back(phone)
    page = opened(phone, form_url(server))
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    fill(page, name)
    tap(page)
    page.get_by_role("button", name="Mengirim…").click(force=True)  # a second tap changes nothing
    assert not posts
    let_go(phone, held)
    page.wait_for_url(re.compile("/status/"))
    assert stored(server, name) == 1 and len(posts) == 1


def test_without_its_scripts_the_form_is_sent_as_it_stands(
    server: Server, phone: "BrowserContext"
) -> None:
    name = "Anak Skrip Hilang"
    phone.route(LATE, lambda route: route.abort())
    page = phone.new_page()
    page.clock.install()
    page.goto(form_url(server))
    fill(page, name)
    tap(page)
    page.clock.run_for(8_100)
    page.wait_for_url(re.compile("/status/"))
    assert stored(server, name) == 1


def test_without_scripts_and_signal_what_was_typed_stays(
    server: Server, phone: "BrowserContext"
) -> None:
    """No browser's error page instead of the form; the scripts come with the signal."""
    name = "Anak Skrip Dan Sinyal"
    phone.route(LATE, lambda route: route.abort())
    page = phone.new_page()
    page.clock.install()
    page.goto(form_url(server))
    fill(page, name)
    phone.set_offline(True)
    tap(page)
    page.clock.run_for(8_100)
    page.get_by_text("Belum terkirim: tidak ada sinyal").wait_for()
    assert page.get_by_label("Nama anak").input_value() == name
    phone.unroute(LATE)
    phone.set_offline(False)
    until(page, READY)
    tap(page)
    page.clock.run_for(2_000)
    page.wait_for_url(re.compile("/status/"))
    assert stored(server, name) == 1


def test_what_was_typed_before_the_scripts_is_kept_as_a_draft(
    server: Server, phone: "BrowserContext"
) -> None:
    """And an older draft does not take its place."""
    page = opened(phone, form_url(server))
    until(page, READY)
    page.get_by_label("Nama anak").fill("Anak Kemarin")
    page.wait_for_timeout(700)
    page.close()
    held = held_back(phone)
    page = opened(phone, form_url(server))
    page.get_by_label("Nama anak").fill("Anak Hari Ini")
    let_go(phone, held)
    draft = "await Kotak.draft('laporan:' + location.pathname).load()"
    until(page, f"window.Kotak && ({draft}).fields.child_name === 'Anak Hari Ini'")
    assert page.get_by_label("Nama anak").input_value() == "Anak Hari Ini"
    assert page.get_by_text("masih ada").count() == 0


def test_a_phone_that_can_keep_nothing_sends_from_a_kept_page(
    server: Server, browser: "Browser"
) -> None:
    """The page the worker kept knows nobody's cookie: its CSRF token is fetched anew."""
    name, context = "Anak Tanpa Simpanan", browser.new_context(locale="id-ID")
    visit(context, form_url(server)).close()
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    context.clear_cookies()
    page = context.new_page()
    page.goto(form_url(server))
    assert page.evaluate("performance.getEntriesByType('navigation')[0].workerStart > 0")
    fill(page, name)
    tap(page)
    page.wait_for_url(re.compile("/status/"))
    assert stored(server, name) == 1
    context.close()


def test_the_second_visit_costs_no_trip(server: Server, browser: "Browser") -> None:
    """The first, with all the worker lays down, stays within the budget; the second asks little."""
    context = browser.new_context(locale="id-ID")
    with Proxy(server.port, Line(kbits=20_000, round_trip=0.0, loss=0.0)) as proxy:
        url = form_url(server).replace(server.url, proxy.url)
        page = visit(context, url)
        until(page, "await caches.match('/kotak-kirim/')")
        first = proxy.line.down
        assert 20_000 < first <= WHOLE, "with what the worker lays down"
        page.close()
        page = context.new_page()
        page.goto(url)
        until(page, READY)
        page.wait_for_load_state("networkidle")
        assert proxy.line.down - first < 3_000
        proxy.cut()
        page.goto(url)
        fill(page, "Anak Tanpa Jalan")
        press(page)
        page.get_by_text(KEPT).wait_for()
        proxy.mend()
        page.evaluate("Kotak.list().then((rows) => { Kotak.retry(rows[0].id); })")
        page.wait_for_url(re.compile("/status/"))
    assert stored(server, "Anak Tanpa Jalan") == 1
    context.close()


def test_the_sheet_in_the_page_is_the_only_one_let_in(
    server: Server, phone: "BrowserContext"
) -> None:
    """Its nonce is of this answer alone, and no other style or script gets in beside it."""
    page = opened(phone, form_url(server))
    colour = "getComputedStyle(document.querySelector('.sendbar .btn')).backgroundColor"
    assert page.evaluate(colour) != "rgb(255, 255, 255)", "the sheet holds"
    page.evaluate(
        "() => ['style', 'script'].forEach(tag => { const made = document.createElement(tag);"
        " made.textContent = tag === 'style' ? '* { color: red }' : 'window.slipped = 1';"
        " document.head.append(made); })"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
    assert page.evaluate("window.slipped") is None
