"""Petugas verify a report: linked or new, with the first measurement and its z-scores."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from accounts.transitions import Refused
from registry import visits, workflow
from registry.models import Child, Household, Measurement, Mother, Submission
from registry.people import Approval, candidates
from tests.cast import a_child, a_household, a_mother, a_submission, signed_in

NIK, KK = "3302204101240001", "3302200101200002"


def verify(user: User, report: Submission, **data: str) -> HttpResponse:
    url = reverse("registry:approve", args=[report.code])
    return signed_in(user).post(url, {"child": "baru"} | data)


def test_it_works(cast: SimpleNamespace) -> None:
    """Fact 1 of the field: girl, 551 days, 8.2 kg, 74.0 cm lying: TB/U −2.34."""
    report = a_submission(cast, birth_date=date(2022, 1, 15), measured_on=date(2023, 7, 20))
    response = verify(cast.petugas, report, nik=NIK, kk=KK)
    child = Child.objects.get()
    assert response["Location"] == reverse("registry:child", args=[child.code])
    report.refresh_from_db()
    assert (report.status, report.child, report.decided_by) == ("approved", child, cast.petugas)
    visit = child.measurements.get()
    assert (visit.haz, visit.waz, visit.whz, visit.baz) == (
        Decimal("-2.34"),
        Decimal("-1.87"),
        Decimal("-1.00"),
        Decimal("-0.57"),
    )
    assert visit.alert == "oranye" and visit.rule_version
    assert (child.nik, child.household.kk) == (NIK, KK)
    assert child.mother.name == report.mother_name
    assert Event.objects.filter(verb="approve", object_code=report.code, user=cast.petugas).exists()


def test_the_report_stands_beside_its_document_with_class_and_reason(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    html = signed_in(cast.petugas).get(reverse("registry:review", args=[report.code]))
    text = html.content.decode()
    assert "Rujuk minggu ini" in text and "pendek" in text and report.child_name in text


def test_nik_and_kk_are_encrypted_at_rest(cast: SimpleNamespace) -> None:
    from django.db import connection

    verify(cast.petugas, a_submission(cast), nik=NIK, kk=KK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik FROM registry_child")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT kk FROM registry_household")
        stored += cursor.fetchone()[0]
    assert NIK not in stored and KK not in stored and len(stored) > 100


def test_link_to_a_known_child_adds_a_measurement(cast: SimpleNamespace) -> None:
    born = date.today() - timedelta(days=551)
    known = a_child(cast, name="Anak Sama", birth_date=born)
    report = a_submission(cast, child_name="ANAK SAMMA", birth_date=born + timedelta(days=20))
    page = signed_in(cast.petugas).get(reverse("registry:review", args=[report.code]))
    assert "Anak ini mungkin sudah terdata" in page.content.decode()
    verify(cast.petugas, report, child=known.code)
    assert Child.objects.count() == 1
    assert known.measurements.count() == 1


def test_candidates_are_of_this_programme_and_the_likeliest_first(cast: SimpleNamespace) -> None:
    born = date.today() - timedelta(days=551)
    same = a_child(cast, name="Anak Samma", birth_date=born)
    other_day = a_child(cast, name="Anak Sama", birth_date=born + timedelta(days=20))
    a_child(cast, name="Anak Sama", birth_date=born - timedelta(days=700),
            mother=a_mother(cast, name="Rohmah"))  # fmt: skip
    a_child(cast, name="Anak Lain", birth_date=born + timedelta(days=90))
    a_child(cast.gasken, name="Anak Sama", birth_date=born)
    report = a_submission(cast, child_name="Anak Sama", birth_date=born)
    found = candidates(report)
    assert [one.child for one in found] == [same, other_day]
    assert found[0].is_likely and not found[1].is_likely
    assert "tanggal lahir sama" in found[0].reasons and "nama mirip" in found[0].reasons


def test_the_verifier_sees_why_and_which_letters_differ(cast: SimpleNamespace) -> None:
    report = a_submission(cast, child_name="Siti Nurhasanah", mother_name="Aminah")
    mother = a_mother(cast, name="Aminnah")
    a_child(cast, name="Siti Nurkhasanah", birth_date=report.birth_date, mother=mother)
    page = signed_in(cast.petugas).get(reverse("registry:review", args=[report.code]))
    html = page.content.decode()
    assert "Siti Nur<mark>k</mark>hasanah" in html and "Sangat mirip" in html
    assert "Nama mirip, tanggal lahir sama, nama ibu mirip, desa sama" in html
    assert "Am<mark>" in html or "in<mark>n</mark>ah" in html


def test_a_known_nik_makes_a_candidate(cast: SimpleNamespace) -> None:
    verify(cast.petugas, a_submission(cast), nik=NIK)
    other = a_submission(cast, child_name="Nama Lain")
    response = verify(cast.petugas, other, nik=NIK)
    assert response.status_code == 409
    assert "NIK ini sudah dipakai" in response.content.decode()
    other.refresh_from_db()
    assert other.status == "received" and Child.objects.count() == 1
    linked = verify(cast.petugas, other, nik=NIK, child=Child.objects.get().code)
    assert linked.status_code == 302


def test_the_other_programme_does_not_reveal_that_a_nik_is_known(cast: SimpleNamespace) -> None:
    verify(cast.petugas, a_submission(cast), nik=NIK)
    there = verify(cast.gasken.petugas, a_submission(cast.gasken), nik=NIK)
    assert there.status_code == 302 and Child.objects.count() == 2


def test_a_household_is_found_by_its_kk(cast: SimpleNamespace) -> None:
    verify(cast.petugas, a_submission(cast), kk=KK)
    verify(cast.petugas, a_submission(cast, address="Alamat lain"), kk=KK)
    assert Household.objects.count() == 1 and Child.objects.count() == 2
    assert Mother.objects.count() == 1  # the same name in the same household


def test_without_kk_a_household_is_made_per_mother_and_address(cast: SimpleNamespace) -> None:
    for address in ("Jalan Contoh 1", "jalan contoh 1.", "Jalan Contoh 2"):
        verify(cast.petugas, a_submission(cast, address=address))
    assert Household.objects.count() == 2 and Mother.objects.count() == 2


def test_an_approximate_birth_date_is_made_exact_from_the_document(cast: SimpleNamespace) -> None:
    report = a_submission(cast, birth_date=None, age_months=18)
    today = date.today()
    born = today - timedelta(days=540)
    verify(cast.petugas, report, birth_date=str(born))
    assert (Child.objects.get().birth_date, Child.objects.get().is_approximate) == (born, False)


def test_a_known_child_is_judged_by_the_birth_date_just_learned(cast: SimpleNamespace) -> None:
    today = date.today()
    guess, born = today - timedelta(days=15), today - timedelta(days=45)
    guessed = a_child(cast, name="Anak Sama", birth_date=guess, birth_precision="month")
    report = a_submission(
        cast, child_name="Anak Sama", birth_date=None, age_months=0,
        weight_kg=Decimal("6.5"), length_height_cm=Decimal("65"),
    )  # fmt: skip
    verify(cast.petugas, report, child=guessed.code, birth_date=str(born))
    guessed.refresh_from_db()
    visit = guessed.measurements.get()
    assert guessed.birth_date == born
    assert (visit.doubted, visit.haz_flag) == ([], False), "+7 SD at 15 days, +4 at 45"


def test_age_in_months_is_reckoned_from_the_measurement(cast: SimpleNamespace) -> None:
    """reference − (months + 0.5) × 30.4375 days, never from the day of arrival."""
    on = date.today() - timedelta(days=20)
    verify(cast.petugas, a_submission(cast, birth_date=None, age_months=18, measured_on=on))
    child = Child.objects.get()
    assert child.birth_date == on - timedelta(days=563) and child.is_approximate


def test_nobody_approves_their_own_report(cast: SimpleNamespace) -> None:
    report = a_submission(cast, reporter=cast.petugas)
    assert verify(cast.petugas, report).status_code == 403
    assert verify(cast.petugas_dua, report).status_code == 302


@pytest.mark.parametrize("role", ["tim", "sekcam", "camat"])
def test_colleagues_without_the_right_may_look_only(cast: SimpleNamespace, role: str) -> None:
    report, user = a_submission(cast), getattr(cast, role)
    assert verify(user, report).status_code == 403
    page = signed_in(user).get(reverse("registry:review", args=[report.code]))
    assert page.status_code == 200 and "Verifikasi <kbd" not in page.content.decode()


def test_the_second_verifier_is_told(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    seen_by_other = Submission.objects.get(pk=report.pk)
    workflow.approve(cast.petugas, report, Approval())
    with pytest.raises(Refused, match="sudah ditangani petugas lain"):
        workflow.reject(cast.petugas_dua, seen_by_other, "Bukan warga.")
    assert verify(cast.petugas_dua, report).status_code == 409
    assert Child.objects.count() == 1


def test_a_false_nik_keeps_what_was_typed(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    page = verify(cast.petugas, report, nik="33022041012400")
    assert page.status_code == 422 and "33022041012400" in page.content.decode()
    assert "16 angka" in page.content.decode()
    assert Measurement.objects.count() == 0


def test_a_visit_of_the_same_day_is_not_doubled(cast: SimpleNamespace) -> None:
    known = a_child(cast, name="Anak Sama")
    visits.add_measurement(
        cast.petugas, known, {"measured_on": date.today(), "weight_kg": Decimal(8)}
    )
    report = a_submission(cast, child_name="Anak Sama", birth_date=known.birth_date)
    assert verify(cast.petugas, report, child=known.code).status_code == 302
    assert known.measurements.count() == 1


def test_a_household_without_mother_can_be_registered(cast: SimpleNamespace) -> None:
    a_household(cast)
    verify(cast.petugas, a_submission(cast, mother_name="", father_name="Ayah Contoh"))
    assert Child.objects.get().mother is None and Child.objects.get().father_name == "Ayah Contoh"


def test_a_kk_of_another_desa_is_not_taken_over(cast: SimpleNamespace) -> None:
    verify(cast.petugas, a_submission(cast), kk=KK)
    there = a_submission(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    answer = verify(cast.petugas, there, kk=KK)
    assert answer.status_code == 409 and "KK" in answer.content.decode()
    there.refresh_from_db()
    assert there.status == "received" and Household.objects.count() == 1
