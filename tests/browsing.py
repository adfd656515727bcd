"""A kader's phone in a real Chromium: opened, waited for, and searched for what it keeps.

``Page.wait_for_function`` does not wait for a promise: it takes the promise itself for "yes". What
a page learns from its database or its caches is waited for with ``until``.
"""

import json
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.servers import CHROMIUM_FLAGS, chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Everything a browser keeps for this site, as one text: databases with their keys, caches, local
# and session storage, cookies. Bytes are read as letters in three ways.
_KEPT = """async () => {
  const said = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  const asked = (request) => new Promise((ok, no) => {
    request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
  const text = async (value) => {
    if (value instanceof Blob) value = await value.arrayBuffer();
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
      return ["latin1", "utf-8", "utf-16le"].map((as) => new TextDecoder(as).decode(value)).join();
    if (!value || typeof value !== "object") return String(value);
    const parts = [];
    for (const [name, inner] of Object.entries(value)) parts.push(name, await text(inner));
    return parts.join(" ");
  };
  for (const {name} of await indexedDB.databases()) {
    const db = await asked(indexedDB.open(name));
    for (const shelf of db.objectStoreNames) {
      const [rows, keys] = await Promise.all(["getAll", "getAllKeys"].map(
        (what) => asked(db.transaction(shelf).objectStore(shelf)[what]())));
      said.push(name, shelf, await text(rows), await text(keys));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys())
      said.push(request.url, await (await cache.match(request)).text());
  }
  return said.join("\\n");
}"""


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A real Chromium with an empty profile; skipped where none is installed, except in CI."""
    found = chromium_path()
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no Chromium here")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would refuse every query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page on a kader's phone (360 px, Bahasa). Fails when a script of ours fails."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", timezone_id="Asia/Jakarta"
    )
    opened = context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert not failures, failures


def _phone(browser: "Browser", **options: str) -> "Iterator[BrowserContext]":
    shape = {"width": 360, "height": 740}
    context = browser.new_context(
        viewport=shape, locale="id-ID", timezone_id="Asia/Jakarta", **options
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def phone(browser: "Browser") -> "Iterator[BrowserContext]":
    """A kader's phone with an empty browser."""
    yield from _phone(browser)


@pytest.fixture
def simple_phone(browser: "Browser") -> "Iterator[BrowserContext]":
    """A phone without a service worker: the page alone sends, and its requests can be bent."""
    yield from _phone(browser, service_workers="block")


def until(page: "Page", condition: str) -> None:
    """Wait until this JavaScript, which may await, is true. The page must not go away meanwhile.

    What a script that is still on its way will define is waited for too.
    """
    page.evaluate(
        f"async () => {{ const end = Date.now() + 25000; const holds = async () => {{"
        f" try {{ return {condition}; }}"
        " catch (error) { if (error instanceof ReferenceError) return false; throw error; } };"
        f" while (!(await holds())) {{"
        f" if (Date.now() > end) throw new Error({json.dumps(condition)});"
        " await new Promise(done => setTimeout(done, 100)); } }"
    )


def outbox_ready(page: "Page") -> None:
    """The page's late scripts have run and its outbox is open, so that a form goes through it; a
    page without either is ready."""
    until(page, "!window.Start || Start.all")
    if page.evaluate("Boolean(window.Kotak)"):
        page.evaluate("Kotak.ready.then(() => null)")


def everything_kept(page: "Page") -> str:
    """What the browser keeps for the site of this page, in whatever store, as one text."""
    return str(page.evaluate(_KEPT))


def files_with(profile: Path, words: str) -> list[str]:
    """The files of a closed browser profile in which the words stand, packed or not."""
    forms = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [
        str(file.relative_to(profile))
        for file in profile.rglob("*")
        if file.is_file() and any(form in _unpacked(file.read_bytes()) for form in forms)
    ]


def _unpacked(content: bytes) -> bytes:
    """The bytes, and what is gzipped in them: a page in the cache is kept as it was sent."""
    found = [content]
    for start in re.finditer(rb"\x1f\x8b\x08", content):
        try:
            found.append(zlib.decompressobj(31).decompress(content[start.start() :]))
        except zlib.error:
            continue
    return b"\n".join(found)
