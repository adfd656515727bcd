"""The home page of somebody signed in: what waits for them, and the few numbers they go by."""

from typing import Any

from django.urls import reverse

import accounts.todo
import interventions.todo
import registry.todo
import reports.todo
import sop.todo
from accounts.models import User
from kempling.totals import Totals, totals
from regions import links
from regions.models import Posyandu, Programme, ReportLink
from regions.words import long_date, number
from registry.models import Child, Mother, Submission

APPS = (registry.todo, sop.todo, interventions.todo, reports.todo, accounts.todo)
# Most pressing first, as look.md's tones go.
PRESSING = ("merah", "oranye", "kuning", "biru", "hijau", "netral")
LATEST = 5


def desk(user: User) -> dict[str, Any]:
    """The context of home.html, by what this person may do; each part reads its own app."""
    return {
        "todo": waiting_for(user),
        "figures": figures(user),
        "kader": kader_part(user) if user.may("see_own_reports") else None,
        "kabupaten": below(user) if user.may("see_totals") else None,
        "others": [p for p in user.programmes() if p != user.programme],
    }


def waiting_for(user: User) -> list[dict[str, Any]]:
    """Every app's list for this person in one, the most pressing first."""
    items = [item for app in APPS for item in app.todo(user)]
    return sorted(items, key=lambda item: PRESSING.index(item.get("tone") or "netral"))


def figures(user: User) -> list[dict[str, str]]:
    """How many this person looks after today, each with the list behind it."""
    if user.programme is None:
        return []
    today = user.programme.today()
    rows = []
    if user.may("see_children"):
        balita = Child.objects.in_scope(user).here(today).balita(today).count()
        rows.append(("Balita terdaftar", balita, "registry:children"))
    if user.may("see_mothers"):
        pregnant = Mother.objects.in_scope(user).here(today).pregnant(today, user.programme).count()
        rows.append(("Ibu hamil", pregnant, "registry:mothers"))
    if user.may("see_queue"):
        waiting = Submission.objects.in_scope(user).waiting().count()
        rows.append(("Laporan menunggu", waiting, "registry:queue"))
    return [
        {"label": label, "value": number(count), "url": reverse(name), "date": long_date(today)}
        for label, count, name in rows
    ]


def kader_part(user: User) -> dict[str, Any]:
    """A kader's own posyandu with its report forms, and what became of the last reports."""
    places = [g.posyandu for g in user.grants_for("see_own_reports") if g.posyandu]
    sent = Submission.objects.sent_by(user).filter(programme=user.programme)
    return {
        "forms": [(posyandu, _form(posyandu)) for posyandu in places],
        "reports": sent.order_by("-received_at")[:LATEST],
    }


def _form(posyandu: Posyandu) -> str:
    """The path of the narrowest living report form of this posyandu; "" when there is none."""
    reaching = ReportLink.objects.alive().reaching(posyandu)
    link = min(reaching, key=lambda a: (a.posyandu_id is None, a.desa_id is None), default=None)
    return reverse("registry:report", args=[links.token_of(link)]) if link else ""


def below(user: User) -> list[Totals]:
    """The programmes of a kabupaten: numbers only."""
    prefixes = [g.region_prefix for g in user.grants_for("see_totals") if g.region_prefix]
    return totals(Programme.objects.visible().under(prefixes).select_related("region"))
