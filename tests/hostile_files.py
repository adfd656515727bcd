"""Broken and hostile files, each small where it lies and large, locked or loud when it is opened.

Made at test time into a temporary folder, from the ordinary file beside them (cases 47 and 48).
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from registry.imports import sheet
from tests import import_files
from tests.import_files import pack, parts_of

SHEET = "xl/worksheets/sheet1.xml"
CANARY = "KENARI-RAHASIA-4711"
_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def ordinary(path: Path) -> Path:
    """The file each hostile one is made from, which must be read."""
    return import_files.write_xlsx(path, import_files.eppgbm())


def _changed(path: Path, **parts: bytes) -> Path:
    """The ordinary file with other content in some of its parts."""
    known = parts_of(ordinary(path))
    names = {"sheet": SHEET, "strings": "xl/sharedStrings.xml"}
    return pack(path, known | {names[part]: content for part, content in parts.items()})


# --- Bombs ---------------------------------------------------------------------------------------


def bomb(path: Path) -> Path:
    """3,9 GB of blanks in 4 MB: a deflated stream that was made once and is repeated."""
    parts = parts_of(ordinary(path))
    pack(path, parts | {SHEET: b"MARK"}, zipfile.ZIP_STORED)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(b" " * (1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    stream = block * 4000 + squeeze.flush()
    return _with_stream(path, stream, zipfile.ZIP_DEFLATED, 4000 << 20)


def lying_size(path: Path) -> Path:
    """As ``bomb``, but its header says it unpacks to 1 kB."""
    bomb(path)
    raw = path.read_bytes()
    return _write(path, raw.replace(struct.pack("<I", 4000 << 20), struct.pack("<I", 1024)))


def honest_size_off(path: Path) -> Path:
    """Small, and its header is wrong by some bytes."""
    parts = parts_of(ordinary(path))
    pack(path, parts, zipfile.ZIP_DEFLATED)
    size = struct.pack("<I", len(parts[SHEET]))
    return _write(path, path.read_bytes().replace(size, struct.pack("<I", len(parts[SHEET]) - 7)))


def bzip2(path: Path) -> Path:
    """A method calamine may know and we do not: refused by its name, without a byte unpacked."""
    return pack(path, parts_of(ordinary(path)), zipfile.ZIP_BZIP2)


def many_members(path: Path) -> Path:
    more = {f"xl/media/{n}.bin": b"x" for n in range(5000)}
    return pack(path, parts_of(ordinary(path)) | more, zipfile.ZIP_STORED)


def twice_a_name(path: Path) -> Path:
    """One name, two contents: what is checked must be what is read."""
    parts = parts_of(ordinary(path))
    pack(path, parts | {SHEET.upper(): b"<worksheet/>"})
    return path


def _with_stream(path: Path, stream: bytes, method: int, size: int) -> Path:
    """Put a ready-made stream where the member with the content MARK lies."""
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        member = file.getinfo(SHEET)
    crc = struct.pack("<I", member.CRC)
    sizes = struct.pack("<II", 4, 4)
    told = struct.pack("<II", len(stream), size)
    start = raw.index(b"MARK")
    at = member.header_offset
    local = raw[at:start].replace(crc + sizes, crc + told, 1)
    local = local[:8] + struct.pack("<H", method) + local[10:]
    rest = raw[start + 4 :]
    central = rest.index(SHEET.encode(), rest.index(b"PK\x01\x02")) - 46
    entry = rest[central : central + 46].replace(crc + sizes, crc + told, 1)
    entry = entry[:10] + struct.pack("<H", method) + entry[12:]
    rest = rest[:central] + entry + rest[central + 46 :]
    # Every offset behind the stream has moved.
    moved, out, where = len(stream) - 4, bytearray(rest), 0
    while (where := bytes(out).find(b"PK\x01\x02", where)) >= 0:
        offset = struct.unpack_from("<I", out, where + 42)[0]
        struct.pack_into("<I", out, where + 42, offset + moved if offset > at else offset)
        where += 46
    end = bytes(out).rindex(b"PK\x05\x06")
    struct.pack_into("<I", out, end + 16, struct.unpack_from("<I", out, end + 16)[0] + moved)
    return _write(path, raw[:at] + local + stream + bytes(out))


def far_cell(path: Path) -> Path:
    """Two cells, one of them in the last row and column a sheet can have."""
    return _two_cells(path, "XFD", 1_048_576)


def further_cell(path: Path) -> Path:
    """Two cells so far apart that a gigabyte lies between them, which many a machine has."""
    return _two_cells(path, "KN", 120_000)


def _two_cells(path: Path, column: str, row: int) -> Path:
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v>'
    return _changed(path, sheet=_worksheet(f"{cells}</c></row>"))


def _worksheet(rows: str, before: str = "") -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{_NS}">'
    return f"{head}<sheetData>{rows}</sheetData></worksheet>".encode()


# --- XML -----------------------------------------------------------------------------------------


def _entity(path: Path, declared: str, used: str = "&a;") -> Path:
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{used}</t></is></c></row>'
    return _changed(path, sheet=_worksheet(cell, f"<!DOCTYPE worksheet [{declared}]>"))


def billion_laughs(path: Path) -> Path:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return _entity(path, "".join(lines), "&a9;")


def quadratic(path: Path) -> Path:
    return _entity(path, f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 50_000)


def reads_a_file(path: Path) -> Path:
    secret = path.with_name("rahasia.txt")
    secret.write_text(CANARY)
    return _entity(path, f'<!ENTITY a SYSTEM "{secret.as_uri()}">')


def calls_out(path: Path, port: int = 9) -> Path:
    return _entity(path, f'<!ENTITY a SYSTEM "http://127.0.0.1:{port}/{CANARY}">')


def outer_dtd(path: Path, port: int = 9) -> Path:
    before = f'<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:{port}/a.dtd">'
    return _changed(path, sheet=_worksheet("", before))


def dtd_in_strings(path: Path) -> Path:
    """In another part, across the border of the pieces it is read in."""
    blanks = b" " * (64 * 1024 - 45)
    head = b'<?xml version="1.0" encoding="UTF-8"?>' + blanks
    return _changed(path, strings=head + b'<!DOCTYPE sst [<!ENTITY a "b">]><sst xmlns="x"/>')


def dtd_in_utf16(path: Path) -> Path:
    head = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY a "b">]>'
    return _changed(path, sheet=f'{head}<worksheet xmlns="{_NS}"/>'.encode("utf-16"))


# --- Locked, broken, something else --------------------------------------------------------------


def truncated(path: Path) -> Path:
    return _write(path, ordinary(path).read_bytes()[:-900])


def macros(path: Path) -> Path:
    return pack(path, parts_of(ordinary(path)) | {"xl/vbaProject.bin": b"\xd0\xcf"})


def locked(path: Path) -> Path:
    """An XLSX with a password is an OLE file with its encrypted package inside."""
    raw = import_files.write_xls(path, import_files.gasken()).read_bytes()
    return _write(path, _renamed(raw, "EncryptedPackage"))


def locked_xls(path: Path) -> Path:
    """A BIFF file whose stream says FILEPASS: what follows is encrypted."""
    import xlwt
    from xlwt.CompoundDoc import XlsDoc

    book = xlwt.Workbook()
    book.add_sheet("Data").write(0, 0, "Nama")
    stream = book.get_biff_data()
    bof = 4 + struct.unpack_from("<H", stream, 2)[0]
    filepass = struct.pack("<HHH4x", 0x2F, 6, 1)
    file = io.BytesIO()
    XlsDoc().save(file, stream[:bof] + filepass + stream[bof:])
    return _write(path, file.getvalue())


def word(path: Path) -> Path:
    """Another office program's file in the same OLE wrapping."""
    raw = import_files.write_xls(path, import_files.gasken()).read_bytes()
    return _write(path, _renamed(raw, "WordDocument"))


def _renamed(raw: bytes, name: str) -> bytes:
    """The OLE file with its one stream under another name."""
    at = raw.index("Workbook".encode("utf-16-le"))
    entry = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2)
    return raw[:at] + entry + raw[at + 66 :]


def broken_xls(path: Path) -> Path:
    raw = bytearray(import_files.write_xls(path, import_files.eppgbm()).read_bytes())
    raw[1500:9000] = b"\xff" * 7500
    return _write(path, bytes(raw))


def junk(path: Path) -> Path:
    return _write(path, bytes(n * 7 % 256 for n in range(5000)))


def pdf(path: Path) -> Path:
    return _write(path, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")


def empty(path: Path) -> Path:
    return _write(path, b"")


def blank(path: Path) -> Path:
    return _write(path, b"\xef\xbb\xbf \r\n\r\n")


def blank_xlsx(path: Path) -> Path:
    return import_files.write_xlsx(path, [])


def no_table(path: Path) -> Path:
    return _write(path, b"<html><body>Sesi Anda berakhir. Masuk lagi.</body></html>")


def xml_2003(path: Path) -> Path:
    return _write(path, b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office">')


def open_quote(path: Path) -> Path:
    text = (
        "Nama,Tgl Lahir,Alamat\n" + 'Contoh Satu,2024-03-05,"Jalan Contoh\n' + "a,b,c\n" * 200_000
    )
    return _write(path, text.encode())


# --- Too much ------------------------------------------------------------------------------------


def wide_300(path: Path) -> Path:
    header = ["Nama", "Tgl Lahir", *(f"Kolom {n}" for n in range(298))]
    return import_files.write_xlsx(path, [header, ["Contoh Satu", "2024-03-05", *"x" * 298]])


def wide_csv(path: Path) -> Path:
    header = ["Nama", "Tgl Lahir", *(f"Kolom {n}" for n in range(298))]
    return import_files.write_csv(path, [header, ["Contoh Satu", "2024-03-05", *"x" * 298]])


def many_rows(path: Path) -> Path:
    row = "Contoh Satu,2024-03-05\n"
    return _write(path, ("Nama,Tgl Lahir\n" + row * (sheet.MAX_ROWS + 1)).encode())


def spans(path: Path) -> Path:
    """Cells that claim to reach over a billion rows and columns."""
    cell = "<td colspan=999999999 rowspan=999999999>x</td>"
    return _write(path, f"<table>{f'<tr>{cell * 40}</tr>' * 2_000}</table>".encode())


def deep(path: Path) -> Path:
    """Tables in tables in tables."""
    return _write(path, b"<html>" + b"<table><tr><td>" * 20_000)


def deep_div(path: Path) -> Path:
    return _write(path, b"<html>" + b"<div>" * 100_000)


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


Hostile = tuple[Callable[[Path], Path], str, str]
HOSTILE: dict[str, Hostile] = {
    "bom": (bomb, ".xlsx", sheet.TOO_BIG),
    "ukuran_palsu": (lying_size, ".xlsx", sheet.TOO_BIG),
    "ukuran_meleset": (honest_size_off, ".xlsx", sheet.UNUSUAL),
    "bzip2": (bzip2, ".xlsx", sheet.UNUSUAL),
    "banyak_anggota": (many_members, ".xlsx", sheet.UNUSUAL),
    "nama_kembar": (twice_a_name, ".xlsx", sheet.UNUSUAL),
    "sel_jauh": (far_cell, ".xlsx", sheet.TOO_LARGE),
    "sel_agak_jauh": (further_cell, ".xlsx", sheet.TOO_LARGE),
    "billion_laughs": (billion_laughs, ".xlsx", sheet.UNUSUAL),
    "kuadratik": (quadratic, ".xlsx", sheet.UNUSUAL),
    "xxe_berkas": (reads_a_file, ".xlsx", sheet.UNUSUAL),
    "xxe_http": (calls_out, ".xlsx", sheet.UNUSUAL),
    "xxe_dtd_luar": (outer_dtd, ".xlsx", sheet.UNUSUAL),
    "dtd_terpotong": (dtd_in_strings, ".xlsx", sheet.UNUSUAL),
    "dtd_utf16": (dtd_in_utf16, ".xlsx", sheet.UNUSUAL),
    "terpotong": (truncated, ".xlsx", sheet.BROKEN),
    "makro": (macros, ".xlsm", sheet.MACROS),
    "sandi_xlsx": (locked, ".xlsx", sheet.LOCKED),
    "sandi_xls": (locked_xls, ".xls", sheet.LOCKED),
    "word": (word, ".xls", sheet.WRONG_KIND),
    "xls_rusak": (broken_xls, ".xls", sheet.BROKEN),
    "sampah": (junk, ".csv", sheet.WRONG_KIND),
    "pdf": (pdf, ".xlsx", sheet.WRONG_KIND),
    "kosong": (empty, ".csv", sheet.EMPTY),
    "hanya_spasi": (blank, ".csv", sheet.EMPTY),
    "xlsx_kosong": (blank_xlsx, ".xlsx", sheet.EMPTY),
    "tanpa_tabel": (no_table, ".xls", sheet.NO_TABLE),
    "xml_2003": (xml_2003, ".xls", sheet.OTHER_PROGRAM),
    "kutip_terbuka": (open_quote, ".csv", "tanda kutip"),
    "300_kolom": (wide_300, ".xlsx", sheet.TOO_WIDE),
    "300_kolom_csv": (wide_csv, ".csv", sheet.TOO_WIDE),
    "banyak_baris": (many_rows, ".csv", sheet.TOO_MANY_ROWS),
    "rentang": (spans, ".xls", sheet.TOO_WIDE),
    "tabel_dalam": (deep, ".xls", sheet.UNUSUAL),
    "div_dalam": (deep_div, ".xls", sheet.NO_TABLE),
}


def write_one(folder: Path, name: str) -> Path:
    maker, ending, _ = HOSTILE[name]
    return maker(folder / f"{name}{ending}")


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in HOSTILE:
        write_one(folder, name)


def sentence_of(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(HOSTILE[name][2]))
