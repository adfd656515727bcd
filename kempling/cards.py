"""What the apps above the registry hang on its cards and lists, in the registry's shapes."""

from typing import Any

from interventions import timeline as helps
from registry import exports, timeline
from registry.models import Child, Mother


def hang() -> None:
    """Fill the registry's lists; called once, when the portal starts."""
    timeline.timeline_sources[:] = [help_items]
    timeline.action_sources[:] = [help_buttons]
    exports.more_of_children[:] = [
        exports.Offer("Usulan audit kasus", "interventions:audit-proposal")
    ]


def help_items(user: Any, person: Child | Mother) -> list[dict[str, Any]]:
    """The helps of a child or mother as timeline items."""
    of: Any = helps.for_child if isinstance(person, Child) else helps.for_mother
    return [item | {"when": item["at"]} for item in of(person, user)]


def help_buttons(user: Any, person: Child | Mother) -> list[dict[str, str]]:
    """The buttons by which help is planned or recorded."""
    return [{"label": label, "url": url} for label, url in helps.actions_for(user, person)]
