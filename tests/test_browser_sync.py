"""Background Sync: the service worker sends what waits when no page of the portal is open.

The browser itself decides when to tell the worker of a signal; here the test does, as the
developer tools do.
"""

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import everything_kept, outbox_ready
from tests.servers import Server
from tests.test_browser_outbox import KEPT, press, stored, visit, waiting
from tests.test_browser_photo import a_file
from tests.test_browser_report import fill, form_url

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


class Worker:
    """The service worker as the browser's own tools see it, from a blank page."""

    def __init__(self, context: "BrowserContext", scope: str) -> None:
        self.scope, self.blank = scope, context.new_page()
        self.tools = context.new_cdp_session(self.blank)
        self.known: dict[str, str] = {}
        self.tools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self.tools.send("ServiceWorker.enable")

    def _note(self, told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            self.known[one["scopeURL"]] = one["registrationId"]

    def sync(self) -> None:
        """There is a signal: the event the browser sends, with the tag the outbox asked for."""
        until(self.blank, lambda: self.scope in self.known)
        self.tools.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": self.scope.rstrip("/"), "registrationId": self.known[self.scope],
             "tag": "kotak", "lastChance": False},
        )  # fmt: skip


def until(page: "Page", condition: Any) -> None:
    """Wait for what is seen from outside; the page only lets the browser's own events in."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(100)


def keep_one(context: "BrowserContext", url: str, name: str) -> None:
    """A report with a photo, finished without a signal; then the portal's last page is closed."""
    page = visit(context, url)
    context.set_offline(True)
    fill(page, name)
    page.set_input_files("[name=document]", [a_file()])
    press(page)
    page.get_by_text(KEPT).wait_for()
    page.close()


def photos_of(server: Server, name: str) -> int:
    code = (
        "from registry.models import Document; "
        f"print(Document.objects.filter(submission__child_name={name!r}).count())"
    )
    return int(server.manage("shell", "-v0", "-c", code).stdout.strip().splitlines()[-1])


def test_the_worker_alone_delivers_report_and_photo(
    server: Server, phone: "BrowserContext"
) -> None:
    name = "Anak Dikirim Pekerja"
    keep_one(phone, form_url(server), name)
    worker = Worker(phone, server.url + "/")
    assert [page.url for page in phone.pages] == ["about:blank"] and not stored(server, name)
    phone.set_offline(False)
    worker.sync()
    until(worker.blank, lambda: stored(server, name) == 1)
    until(worker.blank, lambda: photos_of(server, name) == 1)
    page = phone.new_page()
    page.goto(server.url + "/laporan-hp/")
    page.get_by_text("Terkirim").wait_for()  # the phone knows its code, though no page was open
    outbox_ready(page)
    assert waiting(page) == [] and name not in everything_kept(page)


def test_without_a_signal_the_worker_keeps_it(server: Server, phone: "BrowserContext") -> None:
    """Told of a signal that is none, then closed and opened: nothing is lost, nothing doubled."""
    name = "Anak Sinyal Palsu"
    keep_one(phone, form_url(server), name)
    worker = Worker(phone, server.url + "/")
    worker.sync()
    page = phone.new_page()
    page.goto(server.url + "/kotak-kirim/")
    page.get_by_text("K-0").wait_for()
    assert [row["state"] for row in waiting(page)] == ["menunggu"] and not stored(server, name)
    page.close()
    phone.set_offline(False)
    worker.sync()
    worker.sync()
    until(worker.blank, lambda: photos_of(server, name) == 1)
    assert stored(server, name) == 1
