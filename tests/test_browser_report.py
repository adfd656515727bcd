"""The kader's form in a real Chromium at 360 px: with a script and without, light and once."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import outbox_ready
from tests.servers import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def form_url(server: Server, programme: str = "kempling") -> str:
    url = next(f["url"] for f in server.demo["forms"] if f["programme"] == programme)
    return server.url + "/" + url.split("/", 3)[3]


def fill(page: "Page", name: str = "Anak Peramban Contoh") -> None:
    page.get_by_label("Nama anak").fill(name)
    page.get_by_text("Perempuan", exact=True).click()
    for box, value in zip(("0", "1", "2"), ("15", "1", "2025"), strict=True):
        page.locator(f"[name=birth_date_{box}]").fill(value)
    page.get_by_label("Nama ibu").fill("Ibu Peramban Contoh")
    page.get_by_label("Pekerjaan orang tua").fill("Petani")
    page.get_by_label("Alamat").fill("Jalan Contoh 9")
    if page.locator("[name=desa]").count():
        page.locator("[name=desa]").select_option(index=1)
    page.locator("[name=consent]").check()
    page.get_by_text("Ibu", exact=True).click()
    page.get_by_label("Nama kader").fill("Kader Contoh")


def send(page: "Page") -> str:
    """Press the button and read the receipt."""
    outbox_ready(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url(re.compile("/status/"))
    return page.locator(".code").inner_text()


def test_a_report_is_sent_and_its_receipt_shown(server: Server, page: "Page") -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(form_url(server))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    fill(page)
    receipt = send(page)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", receipt)
    assert "Simpan atau foto kode ini" in page.inner_text("body")


def test_back_and_send_again_is_the_same_report_and_retyping_another(
    server: Server, page: "Page"
) -> None:
    page.goto(form_url(server))
    fill(page, "Anak Sekali")
    first = send(page)
    page.go_back()
    fill(page, "Anak Sekali")
    assert send(page) == first
    page.go_back()
    fill(page, "Anak Lain")
    assert send(page) != first


def test_it_works_without_javascript(server: Server, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(form_url(server, "gasken"))
    fill(page, "Anak Tanpa Skrip")
    assert send(page)
    context.close()


def test_what_is_wrong_is_said_beside_the_box_and_kept(server: Server, page: "Page") -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(form_url(server))
    fill(page)
    page.locator("[name=weight_kg]").fill("8400")
    outbox_ready(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".form-errors")
    assert page.locator("[name=weight_kg]").input_value() == "8400"
    assert page.get_by_label("Nama anak").input_value() == "Anak Peramban Contoh"
    assert "8,4 kg" in page.locator("#div_id_weight_kg .error").inner_text()


def test_the_first_load_is_light(server: Server, browser: "Browser") -> None:
    """At most 45 kB and 6 requests, compressed (performance.md P13)."""
    context = browser.new_context()
    page = context.new_page()
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(form_url(server), wait_until="networkidle")
    sizes = {a.url: a.request.sizes()["responseBodySize"] for a in answers}
    assert len(sizes) <= 6, sizes
    assert sum(sizes.values()) <= 45_000, sizes
    context.close()


@pytest.mark.parametrize(
    "path", ["/", "/status/", "/program/kempling/", "/privasi/", "/cek/", "/masuk/"]
)
def test_public_pages_fit_a_small_phone_and_log_nothing(
    server: Server, page: "Page", path: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(server.url + path, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert said == []
