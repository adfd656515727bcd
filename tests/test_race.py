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
        self.jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(cookies)

    @property
    def cookies(self) -> str:
        """What this phone keeps, as a Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

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


# --- The posyandu day ---------------------------------------------------------------------------

_FIND = """
from datetime import timedelta
import json
from accounts.models import User
from registry.models import AlertAnswer, Child
place = User.objects.get(username='kader.kempling').grants.get().posyandu
today = place.programme.today()
due = Child.objects.filter(posyandu=place).balita(today).here(today).exclude(
    measurements__measured_on=today)
alert = Child.objects.filter(desa=place.desa, measurements__superseded=False,
    measurements__measured_on__lt=today).exclude(measurements__alert='hijau').first()
baby = Child.objects.filter(posyandu=place).first()
baby = Child.objects.create(programme=baby.programme, desa=baby.desa, posyandu=place, sex='L',
    household=baby.household, mother=baby.mother, name='Bayi Lomba', name_key='bayi lomba',
    birth_date=today - timedelta(days=75))
codes = list(due.exclude(pk=baby.pk).values_list('code', flat=True)[:3])
print(json.dumps(dict(place=place.code, today=str(today), due=codes, alert=alert.code,
    baby=baby.code, later=str(today + timedelta(days=9)))))
"""


@pytest.fixture(scope="module")
def hands(portal: Server) -> dict[str, Any]:
    """Three phones each of a kader, a bidan and the admin, and whom to measure."""
    accounts = {a["username"]: a["password"] for a in portal.demo["accounts"]}
    printed = portal.manage("shell", "-v0", "-c", _FIND).stdout
    found = json.loads(printed.strip().splitlines()[-1])
    for role in ("kader", "bidan", "admin"):
        found[role] = [Phone(portal.url) for _ in range(3)]
        for phone in found[role]:
            phone.sign_in(portal.url, f"{role}.kempling", accounts[f"{role}.kempling"])
    return found


def at_once(
    phones: list[Phone], url: str, page: str, datas: list[dict[str, Any]], accept: str = "text/html"
) -> list[int]:
    """The statuses when every phone sends its data to ``url`` at the same moment."""
    tokens = [phone.csrf(page) for phone in phones]
    with ThreadPoolExecutor(len(phones)) as pool:
        found = pool.map(
            lambda i: phones[i].post(url, datas[i] | {"csrfmiddlewaretoken": tokens[i]}, accept)[0],
            range(len(phones)),
        )
        return sorted(found)


def day_url(portal: Server, hands: dict[str, Any], tail: str = "") -> str:
    return f"{portal.url}/hari-posyandu/{hands['place']}/{hands['today']}/{tail}"


def visits_of(portal: Server, hands: dict[str, Any], code: str) -> list[Any]:
    """[visits of today, of them counted, absences, events of measuring]."""
    today = hands["today"]
    rows = f"Measurement.objects.filter(child__code={code!r}, measured_on={today!r})"
    gone = f"Absence.objects.filter(child__code={code!r}).count()"
    told = f"Event.objects.filter(verb='measure', object_code={code!r}).count()"
    return count(portal, f"[{rows}.count(), {rows}.current().count(), {gone}, {told}]")


def test_many_kader_measure_one_child_once(portal: Server, hands: dict[str, Any]) -> None:
    """The same numbers are stored once and every phone is answered; other numbers are told."""
    phones, page = [*hands["kader"], *hands["bidan"]], day_url(portal, hands)
    same, other, third = hands["due"]
    measured = {"lila_cm": "14,1", "confirmed": "1"}
    url = day_url(portal, hands, f"{same}/")
    statuses = at_once(phones, url, url, [measured] * 6, "application/json")
    assert statuses == [200] * 5 + [201]
    url = day_url(portal, hands, f"{other}/")
    datas = [measured | {"lila_cm": f"14,{n}"} for n in range(6)]
    assert at_once(phones, url, url, datas, "application/json") == [201] + [409] * 5
    for code in (same, other):
        assert visits_of(portal, hands, code) == [1, 1, 0, 1]
    statuses = at_once(phones, page + "isi/", page + "isi/", [
        {f"{third}-absent": "on"} if n % 2 else {f"{third}-lila_cm": "14,1",
         f"{third}-confirmed": "1"} for n in range(6)
    ])  # fmt: skip
    assert set(statuses) <= {200, 422}
    seen = visits_of(portal, hands, third)
    assert seen[:2] == [1, 1] and seen[2] <= 1 and seen[3] == 1
    # Put right by six at once, while every stored z is worked out anew.
    url = day_url(portal, hands, f"{same}/perbaiki/")
    standing = re.search(r'name="standing" value="([^"]+)', phones[0].get(url))
    assert standing
    fixed = {"confirmed": "1", "reason": "Salah ketik", "standing": standing[1]}
    datas = [fixed | {"lila_cm": f"13,{n}"} for n in range(6)]
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(portal.manage, "recompute")
        statuses = at_once(phones, url, url, datas)
        again.result()
    assert statuses == [200] + [409] * 5
    assert visits_of(portal, hands, same) == [2, 1, 0, 1]
    assert "Internal Server Error" not in portal.log


def test_an_answer_given_many_times_at_once_stands_once(
    portal: Server, hands: dict[str, Any]
) -> None:
    """Of an alert once a person, of ASI once a month, of a KBM table once a day."""
    code, baby = hands["alert"], hands["baby"]
    url = f"{portal.url}/anak/{code}/tindak-lanjut/"
    said = {"kind": "dirujuk", "done_on": hands["today"], "note": "Lomba"}
    assert at_once(hands["bidan"], url, url, [said] * 3) == [200] * 3
    card = f"{portal.url}/anak/{baby}/"
    for month, told in (("0", ["ya"] * 6), ("1", ["ya", "tidak"] * 3)):
        datas = [{"month": month, "exclusive": word} for word in told]
        phones = [*hands["kader"], *hands["bidan"]]
        assert at_once(phones, f"{card}asi/", card, datas) == [200] * 6
    settings = f"{portal.url}/pengaturan/kbm/"
    form = hands["admin"][0].get(settings)
    grams = dict(re.findall(r'name="([LP][0-9]+)" value="([0-9.]+)"', form))
    table = grams | {"since": hands["later"], "source": "Buku Contoh"}
    assert len(grams) == 20
    assert at_once(hands["admin"], settings, settings, [table] * 3) in (
        [200, 409, 409], [200, 409, 422], [200, 422, 422],
    )  # fmt: skip
    answered = "AlertAnswer.objects.filter(note='Lomba').count()"
    months = f"ExclusiveMonth.objects.filter(child__code={baby!r}).count()"
    tables = f"len(Child.objects.get(code={baby!r}).programme.settings['kbm'])"
    assert count(portal, f"[{answered}, {months}, {tables}]") == [1, 2, 1]
    assert "Internal Server Error" not in portal.log


# --- The desk -----------------------------------------------------------------------------------


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
