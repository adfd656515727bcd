"""A file becomes an ``Import``: kept, opened once for its columns, and read on by the worker."""

from typing import Any

from accounts.models import User
from regions.models import Programme
from registry.imports import files, layouts, mapping, workflow
from registry.imports.sheet import Unreadable, open_sheet
from registry.models import Import
from registry.names import clean_text

LONGEST_NAME = 120
# The columns are told by the rows at the top, and a person may point at row 1,000 for the labels.
FIRST_ROWS = 1_100


def take_in(user: Any, upload: Any, purpose: str = Import.Purpose.IMPORT) -> Import:
    """Keep an uploaded list with what its columns may be. Raises Unreadable with the sentence.

    Where nobody can tell which sheet holds the children, their names are kept to choose from.
    """
    stored, digest = files.keep(upload)
    name = clean_text(upload.name)[-LONGEST_NAME:] or "daftar"
    columns: dict[str, Any] = {"labels": [], "map": {}}
    header_row = None
    try:
        columns, header_row = _look(user.programme, stored, name)
    except Unreadable as unreadable:
        if not unreadable.sheets:
            files.remove(stored)
            raise
        columns["sheets"] = unreadable.sheets
    return workflow.hand_in(
        user, purpose=purpose, file_name=name, stored_name=stored, sha256=digest, columns=columns,
        header_row=header_row,
    )  # fmt: skip


def read_again(user: User, source: Import, sheet: str, header_row: int | None) -> None:
    """Read another sheet, or take another row for the labels. Raises Unreadable and Refused."""
    files.path_of(source)
    columns, row = _look(source.programme, source.stored_name, source.file_name, sheet, header_row)
    workflow.put_columns(user, source, columns, row)


def _look(
    programme: Programme, stored: str, name: str, sheet_name: str = "", row: int | None = None
) -> tuple[dict[str, Any], int]:
    sheet = open_sheet(files.folder() / stored, name, sheet_name, FIRST_ROWS)
    header = layouts.find_header(sheet, row)
    return mapping.read_columns(programme, sheet, header), header.row_number
