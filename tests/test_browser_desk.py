"""The desk in a real Chromium: the document zoomed and turned, keys, a NIK told while typing."""

from typing import TYPE_CHECKING

import pytest

from tests.servers import Server
from tests.test_browser_axe import context, sign_in, wrong

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
__all__ = ["context"]
NIK = "3302204101240001"
_WITH_PHOTO = f"""
from registry.identity import index_of
from registry.models import Child, Document
child = Child.objects.filter(programme__code="kempling").order_by("pk")[3]
Child.objects.filter(pk=child.pk).update(nik="{NIK}", nik_index=index_of("{NIK}"))
papers = Document.objects.filter(programme__code="kempling", submission__status="received")
paper = papers.order_by("pk")[0]
print("MADE" + "|".join([paper.submission.code, paper.code, child.name]))
"""


def a_report_with_photo(server: Server) -> list[str]:
    printed = server.manage("shell", "-v0", "-c", _WITH_PHOTO).stdout
    return printed.split("MADE", 1)[1].strip().split("|")


def view(page: "Page") -> str:
    return page.locator(".viewer-page").get_attribute("class") or ""


def shape(page: "Page") -> tuple[float, float]:
    """Width and height of the picture as it is seen, turned and all."""
    box = page.locator(".viewer-page img").bounding_box()
    assert box
    return box["width"], box["height"]


def test_the_document_is_zoomed_and_turned(server: Server, context: "BrowserContext") -> None:
    report, paper, child = a_report_with_photo(server)
    sign_in(server, context, "petugas.kempling")
    page = context.new_page()
    page.goto(f"{server.url}/laporan/{report}/")
    wide, _ = shape(page)
    page.get_by_role("button", name="Perbesar").click()
    assert shape(page)[0] > wide and "zoom-2" in view(page)
    page.get_by_role("button", name="Semula").click()
    page.get_by_role("button", name="Putar").click()
    assert "turn-1" in view(page)
    page.keyboard.press("+")
    page.keyboard.press("r")
    assert "zoom-2" in view(page) and "turn-2" in view(page)
    page.keyboard.press("0")
    assert shape(page)[0] == wide, "only the view was turned"
    found = wrong(page)
    assert not found, "\n".join(found)
    # A key is a letter while something is typed.
    page.locator("[name=nik]").fill("r")
    assert "turn-0" in view(page)
    page.locator("[name=nik]").fill(NIK)
    page.locator("[name=kk]").focus()
    page.wait_for_selector("[data-alike] .maybe")
    assert child in page.inner_text("[data-alike]") and NIK not in page.url


def test_without_a_script_the_document_opens_in_full(server: Server, browser: "Browser") -> None:
    report, paper, child = a_report_with_photo(server)
    opened = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    sign_in(server, opened, "petugas.kempling")
    page = opened.new_page()
    page.goto(f"{server.url}/laporan/{report}/")
    assert not page.get_by_role("button", name="Putar").is_visible()
    link = page.get_by_role("link", name="sepenuhnya")
    assert link.get_attribute("href") == f"/dokumen/{paper}/?lihat=1"
    page.locator("[name=nik]").fill(NIK)
    page.get_by_role("button", name="Periksa NIK dahulu").click()
    page.wait_for_selector(".maybe")
    assert child in page.inner_text("[data-alike]")
    assert page.locator("[name=nik]").input_value() == NIK
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    opened.close()
