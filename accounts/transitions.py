"""The transition table: which verb leads from which state to which, and whose it is.

One table per noun drives the guard *and* the buttons. The change is one conditional UPDATE on
the from-state, so that of two people acting at once the second is told, not overwritten, on
SQLite and PostgreSQL alike (design.md §4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import User, record
from accounts.roles import ACTIONS


class Refused(Exception):
    """The act may not be done; the message is the sentence the user reads.

    ``stranger`` is True when the person lacks the right (403), False when the state moved on
    meanwhile or a rule stands against it (409).
    """

    def __init__(self, sentence: str, *, stranger: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.stranger = stranger


@dataclass(frozen=True)
class Step:
    """One row of a transition table."""

    sources: frozenset[str]
    target: str
    action: str
    label: str
    needs_reason: bool = False
    tone: str = ""


class Transitions:
    """The table of one noun: ``Transitions({"approve": Step(...), …}, moved="Laporan ini …")``.

    ``column`` is where the noun keeps its state.
    """

    def __init__(self, steps: Mapping[str, Step], *, moved: str, column: str = "status") -> None:
        self.steps = dict(steps)
        self.moved = moved
        self.column = column

    def verbs(self, user: User, thing: Any) -> dict[str, Step]:
        """The verbs this person may use on the thing in its present state: the buttons."""
        return {
            verb: step
            for verb, step in self.steps.items()
            if getattr(thing, self.column) in step.sources and user.roles & ACTIONS[step.action]
        }

    def guard(self, user: User, thing: Any, verb: str, reason: str = "") -> Step:
        """Return the step, or raise Refused with the sentence to show."""
        step = self.steps[verb]
        if not user.may(step.action):
            raise Refused("Anda tidak berwenang melakukan ini.", stranger=True)
        if getattr(thing, self.column) not in step.sources:
            raise Refused(self.moved)
        if step.needs_reason and not reason.strip():
            raise Refused("Tulis alasannya dahulu, satu kalimat sudah cukup.")
        return step

    def move(
        self,
        user: User,
        thing: models.Model,
        verb: str,
        *,
        reason: str = "",
        why: str = "",
        **changes: Any,
    ) -> Step:
        """Guard, then change status and ``changes`` in one conditional UPDATE, then the event,
        with ``why`` as ``record`` takes it.

        Must run inside ``transaction.atomic()``. Raises Refused when another was first.
        """
        step = self.guard(user, thing, verb, reason)
        changes = {self.column: step.target, **changes}
        now = {self.column: getattr(thing, self.column)}
        rows = type(thing)._default_manager.filter(pk=thing.pk, **now).update(**changes)
        if not rows:
            raise Refused(self.moved)
        for name, value in changes.items():
            setattr(thing, name, value)
        record(user, verb, thing, fields=changes, why=why, action=step.action)
        return step
