"""`manage.py zscore`: the table in, the same table out with anthro's columns."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth.csvtool import BATCH, OUTPUT, run

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden" / "who_anthro_650.csv"
HEAD = "id,sex,age_days,weight_kg,length_height_cm,measure,oedema,head_circ,muac"


def scored(text: str) -> tuple[list[dict[str, str]], list[str], str]:
    """Run the tool: rows by column, the heading, and what it said on the error stream."""
    out, err = io.StringIO(newline=""), io.StringIO()
    run(io.StringIO(text, newline=""), out, err)
    reader = csv.DictReader(io.StringIO(out.getvalue()))
    return list(reader), list(reader.fieldnames or []), err.getvalue()


def one(cells: str, head: str = HEAD) -> tuple[dict[str, str], str]:
    rows, _, said = scored(f"{head}\n{cells}\n")
    assert len(rows) == 1
    return rows[0], said


def z_of(row: dict[str, str]) -> list[str]:
    return [name for name in OUTPUT[:12:2] if row[name]]


def without_answers(text: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    kept = [name for name in rows[0] if name not in OUTPUT]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, kept, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("prepare", [str, without_answers])
def test_the_golden_file_comes_back_to_the_letter(prepare):
    text = GOLDEN.read_bytes().decode()
    out, err = io.StringIO(newline=""), io.StringIO()
    assert run(io.StringIO(prepare(text), newline=""), out, err) == 650
    assert out.getvalue().splitlines() == text.splitlines()
    assert err.getvalue() == ""


def test_the_command_reads_stdin_and_writes_stdout():
    given_bytes = b"\xef\xbb\xbfnama,sex,age_days,weight_kg,length_height_cm,measure\r\n"
    given_bytes += b'"Contoh, \xe9",P,551,"8,2",74,l\r\nContoh,P,551,0,74,l\r\n'
    done = subprocess.run(
        [sys.executable, "manage.py", "zscore"], input=given_bytes, capture_output=True, cwd=ROOT,
        check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith(b"nama,sex,age_days")
    assert lines[1].startswith(b'"Contoh, \xe9",P,551,"8,2",74,l,-2.34,0,-1.87,0,-1,0,-0.57,0,')
    assert b"weight_kg 0 tidak mungkin" in done.stderr


def test_unknown_columns_pass_through_in_their_order():
    head = "catatan,sex,zwei,age_days,weight_kg,desa"
    rows, heading, _ = scored(f'{head}\n"x, y",P,99,551,8.2,Contoh\n')
    assert heading == [*head.split(","), *(name for name in OUTPUT if name != "zwei")]
    assert (rows[0]["catatan"], rows[0]["desa"], rows[0]["zwei"]) == ("x, y", "Contoh", "-1.87")


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("id,sex,age_days,weight_kg,length_height_cm,measure", "1,2,551,8.2,74,l"),
        ("id,sex,birth_date,measured_on,weight_kg,length_height_cm,measure",
         "1,P,2022-01-15,2023-07-20,8.2,74,l"),
        ("id,sex,birth_date,measured_on,weight_kg,length_height_cm,measure",
         "1,P,15/01/2022,20/7/2023,8.2,74,Terlentang"),
        ("id,Sex ,AGE_DAYS,weight_kg,length_height_cm,measure", '1,f,551,"8,2","74,0",L'),
        ("id;sex;age_days;weight_kg;length_height_cm;measure", "1;F;551;8,2;74,0;l"),
        ("\ufeffsex,age_months,weight_kg,length_height_cm,measure", "P,18.1025,8.2,74,l"),
    ],
)  # fmt: skip
def test_ages_dates_commas_and_headings_as_people_write_them(head, cells):
    _, _, said = scored(f"{head}\r\n{cells}\r\n")
    out = io.StringIO(newline="")
    run(io.StringIO(f"{head}\r\n{cells}\r\n", newline=""), out, io.StringIO())
    sign = ";" if ";" in head else ","
    assert sign.join(["-2.34", "0", "-1.87", "0", "-1", "0", "-0.57", "0"]) in out.getvalue()
    assert said == ""
    assert "\ufeff" not in out.getvalue()


@pytest.mark.parametrize("cells", ["1,P,551,0,74,l,n,45,14", "1,P,551,8.2,-74,l,n,45,14"])
def test_zero_or_less_empties_the_row_and_says_so(cells):
    row, said = one(cells)
    assert z_of(row) == []
    assert row["cbmi"] == ""
    assert said.startswith("baris 2 (id 1): ")


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        ("1,P,551,berat,74,l,n,45,14", ["zlen", "zhc", "zac"]),
        ("1,P,551,NaN,74,l,n,45,14", ["zlen", "zhc", "zac"]),
        ("1,P,551,1e5,74,l,n,45,14", ["zlen", "zhc", "zac"]),
        ("1,P,551,8.2,inf,l,n,45,14", ["zwei", "zhc", "zac"]),
        ("1,P,551,8.2,83..9,l,n,45,14", ["zwei", "zhc", "zac"]),
        ("1,P,551,8.2,74,duduk,n,45,14", ["zwei", "zhc", "zac"]),
        ("1,P,551,8.2,74,l,mungkin,45,14", ["zlen", "zhc", "zac"]),
        ("1,P,551,8.2,74,l,n,0,x", ["zlen", "zwei", "zwfl", "zbmi"]),
        ("1,x,551,8.2,74,l,n,45,14", []),
        ("1,P,lama,8.2,74,l,n,45,14", []),
        ("1,P,-5,8.2,74,l,n,45,14", []),
        ("1,P," + "9" * 400 + ",8.2,74,l,n,45,14", []),
    ],
)
def test_a_bad_cell_empties_what_it_touches_and_says_so(cells, left):
    row, said = one(cells)
    assert z_of(row) == left
    assert "baris 2 (id 1): " in said


@pytest.mark.parametrize("nothing", ["", " ", "NA", "-"])
def test_an_empty_cell_is_not_a_mistake(nothing):
    row, said = one(f"1,P,551,8.2,{nothing},{nothing},{nothing},{nothing},{nothing}")
    assert (z_of(row), said) == (["zwei"], "")


def test_dates_that_do_not_exist_or_stand_in_the_wrong_order():
    head = "sex,birth_date,measured_on,weight_kg"
    for cells, word in [("P,2022-01-15,2023-06-31,8.2", "measured_on"),
                        ("P,2023-01-15,2022-01-15,8.2", "sebelum lahir")]:  # fmt: skip
        row, said = one(cells, head)
        assert z_of(row) == []
        assert word in said


def test_missing_columns_are_named_once():
    row, said = one("1", "id")
    assert z_of(row) == []
    assert said.count("kolom") >= 5
    assert "sex" in said and "birth_date" in said


def test_short_long_blank_and_broken_rows():
    text = f'{HEAD}\n1\n\n2,P,551,8.2,74,l,n,45,14,lebih\n3,P,551,"8.2{"x" * 140_000}\n'
    rows, _, said = scored(text)
    assert [row["id"] for row in rows] == ["1", "2"]
    assert rows[1]["zwei"] == "-1.87"
    assert "lebih banyak sel" in said
    assert "bukan baris CSV" in said


def test_an_empty_file_is_no_crash():
    assert scored("") == ([], [], "berkas kosong: baris judul kolom tidak ada\n")


@given(st.text(max_size=400))
def test_no_text_makes_it_crash(text):
    run(io.StringIO(text, newline=""), io.StringIO(newline=""), io.StringIO())
    run(io.StringIO(f"{HEAD}\n{text}", newline=""), io.StringIO(newline=""), io.StringIO())


def test_it_streams_batch_by_batch():
    """A batch is written before the next is read: memory does not grow with the file."""
    written_when_read: list[int] = []
    out = io.StringIO(newline="")

    class Slow(io.StringIO):
        def __next__(self) -> str:
            written_when_read.append(out.getvalue().count("\n"))
            return super().__next__()

    rows = 3 * BATCH
    run(Slow(f"{HEAD}\n" + "1,P,551,8.2,74,l,n,,\n" * rows, newline=""), out, io.StringIO())
    held = [read - written for read, written in enumerate(written_when_read, 1)]
    assert BATCH / 2 < max(held) <= BATCH
    assert out.getvalue().count("\n") == 1 + rows


def test_remarks_name_their_rows_in_order_over_the_batches():
    bad, broken = "1,P,551,0,74,l,n,,", f'2,P,551,"{"x" * 140_000}'
    lines = ["1,P,551,8.2,74,l,n,,"] * (BATCH + 2)
    lines[4], lines[BATCH] = bad, bad
    rows, _, said = scored("\n".join([HEAD, *lines, broken]))
    assert [line.split()[1].rstrip(":") for line in said.splitlines()] == [
        "6", str(BATCH + 2), str(BATCH + 4)
    ]  # fmt: skip
    assert len(rows) == BATCH + 2
    assert rows[BATCH]["zwei"] == "" and rows[BATCH + 1]["zwei"] == "-1.87"
