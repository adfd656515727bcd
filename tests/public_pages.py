"""Every page anyone may open, in each state it has, on a running portal.

For ``tests/test_browser_axe.py``, which holds this list against the access table, and for
``script/pictures``. ``{names}`` in a path are what ``make`` made.
"""

import json
from typing import Any, NamedTuple

from tests.servers import Server


class Visit(NamedTuple):
    """One look: the path, and the phone it is opened with (a name of ``make``), if any."""

    path: str
    phone: str = ""


VISITS: dict[str, list[Visit]] = {
    "home": [Visit("/"), Visit("/tidak-ada/")],
    "programme": [Visit("/program/kempling/"), Visit("/program/gasken/")],
    "privacy": [Visit("/privasi/")],
    "account_login": [Visit("/masuk/")],
    "account_logout": [Visit("/keluar/")],
    "mfa_authenticate": [Visit("/masuk/kode/")],
    "pin": [Visit("/masuk/pin/", one) for one in ("bound", "locked", "revoked")],
    "accounts:accept": [Visit("/undangan/{invitation}/"), Visit("/undangan/tidakada/")],
    "accounts:enrol": [Visit("/hp/daftar/{enrolment}/"), Visit("/hp/daftar/tidakada/")],
    "registry:report": [Visit("/l/{link}/"), Visit("/l/{wide}/"), Visit("/l/{practice}/")],
    "registry:status-search": [Visit("/status/"), Visit("/status/?kode=salah")],
    "registry:status": [
        *(Visit(f"/status/{{{one}}}/") for one in (
            "received", "has_issues", "edited", "approved", "rejected", "held", "unasked",
            "practised")),
        Visit("/status/ZZZZ-ZZZZ-ZZZZZ/"),
    ],
    "registry:phone-reports": [Visit("/laporan-hp/")],
    "registry:correction": [
        Visit("/perbaikan/{whole}/"), Visit("/perbaikan/{parts}/"), Visit("/perbaikan/mati/"),
    ],
    "registry:outbox": [Visit("/kotak-kirim/")],
    "registry:posyandu-offline": [Visit("/hari-posyandu/luring/")],
    "reports:check-any": [Visit("/cek/")],
    "reports:check": [Visit("/cek/{final}/"), Visit("/cek/tidakada/")],
}  # fmt: skip
# What a script, a phone or a machine reads.
NO_PAGES = {
    "healthz", "brand", "form-script", "accounts:device-state", "registry:outbox-mark",
    "registry:service-worker",
}  # fmt: skip
SECOND_FACTOR = {"username": "tim.pengaman", "password": "kata-sandi-uji-2026"}
PIN = "573091"

_SCRIPT = """
import json
from allauth.mfa.totp.internal import auth as totp
from accounts import devices, workflow as accounts
from accounts.models import Grant, User
from accounts.transitions import Refused
from django.conf import settings
from regions import links
from regions.models import Posyandu, Programme, ReportLink
from registry import held, practice, workflow
from registry.models import Submission
from reports.models import MonthlyReport

here = Programme.objects.get(code="kempling")
officer, admin = (User.objects.get(username=f"{{one}}.kempling") for one in ("petugas", "admin"))
place = Posyandu.objects.of(here).first()
link = links.make(here, posyandu=place)
trial = links.make_practice(here)
made = {{"link": links.token_of(link), "wide": links.token_of(links.make(here)),
        "practice": links.token_of(trial), "cookie": settings.DEVICE_COOKIE_NAME}}

def person(role, name, **more):
    user = User.objects.create(username=f"{{role}}.{{name}}", full_name=f"{{role.title()}} Contoh")
    Grant.objects.create(user=user, role=role, programme=here, **more)
    return user

def phone(name):
    kader = person("kader", name, posyandu=place)
    token = devices.make_enrolment(officer, kader)
    return devices.enrol(token, "HP Contoh", "{pin}")

waiting = Submission.objects.filter(programme=here, status="received").exclude(reporter=officer)
rows = list(waiting.order_by("id")[:6])
states = ["received", "edited", "approved", "rejected"]
for row, state in zip(rows, states):
    Submission.objects.filter(pk=row.pk).update(status=state, decided_at=row.received_at)
    made[state] = row.receipt_text
made["whole"] = workflow.send_back(officer, rows[4], "Tanggal lahir belum benar.")
made["parts"] = workflow.send_back(officer, rows[5], "Nama dan foto.", ["child_name", "document"])
made["has_issues"] = rows[4].receipt_text
texts = {{"child_name": "Anak Tertahan Contoh", "photos_expected": "1"}}
agreed = {{**texts, "consent": "1", "consent_giver": "ibu"}}
for name, answers in (("held", agreed), ("unasked", texts)):
    kept, _ = held.hold(here, "old_form", answers, client_id=f"halaman-{{name}}", link=link)
    made[name] = kept.receipt_text
made["practised"] = practice.send(trial, {{"child_name": "Latihan"}}, "halaman")[0].receipt_text
made["final"] = MonthlyReport.objects.filter(status="final").first().check_text
made["invitation"] = accounts.invite(admin, "tim", here, "Orang Contoh")[1]
made["enrolment"] = devices.make_enrolment(officer, person("kader", "baru", posyandu=place))
made["bound"] = phone("pin")[1]
locked, made["locked"] = phone("terkunci")
for _ in range(5):
    try:
        devices.unlock(locked, "806427")
    except Refused:
        pass
revoked, made["revoked"] = phone("hilang")
devices.revoke(officer, revoked)
guarded = person("tim", "pengaman")
guarded.set_password("{password}")
guarded.save()
totp.TOTP.activate(guarded, totp.generate_totp_secret())
print("MADE" + json.dumps(made))
"""


def make(server: Server) -> dict[str, Any]:
    """Make, on a portal with the demo, what the visits need; once a portal."""
    script = _SCRIPT.format(pin=PIN, password=SECOND_FACTOR["password"])
    printed = server.manage("shell", "-v0", "-c", script).stdout
    return json.loads(printed.split("MADE", 1)[1])
