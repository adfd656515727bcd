"""The printed list of a posyandu day: the last values, and room to write the new ones."""

from typing import Any

from growth.words import measured, short_date
from regions.paper import print_paper
from regions.posters import posyandu_title
from registry.forms.posyandu_day import LILA_FROM_MONTH, posture_for
from registry.posyandu.day import Day, Row

SPARE_LINES = 4  # for children who come without being on the list


def printed(day: Day) -> bytes:
    """The list as a PDF: last values, and room to write the new ones by hand."""
    context = {
        "title": f"Daftar hari posyandu {posyandu_title(day.posyandu)}",
        "place": posyandu_title(day.posyandu),
        "desa": day.posyandu.desa.title,
        "on": day.on,
        "lines": [_printed_line(row) for row in day.rows],
        "spare": range(len(day.rows) + 1, len(day.rows) + 1 + SPARE_LINES),
    }
    return print_paper("registry/posyandu/paper.html", day.posyandu.programme, context)


def _printed_line(row: Row) -> dict[str, Any]:
    child, now = row.child, row.visit
    return {
        "row": row,
        "weight": _cell(child.last_weight),
        "length": _cell(child.last_length),
        "on": short_date(child.latest_measured_on) if child.latest_measured_on else "",
        "gain": child.last_gain or "",
        "new_weight": _cell(now.weight_kg if now else None),
        "new_length": _cell(now.length_height_cm if now else None),
        "new_lila": _cell(now.lila_cm if now else None),
        "oedema": bool(now and now.oedema),
        "absent": row.state == "absent",
        "lila": row.months >= LILA_FROM_MONTH,
        "posture": (now.measure if now else "") or "",
        "usual": posture_for(child, row.on),
    }


def _cell(value: Any) -> str:
    return "" if value is None else measured(float(value))
