"""No list, form, choice or address reaches over the edge of a programme, desa or posyandu.

``tests/test_access.py`` walks every URL; here it is the values inside: codes in forms, filters,
choices, counts, and the names on every page of a role that may see none.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import workflow as accounts
from accounts.models import Event, User, record
from interventions.models import Activity, Partner, PmtEpisode, SanitationWork
from regions.models import Posyandu, ReportLink
from registry.models import Absence, Breastfeeding, Child, Measurement, Submission
from tests.access import ROWS
from tests.cast import a_child, a_household, a_mother, a_pregnancy, a_submission, person, signed_in
from tests.environment import on_postgres
from tests.helps import FUNDS, a_check, a_pmt, a_visit, a_work, an_activity

CANARY = "Rahasiawati"


def errors_of(response: Any) -> set[str]:
    assert response.status_code == 422, response.status_code
    return set(response.context["form"].errors)


# --- Codes in forms ---------------------------------------------------------------------------


def test_a_verifier_links_only_to_a_candidate(cast: SimpleNamespace) -> None:
    """Not to a child of the other programme, nor to one whose code was found elsewhere."""
    client = signed_in(cast.petugas)
    url = reverse("registry:approve", args=[a_submission(cast).code])
    for stranger in (a_child(cast.gasken), a_child(cast, name="Lain Sekali")):
        assert errors_of(client.post(url, {"child": stranger.code})) == {"child"}
    assert client.post(url, {"child": "baru"}).status_code == 302


def test_a_help_names_only_partners_of_its_programme(cast: SimpleNamespace) -> None:
    client, child = signed_in(cast.tim), a_child(cast)
    url = reverse("interventions:plan-pmt-child", args=[child.code])
    plan = {
        "indication": "stunting", "menu": "Nasi", "funding": "mitra",
        "planned_start": str(cast.programme.today()),
    }  # fmt: skip
    for foreign in (cast.gasken.partner.code, str(cast.partner.pk)):
        assert "partner" in errors_of(client.post(url, plan | {"partner": foreign}))
    assert client.post(url, plan | {"partner": cast.partner.code}).status_code == 302
    assert PmtEpisode.objects.get().partner == cast.partner


def test_a_work_names_only_children_of_its_family(cast: SimpleNamespace) -> None:
    client, child, other = signed_in(cast.tim), a_child(cast), a_child(cast)
    url = reverse("interventions:plan-work", args=[child.household.code])
    today = str(cast.programme.today())
    plan = FUNDS | {
        "kind": "jamban", "condition_before": "Kebun", "planned_start": today,
        "planned_end": today,
    }  # fmt: skip
    for foreign in (other.code, a_child(cast.gasken).code):
        assert errors_of(client.post(url, plan | {"child": foreign})) == {"child"}
    assert client.post(url, plan | {"child": child.code}).status_code == 302


def test_an_activity_takes_place_in_a_desa_of_its_programme(cast: SimpleNamespace) -> None:
    client = signed_in(cast.tim)
    plan = FUNDS | {
        "kind": "parenting", "title": "Kelas", "place": "Balai",
        "planned_start": str(cast.programme.today()),
    }  # fmt: skip
    url = reverse("interventions:plan-activity")
    assert errors_of(client.post(url, plan | {"desa": cast.gasken.desa.code})) == {"desa"}
    assert client.post(url, plan | {"desa": cast.desa.code}).status_code == 302


def test_attendance_takes_no_mother_from_elsewhere(cast: SimpleNamespace) -> None:
    """A code put into the form by hand is not a line of it."""
    strangers = [
        a_mother(cast.gasken), a_mother(cast, desa=cast.other_desa, posyandu=cast.kenanga),
    ]  # fmt: skip
    for mother in strangers:
        a_pregnancy(cast, mother=mother)
    activity = an_activity(cast)
    said: dict[str, Any] = {f"{mother.code}-came": "on" for mother in strangers} | {
        "held_on": str(activity.planned_start), "tamu-TOTAL_FORMS": "1",
        "tamu-INITIAL_FORMS": "0", "tamu-0-name": "Tamu Contoh", "tamu-0-sex": "L",
    }  # fmt: skip
    url = reverse("interventions:hold-activity", args=[activity.code])
    assert signed_in(cast.tim).post(url, said).status_code == 302
    assert [row.name for row in activity.attendance.all()] == ["Tamu Contoh"]


def test_a_mother_nurses_her_own_child(cast: SimpleNamespace) -> None:
    mother, today = a_mother(cast), cast.programme.today()
    own, other = a_child(cast, mother=mother), a_child(cast)
    url = reverse("registry:breastfeeding-new", args=[mother.code])
    client = signed_in(cast.petugas)
    for foreign in (other.code, a_child(cast.gasken).code):
        said = {"started_on": str(today), "child": foreign}
        assert errors_of(client.post(url, said)) == {"child"}
    assert client.post(url, {"started_on": str(today), "child": own.code}).status_code == 302
    assert Breastfeeding.objects.get().child == own


def test_a_visit_is_put_right_on_its_own_child(cast: SimpleNamespace) -> None:
    child, other = a_child(cast), a_child(cast)
    visit = a_visit(other)
    url = reverse("registry:measurement-correct", args=[child.code, visit.code])
    assert signed_in(cast.petugas).get(url).status_code == 404


@pytest.mark.parametrize("who", ["bidan", "nakes"])
def test_a_child_is_moved_only_within_the_area(cast: SimpleNamespace, who: str) -> None:
    child = a_child(cast)
    said = {"name": child.name, "sex": child.sex, "birth_date": str(child.birth_date)}
    url = reverse("registry:child-correct", args=[child.code])
    client = signed_in(getattr(cast, who))
    for foreign in (cast.kenanga, cast.gasken.melati):
        assert errors_of(client.post(url, said | {"posyandu": foreign.code})) == {"posyandu"}
    assert client.post(url, said | {"posyandu": cast.mawar.code}).status_code == 302


def test_places_are_those_of_the_programme(cast: SimpleNamespace) -> None:
    client, foreign = signed_in(cast.petugas), cast.gasken
    links = ReportLink.objects.count()
    for place in (f"desa:{foreign.desa.code}", f"posyandu:{foreign.melati.code}"):
        client.post(reverse("registry:link-make"), {"place": place})
    assert ReportLink.objects.count() == links
    said = {"name": "Baru", "desa": foreign.desa.code}
    assert errors_of(client.post(reverse("registry:posyandu-add"), said)) == {"desa"}
    pasted = {"text": f"Baru; {foreign.desa.name}", "store": "1"}
    assert client.post(reverse("registry:posyandu-paste"), pasted).status_code == 422
    assert not Posyandu.objects.filter(name="Baru").exists()


def test_a_grant_is_ended_at_its_own_person(cast: SimpleNamespace) -> None:
    client = signed_in(cast.admin)
    for user, grant in (
        (cast.kasi, cast.petugas.grants.get()),
        (cast.gasken.kasi, cast.gasken.kasi.grants.get()),
    ):
        url = reverse("accounts:end-grant", args=[user.code, grant.code])
        assert client.post(url).status_code == 404
        grant.refresh_from_db()
        assert grant.valid_until is None


def test_a_paper_table_stores_nobody_from_elsewhere(cast: SimpleNamespace) -> None:
    """Rows typed into the address of one posyandu count for its own children only."""
    own = a_child(cast)
    others = [a_child(cast, posyandu=cast.mawar), a_child(cast.gasken),
              a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)]  # fmt: skip
    typed = {f"{child.code}-weight_kg": "9,4" for child in (own, *others)}
    typed |= {f"{child.code}-exclusive": "ya" for child in others}
    today = cast.programme.today()
    url = reverse("registry:posyandu-table", args=[cast.melati.code, today])
    assert signed_in(cast.nakes).post(url, typed).status_code == 302
    assert [row.child for row in Measurement.objects.all()] == [own]
    url = reverse("registry:posyandu-absent", args=[cast.melati.code, today, others[0].code])
    assert signed_in(cast.nakes).post(url).status_code == 404
    assert not Absence.objects.exists()


@pytest.mark.parametrize("name", ["posyandu-child", "posyandu-correct"])
def test_a_child_stands_at_its_own_posyandu_only(cast: SimpleNamespace, name: str) -> None:
    """Also for the puskesmas, whose area holds both."""
    child, client = a_child(cast, posyandu=cast.mawar), signed_in(cast.nakes)
    today = cast.programme.today()
    for place, status in ((cast.melati, 404), (cast.mawar, 200)):
        url = reverse(f"registry:{name}", args=[place.code, today, child.code])
        assert client.get(url, follow=True).status_code == status


# --- Who works for whom -----------------------------------------------------------------------


def test_a_mitra_who_changes_the_partner_leaves_the_earlier_one(cast: SimpleNamespace) -> None:
    later = Partner.objects.create(programme=cast.programme, name="Mitra Kedua Contoh")
    an_activity(cast, funding="mitra", partner=cast.partner, title="Kelas mitra pertama")
    accounts.end_grant(cast.admin, cast.mitra.grants.get())
    accounts.add_grant(cast.admin, cast.mitra, "mitra", cast.programme, partner=later)
    user = User.objects.get(pk=cast.mitra.pk)
    assert list(Partner.objects.own(user)) == [later]
    page = signed_in(user).get(reverse("interventions:own-help"))
    assert page.context["total"] == 0


def test_a_mitra_may_stand_for_two_partners_at_once(cast: SimpleNamespace) -> None:
    second = Partner.objects.create(programme=cast.programme, name="Mitra Kedua Contoh")
    accounts.add_grant(cast.admin, cast.mitra, "mitra", cast.programme, partner=second)
    user = User.objects.get(pk=cast.mitra.pk)
    assert set(Partner.objects.own(user)) == {cast.partner, second}


# --- Names on pages ---------------------------------------------------------------------------


def _canaries(place: SimpleNamespace, number: int, **where: Any) -> None:
    """People with a name that must not be read elsewhere, with something of every kind."""
    name = f"{CANARY} {number}"
    child = a_child(place, name=f"Anak {name}", mother=a_mother(place, name=f"Ibu {name}", **where))
    a_visit(child)
    pregnancy = a_pregnancy(place, mother=a_mother(place, name=f"Bumil {name}", **where))
    a_check(pregnancy, lila_cm="22.0")
    a_household(place, head_name=f"Kepala {name}", latrine="terbuka", **where)
    a_pmt(place, child=child, begun=3, funding="mitra", partner=place.partner)
    a_work(place, household=child.household, funding="mitra", partner=place.partner)
    a_submission(place, child_name=f"Lapor {name}", **where)


START = (
    "/", "/anak/", "/anak/?kelompok=semua", "/ibu/", "/tindakan/", "/tindakan/?pilar=sanitasi",
    "/tindakan/?pilar=kegiatan", "/tindakan/?pilar=pmt&status=butuh", "/laporan/", "/laporan-saya/",
    "/laporan-bulanan/", "/sop/", "/orang/", "/jejak/", "/poster/", "/posyandu/",
    "/program/kempling/", "/program/gasken/", "/anak/baru/", "/ibu/baru/", "/prioritas/",
    "/hari-posyandu/?pilih=1", "/mutu/", "/mutu/belum-diukur/", "/mutu/semua-tanda/",
)  # fmt: skip
LINK = re.compile(r'href="(/[^"#]*)')


def _pages(client: Client, most: int = 60) -> Iterable[tuple[str, str]]:
    """(address, text) of what can be reached by clicking, a page of each kind at least once."""
    waiting = [*START, reverse("interventions:own-help"), reverse("interventions:households")]
    kinds: dict[str, int] = {}
    for url in waiting:
        kind = re.sub(r"/[0-9a-z]{16}/", "/…/", url.split("?")[0])
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > 4 or kind.startswith(("/static", "/keluar", "/merek")):
            continue
        page = client.get(url)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        text = page.content.decode()
        yield url, text
        if len(waiting) < most * 10:
            waiting += [found for found in LINK.findall(text) if found not in waiting]


@pytest.mark.usefixtures("blank_paper")
@pytest.mark.parametrize("who", ["mitra", "kabupaten", "admin", "public"])
def test_who_may_see_no_name_reads_none_on_any_page(cast: SimpleNamespace, who: str) -> None:
    for number, place in enumerate((cast, cast.gasken)):
        _canaries(place, number)
    client = Client() if who == "public" else signed_in(getattr(cast, who))
    read = [(url, text) for url, text in _pages(client)]
    assert len(read) >= 3, "pages were read"
    assert [url for url, text in read if CANARY in text] == []


# Of those who see the whole programme one is enough to ask whether the SQL holds.
REACHES = ["kader", "bidan", "nakes", "petugas"]


@pytest.mark.usefixtures("blank_paper")
@pytest.mark.parametrize("who", REACHES if on_postgres() else [*REACHES, "tim", "camat"])
def test_a_page_names_nobody_outside_the_area(cast: SimpleNamespace, who: str) -> None:
    """Not in lists, choices, candidates, timelines, to-dos; but everybody inside is there. And
    reading every page changes no row of a family; only who verifies is noted at a report."""
    elsewhere = {"desa": cast.other_desa, "posyandu": cast.kenanga}
    _canaries(cast, 1)
    _canaries(cast, 2, **elsewhere)
    _canaries(cast.gasken, 3)
    before = _rows_of_families(who)
    inside = {"1"} if who in {"kader", "bidan", "nakes"} else {"1", "2"}
    read = dict(_pages(signed_in(getattr(cast, who))))
    found = {n for text in read.values() for n in re.findall(rf"{CANARY} (\d)", text)}
    assert found == inside and len(read) > 10
    assert _rows_of_families(who) == before


def _rows_of_families(who: str) -> list[list[dict[str, Any]]]:
    tables = (Child, Submission, PmtEpisode, SanitationWork, Activity)
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    for report in rows[1] if who == "petugas" else ():
        del report["opened_by_id"], report["opened_at"]
    return rows


def test_filters_do_not_reach_out(cast: SimpleNamespace) -> None:
    """A foreign desa, code or page key in the address widens no list."""
    _canaries(cast.gasken, 3)
    code = Child.objects.get(name__contains=CANARY, name__startswith="Anak").code
    asked = {"desa": cast.gasken.desa.code, "q": CANARY, "kelompok": "semua", "kode": code,
             "posyandu": cast.gasken.melati.code, "pencatat": cast.gasken.kader.code,
             "tanggal": str(cast.programme.today())}  # fmt: skip
    for user, url in (
        (cast.petugas, "/anak/"), (cast.petugas, "/ibu/"), (cast.petugas, "/laporan/"),
        (cast.tim, "/tindakan/"), (cast.tim, reverse("interventions:households")),
        (cast.camat, "/jejak/"), (cast.petugas, "/prioritas/"), (cast.nakes, "/mutu/belum-diukur/"),
        (cast.nakes, "/mutu/semua-tanda/"), (cast.nakes, "/hari-posyandu/"),
    ):  # fmt: skip
        text = signed_in(user).get(url, asked).content.decode()
        assert f"{CANARY} 3" not in text and code not in text.replace(f'value="{code}"', "")


def test_the_log_of_another_programme_stays_there(cast: SimpleNamespace) -> None:
    record(cast.gasken.petugas, "view_child", a_child(cast.gasken))
    rows = signed_in(cast.camat).get("/jejak/").context["rows"]
    assert all(row["event"].programme == cast.programme for row in rows)
    assert Event.objects.filter(programme=cast.gasken.programme).exists()


# --- At once ----------------------------------------------------------------------------------


def test_a_grant_that_moves_shows_the_new_area_at_once(cast: SimpleNamespace) -> None:
    near, far = a_child(cast), a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    client = signed_in(cast.kader)
    assert client.get(reverse("registry:child", args=[near.code])).status_code == 200
    cast.kader.grants.update(posyandu=cast.kenanga)
    assert client.get(reverse("registry:child", args=[near.code])).status_code == 404
    assert client.get(reverse("registry:child", args=[far.code])).status_code == 200


@pytest.mark.parametrize("which", ["expired", "not yet", "closed"])
def test_what_no_longer_or_not_yet_counts_opens_nothing(cast: SimpleNamespace, which: str) -> None:
    client, child = signed_in(cast.petugas), a_child(cast)
    url = reverse("registry:child", args=[child.code])
    assert client.get(url).status_code == 200
    today = timezone.localdate()
    if which == "expired":
        cast.petugas.grants.update(valid_until=today - timedelta(days=1))
    elif which == "not yet":
        cast.petugas.grants.update(valid_from=today + timedelta(days=1))
    else:
        User.objects.filter(pk=cast.petugas.pk).update(is_active=False)
    assert client.get(url).status_code in {302, 403}
    assert client.post(reverse("registry:child-nik", args=[child.code])).status_code in {302, 403}


def test_an_acting_camat_counts_only_for_the_time(cast: SimpleNamespace) -> None:
    deputy = person("camat", cast.programme, acting="Plh", valid_until=timezone.localdate())
    assert signed_in(deputy).get(reverse("sop:disposisi-new")).status_code == 200
    deputy.grants.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert signed_in(deputy).get(reverse("sop:disposisi-new")).status_code == 403


# --- What looking leaves behind ---------------------------------------------------------------


def test_every_list_of_names_leaves_one_event(cast: SimpleNamespace) -> None:
    """Who looked, how many rows, by which filters; never what was typed into them (case 87)."""
    _canaries(cast, 1)
    lists = {
        "/anak/": ("list_children", cast.petugas),
        "/ibu/": ("list_mothers", cast.petugas),
        "/laporan/": ("list_reports", cast.petugas),
        "/laporan-saya/": ("list_own_reports", cast.kader),
        "/tindakan/": ("list_help", cast.bidan),
        "/prioritas/": ("list_priority", cast.kader),
        "/mutu/belum-diukur/": ("view_quality", cast.nakes),
        **{reverse(f"registry:posyandu-{name}", args=[cast.melati.code, cast.programme.today()]): (
            verb, cast.kader) for name, verb in (("day", "view_posyandu_day"),
            ("table", "view_posyandu_day"), ("paper", "print_posyandu_day"))},
        reverse("interventions:households"): ("list_households", cast.tim),
        reverse("interventions:own-help"): ("list_own_help", cast.mitra),
        reverse("interventions:hold-activity", args=[an_activity(cast).code]): (
            "list_mothers", cast.tim,
        ),
    }  # fmt: skip
    for url, (verb, user) in lists.items():
        seen = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        signed_in(user).get(url, {"q": CANARY, "desa": cast.desa.code})
        event = Event.objects.exclude(verb="sign_in").get(id__gt=seen)
        assert (event.verb, event.user, event.programme) == (verb, user, cast.programme), url
        assert "n=" in event.why and CANARY not in f"{event.fields}{event.why}"


@pytest.mark.parametrize("name", [
    "child", "child-print", "child-compare", "child-measure", "measurement-correct",
    "child-correct", "alert-answer", "posyandu-child", "posyandu-correct", "mother",
    "pregnancy-new", "pregnancy-correct", "pregnancy-check", "check-correct",
    "mother-alert-answer", "breastfeeding-new", "child-timeline", "child-timeline-print",
    "mother-timeline", "mother-timeline-print",
])  # fmt: skip
def test_every_page_about_one_person_leaves_one_event(cast: SimpleNamespace, name: str) -> None:
    """The card, its papers, and each form that shows what is known (case 87)."""
    row = next(row for row in ROWS if row.name == f"registry:{name}")
    asked = row.kwargs(cast)
    if name == "posyandu-correct":
        a_visit(Child.objects.get(code=asked["child"]), 0)
    seen = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    client = signed_in(cast.bidan)
    page = client.get(reverse(row.name, kwargs=asked))
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    event = Event.objects.exclude(verb="sign_in").get(id__gt=seen)
    assert event.object_code == asked.get("child", asked.get("code"))
    assert event.user == cast.bidan and event.programme == cast.programme
