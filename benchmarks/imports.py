"""How long a list of 20,000 children takes, against the shortest program that could store it.

    .venv/bin/python benchmarks/imports.py [--rows 20000] [--rounds 5]

*By hand*: calamine reads, each cell is taken for what it should be, ``bulk_create`` stores
households, mothers, children, visits with their z-scores (growth/bulk.py) and the legal basis. No
row is checked, compared, explained or noted in the log, and nothing can be undone. *The portal*:
Analisis dulu (read, placed, matched, kept row by row), then written in one transaction with
events, search keys, N/T and alerts. Each in a process of its own on a fresh database, in turn;
medians. Prints the ratio (performance.md P11: at most 1.5) and the peak of memory (150 MB), with
that of the process that reads the file; ends with 1 when one does not hold.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

TIMES, MEGABYTES = 1.5, 150
CHUNK = 500
DAY = date(2026, 6, 9)
HEADER = (
    "No,NIK,Nama,JK,Tgl Lahir,BB Lahir,TB Lahir,Nama Ortu,Prov,Kab/Kota,Kec,Pukesmas,Desa/Kel,"
    "Posyandu,RT,RW,Alamat,Usia Saat Ukur,Tanggal Pengukuran,Berat,Tinggi,Cara Ukur,LiLA,BB/U,"
    "ZS BB/U,TB/U,ZS TB/U,BB/TB,ZS BB/TB,Naik Berat Badan,Jml Vit A,KPSP,KIA,Kelas Ibu Balita,"
    "MBG,Detail"
).split(",")
DESA = ("Ledug", "Pliken", "Purwodadi", "Karang Tengah", "Kramat", "Sambeng Wetan")


# --- The list -------------------------------------------------------------------------------------


def make_list(path: Path, count: int) -> None:
    """A national export of synthetic children, one visit each."""
    import openpyxl

    from tests.noisy_people import world

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append(HEADER)
    chance, people = random.Random(11), names(count, world)
    for number, (name, sex, mother, father) in enumerate(people, 1):
        sheet.append(_row(number, name, sex, mother, father, chance))
    book.save(path)


def names(count: int, world: Any) -> list[tuple[str, str, str, str]]:
    """Families have more than one child: half as many families are enough."""
    known = world(1, families=count, asked=0).known[:count]
    return [(one.name, one.sex, one.mother_name, one.father_name or "Ayah") for one in known]


def _row(number: int, name: str, sex: str, mother: str, father: str, chance: Any) -> list[Any]:
    born = DAY - timedelta(days=chance.randrange(60, 1800))
    months = (DAY - born).days / 30.4375
    day = born.day + (40 if sex == "P" else 0)
    nik = f"{330220 + number // 10000}{day:02d}{born:%m%y}{number % 10000:04d}"
    told = {
        "No": number, "NIK": nik, "Nama": name, "JK": sex, "Tgl Lahir": str(born),
        "BB Lahir": "3.1", "TB Lahir": "49", "Nama Ortu": f"{father} / {mother}",
        "Prov": "JAWA TENGAH", "Kab/Kota": "BANYUMAS", "Kec": "KEMBARAN", "Pukesmas": "KEMBARAN I",
        "Desa/Kel": chance.choice(DESA).upper(), "RT": f"{chance.randrange(1, 9):03d}",
        "RW": "001", "Alamat": f"Jalan Contoh {chance.randrange(1, 200)}",
        "Usia Saat Ukur": f"{int(months // 12)} Tahun - {int(months % 12)} Bulan - 3 Hari",
        "Tanggal Pengukuran": str(DAY), "Berat": f"{3.5 + months**0.75 * 0.55:.1f}",
        "Tinggi": f"{50 + months**0.72 * 2.4:.1f}",
        "Cara Ukur": "Berdiri" if months >= 24 else "Terlentang", "LiLA": "-", "BB/U": "Normal",
        "ZS BB/U": "-0.5", "TB/U": "Normal", "ZS TB/U": "-0.7", "BB/TB": "Gizi Baik",
        "ZS BB/TB": "-0.2", "Naik Berat Badan": "N",
    }  # fmt: skip
    return [told.get(label, "-") for label in HEADER]


# --- Two ways to store it -----------------------------------------------------------------------


def by_hand(path: Path) -> dict[str, Any]:
    from decimal import Decimal

    from django.db import transaction
    from python_calamine import CalamineWorkbook

    from growth.bulk import score_columns
    from regions.models import Programme
    from registry.identity import index_of
    from registry.models import Child, Consent, Household, Measurement, Mother
    from registry.names import name_key

    programme = Programme.objects.get(code="kempling")
    desa = {one.name.lower(): one for one in programme.desa()}
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    rows = sheet.iter_rows()
    at = {label: index for index, label in enumerate(next(rows))}
    kept: list[Any] = []

    def store(some: list[Any]) -> None:
        homes, mothers, children, visits = [], [], [], []
        for row in some:
            place = {"programme": programme, "desa": desa[row[at["Desa/Kel"]].lower()]}
            father, mother = row[at["Nama Ortu"]].split(" / ")
            homes.append(Household(**place, head_name=father, address=row[at["Alamat"]],
                                   rt=row[at["RT"]], rw=row[at["RW"]]))  # fmt: skip
            mothers.append(Mother(**place, household=homes[-1], name=mother,
                                  name_key=name_key(mother)))  # fmt: skip
            children.append(Child(
                **place, household=homes[-1], mother=mothers[-1], name=row[at["Nama"]],
                name_key=name_key(row[at["Nama"]]), sex=row[at["JK"]], nik=row[at["NIK"]],
                nik_index=index_of(row[at["NIK"]]), father_name=father, birth_weight_g=3100,
                birth_date=date.fromisoformat(row[at["Tgl Lahir"]]),
                birth_length_cm=Decimal(row[at["TB Lahir"]]),
            ))  # fmt: skip
            visits.append(Measurement(
                child=children[-1], measured_on=date.fromisoformat(row[at["Tanggal Pengukuran"]]),
                weight_kg=Decimal(row[at["Berat"]]), length_height_cm=Decimal(row[at["Tinggi"]]),
                measure="h" if row[at["Cara Ukur"]] == "Berdiri" else "l",
            ))  # fmt: skip
        found = score_columns(
            [child.sex for child in children],
            [(visit.measured_on - visit.child.birth_date).days for visit in visits],
            [visit.weight_kg for visit in visits], [visit.length_height_cm for visit in visits],
            [visit.measure for visit in visits],
        ).lists()  # fmt: skip
        for number, visit in enumerate(visits):
            for column, z, flag in (("haz", "zlen", "flen"), ("waz", "zwei", "fwei"),
                                    ("whz", "zwfl", "fwfl"), ("baz", "zbmi", "fbmi")):  # fmt: skip
                setattr(visit, column, found[z][number])
                setattr(visit, f"{column}_flag", bool(found[flag][number]))
        Household.objects.bulk_create(homes)
        Mother.objects.bulk_create(mothers)
        Child.objects.bulk_create(children)
        Measurement.objects.bulk_create(visits)
        Consent.objects.bulk_create(
            Consent(programme=programme, child=child, method="dasar", decree="1/2026")
            for child in children
        )

    with transaction.atomic():
        for row in rows:
            kept.append(row)
            if len(kept) == CHUNK:
                store(kept)
                kept = []
        store(kept)
    return {}


def by_the_portal(path: Path) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from accounts import jobs
    from accounts.models import Grant, User
    from regions.models import Programme
    from registry.imports import files, handing_in, layouts, mapping, workflow
    from registry.imports.sheet import open_sheet

    programme = Programme.objects.get(code="kempling")
    user = User.objects.create(username="petugas.ukur")
    Grant.objects.create(user=user, role="petugas", programme=programme)
    stored, digest = files.keep(SimpleUploadedFile("daftar.xlsx", path.read_bytes()))
    sheet = open_sheet(files.folder() / stored, "daftar.xlsx", first=handing_in.FIRST_ROWS)
    header = layouts.find_header(sheet)
    columns = mapping.read_columns(programme, sheet, header)
    del sheet
    source = workflow.hand_in(
        user, purpose="impor", file_name="daftar.xlsx", stored_name=stored, sha256=digest,
        columns=columns, header_row=header.row_number,
    )  # fmt: skip
    marks = {}

    def carry(name: str) -> None:
        begin = process_time()
        job = jobs.take()
        assert job
        jobs.carry(job)
        assert job.state == "done", job.message
        marks[name] = round(process_time() - begin, 1)

    workflow.map_columns(user, source, source.columns, "daftar")
    carry("analysed")
    source.refresh_from_db()
    workflow.begin_write(user, source, "1/2026")
    carry("written")
    source.refresh_from_db()
    return marks | {"counts": source.counts}


# --- One round ----------------------------------------------------------------------------------


def one(way: str, path: Path) -> None:
    """One way in this process; prints what it took as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kempling.settings")
    import django

    django.setup()
    begin, at_rest = perf_counter(), spent()
    told = by_hand(path) if way == "hand" else by_the_portal(path)
    took = {"wall": perf_counter() - begin, "cpu": spent() - at_rest, "told": told}
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    readers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps(took | {"peak": mine // 1024, "reader": readers // 1024}))


def spent() -> float:
    """Seconds of CPU of this process and of those it started and waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def round_of(way: str, path: Path, prepared: Path) -> dict[str, Any]:
    """A fresh copy of a prepared portal, and one way on it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["cp", "-r", f"{prepared}/.", folder], check=True)
        command = [sys.executable, __file__, "--way", way, "--file", str(path)]
        env = os.environ | {"DATA_DIR": folder, "KEMPLING_DEMO": "0"}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        return json.loads(done.stdout.splitlines()[-1])


def prepare(folder: Path) -> None:
    env = os.environ | {"DATA_DIR": str(folder), "KEMPLING_DEMO": "0"}
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", choices=("hand", "portal"))
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.way:
        one(asked.way, asked.file)
        return 0
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as temporary:
        path, prepared = Path(temporary) / "daftar.xlsx", Path(temporary) / "portal"
        make_list(path, asked.rows)
        prepare(prepared)
        found: dict[str, list[dict[str, Any]]] = {"hand": [], "portal": []}
        for _ in range(asked.rounds):
            for way, rounds in found.items():
                rounds.append(round_of(way, path, prepared))
                print(way, {k: v if isinstance(v, dict | None) else round(v, 1)
                            for k, v in rounds[-1].items()}, flush=True)  # fmt: skip
    return told(asked.rows, found)


def told(rows: int, found: dict[str, list[dict[str, Any]]]) -> int:
    hand, portal = (median(one["cpu"] for one in found[way]) for way in ("hand", "portal"))
    peak = median(one["peak"] for one in found["portal"])
    print(f"{rows} rows: by hand {hand:.1f} s, the portal {portal:.1f} s of CPU")
    print(f"{portal / hand:.2f} times (at most {TIMES}); peak {peak:.0f} MB (at most {MEGABYTES})")
    return int(portal > TIMES * hand or peak > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
