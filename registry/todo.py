"""What waits for this person in the registry: the home page's list."""

from typing import Any

from django.db.models import Count, Min, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from regions.words import month_name
from registry.alerts import priority
from registry.alerts.priority_list import MINE
from registry.merging import pairs
from registry.models import Child, HeldReport, Submission
from registry.models.children import months_before
from registry.posyandu.quality import Quality
from registry.posyandu.quality_asked import QualityAsked
from registry.standards import limit

NIK_AFTER = 2  # months of age: by then a birth certificate should be there


def todo(user: Any) -> list[dict[str, Any]]:
    """``[{title, text, url, count, tone}]``, most pressing first."""
    return [
        *_reports(user), *_held(user), *_alerts(user), *_answered(user), *_quality(user),
        *_twins(user), *_without_nik(user),
    ]  # fmt: skip


def _reports(user: Any) -> list[dict[str, Any]]:
    if not user.may("verify_report"):
        return []
    waits = Q(status__in=[Submission.Status.RECEIVED, Submission.Status.EDITED])
    found = Submission.objects.in_scope(user, "verify_report").aggregate(
        waiting=Count("id", filter=waits),
        urgent=Count("id", filter=waits & Q(sign=0)),
        oldest=Min("received_at", filter=waits),
        returned=Count("id", filter=Q(status=Submission.Status.HAS_ISSUES)),
    )
    items = []
    if found["waiting"]:
        urgent = f"{found['urgent']} bertanda rujuk hari ini" if found["urgent"] else ""
        items.append(
            {"count": found["waiting"], "title": "Verifikasi laporan kader",
             "text": urgent, "url": reverse("registry:queue"),
             "tone": "merah" if found["urgent"] else "oranye"}
        )  # fmt: skip
    if found["returned"]:
        items.append(
            {"count": found["returned"], "title": "Laporan menunggu perbaikan kader",
             "text": "", "url": reverse("registry:queue") + "?tab=perbaikan", "tone": "kuning"}
        )  # fmt: skip
    return items


def _held(user: Any) -> list[dict[str, Any]]:
    """Reports that came in but wait for somebody to complete them."""
    held = HeldReport.objects.in_scope(user).open()
    count = held.count() if user.may("verify_report") else 0
    if not count:
        return []
    return [
        {"count": count, "title": "Laporan tertahan", "tone": "oranye",
         "text": "Sudah sampai, belum bisa masuk antrean.", "url": reverse("registry:held-reports")}
    ]  # fmt: skip


def _alerts(user: Any) -> list[dict[str, Any]]:
    """Alerts nobody has answered, and children who were not weighed."""
    if not user.may("answer_alert"):
        return []
    found, items = priority.waiting(user), []
    words = {"merah": "Tanda MERAH belum dijawab", "oranye": "Tanda ORANYE belum dijawab"}
    steps = {"merah": "Rujuk hari ini.", "oranye": "Rujuk minggu ini."}
    for level in priority.URGENT:
        if found[level]:
            items.append(
                {"count": found[level], "title": words[level],
                 "text": f"Anak dan ibu hamil. {steps[level]}", "tone": level,
                 "url": reverse("registry:priority") + f"?sebab={level}"}
            )  # fmt: skip
    if found["unweighed"]:
        months = f"{limit(user.programme, 'unweighed_months'):.0f}"
        items.append(
            {"count": found["unweighed"], "title": f"Anak tidak ditimbang {months} bulan",
             "text": "Cari dan timbang; kunjungi rumahnya kalau tidak datang.", "tone": "kuning",
             "url": reverse("registry:children") + "?gizi=tidak_ditimbang"}
        )  # fmt: skip
    return items


def _answered(user: Any) -> list[dict[str, Any]]:
    """What others did this week about the children this person measured."""
    if not user.may("measure_child"):
        return []
    programme = user.programme
    rows = priority.scored(Child.objects.in_scope(user), programme, programme.today())
    count = priority.answered_by_others(rows, user).count()
    if not count:
        return []
    return [
        {"count": count, "title": "Anak yang Anda ukur sudah ditindaklanjuti",
         "text": "Lihat apa yang dilakukan minggu ini.", "tone": "biru",
         "url": reverse("registry:priority") + f"?siapa=anak&jawaban={MINE}"}
    ]  # fmt: skip


def _without_nik(user: Any) -> list[dict[str, Any]]:
    """Balita whose NIK nobody has written down; a newborn has none yet, so it is a quiet one."""
    if not user.may("register_person"):
        return []
    today = user.programme.today()
    rows = Child.objects.in_scope(user, "register_person").balita(today).here(today)
    count = rows.without_nik().filter(birth_date__lte=months_before(today, NIK_AFTER)).count()
    if not count:
        return []
    return [
        {"count": count, "title": "Anak tanpa NIK", "tone": "netral",
         "text": "Minta KK atau akta yang baru, lalu isi NIK-nya.",
         "url": reverse("registry:children") + "?nik=tanpa"}
    ]  # fmt: skip


def _quality(user: Any) -> list[dict[str, Any]]:
    """A pattern in last month's numbers, for bidan and puskesmas until they have looked at it."""
    if not user.may("see_quality") or user.may("verify_report"):
        return []
    month_began = user.programme.local(timezone.now()).replace(day=1, hour=0, minute=0)
    if Event.objects.filter(user=user, verb="view_quality", at__gte=month_began).exists():
        return []
    asked = QualityAsked(QueryDict(), user)
    named = sum(bool(line["said"]) for line in Quality(asked).people())
    if not named:
        return []
    return [
        {"count": None, "title": f"Lihat mutu data {month_name(asked.month[0])}",
         "text": f"{named} pencatat perlu didampingi.", "tone": "kuning",
         "url": reverse("registry:quality")}
    ]  # fmt: skip


def _twins(user: Any) -> list[dict[str, Any]]:
    """Cards that may be one child, until somebody has looked."""
    count = len(pairs.pairs(user.programme, user)) if user.may("merge_people") else 0
    if not count:
        return []
    return [
        {"count": count, "title": "Periksa pasangan anak yang mungkin sama", "tone": "kuning",
         "text": "Gabungkan, atau nyatakan bukan orang yang sama.",
         "url": reverse("registry:pairs")}
    ]  # fmt: skip
