"""Nothing twice, nothing lost: many at once, against a real server process, on both databases."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests import environment
from tests.cast import answers
from tests.servers import Server, run_server

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def portal() -> Iterator[Server]:
    """A portal with its demo, without rate limits."""
    with run_server({"RATE_LIMITS": "off"}) as server:
        yield server


class Phone:
    """A browser with its own cookies, as one phone is."""

    def __init__(self, url: str) -> None:
        self.url = url
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, url: str) -> str:
        return self.opener.open(url, timeout=60).read().decode()

    def csrf(self, url: str) -> str:
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', self.get(url))
        assert found
        return found[1]

    def post(self, url: str, data: dict[str, Any], accept: str = "application/json") -> Any:
        body = urllib.parse.urlencode(data).encode()
        request = urllib.request.Request(url, body, {"Accept": accept, "Referer": url})
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.read().decode()

    def sign_in(self, base: str, username: str, password: str) -> None:
        url = f"{base}/masuk/"
        data = {"csrfmiddlewaretoken": self.csrf(url), "login": username, "password": password}
        status, page = self.post(url, data, "text/html")
        assert status == 200 and "Keluar" in page


def form_of(portal: Server, programme: str) -> str:
    url = next(f["url"] for f in portal.demo["forms"] if f["programme"] == programme)
    return portal.url + "/" + url.split("/", 3)[3]


def count(portal: Server, expression: str) -> Any:
    """Evaluate ``expression`` with the registry's models in the portal's own database."""
    code = (
        "import json; from registry.models import *; from accounts.models import Event; "
        f"print(json.dumps({expression}))"
    )
    return json.loads(portal.manage("shell", "-v0", "-c", code).stdout.strip().splitlines()[-1])


def report_answers(portal: Server, **changes: Any) -> dict[str, Any]:
    return answers(desa="33.02.20.2001", **changes)


@pytest.mark.parametrize("with_json", [True, False])
def test_twenty_parallel_posts_of_one_report_make_one_row(portal: Server, with_json: bool) -> None:
    """security.md case 65: one row, and every answer carries the same receipt."""
    url, phone = form_of(portal, "kempling"), Phone(portal.url)
    data = report_answers(portal, csrfmiddlewaretoken=phone.csrf(url))
    accept = "application/json" if with_json else "text/html"
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: phone.post(url, data, accept), range(20)))
    statuses = sorted(status for status, _ in found)
    if with_json:
        assert statuses == [200] * 19 + [201]
        receipts = {json.loads(body)["receipt"] for _, body in found}
    else:
        assert statuses == [200] * 20  # each was sent on to the status page
        receipts = {re.search(r'class="code">([^<]+)', body)[1] for _, body in found}  # type: ignore[index]
    assert len(receipts) == 1
    key = data["client_id"]
    assert count(portal, f"Submission.objects.filter(client_id={key!r}).count()") == 1
    code = f"Submission.objects.get(client_id={key!r}).code"
    assert count(portal, f"Event.objects.filter(verb='submit', object_code={code}).count()") == 1


def test_back_and_retype_makes_two_reports(portal: Server) -> None:
    url, phone = form_of(portal, "kempling"), Phone(portal.url)
    data = report_answers(portal, csrfmiddlewaretoken=phone.csrf(url))
    first = json.loads(phone.post(url, data)[1])
    second = json.loads(phone.post(url, data | {"child_name": "Anak Kedua"})[1])
    assert first["receipt"] != second["receipt"]
    key = data["client_id"]
    marks = (
        f"sorted(Submission.objects.filter(client_id={key!r}).values_list('retyped', flat=True))"
    )
    assert count(portal, marks) == [False, True]


@pytest.mark.slow
def test_of_many_verifiers_exactly_one_decides(portal: Server) -> None:
    """security.md case 72: one decision event, the others are told (409), nothing doubled."""
    accounts = {a["username"]: a["password"] for a in portal.demo["accounts"]}
    desks = [Phone(portal.url) for _ in range(8)]
    for number, desk in enumerate(desks):
        name = ("petugas.kempling", "kasi.kempling")[number % 2]
        desk.sign_in(portal.url, name, accounts[name])
    url = form_of(portal, "kempling")
    for number in range(environment.rounds(2, 50)):
        phone = Phone(portal.url)
        data = report_answers(portal, csrfmiddlewaretoken=phone.csrf(url),
                              child_name=f"Anak Lomba {number}")  # fmt: skip
        phone.post(url, data)
        key = data["client_id"]
        code = count(portal, f"Submission.objects.get(client_id={key!r}).code")
        page = f"{portal.url}/laporan/{code}/"
        calls = [
            (desk, f"{page}verifikasi/", {"child": "baru"}) if number % 3
            else (desk, f"{page}tolak/", {"reason": "Bukan warga."})
            for number, desk in enumerate(desks)
        ]  # fmt: skip
        tokens = [desk.csrf(page) for desk in desks]
        with ThreadPoolExecutor(len(desks)) as pool:
            found = list(pool.map(
                lambda call: call[0][0].post(
                    call[0][1], call[0][2] | {"csrfmiddlewaretoken": call[1]}, "text/html"),
                zip(calls, tokens, strict=True),
            ))  # fmt: skip
        statuses = sorted(status for status, _ in found)
        assert statuses == [200] + [409] * (len(desks) - 1)
        decided = f"Decision.objects.filter(submission__code={code!r}).count()"
        assert count(portal, decided) == 1
        children = f"Child.objects.filter(name='Anak Lomba {number}').count()"
        assert count(portal, children) <= 1
