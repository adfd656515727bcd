"""docs/tampilan.md is true: it names every sheet within its budget, and every component."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOOK = (ROOT / "docs" / "tampilan.md").read_text()
FRAME = {"_messages.html", "_nav.html"}  # the bases include these; no page does


def _rows(first_cell: str) -> list[tuple[str, str]]:
    return re.findall(rf"^\| `{first_cell}`.*\| *([\d.]*)[^|]*\|$", LOOK, re.MULTILINE)


def test_every_sheet_is_named_and_within_its_budget() -> None:
    budgets: dict[str, str] = dict(_rows(r"static/css/([a-z_]+\.css)"))
    sheets = {path.name: path.stat().st_size for path in (ROOT / "static/css").glob("*.css")}
    assert set(budgets) == set(sheets)
    assert [n for n, kb in budgets.items() if kb and sheets[n] > float(kb) * 1000] == []


def test_every_component_is_named_and_used() -> None:
    named = {found[0] for found in _rows(r"(_[a-z_]+\.html)")}
    there = {path.name for path in (ROOT / "templates/components").glob("*.html")}
    assert named == there - FRAME
    pages = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    for name in there:
        assert any(f"components/{name}" in page for page in pages), name
