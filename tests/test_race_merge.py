"""Merging against time: many at once on a real server, on both databases; nothing is lost."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests import environment
from tests.servers import Server
from tests.test_race import Phone, count

pytestmark = [pytest.mark.live, pytest.mark.slow]

_MAKE = """
import json
from datetime import timedelta
from accounts.models import User
from registry.models import Child, Household, Mother
place = User.objects.get(username='kader.kempling').grants.get().posyandu
programme, today = place.programme, place.programme.today()
where = dict(programme=programme, desa=place.desa, posyandu=place)
made = []
for number in range({count}):
    home = Household.objects.create(address='Jalan Lomba 1', **where)
    mother = Mother.objects.create(household=home, name='Ibu Lomba', name_key='lomba', **where)
    made.append(Child.objects.create(household=home, mother=mother, name='Anak Lomba',
        name_key='anak lomba', sex='P', birth_date=today - timedelta(days=400), **where).code)
print('MADE' + json.dumps(dict(codes=made, today=str(today),
    days=[str(today - timedelta(days=n)) for n in range(1, 9)])))
"""


def make(server: Server, number: int) -> dict[str, Any]:
    script = _MAKE.replace("{count}", str(number))
    return json.loads(server.manage("shell", "-v0", "-c", script).stdout.split("MADE", 1)[1])


@pytest.fixture(scope="module")
def desks(server: Server) -> list[Phone]:
    """Six desks of petugas and Kasi."""
    accounts = {a["username"]: a["password"] for a in server.demo["accounts"]}
    phones = [Phone(server.url) for _ in range(6)]
    for number, phone in enumerate(phones):
        name = ("petugas.kempling", "kasi.kempling")[number % 2]
        phone.sign_in(server.url, name, accounts[name])
    return phones


def send(desks: list[Phone], calls: list[tuple[str, dict[str, Any]]]) -> list[int]:
    """Every desk opens its page, then all send at the same moment; the statuses in order."""
    tokens = [desk.csrf(url) for desk, (url, _) in zip(desks, calls, strict=True)]

    def one(number: int) -> int:
        url, data = calls[number]
        said = data | {"csrfmiddlewaretoken": tokens[number]}
        return desks[number].post(url, said, "text/html")[0]

    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(one, range(len(desks))))


def pair(server: Server, kept: str, gone: str) -> str:
    return f"{server.url}/ganda/anak/{kept}/{gone}/"


def test_two_people_merge_one_pair_at_once(server: Server, desks: list[Phone]) -> None:
    """Whoever is first decides, in whichever direction; there is one merge and one card."""
    for _ in range(environment.rounds(1, 30)):
        one, again = make(server, 2)["codes"]
        both = [pair(server, one, again), pair(server, again, one)]
        said = {"also": "mother"}
        statuses = send(desks, [(both[number // 3], said) for number in range(6)])
        assert set(statuses) <= {200, 409}
        left = f"Child.objects.filter(code__in=[{one!r}, {again!r}]).count()"
        merges = f"Merge.objects.filter(kept_code__in=[{one!r}, {again!r}]).count()"
        told = f"Event.objects.filter(verb='merge', object_code__in=[{one!r}, {again!r}]).count()"
        assert count(server, f"[{left}, {merges}, {told}]") == [1, 1, 1]
    assert "Internal Server Error" not in server.log


def test_a_merge_while_both_are_measured(server: Server, desks: list[Phone]) -> None:
    """What was answered as stored stands on the kept card; nothing hangs on the other."""
    for _ in range(environment.rounds(1, 30)):
        made = make(server, 2)
        one, again = made["codes"]
        calls: list[Any] = [(pair(server, one, again), {})]
        for number, day in enumerate(made["days"][:5]):
            url = f"{server.url}/anak/{again if number % 3 else one}/ukur/"
            calls.append((url, {"measured_on": day, "weight_kg": "8,2", "confirmed": "1"}))
        statuses = send(desks, calls)
        assert statuses[0] == 200 and set(statuses) <= {200, 409}
        gone = f"Measurement.objects.filter(child__code={again!r}).count()"
        kept = f"Measurement.objects.filter(child__code={one!r}).count()"
        assert count(server, f"[{gone}, {kept}]") == [0, statuses[1:].count(200)]
        # Whoever was told to open the kept card, and does, finds it at the old address.
        assert desks[0].get(f"{server.url}/anak/{again}/")
    assert "Internal Server Error" not in server.log


def test_a_into_b_while_b_into_c(server: Server, desks: list[Phone]) -> None:
    """In whatever order, nobody ends in a card that is itself merged, and nobody waits for ever."""
    rounds = environment.rounds(5, 60)
    codes = make(server, 3 * rounds)["codes"]
    trios = [codes[start : start + 3] for start in range(0, len(codes), 3)]
    for a, b, c in trios:
        calls: list[Any] = [
            (pair(server, b, a), {}),
            (pair(server, c, b), {}),
            (pair(server, a, c), {}),
        ]
        assert set(send(desks, calls * 2)) <= {200, 409}
    left = "Child.objects.filter(code__in=trio).count()"
    astray = "Child.everyone.filter(code__in=trio, merged_into__merged_into__isnull=False).count()"
    merges = "Merge.objects.filter(gone_code__in=trio).count()"
    for found in count(server, f"[[{left}, {astray}, {merges}] for trio in {trios}]"):
        assert found[1] == 0 and found[0] == 3 - found[2] and found[2] >= 1
    assert "Internal Server Error" not in server.log
