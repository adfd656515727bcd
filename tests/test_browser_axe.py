"""Every page through axe-core in a real Chromium: no violation; nothing wider than a small phone.

axe-core (MPL-2.0) comes out of the package axe-playwright-python; nothing of it is in the product.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from tests.servers import Server
from tests.test_browser_report import fill, form_url
from tests.test_weight import first_link

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
NARROW, USUAL = 320, 360
_PREPARE = """
import json, secrets
from accounts.models import User
from registry import workflow
from registry.models import Submission
officer = User.objects.get(username="petugas.kempling")
waiting = Submission.objects.filter(programme__code="kempling", status="received")
back = waiting.exclude(reporter=officer).first()
token = workflow.send_back(officer, back, "Tanggal lahir belum benar.")
print("MADE" + json.dumps({"correction": token, "returned": back.receipt_text}))
"""


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
    """A returned report with its private link, on the shared portal."""
    printed = server.manage("shell", "-v0", "-c", _PREPARE).stdout
    return json.loads(printed.split("MADE", 1)[1])


def looked_at(context: "BrowserContext", server: Server, paths: list[str]) -> list[str]:
    page, found = context.new_page(), []
    for path in paths:
        page.goto(server.url + path)
        found += wrong(page)
    return found


def test_public_pages(server: Server, context: "BrowserContext", made: dict[str, Any]) -> None:
    unknown = "/status/ZZZZ-ZZZZ-ZZZZZ/"
    hold(
        looked_at(
            context,
            server,
            [
                "/", "/program/kempling/", "/program/gasken/", "/privasi/", "/masuk/", "/cek/",
                "/cek/tidakada/", "/status/", f"/status/{made['returned']}/", unknown,
                f"/perbaikan/{made['correction']}/", "/perbaikan/sudah-mati/", "/kotak-kirim/",
                "/laporan-hp/", "/hp/daftar/tidakada/", "/undangan/tidakada/", "/tidak-ada/",
                form_url(server, "gasken").removeprefix(server.url),
            ],
        )
    )  # fmt: skip


def test_the_form_empty_refused_and_sent(server: Server, context: "BrowserContext") -> None:
    page = context.new_page()
    page.goto(form_url(server))
    found = wrong(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".form-errors")
    found += wrong(page)
    page.goto(form_url(server))
    fill(page, "Anak Terbaca Contoh")
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".code")
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
    "admin": ["/orang/", "/hp/", "/posyandu/", "/pengaturan/", "/jejak/", "/sop/lembar/"],
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
