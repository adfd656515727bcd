"""Hostile and broken files are refused in a sentence; ordinary ones beside them are read.

Cases 47 and 48: what they may cost is measured in a process of its own, which reads them all.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from registry.imports import reader, sheet, zip_check
from registry.imports.sheet import Unreadable, open_sheet
from tests import hostile_files as hostile
from tests import import_files as lists
from tests.import_files import PEOPLE, opened, read_all

MEMORY = 300 * 1024  # kB
XML = ["billion_laughs", "kuadratik", "xxe_berkas", "xxe_http", "xxe_dtd_luar", "dtd_terpotong",
       "dtd_utf16"]  # fmt: skip
# Opens each file and says what came of it, and the most memory any reading process has had.
_OPEN_ALL = """
import json, resource, sys
from registry.imports.sheet import Unreadable, open_sheet
for path in sys.argv[1:]:
    try:
        said = len(open_sheet(path, path).rows)
    except Unreadable as refusal:
        said = str(refusal)
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([said, kilobytes]), flush=True)
"""


# --- Ordinary files are read --------------------------------------------------------------------


def test_the_ordinary_file_beside_them_is_read(tmp_path: Path) -> None:
    path = hostile.ordinary(tmp_path / "biasa.xlsx")
    zip_check.check(path)
    children = read_all(open_sheet(path, path.name))
    assert [child.values["child_name"] for child in children] == [who.name for who in PEOPLE]


def test_ordinary_parts_do_no_harm(tmp_path: Path) -> None:
    """Pictures, comments, stored members and links to other files are what Excel writes too."""
    more = {
        "xl/media/image1.png": bytes(range(256)) * 400 + b"<!DOCTYPE",
        "xl/comments1.xml": b"<?xml version='1.0'?><!-- a --><comments><![CDATA[a]]></comments>",
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
    }
    parts = lists.parts_of(hostile.ordinary(tmp_path / "a.xlsx")) | more
    for method in (0, 8):
        path = lists.pack(tmp_path / "b.xlsx", parts, method)
        assert len(read_all(open_sheet(path, "b.xlsx"))) == 3


def test_as_large_as_allowed_is_read(tmp_path: Path) -> None:
    rows = [
        ["Nama", "Tgl Lahir"],
        *(["Contoh Satu", "2024-03-05"] for _ in range(sheet.MAX_ROWS - 1)),
    ]
    path = lists.write_csv(tmp_path / "a.csv", rows)
    assert len(open_sheet(path, "a.csv").rows) == sheet.MAX_ROWS
    wide = [["Nama", "Tgl Lahir", *(f"K{n}" for n in range(sheet.MAX_COLUMNS - 2)), "", ""]]
    path = lists.write_csv(tmp_path / "b.csv", [*wide, ["x"] * sheet.MAX_COLUMNS])
    assert len(open_sheet(path, "b.csv").rows[0]) == sheet.MAX_COLUMNS


def test_scripts_in_html_are_letters_nobody_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", _no_socket)
    rows = lists.eppgbm()
    path = lists.write_html(tmp_path / "a.xls", rows)
    script = f"<script src='http://127.0.0.1:9/'>{hostile.CANARY}</script><img src='http://127.0.0.1:9/'>"
    path.write_text(path.read_text().replace("</table>", f"</table>{script}"))
    found = opened(path)
    assert hostile.CANARY not in str(found.rows) and len(read_all(found)) == 3


# --- Hostile files are not ----------------------------------------------------------------------


def test_each_is_refused_in_its_sentence_and_calls_nobody(tmp_path: Path) -> None:
    paths = [hostile.write_one(tmp_path, name) for name in hostile.HOSTILE]
    with socket.create_server(("127.0.0.1", 0)) as called:
        called.setblocking(False)
        port = called.getsockname()[1]
        hostile.calls_out(tmp_path / "xxe_http.xlsx", port)
        hostile.outer_dtd(tmp_path / "xxe_dtd_luar.xlsx", port)
        answers = dict(zip(hostile.HOSTILE, _opened_elsewhere(paths), strict=True))
        with pytest.raises(BlockingIOError):
            called.accept()
        with socket.create_connection(called.getsockname()):  # it does listen
            called.setblocking(True)
            called.accept()[0].close()
    said = {name: str(answer) for name, (answer, _) in answers.items()}
    wrong = {name for name in said if not hostile.sentence_of(name).search(said[name])}
    assert {name: said[name] for name in wrong} == {}
    assert all(sentence.endswith(".") for sentence in said.values())
    assert max(kilobytes for _, kilobytes in answers.values()) < MEMORY


def _opened_elsewhere(paths: list[Path]) -> list[tuple[Any, int]]:
    """(sentence or number of rows, kB so far) of each file, read by a process that only reads."""
    done = subprocess.run(
        [sys.executable, "-c", _OPEN_ALL, *map(str, paths)],
        cwd=sheet.ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert hostile.CANARY not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _no_socket(*args: Any, **kwargs: Any) -> NoReturn:
    raise AssertionError("a file was read and something was called")


@pytest.mark.parametrize("name", XML)
def test_xml_calls_nobody_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In this process, so that what is taken away here is taken from the reader."""
    path = hostile.write_one(tmp_path, name)
    kept = tmp_path / "sementara"
    kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(kept))
    monkeypatch.setattr(socket, "socket", _no_socket)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Unreadable) as refusal:
        reader.read(path)
    assert hostile.CANARY not in str(refusal.value)
    assert sorted(tmp_path.iterdir()) == before and not list(kept.iterdir())


def test_an_unknown_method_is_refused_without_reading_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*args: Any) -> NoReturn:
        raise AssertionError("a member was read")

    monkeypatch.setattr(zip_check, "_pieces", read)
    with pytest.raises(Unreadable, match="tidak lazim"):
        zip_check.check(hostile.bzip2(tmp_path / "a.xlsx"))
    with pytest.raises(AssertionError, match="was read"):
        zip_check.check(hostile.ordinary(tmp_path / "b.xlsx"))


def test_a_bomb_is_counted_while_it_unpacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its header says, not more than the limit and one piece is ever unpacked."""
    seen = 0
    pieces = zip_check._pieces

    def counted(*args: Any) -> Iterator[bytes]:
        nonlocal seen
        for piece in pieces(*args):
            seen += len(piece)
            yield piece

    monkeypatch.setattr(zip_check, "_pieces", counted)
    for bomb in (hostile.bomb, hostile.lying_size):
        seen = 0
        with pytest.raises(Unreadable, match="lebih dari 50 MB"):
            zip_check.check(bomb(tmp_path / "a.xlsx"))
        assert seen <= zip_check.MAX_UNPACKED + zip_check.PIECE


def test_what_is_too_big_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MAX_BYTES", 100)
    path = hostile.ordinary(tmp_path / "a.xlsx")
    monkeypatch.setattr(sheet, "_arriving", _no_socket)
    with pytest.raises(Unreadable, match="lebih dari 50 MB"):
        open_sheet(path, "a.xlsx")


# --- Limits of the reading process --------------------------------------------------------------


def test_the_reading_process_has_an_end_in_memory_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: dict[int, Any] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    path = lists.write_csv(tmp_path / "a.csv", [["Nama", "Tgl Lahir"], ["Contoh", "2024-03-05"]])
    assert reader.main(str(path), "") == 0
    assert limits[resource.RLIMIT_AS] == (reader.MEMORY, reader.MEMORY)
    assert reader.MEMORY <= MEMORY * 1024
    assert limits[resource.RLIMIT_CPU] == (reader.SECONDS, reader.SECONDS)


def test_a_reader_that_dies_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hostile.ordinary(tmp_path / "a.xlsx")
    dying = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"
    monkeypatch.setattr(sheet.sys, "executable", _script(tmp_path, dying))
    with pytest.raises(Unreadable, match="terlalu banyak untuk dibaca"):
        open_sheet(path, "a.xlsx")


def test_a_reader_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hostile.ordinary(tmp_path / "a.xlsx")
    mark = tmp_path / "pid"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    monkeypatch.setattr(sheet.sys, "executable", _script(tmp_path, code))
    monkeypatch.setattr(sheet, "SECONDS", 2)
    with pytest.raises(Unreadable):
        open_sheet(path, "a.xlsx")
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def _script(folder: Path, code: str) -> str:
    """A python that runs this instead of what it is asked to."""
    path = folder / "python"
    path.write_text(f"#!{sys.executable}\n{code}\n")
    path.chmod(0o700)
    return str(path)
