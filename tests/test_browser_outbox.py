"""The kotak kirim in a real Chromium: opens without a signal, keeps, sends once, leaves nothing."""

import contextlib
import hashlib
import json
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.browsing import everything_kept, files_with, outbox_ready, until
from tests.servers import CHROMIUM_FLAGS, Server, chromium_path
from tests.test_browser_report import fill, form_url, send

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

KEPT = "Tersimpan di HP ini. Terkirim sendiri kalau sinyal kembali."
DRAFT = "Kotak.draft('laporan:' + location.pathname)"


def visit(context: "BrowserContext", url: str) -> "Page":
    """The first visit with a signal; ends when the phone has kept the page."""
    page = context.new_page()
    page.goto(url)
    path = "/" + url.split("/", 3)[3]
    until(page, f"await caches.match('{path}') && navigator.serviceWorker.controller")
    outbox_ready(page)
    return page


def press(page: "Page") -> None:
    outbox_ready(page)
    page.get_by_role("button", name="Kirim laporan").click()


def waiting(page: "Page") -> list[dict[str, Any]]:
    outbox_ready(page)
    return page.evaluate("Kotak.list()")


def until_sent(page: "Page") -> None:
    until(page, "!(await Kotak.list()).length")


def stored(server: Server, name: str) -> int:
    """How many reports of this child the office has."""
    with contextlib.closing(sqlite3.connect(server.data_dir / "kempling.sqlite3")) as office:
        asked = "SELECT count(*) FROM registry_submission WHERE child_name = ?"
        return int(office.execute(asked, [name]).fetchone()[0])


def test_the_form_opens_without_a_signal_and_its_report_goes_later(
    server: Server, phone: "BrowserContext"
) -> None:
    name = "Anak Tanpa Sinyal"
    visit(phone, form_url(server)).close()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto(form_url(server))
    assert page.evaluate("getComputedStyle(document.querySelector('.sendbar .btn')).color") == (
        "rgb(255, 255, 255)"
    )
    fill(page, name)
    press(page)
    page.get_by_text(KEPT).wait_for()
    assert [row["code"] for row in waiting(page)] == ["K-0"]
    assert name not in everything_kept(page)  # encrypted while it waits
    page.goto(form_url(server))
    page.get_by_text("1 kiriman menunggu").wait_for()
    phone.set_offline(False)
    until_sent(page)
    assert stored(server, name) == 1
    for word in (name, "Peramban Contoh", "Jalan Contoh 9"):
        assert word not in everything_kept(page)


def test_it_is_sent_after_the_browser_was_closed(
    server: Server, browser: "Browser", tmp_path: Path
) -> None:
    """A profile on disk: closed without a signal, opened again with one."""
    name, folder = "Anak Peramban Tertutup", tmp_path / "profile"

    def opened() -> "BrowserContext":
        return browser.browser_type.launch_persistent_context(
            folder, executable_path=chromium_path(), args=CHROMIUM_FLAGS
        )

    context = opened()
    visit(context, form_url(server)).close()
    context.set_offline(True)
    page = context.new_page()
    page.goto(form_url(server))
    fill(page, name)
    press(page)
    page.get_by_text(KEPT).wait_for()
    context.close()
    context = opened()
    page = context.new_page()
    page.goto(form_url(server))
    until_sent(page)
    context.close()
    assert stored(server, name) == 1
    for words in (name, "Peramban Contoh", "Jalan Contoh 9"):
        assert files_with(folder, words) == []


def test_the_search_finds_a_name_in_every_store(
    server: Server, browser: "Browser", tmp_path: Path
) -> None:
    """What the tests of an empty phone rest on: a name in the clear would be found."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium_path(), args=CHROMIUM_FLAGS
    )
    page = context.new_page()
    page.goto(server.url + "/laporan-hp/")
    page.evaluate(
        """async () => {
            localStorage.here = "Nama Lokal"; sessionStorage.here = "Nama Sesi";
            document.cookie = "here=NamaKue; max-age=9999";
            await (await caches.open("uji")).put("/uji", new Response("Nama Simpanan"));
            const db = await new Promise((done) => { const asked = indexedDB.open("uji");
                asked.onupgradeneeded = () => asked.result.createObjectStore("rak");
                asked.onsuccess = () => done(asked.result); });
            const written = db.transaction("rak", "readwrite");
            written.objectStore("rak").put({box: new TextEncoder().encode("Nama Bita"),
                blob: new Blob(["Nama Gumpal"])}, "Nama Kunci");
            await new Promise((done) => { written.oncomplete = done; });
            db.close(); }"""
    )
    kept = everything_kept(page)
    for words in ("Lokal", "Sesi", "Simpanan", "Bita", "Gumpal", "Kunci"):
        assert f"Nama {words}" in kept
    assert "NamaKue" in kept
    context.close()
    for words in ("Lokal", "Simpanan", "Bita", "Kunci"):
        assert files_with(tmp_path, f"Nama {words}"), words


def test_a_draft_outlives_the_tab_and_can_be_emptied(
    server: Server, phone: "BrowserContext"
) -> None:
    page = phone.new_page()
    page.goto(form_url(server))
    page.get_by_label("Nama anak").fill("Anak Setengah Jadi")
    page.get_by_text("Perempuan", exact=True).click()
    until(page, f"(await {DRAFT}.load() || {{fields: {{}}}}).fields.sex === 'P'")
    page.close()
    page = phone.new_page()
    page.goto(form_url(server))
    page.get_by_text("Isian tadi masih ada").wait_for()
    assert page.get_by_label("Nama anak").input_value() == "Anak Setengah Jadi"
    assert page.locator("[name=sex][value=P]").is_checked()
    assert "Anak Setengah Jadi" not in everything_kept(page)
    page.get_by_role("button", name="Kosongkan").click()
    assert page.get_by_label("Nama anak").input_value() == ""
    until(page, f"!(await {DRAFT}.load())")
    page.reload()
    page.locator("input[type=file][multiple]").wait_for()  # the script has begun
    assert page.evaluate(f"{DRAFT}.load()") is None
    assert page.get_by_text("masih ada").count() == 0


def test_a_draft_ends_after_three_days_and_a_report_does_not(
    server: Server, phone: "BrowserContext"
) -> None:
    page = phone.new_page()
    page.goto(form_url(server))
    outbox_ready(page)
    phone.set_offline(True)
    page.evaluate(
        f"async () => {{ await {DRAFT}.save({{child_name: 'L'}});"
        " await Kotak.put({kind: 'laporan', url: location.pathname, fields: {}, title: 'Lama'}); }"
    )
    later = page.evaluate("Date.now()") + 80 * 3600 * 1000
    page.add_init_script(f"Date.now = () => {later}")
    phone.set_offline(False)
    phone.route("**/kotak-kirim/tanda/", lambda route: route.abort())
    page.goto(form_url(server))
    page.get_by_text("3 hari lalu").wait_for()
    assert page.evaluate(f"{DRAFT}.load()") is None
    assert page.get_by_label("Nama anak").input_value() == ""
    assert len(waiting(page)) == 1


def test_one_that_is_refused_holds_back_no_other(server: Server, phone: "BrowserContext") -> None:
    """Refused for its numbers, with what to do; the one behind it goes; then it is mended."""
    page = visit(phone, form_url(server))
    phone.set_offline(True)
    for name, weight in (("Anak Angka Janggal", "8400"), ("Anak Berikutnya", "")):
        page.goto(form_url(server))
        fill(page, name)
        page.locator("[name=weight_kg]").fill(weight)
        press(page)
        page.get_by_text(KEPT).wait_for()
    page.goto(server.url + "/kotak-kirim/")
    page.locator("[data-kotak-list] h2").nth(1).wait_for()
    phone.set_offline(False)
    until(page, "(await Kotak.list()).length === 1")
    page.get_by_text("Perlu dilihat").wait_for()
    assert "K-422" in page.locator("[data-kotak-list]").inner_text()
    assert stored(server, "Anak Berikutnya") == 1 and stored(server, "Anak Angka Janggal") == 0
    page.get_by_role("button", name="Ubah").click()
    page.locator("#div_id_weight_kg .error").wait_for()
    assert page.get_by_label("Nama anak").input_value() == "Anak Angka Janggal"
    assert page.locator("[name=weight_kg]").input_value() == "8400"
    page.locator("[name=weight_kg]").fill("8,4")
    assert send(page)
    assert stored(server, "Anak Angka Janggal") == 1
    assert waiting(page) == []


def _door(route: "Route") -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Masuk WiFi</h1>")


def _broken(route: "Route") -> None:
    route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")


def _half(route: "Route") -> None:
    route.fulfill(status=200, content_type="application/json", body=json.dumps({"receipt": "X"}))


@pytest.mark.parametrize(
    ("where", "fault", "code"),
    [
        ("**/kotak-kirim/tanda/", _door, "K-2"),
        ("**/kotak-kirim/tanda/", _broken, "K-502"),
        ("**/l/*/", _door, "K-2"),
        ("**/l/*/", _broken, "K-502"),
        ("**/l/*/", _half, "K-4"),
        ("**/l/*/", lambda route: route.abort("timedout"), "K-0"),
    ],
)
def test_only_our_receipt_takes_it_off_the_phone(
    server: Server, simple_phone: "BrowserContext", where: str, fault: Any, code: str
) -> None:
    name = f"Anak Gangguan {code} {where[3]} {getattr(fault, '__name__', '')}"
    page = simple_phone.new_page()
    page.goto(form_url(server))
    fill(page, name)
    page.route(where, lambda route: fault(route) if _counts(route, where) else route.continue_())
    press(page)
    page.get_by_text(KEPT).wait_for()
    assert f"Kode untuk petugas: {code}" in page.inner_text("main")
    assert [row["state"] for row in waiting(page)] == ["menunggu"]
    page.unroute(where)
    page.goto(server.url + "/kotak-kirim/")
    if code == "K-502" and "tanda" not in where:  # tried again after half a minute only
        page.get_by_role("button", name="Kirim ulang").click()
    page.get_by_text("Terkirim. Kode laporan:").wait_for()
    assert stored(server, name) == 1


def _counts(route: "Route", where: str) -> bool:
    return route.request.method == "POST" or "tanda" in where


def test_an_answer_lost_on_the_way_gives_the_first_receipt(
    server: Server, simple_phone: "BrowserContext"
) -> None:
    """The office stored it, the phone never heard: the second try is the same report."""
    name = "Anak Jawaban Hilang"
    page = simple_phone.new_page()
    page.goto(form_url(server))
    fill(page, name)

    def lost(route: "Route") -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/l/*/", lost)
    press(page)
    page.get_by_text(KEPT).wait_for()
    page.unroute("**/l/*/")
    page.goto(server.url + "/kotak-kirim/")
    page.get_by_text("Terkirim. Kode laporan:").wait_for()
    assert stored(server, name) == 1


def test_what_waits_can_be_shared_and_deleted_after_a_question(
    server: Server, phone: "BrowserContext"
) -> None:
    page = visit(phone, form_url(server))
    fill(page, "Anak Dibagikan")
    phone.set_offline(True)
    press(page)
    page.get_by_text(KEPT).wait_for()
    page.goto(server.url + "/kotak-kirim/")
    outbox_ready(page)
    text = page.evaluate("Kotak.list().then(rows => Kotak.shareText(rows[0].id))")
    assert "Nama anak: Anak Dibagikan" in text and "Tanggal lahir: 15-1-2025" in text
    assert "csrf" not in text
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="Hapus").click()
    assert len(waiting(page)) == 1 and "belum sampai" in asked.value.message
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Hapus").click()
    page.get_by_text("Tidak ada yang menunggu").wait_for()
    assert waiting(page) == []


def test_what_is_missing_is_said_without_a_signal(server: Server, phone: "BrowserContext") -> None:
    page = visit(phone, form_url(server))
    phone.set_offline(True)
    press(page)
    page.locator(".form-errors").wait_for()
    assert "Isi nama anak." in page.locator("#div_id_child_name .error").inner_text()
    assert "Minta persetujuan" in page.locator("#div_id_consent .error").inner_text()
    assert waiting(page) == []


def test_the_worker_keeps_public_pages_only(server: Server, phone: "BrowserContext") -> None:
    page = visit(phone, form_url(server))
    for path in ("/status/", "/masuk/", "/privasi/"):
        page.goto(server.url + path)
    page.goto(server.url + "/kotak-kirim/")
    kept = page.evaluate(
        "async () => [].concat(...await Promise.all((await caches.keys()).map("
        "async n => (await (await caches.open(n)).keys()).map(r => new URL(r.url).pathname))))"
    )
    pages = {path for path in kept if not re.match("/(static|merek)/", path)}
    shells = {"/kotak-kirim/", "/hari-posyandu/luring/"}
    assert "/kotak-kirim/" in pages
    assert {path for path in pages if not path.startswith("/l/")} <= shells


@pytest.mark.parametrize("width", [320, 360])
def test_the_outbox_fits_a_small_phone(
    server: Server, phone: "BrowserContext", width: int, tmp_path: Path
) -> None:
    page = visit(phone, form_url(server))
    page.set_viewport_size({"width": width, "height": 640})
    phone.set_offline(True)
    fill(page, "Anak Bernama Sangat Panjang Sekali Contoh Satu Dua Tiga")
    press(page)
    page.get_by_text(KEPT).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(form_url(server))
    page.get_by_text("1 kiriman menunggu").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(server.url + "/kotak-kirim/")
    page.locator("[data-kotak-list] h2").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_photo_follows_its_report(
    server: Server, phone: "BrowserContext", tmp_path: Path
) -> None:
    """Chosen without a signal: both wait, the report goes first, then nothing is left."""
    name, picture = "Anak Berfoto", tmp_path / "kk.jpg"
    Image.effect_noise((1800, 1200), 60).convert("RGB").save(picture)
    page = visit(phone, form_url(server))
    phone.set_offline(True)
    fill(page, name)
    page.locator("[name=document]").set_input_files(picture)
    press(page)
    page.get_by_text(KEPT).wait_for()
    assert [row["photos"] for row in waiting(page)] == [1]
    phone.set_offline(False)
    page.goto(server.url + "/kotak-kirim/")
    until_sent(page)
    with contextlib.closing(sqlite3.connect(server.data_dir / "kempling.sqlite3")) as office:
        asked = (
            "SELECT s.photos_expected, d.part <> '', d.size FROM registry_submission s"
            " JOIN registry_document d ON d.submission_id = s.id WHERE s.child_name = ?"
        )
        rows = office.execute(asked, [name]).fetchall()
    assert [row[:2] for row in rows] == [(1, 1)]
    left = page.evaluate(
        "new Promise(done => { indexedDB.open('kotak').onsuccess = e => {"
        " e.target.result.transaction('foto').objectStore('foto').count().onsuccess ="
        " c => done(c.target.result); } })"
    )
    assert left == 0


def test_a_new_version_keeps_the_pages_anew(server: Server, phone: "BrowserContext") -> None:
    """What an older worker kept is fetched again, and its cache is gone."""
    url = form_url(server)
    page, path = visit(phone, url), "/" + url.split("/", 3)[3]
    page.evaluate(
        "async path => { for (const name of await caches.keys()) await caches.delete(name);"
        " const old = await caches.open('kempling-lama'); await old.put(path, new Response('x'));"
        " await (await navigator.serviceWorker.getRegistration()).unregister(); }",
        path,
    )
    page.goto(server.url + "/healthz")  # nobody it served is left: it is gone, not woken again
    page.goto(server.url + "/kotak-kirim/")
    until(page, "!(await caches.has('kempling-lama'))")
    kept = page.evaluate("async path => (await caches.match(path)).text()", path)
    assert "Nama anak" in kept and kept != "x"


def test_a_revoked_poster_is_no_longer_kept(server: Server, phone: "BrowserContext") -> None:
    url = form_url(server, "gasken")
    page, path = visit(phone, url), "/" + url.split("/", 3)[3]
    digest = hashlib.sha256(path.split("/")[2].encode()).hexdigest()
    order = "UPDATE regions_reportlink SET revoked_at = {} WHERE token_hash = ?"
    with contextlib.closing(sqlite3.connect(server.data_dir / "kempling.sqlite3")) as office:
        try:
            office.execute(order.format("'2026-01-01 00:00:00'"), [digest])
            office.commit()
            page.goto(url)  # what the phone kept, until the office says that it is gone
            page.get_by_label("Nama anak").wait_for(state="detached")
            until(page, f"!(await caches.match('{path}'))")
        finally:
            office.execute(order.format("NULL"), [digest])
            office.commit()
