"""A list taken home as a file: exactly its rows, written down as an event, kept by no cache."""

import tempfile
import weakref
from collections.abc import Iterable
from datetime import date

from django.db.models import Model
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import allowed
from accounts.models import record
from registry.alerts.priority_list import PriorityList
from registry.area import posyandu_within
from registry.exports import children as children_file
from registry.exports import eppgbm as eppgbm_file
from registry.exports import households as households_file
from registry.exports import mothers as mothers_file
from registry.exports import posyandu_day as day_file
from registry.exports import priority as priority_file
from registry.exports.sheets import Export, csv_lines, write_xlsx
from registry.families.family_list import HouseholdList
from registry.lists import ChildList
from registry.mothers.lists import MotherList
from registry.posyandu import day as days_of

ACTION = "export_lists"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent(
    request: HttpRequest, export: Export, kind: str, verb: str, fields: Iterable[str] = (),
    *, action: str = ACTION, thing: Model | None = None,
) -> HttpResponseBase:  # fmt: skip
    """The file, with the event that says who took how many rows by which filters."""
    answer = _csv(export) if kind == "csv" else _xlsx(export)
    count = export.count() if kind == "csv" else answer.rows_written  # type: ignore[attr-defined]
    why = f"{kind} n={count}"
    record(request.user, verb, thing, fields=fields, why=why, action=action)
    name = content_disposition_header(True, f"{export.file_name}.{kind}")
    answer["Content-Disposition"] = name or ""
    answer["Cache-Control"] = "no-store"
    return answer


def _csv(export: Export) -> HttpResponseBase:
    """Row by row as they are read; what breaks off on the way is no file to the browser."""
    return StreamingHttpResponse(csv_lines(export.tables[0]), content_type=CSV)


def _xlsx(export: Export) -> HttpResponseBase:
    """Whole before its first byte is sent: never half a file."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - without a name, closed with its answer
    try:
        count = write_xlsx(export, target)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    answer = FileResponse(target, content_type=XLSX)
    weakref.finalize(answer, target.close)  # also when nobody reads it
    answer.rows_written = count  # type: ignore[attr-defined]
    return answer


@allowed(ACTION)
@require_safe
def children(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list of children."""
    chosen = ChildList(request.GET, request.user, ACTION)
    return sent(request, children_file.export(chosen), kind, "export_children", chosen.used)


@allowed(ACTION)
@require_safe
def eppgbm(request: HttpRequest) -> HttpResponseBase:
    """The same children in the columns of e-PPGBM."""
    chosen = ChildList(request.GET, request.user, ACTION)
    return sent(request, eppgbm_file.export(chosen), "xlsx", "export_eppgbm", chosen.used)


@allowed(ACTION)
@require_safe
def mothers(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list of mothers."""
    chosen = MotherList(request.GET, request.user, ACTION)
    return sent(request, mothers_file.export(chosen), kind, "export_mothers", chosen.used)


@allowed(ACTION)
@require_safe
def households(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list of families."""
    chosen = HouseholdList(request.GET, request.user, ACTION)
    return sent(request, households_file.export(chosen), kind, "export_households", chosen.used)


@allowed(ACTION)
@require_safe
def priority(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The priority list."""
    chosen = PriorityList(request.GET, request.user, ACTION)
    return sent(request, priority_file.export(chosen), kind, "export_priority", chosen.used)


@allowed(ACTION)
@require_safe
def posyandu_day(request: HttpRequest, posyandu: str, on: date, kind: str) -> HttpResponseBase:
    """The children of a posyandu on a date."""
    rows = posyandu_within(request.user, ACTION).select_related("desa", "programme__region")
    place = get_object_or_404(rows, code=posyandu)
    found = days_of.read(request.user, place, on, ACTION)
    return sent(request, day_file.export(request.user, found), kind, "export_posyandu_day")
