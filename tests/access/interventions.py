"""Access rows of the helps: board, PMT, works, activities, partners."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row
from tests.cast import a_child, a_household, a_pregnancy
from tests.helps import a_pmt, a_work, an_activity


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_child(place).code}


def _pregnancy(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_pregnancy(place).code}


def _household(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_household(place).code}


def _planned_pmt(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_pmt(place).code}


def _running_pmt(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_pmt(place, begun=5).code}


def _planned_work(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_work(place).code}


def _running_work(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_work(place, begun=5).code}


def _activity(place: SimpleNamespace) -> dict[str, Any]:
    # A petugas puskesmas sees what belongs to its posyandu.
    return {"code": an_activity(place, posyandu=place.melati).code}


RUN, SEE, DELIVER = "run_interventions", "see_interventions", "record_delivery"
REASON = {"reason": "Alasan contoh."}

ROWS: list[Row] = [
    Row("interventions:board", SEE),
    Row("interventions:plan-pmt-child", RUN, _child, scoped=True),
    Row("interventions:plan-pmt-pregnancy", RUN, _pregnancy, scoped=True),
    Row("interventions:pmt", SEE, _planned_pmt, scoped=True),
    Row("interventions:start-pmt", RUN, _planned_pmt, "post", scoped=True),
    Row("interventions:record-day", DELIVER, _running_pmt, scoped=True),
    Row("interventions:record-week", DELIVER, _running_pmt, scoped=True),
    Row("interventions:complete-pmt", RUN, _running_pmt, scoped=True),
    Row("interventions:stop-pmt", RUN, _planned_pmt, "post", scoped=True, data=REASON),
    Row("interventions:households", RUN),
    Row("interventions:plan-work", RUN, _household, scoped=True),
    Row("interventions:work", SEE, _planned_work, scoped=True),
    Row("interventions:start-work", RUN, _planned_work, "post", scoped=True),
    Row("interventions:complete-work", RUN, _running_work, scoped=True),
    Row("interventions:stop-work", RUN, _planned_work, "post", scoped=True, data=REASON),
    Row("interventions:plan-activity", RUN),
    Row("interventions:activity", SEE, _activity, scoped=True),
    Row("interventions:hold-activity", RUN, _activity, scoped=True),
    Row("interventions:stop-activity", RUN, _activity, "post", scoped=True, data=REASON),
    Row("interventions:audit-proposal", "export_lists"),
    Row("interventions:own-help", "see_own_help"),
    Row("interventions:partners", SEE),
    Row("interventions:add-partner", RUN),
]
