"""The server killed (-9): what was acknowledged is there, what is sent again is there once.

security.md cases 66 and 75, on a real server process and on both databases.
"""

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import pytest

from tests import environment
from tests.servers import Server, run_server
from tests.test_race import Phone, count, form_of, report_answers

pytestmark = pytest.mark.live

NO_ANSWER = (HTTPException, OSError)  # cut off, refused, or nobody there yet
REPORTS, KILLS = environment.rounds(100, 2_000), environment.rounds(3, 20)
PATIENCE = 300  # seconds for one report: many lives of the server; one that hangs is found out
ORDERS = environment.ROOT / f"die-on-post-{environment.WORKER}"


@pytest.fixture(scope="module")
def portal() -> Iterator[Server]:
    with run_server({"RATE_LIMITS": "off", "DIE_ON_POST": str(ORDERS)}) as server:
        server.stop()
        server.app = "tests.dying:application"
        server.start()
        yield server


@pytest.fixture(scope="module")
def kader(portal: Server) -> Phone:
    account = next(a for a in portal.demo["accounts"] if a["username"] == "kader.kempling")
    phone = Phone(portal.url)
    phone.sign_in(portal.url, account["username"], account["password"])
    return phone


def revive(portal: Server, who: str) -> None:
    """The dead worker comes back by itself; a dead server must be started again."""
    if who == "server":
        portal.kill9()  # also those workers that still look for their master
        portal.start()


def post_and_lose(portal: Server, phone: Phone, who: str, url: str, data: dict[str, Any]) -> None:
    """Send once; the server commits, dies, and comes back."""
    ORDERS.write_text(who)
    with pytest.raises(NO_ANSWER):
        phone.post(url, data)
    assert not ORDERS.exists(), "it did not die"
    revive(portal, who)


def rows_of(portal: Server, key: str) -> list[Any]:
    """[reports, versions of them, events of sending] with this client id."""
    mine = f"Submission.objects.filter(client_id={key!r})"
    told = f"Event.objects.filter(verb='submit', object_code__in={mine}.values('code')).count()"
    versions = f"SubmissionVersion.objects.filter(submission__client_id={key!r}).count()"
    return count(portal, f"[{mine}.count(), {versions}, {told}]")


@pytest.mark.parametrize("who", ["worker", "server"])
def test_killed_before_the_answer_a_repeat_gets_the_receipt(portal: Server, who: str) -> None:
    """Case 66: five repeats, by a script and by a browser without one, name the same receipt."""
    url, phone = form_of(portal, "kempling"), Phone(portal.url)
    data = report_answers(portal, csrfmiddlewaretoken=phone.csrf(url))
    key = data["client_id"] = f"mati-{who}"
    post_and_lose(portal, phone, who, url, data)
    stored = rows_of(portal, key)
    assert stored[0] == stored[2] == 1, "committed before it died"
    answers = [phone.post(url, data) for _ in range(5)]
    assert {status for status, _ in answers} == {200}
    (receipt,) = {json.loads(body)["receipt"] for _, body in answers}
    assert {json.loads(body)["client_id"] for _, body in answers} == {key}
    status, page = phone.post(url, data, "text/html")
    assert status == 200 and receipt in page
    assert rows_of(portal, key) == stored


def test_a_measurement_sent_again_after_the_kill_is_one(portal: Server, kader: Phone) -> None:
    """The posyandu day, as the kader's outbox sends it."""
    find = (
        "import json; from accounts.models import User; from registry.models import Child; "
        "p = User.objects.get(username='kader.kempling').grants.get().posyandu; "
        "t = p.programme.today(); "
        "c = Child.objects.filter(posyandu=p).balita(t).here(t)"
        ".exclude(measurements__measured_on=t).first(); "
        "print(json.dumps([p.code, str(t), c.code]))"
    )
    printed = portal.manage("shell", "-v0", "-c", find).stdout
    place, today, child = json.loads(printed.strip().splitlines()[-1])
    url = f"{portal.url}/hari-posyandu/{place}/{today}/{child}/"
    data = {"lila_cm": "14,1", "confirmed": "1", "csrfmiddlewaretoken": kader.csrf(url)}
    post_and_lose(portal, kader, "server", url, data)
    rows = f"Measurement.objects.filter(child__code={child!r}, measured_on={today!r}).count()"
    told = f"Event.objects.filter(verb='measure', object_code={child!r}).count()"
    before = count(portal, f"[{rows}, {told}]")
    assert before[0] == 1
    assert [kader.post(url, data)[0] for _ in range(3)] == [200] * 3
    assert count(portal, f"[{rows}, {told}]") == before


# --- Under load ---------------------------------------------------------------------------------


def deliver(phone: Phone, url: str, data: dict[str, Any]) -> str:
    """Send as an outbox does, again and again until a receipt names this report."""
    end, last = time.monotonic() + PATIENCE, ""
    while time.monotonic() < end:
        try:
            status, body = phone.post(url, data)
        except NO_ANSWER as error:
            last = repr(error)
            time.sleep(0.2)
            continue
        if status in (200, 201):
            answer = json.loads(body)
            assert answer["client_id"] == data["client_id"]
            return answer["receipt"]
        assert status >= 500, (status, body)  # anything else would be a refusal
        last = f"{status} {body[:200]}"
        time.sleep(0.2)
    raise AssertionError(f"{data['client_id']} was never acknowledged; last: {last}")


def first_token(phone: Phone, url: str) -> str:
    """The form is opened until the server is alive to answer."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return phone.csrf(url)
        except NO_ANSWER:
            assert time.monotonic() < end, "nobody serves"
            time.sleep(0.2)


def send_all(portal: Server, number: int, keys: list[str], receipts: dict[str, str]) -> None:
    """One phone's reports, one after the other."""
    url, phone = form_of(portal, "kempling"), Phone(portal.url)
    token = first_token(phone, url)
    for key in keys:
        data = report_answers(portal, csrfmiddlewaretoken=token, client_id=key)
        data |= {"child_name": f"Anak {key}", "reporter_name": f"Kader {number}"}
        receipts[key] = deliver(phone, url, data)


def kill_now_and_then(
    portal: Server, sent: dict[str, str], phones: list[Future[None]], chance: random.Random
) -> list[float]:
    """Kill and start the server ``KILLS`` times while they send; seconds until it serves again."""
    took: list[float] = []
    for number in range(KILLS):
        share = (number + chance.random()) / (KILLS + 1)
        while len(sent) < REPORTS * share:
            if any(phone.done() and phone.exception() for phone in phones):
                return took  # the test says which, once the server is up for the others
            time.sleep(0.01)
        time.sleep(chance.random() * 0.05)
        portal.kill9()
        from_here = time.monotonic()
        portal.start()
        took.append(time.monotonic() - from_here)
    return took


@pytest.mark.slow
def test_kill_9_under_load_loses_and_doubles_nothing() -> None:
    """Case 75: whatever was acknowledged is stored, each report once, with the receipt given."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - to repeat a failure
    with run_server({"RATE_LIMITS": "off"}) as portal, ThreadPoolExecutor(8) as pool:
        receipts: dict[str, str] = {}
        shares = [[f"beban-{n}" for n in range(start, REPORTS, 8)] for start in range(8)]
        phones = [pool.submit(send_all, portal, n, keys, receipts) for n, keys in enumerate(shares)]
        took = kill_now_and_then(portal, receipts, phones, random.Random(seed))
        for phone in phones:
            phone.result()
        print("seconds to serve again:", [round(seconds, 1) for seconds in took])  # noqa: T201
        rows = "Submission.objects.filter(client_id__startswith='beban-')"
        stored = count(portal, f"[[s.client_id, s.receipt_text] for s in {rows}]")
        assert len(stored) == REPORTS and dict(stored) == receipts, f"seed {seed}"
        told = f"Event.objects.filter(verb='submit', object_code__in={rows}.values('code')).count()"
        assert count(portal, told) == REPORTS, f"seed {seed}"
        if not environment.on_postgres():
            check = "from django.db import connection as c; k = c.cursor(); "
            check += "k.execute('PRAGMA integrity_check'); print(k.fetchone()[0])"
            assert portal.manage("shell", "-v0", "-c", check).stdout.strip() == "ok"
