"""Reading the dated measurements a PMT is judged by; the judging is ``outcomes``'s."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from interventions import outcomes
from interventions.models import PmtEpisode
from interventions.outcomes import Outcome, Point
from registry.measuring import MADE_WITH
from registry.models import Measurement, PregnancyCheck


def outcomes_of(episodes: Iterable[PmtEpisode], today: date) -> dict[int, Outcome]:
    """The outcome of each episode by its pk; two queries whatever their number.

    One still running is judged as if it ended today. The episodes need ``child`` at hand.
    """
    episodes = list(episodes)
    visits = _visits(e.child_id for e in episodes if e.child_id)
    checks = _checks(e.pregnancy_id for e in episodes if e.pregnancy_id)
    return {e.pk: _judge(e, visits, checks, today) for e in episodes}


def outcome_of(episode: PmtEpisode, today: date) -> Outcome:
    return outcomes_of([episode], today)[episode.pk]


def _judge(
    episode: PmtEpisode,
    visits: dict[int, list[Measurement]],
    checks: dict[int, list[Point]],
    today: date,
) -> Outcome:
    begun, ended = episode.started_on, episode.ended_on or today
    if begun is None:
        return outcomes.unknown("PMT belum dimulai")
    if episode.child is None:
        return outcomes.of_mother(checks[episode.pregnancy_id or 0], begun, ended)
    name, _ = outcomes.DECIDES[episode.indication]
    taken = [visit for visit in visits[episode.child.pk] if _was_taken(visit, name)]
    for visit in taken:
        visit.child = episode.child
    points = [_point(visit, name) for visit in taken]
    return outcomes.of_child(
        episode.indication, points, begun, ended, approximate=episode.child.is_approximate
    )


def _was_taken(visit: Measurement, name: str) -> bool:
    """Whether the visit speaks of this z at all; one for LiLA alone takes nothing away.

    With oedema, or outside the tables, it speaks: nothing can be judged by it.
    """
    numbers = [getattr(visit, number) for number in MADE_WITH[name]]
    return getattr(visit, name) is not None or visit.oedema or None not in numbers


def _point(visit: Measurement, name: str) -> Point:
    doubtful = getattr(visit, f"{name}_flag") or visit.is_unsure(name)
    return Point(visit.measured_on, getattr(visit, name), doubtful)


def _visits(children: Iterable[int]) -> dict[int, list[Measurement]]:
    """Current measurements by child."""
    found = defaultdict(list)
    for visit in Measurement.objects.current().filter(child__in=list(children)):
        found[visit.child_id].append(visit)
    return found


def _checks(pregnancies: Iterable[int]) -> dict[int, list[Point]]:
    """Weighings by pregnancy."""
    found = defaultdict(list)
    rows = PregnancyCheck.objects.current().filter(weight_kg__isnull=False)
    for check in rows.filter(pregnancy__in=list(pregnancies)):
        found[check.pregnancy_id].append(Point(check.checked_on, check.weight_kg))
    return found
