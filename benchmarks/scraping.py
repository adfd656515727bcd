"""Whether the time of an answer tells a stranger who is known (security.md case 5).

    .venv/bin/python benchmarks/scraping.py [--runs 200] [WORDS OF A QUESTION …]

Each question of tests/probes.py is asked of a fresh server with the demo, in turn about somebody
who is there and somebody who is not, ``runs`` times each. Medians; ends with 1 where they differ
by 5 ms or more. Only differences within one run mean anything.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from statistics import median
from time import perf_counter

import django

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "kempling.settings"

from tests import environment  # noqa: E402, F401 - a temporary folder, before anything else

django.setup()

from tests.probes import NIK, NOBODY, PROBES, Probe  # noqa: E402
from tests.servers import Server, run_server  # noqa: E402
from tests.test_race import Phone  # noqa: E402

MOST_MS = 5.0
_SCRIPT = """
import json
from django.utils import timezone
from accounts import devices, workflow as accounts
from accounts.models import Enrolment, Grant, Invitation, User
from regions import links
from regions.models import Posyandu, Programme
from registry import workflow
from registry.documents import CleanFile, store
from registry.models import Child, CorrectionLink, Submission

here = Programme.objects.get(code="kempling")
officer, admin = (User.objects.get(username=f"{{one}}.kempling") for one in ("petugas", "admin"))
place = Posyandu.objects.of(here).first()
kader = User.objects.create(username="kader.pin", full_name="Kader Contoh")
Grant.objects.create(user=kader, role="kader", programme=here, posyandu=place)
kader.set_unusable_password()
kader.save()
old, link = links.make(here), links.make(here, posyandu=place)
child = Child.objects.filter(programme=here, mother__isnull=False).first()
child.name, child.nik = "Sudahada", "{nik}"
child.save()
back = Submission.objects.filter(programme=here, status="received").exclude(reporter=officer)
first, second, report = back.order_by("id")[:3]
paper = CleanFile(b"bukan gambar", "image/jpeg", "jpg")
known = {{
    "child_name": child.name, "mother_name": child.mother.name, "nik": "{nik}",
    "username": officer.username, "phone_only": kader.username, "receipt": report.receipt_text,
    "token": links.token_of(old), "correction": workflow.send_back(officer, first, "Salah."),
    "invitation": accounts.invite(admin, "tim", here, "Orang Contoh")[1],
    "enrolment": devices.make_enrolment(officer, kader), "child": child.code,
    "document": store(paper, programme=here, desa=report.desa, submission=report).code,
    "person": officer.code,
}}
links.revoke(old)
for spent in (Invitation, Enrolment, CorrectionLink):
    spent.objects.update(used_at=timezone.now())
ways = {{"link": links.token_of(link), "open": workflow.send_back(officer, second, "Salah.")}}
print("MADE" + json.dumps([known, ways]))
"""


def made(server: Server) -> tuple[dict[str, str], dict[str, str]]:
    """Somebody who is there, and the doors by which is asked."""
    printed = server.manage("shell", "-v0", "-c", _SCRIPT.format(nik=NIK)).stdout
    known, ways = json.loads(printed.split("MADE", 1)[1])
    return known, ways


def milliseconds(phone: Phone, probe: Probe, words: dict[str, str], client_id: str) -> float:
    """How long one question takes, from sending to the last byte."""
    path, data = probe.asked(words, client_id)
    accept = "application/json" if probe.json else "text/html"
    body = None
    if data is not None:
        data["csrfmiddlewaretoken"] = next(c.value for c in phone.jar if c.name == "csrftoken")
        body = urllib.parse.urlencode(data).encode()
    headers = {"Accept": accept, "Referer": phone.url}
    request = urllib.request.Request(phone.url + path, body, headers)
    begin = perf_counter()
    try:
        answer = phone.opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    answer.read()
    return (perf_counter() - begin) * 1000


def compared(server: Server, probe: Probe, known: dict[str, str], ways: dict[str, str],
             runs: int) -> tuple[float, float]:  # fmt: skip
    """The medians for who is there and who is not, asked in turn, each first as often."""
    phone = Phone(server.url)
    phone.get(server.url + "/masuk/")  # a CSRF token
    took: dict[bool, list[float]] = {True: [], False: []}
    for run in range(runs + 3):  # the first three warm up
        for there in (run % 2 == 0, run % 2 == 1):
            words = (known if there else NOBODY) | ways
            spent = milliseconds(phone, probe, words, f"{probe.name[-30:]}-{run}-{there}")
            took[there].append(spent)
    return median(took[True][3:]), median(took[False][3:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("words", nargs="*", help="only the questions with these words in them")
    given = parser.parse_args()
    chosen = [p for p in PROBES if all(word in p.name for word in given.words)]
    beyond = 0
    with run_server() as server:
        known, ways = made(server)
        print(f"{'known':>8} {'unknown':>8} {'differ':>7}   ms, medians of {given.runs}")
        for probe in chosen:
            there, not_there = compared(server, probe, known, ways, given.runs)
            apart = there - not_there
            beyond += abs(apart) >= MOST_MS
            print(f"{there:8.2f} {not_there:8.2f} {apart:+7.2f}   {probe.name}", flush=True)
    print("ok" if not beyond else f"{beyond} questions tell by their time who is known")
    return int(beyond > 0)


if __name__ == "__main__":
    sys.exit(main())
