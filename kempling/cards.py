"""What the apps above the registry hang on its cards, lists and merges, in its shapes."""

from typing import Any

from interventions import timeline as helps
from interventions.models import PmtEpisode
from interventions.workflow import stop_twin
from regions.words import long_date
from registry import exports, timeline
from registry.merging.clashes import Ending, endings
from registry.models import Child, Household, Mother


def hang() -> None:
    """Fill the registry's lists; called once, when the portal starts."""
    timeline.timeline_sources[:] = [help_items]
    timeline.action_sources[:] = [help_buttons]
    exports.more_of_children[:] = [
        exports.Offer("Usulan audit kasus", "interventions:audit-proposal")
    ]
    endings["interventions.pmtepisode"] = Ending(
        "PMT yang diteruskan", pmt_words, stop_twin, lambda row: row.is_running
    )


def pmt_words(row: PmtEpisode) -> str:
    """``Pendek/sangat pendek, berjalan, mulai 3 Mei 2026``."""
    begun = long_date(row.started_on or row.planned_start)
    return f"{row.get_indication_display()}, {row.get_status_display().lower()}, mulai {begun}"


def help_items(user: Any, person: Child | Mother | Household) -> list[dict[str, Any]]:
    """The helps of a child, a mother or a household as timeline items."""
    readers = {Child: helps.for_child, Mother: helps.for_mother, Household: helps.for_household}
    of: Any = readers[type(person)]
    return [item | {"when": item["at"], "kinds": ("bantuan",)} for item in of(person, user)]


def help_buttons(user: Any, person: Child | Mother | Household) -> list[dict[str, str]]:
    """The buttons by which help is planned or recorded."""
    return [{"label": label, "url": url} for label, url in helps.actions_for(user, person)]
