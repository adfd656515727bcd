"""Before anything reads an XLSX: what its zip directory says, and whether that is true.

An XLSX is a zip of XML. Members ≤ 200, 50 MB unpacked counted while unpacking (a header may say
what it likes), only stored or deflated, no DTD, no macros (security.md §1.9, cases 47 and 48).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from registry.imports.sheet import (
    BROKEN,
    LOCKED,
    MACROS,
    OTHER_PROGRAM,
    TOO_BIG,
    UNUSUAL,
    WRONG_KIND,
    Unreadable,
)

MAX_MEMBERS = 200
MAX_UNPACKED = 50 * 1024 * 1024
PIECE = 64 * 1024
_ENCRYPTED = 0x1
_LOCAL = struct.Struct("<4s4xH16xHH")  # its magic, its method, how long its name and extras are
_XML_NAMES = (".xml", ".rels", ".vml")
# Other programs' zips, by a member that only they have.
_OTHERS = ("mimetype", "xl/workbook.bin", "index/document.iwa")


def check(path: Path) -> None:
    """Raises Unreadable with the sentence, unless the file is a plain XLSX."""
    members = _directory(path)
    room = MAX_UNPACKED
    with path.open("rb") as file:
        for member in members:
            room -= _check_member(file, member, room)


def _directory(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as pack:
            members = pack.infolist()
    except Exception as error:  # a broken directory makes zipfile raise anything at all
        raise Unreadable(BROKEN) from error
    names = {member.filename.lower().replace("\\", "/") for member in members}
    if len(members) > MAX_MEMBERS or len(names) < len(members):
        raise Unreadable(UNUSUAL)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Unreadable(LOCKED)
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
           for member in members):  # fmt: skip
        raise Unreadable(UNUSUAL)
    _check_kind(names)
    return members


def _check_kind(names: set[str]) -> None:
    if any(name in names for name in _OTHERS):
        raise Unreadable(OTHER_PROGRAM)
    if any(name.rpartition("/")[2] == "vbaproject.bin" for name in names):
        raise Unreadable(MACROS)
    if "xl/workbook.xml" not in names:
        raise Unreadable(WRONG_KIND)


def _check_member(file: BinaryIO, member: zipfile.ZipInfo, room: int) -> int:
    """How many bytes the member unpacks to; it is refused before it passes ``room``."""
    size, end = 0, b""
    xml = member.filename.lower().endswith(_XML_NAMES)
    for piece in _pieces(file, member):
        if not size:
            xml = xml or piece.lstrip().startswith(b"<")
            if xml and b"\x00" in piece[:4] or piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise Unreadable(UNUSUAL)  # XML in other letters, to hide what is looked for
        size += len(piece)
        if size > room:
            raise Unreadable(TOO_BIG)
        if xml and _declares(end + piece):
            raise Unreadable(UNUSUAL)
        end = piece[-16:]
    if size != member.file_size:
        raise Unreadable(UNUSUAL)
    return size


def _declares(xml: bytes) -> bool:
    """Whether it says ``<!`` to anything but a comment or CDATA: a DTD, an entity."""
    at = xml.find(b"<!")
    while at >= 0:
        rest = xml[at + 2 : at + 9]
        # What the piece cuts off is looked at together with the next.
        if not any(rest.startswith(word[: len(rest)]) for word in (b"--", b"[CDATA[")):
            return True
        at = xml.find(b"<!", at + 2)
    return False


def _pieces(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member as it unpacks, however long its header says it is."""
    file.seek(member.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise Unreadable(BROKEN)
    magic, method, name, extra = _LOCAL.unpack(head)
    if magic != b"PK\x03\x04" or method != member.compress_type:
        raise Unreadable(UNUSUAL)
    file.seek(name + extra, 1)
    packed = _packed(file, member.compress_size)
    yield from packed if method == zipfile.ZIP_STORED else _inflated(packed)


def _packed(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = file.read(min(left, PIECE))
        if not piece:
            raise Unreadable(BROKEN)
        left -= len(piece)
        yield piece


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    for raw in packed:
        out = unpack.decompress(raw, PIECE)
        while out:
            yield out
            out = unpack.decompress(unpack.unconsumed_tail, PIECE)
    if not unpack.eof:
        raise Unreadable(BROKEN)
