"""Hostile input gets a sentence, never a 500; what cannot be true is not stored (issue, Bad input).

Every refusal stands beside an ordinary value that is taken: a portal that refuses everything
proves nothing.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from accounts.roles import ACTIONS
from kempling import office, programmes
from regions import links
from regions.models import Posyandu, Programme
from registry import visits, workflow
from registry.forms.report import TOO_OLD
from registry.models import Consent, Submission
from reports.months import Month
from tests.access import ROWS
from tests.access.row import Row
from tests.cast import a_child, a_mother, a_submission, answers, signed_in
from tests.helps import a_pmt, a_work, an_activity

JSON = {"HTTP_ACCEPT": "application/json"}


def form_of(cast: SimpleNamespace) -> str:
    return f"/l/{links.token_of(cast.link_melati)}/"


def unbroken(user: User | None = None) -> Client:
    """A browser that shows a stumble as its page, as the real portal does."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user, backend="accounts.backends.GrantedBackend")
    return client


# --- Every form of the portal -------------------------------------------------------------------

HOSTILE = (
    "", "A" * 5000, "a\0b", "٣٣٠٢", "\u202e=1+1<script>", "9" * 23, "1e309", "9999-12-31",
    "0001-01-01", "2024-02-30",
)  # fmt: skip
FILTERS = ("q", "desa", "bulan", "hal", "setelah", "ke", "tanggal", "sebelum", "sesudah", "tahun")
PRIVATE = [row for row in ROWS if row.action != "public"]


def _colleague(cast: SimpleNamespace, row: Row) -> User:
    """Somebody who may, the wider area first."""
    people = [cast.petugas, cast.tim, cast.camat, cast.sekcam, cast.admin, cast.mitra, cast.kader]
    people.append(cast.kabupaten)
    return next(u for u in people if not row.action or u.roles & ACTIONS[row.action])


@pytest.mark.usefixtures("blank_paper")
@pytest.mark.parametrize("row", PRIVATE, ids=lambda row: row.name)
def test_no_page_stumbles_over_hostile_values(
    row: Row, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every box of its form and every filter of its address gets all of them."""
    client = unbroken(_colleague(cast, row))
    url = reverse(row.name, kwargs=row.kwargs(cast))
    page = client.get(url)
    names = {*_fields(page), *row.data}
    for hostile in HOSTILE:
        answer = client.post(url, dict.fromkeys(names, hostile))
        assert answer.status_code < 500, f"POST {url} with {hostile[:20]!r} in {sorted(names)}"
        if answer.status_code == 405:  # before anything was looked at, whatever it was
            break
    if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
        return
    filters = dict.fromkeys(FILTERS, "")
    for hostile in HOSTILE if _reads(client, url, filters, monkeypatch) else ():
        answer = client.get(url, dict.fromkeys(FILTERS, hostile))
        assert answer.status_code < 500, f"GET {url} with {hostile[:20]!r}"


def _reads(
    client: Client, url: str, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """Which of these the page looks at: most look at none, and cannot stumble over them."""
    seen: set[str] = set()

    def noting(real: Any) -> Any:
        def look(query: QueryDict, name: str, *more: Any) -> Any:
            seen.add(name)
            return real(query, name, *more)

        return look

    with monkeypatch.context() as patch:
        for word in ("__getitem__", "__contains__", "getlist"):
            patch.setattr(QueryDict, word, noting(getattr(QueryDict, word)), raising=False)
        assert client.get(url, asked).status_code < 500
    return seen & set(asked)


def _fields(page: Any) -> set[str]:
    """The boxes of the form on this page; of a button, what the buttons of the portal carry."""
    form = page.context.get("form") if page.status_code == 200 and page.context else None
    if form is None:
        return {"reason", "month", "generation", "on", "ended_on", "code", "output", "day", "note"}
    return {form.add_prefix(name) for name in form.fields}


DAYS = ("posyandu-day", "posyandu-paper", "posyandu-table", "posyandu-child", "posyandu-correct")


@pytest.mark.parametrize("name", DAYS)
def test_no_posyandu_day_was_before_this_century(cast: SimpleNamespace, name: str) -> None:
    """Five years before the year 5 there is no calendar, and no balita was born in 1999."""
    row = next(row for row in ROWS if row.name == f"registry:{name}")
    kwargs = row.kwargs(cast)
    today, client = str(kwargs["on"]), unbroken(cast.kader)
    url = reverse(row.name, kwargs=kwargs)
    assert client.get(url, follow=True).status_code == 200
    far = ("0000-00-00", "0001-01-01", "0005-01-01", "1999-12-31", "2024-02-30", "٢٠٢٦-٠١-٠١")
    for day in far:
        for call in (client.get, client.post):
            assert call(url.replace(today, day)).status_code == 404, day
    for day in ("2000-01-01", "2099-12-31"):
        assert client.get(url.replace(today, day)).status_code in {200, 302, 404}, day


@pytest.mark.parametrize("day", ["0001-01-01", "1000-01-01", "1999-12-31", "9999-12-31"])
def test_a_posyandu_day_of_another_age_is_asked_again(cast: SimpleNamespace, day: str) -> None:
    asked = {"posyandu": cast.melati.code, "tanggal": day}
    for more in ({}, {"cetak": "1"}):
        answer = unbroken(cast.kader).get(reverse("registry:posyandu-days"), asked | more)
        assert answer.status_code == 422 and answer.context["form"].errors["tanggal"]


# --- Names as nobody has them -------------------------------------------------------------------

STRANGE = (
    "<script>alert(1)</script>&\"'>", "</svg><image href=\"file:///etc/passwd\"/>",
    "\u202eterbalik \u0627\u0645", "W" * 120, "Anak \U0001f9d2\U0001f3fd", "{{ 7|add:7 }}",
)  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_name_stays_a_name(
    cast: SimpleNamespace, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """On the cards, above the charts, in lists and on paper; and no log quotes it."""
    child = a_child(cast, name=name, mother=a_mother(cast, name=name))
    posyandu = Posyandu.objects.filter(pk=cast.melati.pk)
    posyandu.update(name=name[:60])
    for ago in (70, 40, 10):
        numbers = {"measured_on": cast.programme.today() - timedelta(days=ago),
                   "weight_kg": Decimal("6.1"), "length_height_cm": Decimal("69.5"),
                   "measure": "l"}  # fmt: skip
        visits.add_measurement(cast.kader, child, numbers)
    place = [cast.melati.code, cast.programme.today()]
    urls = [reverse(f"registry:{n}", args=[child.code]) for n in
            ("child", "child-compare", "alert-answer", "child-print")]  # fmt: skip
    urls += [reverse(f"registry:{n}", args=place) for n in
             ("posyandu-day", "posyandu-table", "posyandu-paper")]  # fmt: skip
    urls += [reverse("registry:posyandu-child", args=[*place, child.code]), "/mutu/",
             reverse("registry:mother", args=[child.mother.code]), "/mutu/cetak/",
             "/prioritas/"]  # fmt: skip
    client = unbroken(cast.nakes)
    for url in urls:
        page = client.get(url)
        assert page.status_code == 200 and "no-store" in page["Cache-Control"], url
        assert "default-src 'self'" in page["Content-Security-Policy"], url
        if page["Content-Type"].startswith("text/html"):
            text = page.content.decode()
            assert not re.search(r"<script(?! src=)|<image|\sstyle=|\son\w+=", text), url
            assert escape(name[:30]) in text or url.startswith("/mutu/"), url
        else:
            assert re.fullmatch(
                r"[\w-]+; filename=\"[a-z0-9-]+\.pdf\"", page["Content-Disposition"]
            )
    assert "glyph" not in caplog.text


# --- Ticks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["0", "no", "off", "tidak", "false", " ", ""])
def test_a_consent_denied_is_no_consent(cast: SimpleNamespace, said: str) -> None:
    answer = Client().post(form_of(cast), answers(consent=said), **JSON)
    assert answer.status_code == 422 and list(answer.json()["errors"]) == ["consent"]
    assert not Consent.objects.exists()


@pytest.mark.parametrize("said", ["1", "on", "true", "ya"])
def test_a_consent_given_is_one(cast: SimpleNamespace, said: str) -> None:
    assert Client().post(form_of(cast), answers(consent=said), **JSON).status_code == 201


def test_a_doubt_denied_is_asked_again(cast: SimpleNamespace) -> None:
    report = answers(weight_kg="25")
    assert Client().post(form_of(cast), report | {"confirmed": "0"}, **JSON).status_code == 422
    assert Client().post(form_of(cast), report | {"confirmed": "1"}, **JSON).status_code == 201


def test_a_repeated_sending_is_not_asked_again(cast: SimpleNamespace) -> None:
    """Stored with its doubt confirmed; the phone repeats it and gets the first receipt."""
    report = answers(weight_kg="25")
    first = Client().post(form_of(cast), report | {"confirmed": "1"}, **JSON)
    again = Client().post(form_of(cast), report, **JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = Client().post(form_of(cast), report | {"child_name": "Anak Lain"}, **JSON)
    assert other.status_code == 422 and other.json()["confirm"] == ["weight_kg"]


# --- What cannot be true ------------------------------------------------------------------------


def test_a_help_does_not_begin_in_the_year_one(cast: SimpleNamespace) -> None:
    """A PMT begun then would list a hundred thousand weeks."""
    client = signed_in(cast.tim)
    for noun, thing in (("pmt", a_pmt(cast)), ("work", a_work(cast))):
        url = reverse(f"interventions:start-{noun}", args=[thing.code])
        assert "Periksa tahunnya" in client.post(url, {"on": "0001-01-01"}).content.decode()
        thing.refresh_from_db()
        assert thing.status == "planned"
        assert client.post(url, {"on": str(cast.programme.today())}).status_code == 302


def test_a_class_is_not_held_in_the_year_one(cast: SimpleNamespace) -> None:
    activity = an_activity(cast)
    url = reverse("interventions:hold-activity", args=[activity.code])
    guests = {"tamu-TOTAL_FORMS": "1", "tamu-INITIAL_FORMS": "0", "tamu-0-name": "Ibu Contoh",
              "tamu-0-sex": "P"}  # fmt: skip
    client = signed_in(cast.tim)
    assert client.post(url, guests | {"held_on": "0001-01-01"}).status_code == 409
    assert client.post(url, guests | {"held_on": str(activity.planned_start)}).status_code == 302


@pytest.mark.parametrize(
    "month", ["0001-01", "1000-01", "1999-12", "2100-01", "2026-13", "٢٠٢٦-٠١"]
)
def test_a_month_of_another_age_is_none(cast: SimpleNamespace, month: str) -> None:
    assert Month.read(month) is None
    answer = signed_in(cast.tim).post(reverse("reports:compose"), {"month": month})
    assert answer["Location"] == reverse("reports:months")


def test_a_month_of_ours_is_read() -> None:
    assert Month.read("2026-10") == Month(date(2026, 10, 1))


@pytest.mark.parametrize("born", ["1000-01-01", "1926-05-01"])
def test_a_child_is_not_put_right_into_another_age(cast: SimpleNamespace, born: str) -> None:
    child, report = a_child(cast), a_submission(cast)
    said = {"name": child.name, "sex": child.sex, "posyandu": child.posyandu.code}
    correct = reverse("registry:child-correct", args=[child.code])
    verify = reverse("registry:approve", args=[report.code])
    client = signed_in(cast.petugas)
    ordinary = str(child.birth_date - timedelta(days=3))
    for url, data in ((correct, said), (verify, {"child": "baru"})):
        assert TOO_OLD in client.post(url, data | {"birth_date": born}).content.decode()
        assert client.post(url, data | {"birth_date": ordinary}).status_code == 302


def test_a_mother_does_not_breastfeed_since_the_year_1000(cast: SimpleNamespace) -> None:
    url = reverse("registry:breastfeeding-new", args=[a_mother(cast).code])
    client = signed_in(cast.petugas)
    for since in ("1000-01-01", str(cast.programme.today() - timedelta(days=5 * 366))):
        assert "Periksa tahunnya" in client.post(url, {"started_on": since}).content.decode()
    year_ago = cast.programme.today() - timedelta(days=365)
    assert client.post(url, {"started_on": str(year_ago)}).status_code == 302


@pytest.mark.parametrize(
    "pattern", ["{sequence:1999999999d}", "{sequence.__class__}", "{sequence!r}", "{", "{}/{year}"]
)
def test_a_number_format_is_no_program(cast: SimpleNamespace, pattern: str) -> None:
    """Python's own formatting would make a text of two gigabytes of the first."""
    said = office.values_of(cast.programme) | {"report_number_format": pattern}
    form = office.OfficeForm(said, programme=cast.programme)
    assert list(form.errors) == ["report_number_format"]


@pytest.mark.parametrize("pattern", ["440/{sequence:03d}/{month}/{year}", "{sequence}", "440"])
def test_an_ordinary_number_format_is_taken(cast: SimpleNamespace, pattern: str) -> None:
    said = office.values_of(cast.programme) | {"report_number_format": pattern}
    assert office.OfficeForm(said, programme=cast.programme).is_valid()


FILE = (programmes.FOLDER / "gasken.toml").read_text()


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('code = "gasken"', 'code = "a b/c"', "code"),
        ('code = "gasken"', 'code = "kempling"', "belongs to another kecamatan"),
        ('region = "19.01.01"', 'region = "19.01"', "no kecamatan"),
        ('region = "19.01.01"', 'region = "33.02.20"', "has its programme already"),
        ('colour_brand = "', 'colour_brand = "red;}', "no colour"),
        ("[letterhead]", '[letterheads]\n[[partners]]\nname = "X"\nkind = "x"\n[x]', "none of"),
        ("[letterhead]", '[[puskesmas]]\nnama = "X"\n[letterhead]', "has no name"),
        ("[letterhead]", '[[sop]]\nnumber = 9\nactors = ["camat"]\n[letterhead]', "no activity"),
        ('"Asia/Jakarta"', '"Mars/Utopia"', "timezone_name"),
    ],
)
def test_a_file_that_is_no_programme_says_why(
    cast: SimpleNamespace, tmp_path: Path, was: str, now: str, told: str
) -> None:
    assert was in FILE
    bad = tmp_path / "salah.toml"
    bad.write_text(FILE.replace(was, now, 1))
    with pytest.raises(CommandError, match=told) as refused:
        call_command("load_programme", str(bad))
    assert "\n" not in str(refused.value)
    assert [p.code for p in Programme.objects.all()] == ["kempling"]


# --- A report twice, and put right --------------------------------------------------------------


def test_a_correction_may_say_what_a_second_report_already_said(cast: SimpleNamespace) -> None:
    """Sent once with a slip and once right under one id; then the first is put right too."""
    slip = answers(child_name="Anak Salah Ketik")
    right = slip | {"child_name": "Anak Benar"}
    for sent in (slip, right):
        Client().post(form_of(cast), sent)
    first = Submission.objects.get(child_name="Anak Salah Ketik")
    token = workflow.send_back(cast.petugas, first, "Namanya salah.")
    answer = unbroken().post(f"/perbaikan/{token}/", right)
    first.refresh_from_db()
    assert answer.status_code == 303
    assert (first.status, first.child_name, first.retyped) == ("edited", "Anak Benar", True)
    assert Client().post(form_of(cast), right, **JSON).status_code == 200


def test_a_late_repetition_of_a_corrected_report_is_no_second_one(cast: SimpleNamespace) -> None:
    """The phone never heard of its receipt; meanwhile the report was sent back and put right."""
    slip = answers(child_name="Anak Salah Ketik")
    receipt = Client().post(form_of(cast), slip, **JSON).json()["receipt"]
    token = workflow.send_back(cast.petugas, Submission.objects.get(), "Namanya salah.")
    Client().post(f"/perbaikan/{token}/", slip | {"child_name": "Anak Benar"})
    late = Client().post(form_of(cast), slip, **JSON)
    assert (late.status_code, late.json()["receipt"]) == (200, receipt)
    assert Submission.objects.get().child_name == "Anak Benar"


def test_who_corrected_a_report_does_not_verify_it(cast: SimpleNamespace) -> None:
    """The private link is for the kader; a verifier who uses it has written the report."""
    report = a_submission(cast)
    token = workflow.send_back(cast.petugas, report, "Salah.")
    signed_in(cast.petugas).post(f"/perbaikan/{token}/", answers(child_name="Karangan"))
    for verb, data in (("approve", {"child": "baru"}), ("reject", {"reason": "Salah."})):
        url = reverse(f"registry:{verb}", args=[report.code])
        assert signed_in(cast.petugas).post(url, data).status_code == 403
    url = reverse("registry:approve", args=[report.code])
    assert signed_in(cast.kasi).post(url, {"child": "baru"}).status_code == 302
