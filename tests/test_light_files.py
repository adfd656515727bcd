"""Sheets and scripts travel without their comments, and say the same as their source."""

import re
from pathlib import Path

import pytest

from kempling.brand import source
from kempling.light_files import without_comments

STATIC = Path(__file__).parent.parent / "static"
FILES = sorted([*STATIC.glob("js/*.js"), *STATIC.glob("css/*.css")])


def test_comments_go_and_code_stays() -> None:
    script = (
        "/* What it does,\n   in two lines. */\n(function () {\n  /* a step */\n"
        '  var a = "/* no comment */";   /* why */\n  b(/* nothing */);\n})();\n'
    )
    light = '(function () {\n  var a = "/* no comment */";\n  b(/* nothing */);\n})();\n'
    assert without_comments(script) == light


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_line_of_ours_is_a_line_of_its_source(path: Path) -> None:
    whole = path.read_text()
    lines, light = iter(whole.splitlines()), without_comments(whole).splitlines()
    assert light and len(light) < len(whole.splitlines())
    for line in light:
        assert any(known.startswith(line) for known in lines), line
    code = "\n".join(light)
    assert not re.search(r"^\s*/\*|^\s*\*/", code, re.MULTILINE), "a comment was left behind"


def test_the_sheet_inside_a_page_cannot_end_it() -> None:
    """It is written into the page as it is (kempling/templatetags/brand.py)."""
    assert "</" not in source() and "<!--" not in source()
