"""What the apps above the registry hang on its cards, in the registry's shapes."""

from typing import Any

from interventions import timeline as helps
from registry import timeline
from registry.models import Child, Household, Mother


def hang() -> None:
    """Fill the registry's two lists; called once, when the portal starts."""
    timeline.timeline_sources[:] = [help_items]
    timeline.action_sources[:] = [help_buttons]


def help_items(user: Any, person: Child | Mother | Household) -> list[dict[str, Any]]:
    """The helps of a child, a mother or a household as timeline items."""
    readers = {Child: helps.for_child, Mother: helps.for_mother, Household: helps.for_household}
    of: Any = readers[type(person)]
    return [item | {"when": item["at"]} for item in of(person, user)]


def help_buttons(user: Any, person: Child | Mother | Household) -> list[dict[str, str]]:
    """The buttons by which help is planned or recorded."""
    return [{"label": label, "url": url} for label, url in helps.actions_for(user, person)]
