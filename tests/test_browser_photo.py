"""Photos in a real Chromium: made small and upright on the phone, sent on their own, never lost."""

import base64
import io
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.browsing import outbox_ready, until
from tests.servers import Server
from tests.test_browser_report import fill, form_url

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 180, 30), (30, 30, 200), (250, 250, 250)
# A phone whose browser knows nothing of EXIF, as before 2020.
OLD_PHONE = """() => {
    const decode = self.createImageBitmap.bind(self), supports = CSS.supports.bind(CSS);
    self.createImageBitmap = async (file, options) => {
        if (options) throw new TypeError('unknown option');
        const bytes = new Uint8Array(await file.arrayBuffer());
        const at = bytes.findIndex((b, n) => String.fromCharCode(b, bytes[n + 1]) === 'Ex');
        if (at > 0) bytes[at] = 0;
        return decode(new Blob([bytes]));
    };
    CSS.supports = (name, value) => name !== 'image-orientation' && supports(name, value);
}"""
SHRINK = """async () => {
    try {
        const blob = await Foto.shrink(document.getElementById('uji').files[0]);
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = '';
        for (const b of bytes) text += String.fromCharCode(b);
        return {type: blob.type, content: btoa(text)};
    } catch (error) { return {words: error.words || String(error)}; }
}"""


def camera(size: tuple[int, int], turn: int, noise: int = 30) -> bytes:
    """A photo whose upright picture is red, green / blue, white, stored turned as EXIF says."""
    upright = Image.new("RGB", size)
    half = (size[0] // 2, size[1] // 2)
    for n, colour in enumerate((RED, GREEN, BLUE, WHITE)):
        upright.paste(colour, (n % 2 * half[0], n // 2 * half[1], size[0], size[1]))
    grain = Image.frombytes("L", (512, 512), os.urandom(512 * 512)).resize(size)
    upright = Image.blend(upright, Image.merge("RGB", [grain] * 3), noise / 255)
    stored = upright.transpose(_BACK[turn]) if turn in _BACK else upright
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turn, "KameraRahasia"
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


_T = Image.Transpose
# What undoes the turn that EXIF asks for.
_BACK = {
    2: _T.FLIP_LEFT_RIGHT, 3: _T.ROTATE_180, 4: _T.FLIP_TOP_BOTTOM, 5: _T.TRANSPOSE,
    6: _T.ROTATE_90, 7: _T.TRANSVERSE, 8: _T.ROTATE_270,
}  # fmt: skip


def shrunk(page: "Page", name: str, content: bytes, kind: str = "image/jpeg") -> dict[str, Any]:
    """What ``Foto.shrink`` makes of the file: {type, content} or {words}."""
    page.evaluate("""() => {
        const old = document.getElementById('uji');
        if (old) old.remove();
        const box = Object.assign(document.createElement('input'), {type: 'file', id: 'uji'});
        document.body.append(box);
    }""")
    page.set_input_files("#uji", {"name": name, "mimeType": kind, "buffer": content})
    found = page.evaluate(SHRINK)
    if "content" in found:
        found["content"] = base64.b64decode(found["content"])
    return found


def corners(content: bytes) -> list[tuple[int, int, int]]:
    """The nearest of the four colours in each quarter, row by row."""
    with Image.open(io.BytesIO(content)) as picture:
        small = picture.convert("RGB").resize((2, 2), Image.Resampling.BOX)
    seen = [small.getpixel((n % 2, n // 2)) for n in range(4)]
    return [min((RED, GREEN, BLUE, WHITE), key=lambda c: math.dist(c, s)) for s in seen]


@pytest.fixture
def bench(server: Server, page: "Page") -> "Page":
    """A page of ours with foto.js and nothing else."""
    page.goto(server.url + "/laporan-hp/")
    return page


def test_a_large_photo_becomes_small_and_upright(bench: "Page") -> None:
    original = camera((3000, 4000), turn=6, noise=60)
    with Image.open(io.BytesIO(original)) as stored:
        assert stored.size == (4000, 3000) and len(original) > 1_000_000
    small = shrunk(bench, "IMG_0001.jpg", original)["content"]
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.format == "JPEG"
        assert picture.width < picture.height <= 1280
        assert not dict(picture.getexif())
    assert len(small) <= 150_000
    assert corners(small) == [RED, GREEN, BLUE, WHITE]
    assert b"KameraRahasia" not in small


@pytest.mark.parametrize("phone", ["new", "old"])
def test_every_way_of_holding_the_phone_is_upright(bench: "Page", phone: str) -> None:
    if phone == "old":
        bench.evaluate(OLD_PHONE)
    for turn in range(1, 9):
        small = shrunk(bench, "foto.jpg", camera((1500, 2000), turn))["content"]
        with Image.open(io.BytesIO(small)) as picture:
            assert picture.size == (960, 1280), turn
        assert corners(small) == [RED, GREEN, BLUE, WHITE], turn


def test_a_grainy_photo_still_fits(bench: "Page") -> None:
    out = io.BytesIO()
    Image.frombytes("RGB", (2000, 1500), os.urandom(2000 * 1500 * 3)).save(out, "JPEG", quality=95)
    assert len(shrunk(bench, "foto.jpg", out.getvalue())["content"]) <= 150_000


def test_what_is_small_already_and_what_is_no_picture_stay_as_they_are(bench: "Page") -> None:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), RED).save(out, "JPEG")
    assert shrunk(bench, "foto.jpg", out.getvalue())["content"] == out.getvalue()
    pdf = b"%PDF-1.4\n" + b"x" * 400_000
    assert shrunk(bench, "kk.pdf", pdf, "application/pdf")["content"] == pdf
    strange = b"bukan gambar " * 50_000
    assert shrunk(bench, "foto.heic", strange, "image/heic")["content"] == strange


def test_what_cannot_be_made_small_enough_is_said_in_words(bench: "Page") -> None:
    large = b"x" * (8 * 1024 * 1024 + 1)
    for name in ("foto.heic", "kk.pdf"):
        assert "8 MB" in shrunk(bench, name, large, "")["words"]


def test_a_transparent_picture_lies_on_white(bench: "Page") -> None:
    out = io.BytesIO()
    Image.new("RGBA", (1600, 1200), (0, 0, 0, 0)).save(out, "PNG")
    small = shrunk(bench, "kk.png", out.getvalue(), "image/png")["content"]
    with Image.open(io.BytesIO(small)) as picture:
        assert min(picture.getpixel((10, 10))) > 250


def _send_with_photos(page: "Page", address: str, files: list[dict[str, Any]]) -> str:
    page.goto(address)
    fill(page, "Anak Berfoto Contoh")
    page.set_input_files("[name=document]", files)  # type: ignore[arg-type]
    outbox_ready(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url(re.compile("/status/"))
    return page.locator(".code").inner_text()


def a_file(n: int = 1) -> dict[str, Any]:
    return {
        "name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": camera((1500, 2000), 6),
    }  # fmt: skip


def received(page: "Page") -> None:
    """The receipt says that all has come; it looks for itself, and loads the page anew."""
    page.get_by_role("heading", name="Laporan diterima", exact=True).wait_for()


def test_a_photo_that_fails_does_not_lose_the_report_and_is_sent_later(
    server: Server, simple_phone: "BrowserContext"
) -> None:
    tried: list[str] = []

    def cut(route: Any) -> None:
        tried.append(route.request.url)
        route.abort()

    simple_phone.route("**/foto/", cut)
    page = simple_phone.new_page()
    _send_with_photos(page, form_url(server), [a_file()])
    assert page.locator("h1").inner_text() == "Laporan diterima, 1 foto menunggu"
    until(page, "((await Kotak.list())[0] || {}).code === 'K-0'")
    assert tried
    kept = page.evaluate("Kotak.list()")
    assert [row["state"] for row in kept] == ["foto"] and "Berfoto" not in str(kept)
    simple_phone.unroute("**/foto/")
    page.evaluate("Kotak.list().then(rows => { Kotak.retry(rows[0].id); })")
    received(page)
    assert "1 berkas tersimpan" in page.inner_text("main")
    until(page, "!(await Kotak.list()).length")
    stored = [p for p in Path(server.data_dir, "documents").glob("*.jpg") if _is_ours(p)]
    assert len(stored) == 1


def _is_ours(path: Path) -> bool:
    content = path.read_bytes()
    with Image.open(io.BytesIO(content)) as picture:
        upright = picture.size == (960, 1280)
    return upright and corners(content) == [RED, GREEN, BLUE, WHITE]


def test_the_phone_lists_what_it_sent_until_it_is_told_to_forget(
    server: Server, page: "Page"
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(server.url + "/laporan-hp/")
    page.get_by_text("Belum ada laporan").wait_for()
    code = _send_with_photos(page, form_url(server), [])
    page.get_by_role("link", name="Laporan saya di HP ini").click()
    page.get_by_text("Terkirim").wait_for()
    shown = page.inner_text("main")
    assert code in shown and "Contoh" not in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Hapus daftar ini dari HP").click()
    page.get_by_text("Belum ada laporan").wait_for()
    page.reload()
    page.get_by_text("Belum ada laporan").wait_for()
    assert code not in page.inner_text("main")


def test_several_photos_go_one_by_one(server: Server, page: "Page") -> None:
    _send_with_photos(page, form_url(server), [a_file(1), a_file(2), a_file(3)])
    received(page)
    assert "3 berkas tersimpan" in page.inner_text("main")


def test_eleven_photos_are_refused_before_anything_is_sent(server: Server, page: "Page") -> None:
    page.goto(form_url(server))
    fill(page, "Anak Sebelas Foto")
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": b"x"} for n in range(11)]
    page.set_input_files("[name=document]", files)  # type: ignore[arg-type]
    outbox_ready(page)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_selector(".form-errors")
    assert "Paling banyak 10 foto" in page.locator("#div_id_document .error").inner_text()


def test_a_form_that_is_sent_whole_carries_a_small_photo(bench: "Page") -> None:
    """The box of a correction: the photo in it is replaced before it is sent."""
    bench.evaluate("""() => {
        const form = document.createElement('form');
        form.setAttribute('data-foto', '');
        form.append(Object.assign(document.createElement('input'), {type: 'file', id: 'kotak'}));
        document.body.append(form);
    }""")
    bench.set_input_files("#kotak", a_file())  # type: ignore[arg-type]
    until(bench, "document.getElementById('kotak').files[0].name === 'foto.jpeg'")
    assert bench.evaluate("document.getElementById('kotak').files[0].size") <= 150_000


def test_who_types_a_code_in_does_not_get_it_listed(server: Server, page: "Page") -> None:
    code = _send_with_photos(page, form_url(server), [])
    other = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    other.goto(f"{server.url}/status/?kode={code}")
    assert code in other.inner_text("main")
    other.goto(server.url + "/laporan-hp/")
    other.get_by_text("Belum ada laporan").wait_for()
    other.context.close()
