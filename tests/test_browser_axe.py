"""Every page through axe-core in a real Chromium: no violation; nothing wider than a small phone.

axe-core (MPL-2.0) comes out of the package axe-playwright-python; nothing of it is in the product.
"""

import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest
from django.urls import reverse

from tests import public_pages
from tests.access import ROWS, api
from tests.browsing import outbox_ready
from tests.public_pages import NO_PAGES, SECOND_FACTOR, VISITS
from tests.servers import Server
from tests.test_browser_report import fill, form_url
from tests.test_weight import first_link

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
NARROW, USUAL = 320, 360


@cache
def axe() -> str:
    """axe-core itself, to be evaluated in a page."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def wrong(page: "Page") -> list[str]:
    """What axe-core finds on the page as it stands, and whether a phone must scroll sideways."""
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    said = [
        f"{page.url}: {rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:160]}"
        f"\n    {node['any'][0]['message'][:200] if node['any'] else ''}"
        for rule in found
        for node in rule["nodes"][:3]
    ]
    for width in (NARROW, USUAL):
        page.set_viewport_size({"width": width, "height": 740})
        needs = page.evaluate("document.documentElement.scrollWidth")
        if needs > width:
            said.append(f"{page.url}: {needs} px wide on a phone of {width} px")
    return said


def hold(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    """A phone; its pages may be examined by a script of ours, whatever their CSP says."""
    opened = browser.new_context(
        viewport={"width": USUAL, "height": 740}, locale="id-ID", bypass_csp=True
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(server: Server) -> dict[str, Any]:
    """What the visits of the public pages need, on the shared portal."""
    return public_pages.make(server)


def looked_at(context: "BrowserContext", server: Server, paths: list[str]) -> list[str]:
    page, found = context.new_page(), []
    for path in paths:
        page.goto(server.url + path)
        found += wrong(page)
    return found


def test_every_public_page_is_looked_at() -> None:
    """A new one without a visit fails here."""
    open_to_all = {row.name for row in ROWS if row.action == "public" and row.method == "get"}
    assert open_to_all - api.NAMES == set(VISITS) | NO_PAGES and not set(VISITS) & NO_PAGES


def test_what_has_no_visit_is_no_page(server: Server) -> None:
    for name in NO_PAGES:
        address = reverse(name, kwargs={"code": "kempling"} if name == "brand" else {})
        with urllib.request.urlopen(server.url + address) as answer:
            assert not answer.headers["Content-Type"].startswith("text/html"), name


@pytest.mark.parametrize("name", VISITS)
def test_public_pages(
    server: Server, context: "BrowserContext", made: dict[str, Any], name: str
) -> None:
    page, found = context.new_page(), []
    if name == "mfa_authenticate":
        first_factor(page, server)
    for visit in VISITS[name]:
        if visit.phone:
            context.add_cookies(
                [{"name": made["cookie"], "value": made[visit.phone], "url": server.url}]
            )
        page.goto(server.url + visit.path.format(**made))
        found += wrong(page)
    hold(found)


def first_factor(page: "Page", server: Server) -> None:
    """The password is right; the page of the second factor is next."""
    page.goto(server.url + "/masuk/")
    page.locator("[name=login]").fill(SECOND_FACTOR["username"])
    page.locator("[name=password]").fill(SECOND_FACTOR["password"])
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(server.url + "/masuk/kode/")


def test_the_form_empty_refused_and_sent(server: Server, context: "BrowserContext") -> None:
    page = context.new_page()
    page.goto(form_url(server))
    found = wrong(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".form-errors")
    found += wrong(page)
    page.goto(form_url(server))
    fill(page, "Anak Terbaca Contoh")
    page.locator("[name=weight_kg]").fill("5")
    outbox_ready(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector("[name=confirmed]")
    found += wrong(page)
    page.locator("[name=confirmed]").check()
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".code")
    hold(found + wrong(page))


WAITS = """async ([url, days, title]) => {
    const now = Date.now;
    Date.now = () => now() - days * 86400000;
    await Kotak.put({kind: "laporan", url, fields: {}, title, words: "Nama anak: " + title});
    Date.now = now;
    await Kotak.send(); }"""


def test_the_outbox_with_one_refused_one_old_and_one_new(
    server: Server, context: "BrowserContext"
) -> None:
    page, form = context.new_page(), form_url(server).removeprefix(server.url)
    page.goto(server.url + "/kotak-kirim/")
    outbox_ready(page)
    page.evaluate(WAITS, [form, 0, "Anak Ditolak Contoh"])
    page.get_by_text("Perlu dilihat").wait_for()
    context.set_offline(True)
    page.evaluate(WAITS, [form, 9, "Anak Lama Bernama Panjang Sekali Contoh"])
    page.evaluate(WAITS, [form, 0, "Anak Baru Contoh"])
    page.locator("[data-kotak-list] h2").nth(2).wait_for()
    hold(wrong(page))


def test_the_posyandu_day_on_the_phone(server: Server, context: "BrowserContext") -> None:
    """The list, a child, and what is missing, on the page that needs no signal."""
    sign_in(server, context, "kader.kempling")
    page = context.pages[0]
    page.goto(server.url + "/hari-posyandu/")
    page.locator("[data-kept-here] a").click()
    page.locator("[data-view=list]").wait_for()
    found = wrong(page)
    page.locator("[data-part=waiting] a").first.click()
    page.get_by_role("button", name="Simpan di HP ini").click()
    page.get_by_text("Satu saja sudah boleh").wait_for()
    hold(found + wrong(page))


def test_without_javascript_the_form_fits_too(server: Server, browser: "Browser") -> None:
    """Seen as an old phone sees it; axe itself needs a script, the width does not."""
    opened = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = opened.new_page()
    page.goto(form_url(server))
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".form-errors")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    opened.close()


# --- Signed in ------------------------------------------------------------------------------------

OBJECTS = [  # (list, first link of it)
    ("/laporan/", r"/laporan/(?!baru|tertahan)[^/]+/"),
    ("/anak/", r"/anak/(?!baru/)[^/]+/"),
    ("/ibu/", r"/ibu/(?!baru/)[^/]+/"),
    ("/", r"/hari-posyandu/[^/]+/[0-9-]{10}/"),
]
ROLES = {
    "kader": ["/", "/laporan-saya/", "/anak/", "/hp/pin/"],
    "petugas": [
        "/", "/laporan/", "/laporan/baru/", "/laporan/tertahan/", "/anak/", "/ibu/", "/prioritas/",
        "/mutu/", "/tindakan/", "/sop/", "/laporan-bulanan/", "/poster/",
    ],
    "admin": [
        "/orang/", "/hp/", "/kunci-baca/", "/kunci-baca/buat/", "/posyandu/", "/pengaturan/",
        "/jejak/", "/sop/lembar/",
    ],
    "mitra": ["/", "/bantuan-saya/"],
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_signed_in_pages(server: Server, context: "BrowserContext", role: str) -> None:
    """The role's main pages, and the first report, child, mother and posyandu day it can open."""
    cookie = sign_in(server, context, f"{role}.kempling")
    paths = [path for path in ROLES[role] if opens(context, server, path)]
    for listed, pattern in OBJECTS:
        if listed in paths:
            paths += first_of(server, listed, pattern, cookie)
    hold(looked_at(context, server, paths))


def sign_in(server: Server, context: "BrowserContext", username: str) -> str:
    """Sign the phone in; its cookies as a header."""
    account = next(a for a in server.demo["accounts"] if a["username"] == username)
    page = context.new_page()
    page.goto(server.url + "/masuk/")
    page.locator("[name=login]").fill(account["username"])
    page.locator("[name=password]").fill(account["password"])
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(server.url + "/")
    return "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())


def opens(context: "BrowserContext", server: Server, path: str) -> bool:
    return context.request.get(server.url + path).status == 200


def first_of(server: Server, listed: str, pattern: str, cookie: str) -> list[str]:
    try:
        return [first_link(server, listed, pattern, cookie)]
    except AssertionError:
        return []  # this role has none
