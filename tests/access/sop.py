"""Access rows of sop."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from sop import workflow
from sop.models import Disposisi, Run
from tests.access.row import Row


def a_disposisi(place: SimpleNamespace) -> Disposisi:
    """A disposisi of last month, so that its daily steps can close too."""
    today = place.programme.today()
    month = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    data = {"month": month, "perihal": "Contoh", "instruction": "Contoh", "repeats_monthly": True}
    return workflow.issue(place.camat, place.programme, data | {"forwarded_to": ["sekcam"]})


def _run(place: SimpleNamespace) -> Run:
    return a_disposisi(place).runs.get()


def _disposisi_code(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_disposisi(place).code}


def _run_code(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": _run(place).code}


def _step(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": _run(place).code, "number": 2}


# A step is its actors' alone: a colleague with the right to work on the SOP may still be told
# 403 by the step. Which step is whose stands in tests/test_finish_step.py, for every pair.
OF_ITS_ACTORS = frozenset({302, 403, 409, 422})

ROWS: list[Row] = [
    Row("sop:runs", "see_sop"),
    Row("sop:disposisi-new", "issue_disposisi"),
    Row("sop:disposisi", "see_sop", _disposisi_code, scoped=True),
    Row("sop:disposisi-pdf", "see_sop", _disposisi_code, scoped=True),
    Row("sop:stop-repeating", "issue_disposisi", _disposisi_code, method="post", scoped=True),
    Row("sop:sheet", "see_sop"),
    Row("sop:arrange", "arrange_sop", lambda place: {"number": 2}),
    Row("sop:run", "see_sop", _run_code, scoped=True),
    Row("sop:start", "work_sop", _step, method="post", scoped=True, ok=OF_ITS_ACTORS),
    Row("sop:finish", "work_sop", _step, method="post", scoped=True, ok=OF_ITS_ACTORS),
    Row("sop:note", "work_sop", _step, method="post", scoped=True, ok=OF_ITS_ACTORS),
    Row("sop:read", "work_sop", _step, method="post", scoped=True, ok=OF_ITS_ACTORS),
]
