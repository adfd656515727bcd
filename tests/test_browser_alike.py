"""Registering at a desk in a real Chromium: who may be there already, with a script and without."""

from typing import TYPE_CHECKING

import pytest

from tests.servers import Server
from tests.test_browser_axe import context, sign_in, wrong

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
__all__ = ["context"]
_A_CHILD = """
from registry.models import Child
child = Child.objects.filter(programme__code="kempling", birth_precision="day").order_by("pk")[2]
print("MADE" + "|".join([child.name, str(child.birth_date), child.sex, child.code,
                         child.mother.name, child.posyandu.code]))
"""


def a_known_child(server: Server) -> list[str]:
    printed = server.manage("shell", "-v0", "-c", _A_CHILD).stdout
    return printed.split("MADE", 1)[1].strip().split("|")


def begin(page: "Page", server: Server, child: list[str]) -> None:
    """Type the child in once more, with a letter doubled."""
    name, born, sex, _, mother, _ = child
    page.goto(server.url + "/anak/baru/")
    page.locator("[name=name]").fill(name.replace("n", "nn", 1))
    page.locator(f"[name=sex][value={sex}]").check(force=True)
    for box, value in zip(("2", "1", "0"), born.split("-"), strict=True):
        page.locator(f"[name=birth_date_{box}]").fill(value)
    page.locator("[name=mother_name]").fill(mother)
    page.locator("[name=father_name]").focus()


def test_she_is_told_while_she_types(server: Server, context: "BrowserContext") -> None:
    child = a_known_child(server)
    sign_in(server, context, "bidan.kempling")
    page = context.new_page()
    begin(page, server, child)
    page.wait_for_selector(".maybe")
    assert page.locator(f".maybe a[href='/anak/{child[3]}/']").inner_text() == "Ini anaknya"
    found = wrong(page)
    assert not found, "\n".join(found)


def test_without_a_script_she_is_asked_before_saving(server: Server, browser: "Browser") -> None:
    child = a_known_child(server)
    opened = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    sign_in(server, opened, "bidan.kempling")
    page = opened.new_page()
    begin(page, server, child)
    page.locator("[name=place]").select_option(child[5])
    page.locator("[name=address]").fill("Jalan Contoh 9")
    page.locator("[name=consent_giver][value=ibu]").check(force=True)
    page.locator("[name=consent_method][value=lisan]").check(force=True)
    page.get_by_role("button", name="Daftarkan anak").click()
    page.wait_for_selector(".maybe")
    assert page.locator("[name=address]").input_value() == "Jalan Contoh 9"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Anak lain, daftarkan baru").click()
    page.wait_for_url("**/anak/*/")
    assert child[3] not in page.url and "terdaftar" in page.inner_text("body")
    opened.close()
