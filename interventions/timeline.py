"""What the card of a child, mother or household shows of the helps: timeline and buttons.

The registry cannot import this app; the portal glues both together.
"""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from interventions import indications, workflow
from interventions.life import Status
from interventions.models import Attendance, PmtEpisode, SanitationWork
from regions.words import percent
from registry.models import Child, Household, Mother

Item = dict[str, Any]


def for_child(child: Child, user: Any = None) -> list[Item]:
    """``[{at, title, text, tone, url, who}]``, newest first: PMT, works for the household.

    ``url`` is empty for those who may not open a help.
    """
    episodes = PmtEpisode.objects.filter(child=child).with_days()
    works = SanitationWork.objects.filter(household=child.household_id).filter(
        Q(child=child) | Q(child__isnull=True)
    )
    return _items(user, _pmt(episodes), _works(works))


def for_mother(mother: Mother, user: Any = None) -> list[Item]:
    """As ``for_child``: PMT in her pregnancies, works for the household, classes she came to."""
    episodes = PmtEpisode.objects.filter(pregnancy__mother=mother).with_days()
    works = SanitationWork.objects.filter(household=mother.household_id)
    came = Attendance.objects.filter(mother=mother).select_related("activity")
    return _items(user, _pmt(episodes), _works(works), [_came(row) for row in came])


def for_household(household: Household, user: Any = None) -> list[Item]:
    """As ``for_child``: PMT of its people whom the user may see, and the works at its house."""
    of_family = Q(child__household=household) | Q(pregnancy__mother__household=household)
    episodes = PmtEpisode.objects.filter(of_family).with_days()
    if user is not None:
        seen = Q(child__in=Child.objects.in_scope(user))
        seen |= Q(pregnancy__mother__in=Mother.objects.in_scope(user))
        episodes = episodes.filter(seen)
    named = episodes.select_related("child", "pregnancy__mother")
    works = SanitationWork.objects.filter(household=household)
    return _items(user, _pmt(named, named=True), _works(works))


def actions_for(user: Any, person: Child | Mother | Household) -> list[tuple[str, str]]:
    """The buttons of the card: ``[(label, url)]``, the likeliest first."""
    if isinstance(person, Household):
        return _plan_work(user, person, person.code)
    found: list[tuple[str, str]] = []
    running = _open_pmt(person)
    if running and running.is_running and _reaches(user, "record_delivery", running):
        url = reverse("interventions:record-week", kwargs={"code": running.code})
        found.append(("Catat hari makan", url))
    if running is None and _reaches(user, "run_interventions", person):
        found += [("Rencanakan PMT", plan)] if (plan := _plan_url(person)) else []
    return found + _plan_work(user, person, person.household.code)


def _plan_work(
    user: Any, about: Child | Mother | Household, household: str
) -> list[tuple[str, str]]:
    if not _reaches(user, "run_interventions", about):
        return []
    url = reverse("interventions:plan-work", kwargs={"code": household})
    return [("Rencanakan air dan sanitasi", url)]


def _reaches(user: Any, action: str, thing: Child | Mother | Household | PmtEpisode) -> bool:
    rows: Any = type(thing)._default_manager
    return user.may(action) and rows.in_scope(user, action).filter(pk=thing.pk).exists()


def _open_pmt(person: Child | Mother) -> PmtEpisode | None:
    whose = {"child": person} if isinstance(person, Child) else {"pregnancy__mother": person}
    return PmtEpisode.objects.open().filter(**whose).first()


def _plan_url(person: Child | Mother) -> str:
    """Where a PMT is planned for this person, "" when none may be."""
    today = person.programme.today()
    if isinstance(person, Child):
        latest = workflow.latest_measurement(person, today)
        if indications.why_not_child(person, latest, today):
            return ""
        return reverse("interventions:plan-pmt-child", kwargs={"code": person.code})
    pregnancy = person.pregnancies.ongoing(today).of_those_here(today).first()
    if pregnancy is None:
        return ""
    return reverse("interventions:plan-pmt-pregnancy", kwargs={"code": pregnancy.code})


def _items(user: Any, *parts: list[Item]) -> list[Item]:
    items = sorted((item for part in parts for item in part), key=lambda i: i["at"], reverse=True)
    if user is None or not user.may("see_interventions"):
        items = [item | {"url": ""} for item in items]
    return items


def _pmt(episodes: Any, *, named: bool = False) -> list[Item]:
    """The beginning and the end of each episode, or its plan; ``named``: for whom it is."""
    items = []
    for episode in episodes.select_related("partner"):
        eaten = f"Dimakan {percent(episode.eaten, episode.planned_days)} hari"
        why = episode.get_indication_display() + (f", {episode.person.name}" if named else "")
        if episode.status == Status.PLANNED:
            items.append(_item(episode, episode.planned_start, "PMT direncanakan", why))
        if episode.started_on:
            text = why if episode.ended_on else f"{why}. {eaten}"
            items.append(_item(episode, episode.started_on, "PMT dimulai", text, "biru"))
        if episode.ended_on:
            items.append(_item(episode, episode.ended_on, *_pmt_end(episode, eaten)))
    return items


def _pmt_end(episode: PmtEpisode, eaten: str) -> tuple[str, str, str]:
    if episode.status == Status.STOPPED:
        return "PMT dihentikan", f"{episode.stop_reason}. {eaten}", "netral"
    return "PMT selesai", eaten, "hijau"


def _works(works: Any) -> list[Item]:
    items = []
    for work in works.select_related("partner"):
        kind = work.get_kind_display()
        if work.status == Status.COMPLETED:
            items.append(
                _item(work, work.ended_on, f"{kind} selesai", work.condition_after, "hijau")
            )
        elif work.status == Status.STOPPED:
            items.append(_item(work, work.ended_on, f"{kind} dihentikan", work.stop_reason))
        elif work.started_on:
            items.append(_item(work, work.started_on, f"{kind} dimulai", "", "biru"))
        else:
            items.append(_item(work, work.planned_start, f"{kind} direncanakan", ""))
    return items


def _came(row: Attendance) -> Item:
    activity = row.activity
    scores = ""
    if row.pre_score is not None and row.post_score is not None:
        scores = f"Nilai {row.pre_score} menjadi {row.post_score}"
    at = activity.held_on or activity.planned_start
    item = _item(activity, at, f"Hadir: {activity.title}", scores, "hijau")
    return item | {"who": activity.get_kind_display()}


def _item(thing: Any, at: date, title: str, text: str, tone: str = "netral") -> Item:
    paid = thing.partner.name if thing.partner_id else thing.get_funding_display()
    return {
        "at": at,
        "title": title,
        "text": text,
        "tone": tone,
        "url": thing.get_absolute_url(),
        "who": f"Dibiayai {paid}",
    }
