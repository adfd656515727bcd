"""Broken bytes, headers that lie and bodies without end get a page in Bahasa, never a 500."""

import io
from types import SimpleNamespace
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client
from django.urls import reverse

from kempling.wsgi import application
from reports.models import MonthlyReport
from tests.access.reports import submitted
from tests.cast import answers
from tests.test_bad_input import JSON, form_of, unbroken


def at_the_door(method: str, path: str, query: str = "", body: bytes = b"", kind: str = "") -> int:
    """The status with which the portal answers a request as gunicorn hands it over."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "HTTP_HOST": "127.0.0.1",
    }  # fmt: skip
    setup_testing_defaults(environ)
    statuses: list[str] = []
    answer = application(environ, lambda status, headers: statuses.append(status))
    b"".join(answer)
    return int(statuses[0][:3])


CLAIMS = [
    *(f"charset={name}" for name in ("utf-8", "utf-7", "hex", "rot13", "idna", "undefined")),
    "Charset = nonsense", "charset*=utf-7''x", "x*=nonsense''x", 'x="', ";;=;",
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("path", ["/status/", "/masuk/"])
def test_a_page_is_read_as_utf8_whatever_the_header_claims(db: None, path: str, claim: str) -> None:
    """As utf-7 ``+2AA-`` is a lone surrogate; hex is no text encoding at all."""
    asked = "kode=%2B2AA-&code=%2B2AA-&next=%2B2AA-"
    assert at_the_door("GET", path, asked, kind=f"text/plain; {claim}") == 200


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_file_is_read_as_utf8_whatever_the_header_claims(db: None, claim: str) -> None:
    body = (
        b"--x\r\nContent-Disposition: form-data; name=\"document\"; filename*=utf-7''+2AA-.pdf"
        b'\r\n\r\n+2AA-\r\n--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n+2AA-\r\n'
    )
    kind = f'multipart/form-data; {claim}; boundary="x"'
    assert at_the_door("POST", "/cek/", body=body + b"--x--\r\n", kind=kind) == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"abc"),
        ("multipart/form-data; boundary=", b"abc"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A" * 20_000 + b": b\r\n\r\nx\r\n--x--"),
        ("application/x-www-form-urlencoded", b"child_name=" + b"x" * 1_500_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000))),
    ],
)
def test_a_torn_or_endless_body_gets_a_page_in_bahasa(
    cast: SimpleNamespace, kind: str, body: bytes
) -> None:
    answer = unbroken().generic("POST", form_of(cast), body, content_type=kind)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Isian tidak terbaca" in page and "Bad Request" not in page


@pytest.mark.parametrize(
    "body",
    [b"%%%&=&&;;child_name=%FF%FE&a=%ED%A0%80", b"", b"\xff\xfe\x00", b"sex=L&sex=P&sex="],
)
def test_untidy_bytes_are_asked_for_again(cast: SimpleNamespace, body: bytes) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = unbroken().generic("POST", form_of(cast), body, content_type=kind, **JSON)
    assert (
        answer.status_code == 422 and answer.json()["errors"]["child_name" if not body else "sex"]
    )


@pytest.mark.parametrize("length", [str(10**9), "9" * 40, "-1", "x", "٣"])
def test_a_body_that_could_fill_the_disk_is_not_read(db: None, length: str) -> None:
    assert Client().post("/cek/", CONTENT_LENGTH=length).status_code == 400


def test_a_reason_is_kept_without_what_no_database_takes(cast: SimpleNamespace) -> None:
    report = MonthlyReport.objects.get(**submitted(cast))
    url = reverse("reports:return", args=[report.code])
    assert unbroken(cast.camat).post(url, {"reason": "Angka\0nya \u202esalah."}).status_code == 302
    report.refresh_from_db()
    assert report.return_reason == "Angkanya salah."


@pytest.mark.parametrize("path", ["/orang/?cari=", "/jejak/?orang=", "/orang/?sesudah="])
def test_a_nul_in_an_address_is_no_stumble_on_any_database(
    cast: SimpleNamespace, path: str
) -> None:
    client = unbroken(cast.admin)
    assert client.get(f"{path}a%00b").status_code == 400
    assert client.get(f"{path}ab").status_code == 200


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 201), ("application/json; charset=utf-8", 201),
        ("APPLICATION/JSON", 201),
        ("application/json, text/plain, */*", 201), ("*/*", 303), ("", 303),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 303), ("a;q=x,/;;", 303),
    ],
)  # fmt: skip
def test_a_script_and_a_browser_are_told_apart(
    cast: SimpleNamespace, accept: str, status: int
) -> None:
    answer = unbroken().post(form_of(cast), answers(), HTTP_ACCEPT=accept)
    assert answer.status_code == status
