"""Which reports may be about a child who stands already, or about one another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from registry import people
from registry.lookup import keys
from registry.lookup.candidates import Asked, known_among
from registry.lookup.score import PERHAPS, score
from registry.models import Submission


def known(reports: Sequence[Submission]) -> set[int]:
    """The keys of the reports that may be about a child of the programme.

    One question for every thousand reports, however many children there are.
    """
    if not reports:
        return set()
    asked = [people.asked_about(report) for report in reports]
    told = known_among(reports[0].programme, asked)
    return {report.pk for report, is_known in zip(reports, told, strict=True) if is_known}


def twins(reports: Sequence[Submission]) -> dict[int, list[Submission]]:
    """Report's key -> the others among these that may be about the same child; no query."""
    asked = {report.pk: people.asked_about(report) for report in reports}
    persons = {pk: one.person() for pk, one in asked.items()}
    by_key = {report.pk: report for report in reports}
    found: dict[int, list[Submission]] = defaultdict(list)
    for one, other in sorted(_meeting(asked.items())):
        if score(persons[one], persons[other]).value >= PERHAPS:
            found[one].append(by_key[other])
            found[other].append(by_key[one])
    return found


def _meeting(asked: Iterable[tuple[int, Asked]]) -> set[tuple[int, int]]:
    """The pairs that share a key, the only ones worth comparing."""
    met = defaultdict(list)
    for pk, one in asked:
        desa = one.desa.pk if one.desa else None
        for key in keys.asked_for(
            one.name, one.mother_name, one.birth_date, approximate=one.approximate, desa=desa
        ):
            met[key].append(pk)
    return {pair for pks in met.values() for pair in combinations(sorted(pks), 2)}


def marked(reports: Sequence[Submission]) -> set[int]:
    """The keys of those about a known child, or about the same child as another of these."""
    return known(reports) | {*twins(reports)}
