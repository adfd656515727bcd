"""The event log is only added to, sealed in batches, and read by those who answer for it."""

import ast
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import sealing
from accounts.log_words import NAMES, fields_of, why_of
from accounts.models import Event, Seal, Untouchable, record
from accounts.verbs import KINDS, VERBS
from tests.cast import signed_in


@pytest.fixture
def acts(cast: SimpleNamespace) -> list[Event]:
    """Seven acts of an hour ago."""
    old = timezone.now() - timedelta(hours=1)
    return [
        Event.objects.create(
            user=cast.petugas, programme=cast.programme, verb="approve", at=old,
            object_kind="submission", object_code=f"kode{n}",
        )
        for n in range(7)
    ]  # fmt: skip


def unguarded(statement: str, *values: Any) -> None:
    """Do to the log what a person with the database in hand could do: the trigger is lifted."""
    lift, guard = _guards()
    with connection.cursor() as cursor:
        for line in lift:
            cursor.execute(line)
        cursor.execute(statement, values)
        for line in guard:
            cursor.execute(line)


# PostgreSQL alters no table whose foreign keys wait to be checked at the end of the transaction.
_PENDING_NOW = "SET CONSTRAINTS ALL IMMEDIATE"


def _guards() -> tuple[list[str], list[str]]:
    if connection.vendor == "postgresql":
        word, now = "ALTER TABLE accounts_event {} TRIGGER event_only_added", _PENDING_NOW
        return [now, word.format("DISABLE")], [now, word.format("ENABLE")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'accounts_event'"
                       " AND type = 'trigger'")  # fmt: skip
        found = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]


# --- It works -----------------------------------------------------------------------------------


def test_an_act_names_who_by_which_grant_what_and_when(cast: SimpleNamespace) -> None:
    event = record(cast.petugas, "approve", cast.melati, fields=["b", "a"], action="verify_report")
    assert (event.user, event.grant) == (cast.petugas, cast.petugas.grants.get())
    assert (event.verb, event.object_kind, event.object_code) == (
        "approve", "posyandu", cast.melati.code,
    )  # fmt: skip
    assert event.fields == ["a", "b"] and event.programme == cast.programme


def test_the_page_is_newest_first_and_in_words(cast: SimpleNamespace, acts: list[Event]) -> None:
    page = signed_in(cast.camat).get("/jejak/")
    shown = [row["event"].object_code for row in page.context["rows"]]
    assert shown == [f"kode{n}" for n in reversed(range(7))]
    html = page.content.decode()
    assert "Memverifikasi laporan" in html and str(cast.petugas) in html


def test_the_page_is_paged_without_a_gap(
    cast: SimpleNamespace, acts: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.log.PAGE", 3)
    client, seen, url = signed_in(cast.camat), [], "/jejak/?perbuatan=approve"
    while url:
        page = client.get(url)
        seen += [row["event"].object_code for row in page.context["rows"]]
        url = page.context["next_url"] and "/jejak/" + page.context["next_url"]
    assert seen == [f"kode{n}" for n in reversed(range(7))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kode=kode3", ["kode3"]),
        ("perbuatan=reject", []),
        ("orang=petugas.kempling&kode=kode1", ["kode1"]),
        ("orang=camat.kempling", []),
        ("perbuatan=tidak-ada&sebelum=x", [f"kode{n}" for n in reversed(range(7))]),
        ("sebelum=99999999999999999999", [f"kode{n}" for n in reversed(range(7))]),
    ],
)
def test_the_page_is_filtered(
    query: str, found: list[str], cast: SimpleNamespace, acts: list[Event]
) -> None:
    page = signed_in(cast.camat).get(f"/jejak/?{query}")
    assert [row["event"].object_code for row in page.context["rows"]] == found


def test_a_full_page_needs_few_queries(
    cast: SimpleNamespace, acts: list[Event], django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.camat)
    with django_assert_max_num_queries(8):
        client.get("/jejak/")


def test_what_machines_keep_is_read_in_words(cast: SimpleNamespace) -> None:
    record(cast.camat, "list_reports", why="n=15", action="see_queue")
    record(cast.camat, "give_role", cast.bidan, why="bidan", action="manage_accounts")
    page = signed_in(cast.camat).get("/jejak/").content.decode()
    assert "15 baris" in page and "n=15" not in page
    assert ">Bidan desa</span>" in page


def test_fields_are_shown_by_the_label_of_their_form() -> None:
    assert fields_of("grant", ["valid_until"]) == "berlaku sampai"
    assert fields_of("child", ["weight_kg", "measure"]) == "berat (kg), cara ukur"
    assert fields_of("mother", ["name", "name_key", "nik", "nik_index"]) == "nama ibu, NIK"
    assert fields_of("mother", ["hpht", "hb"]) == "HPHT (hari pertama haid terakhir), Hb (g/dL)"
    assert fields_of("programme", ["refer_after_t", "kbm", "work_start", "contacts-phone"]) == (
        "Rujuk setelah berat tidak naik, Tabel KBM, Jam kerja mulai, Telepon di halaman publik"
    )
    assert fields_of("", ["bulan", "tinggi-bulat"]) == "bulan, Tinggi berakhir ,0 atau ,5"
    assert fields_of("tidak-ada", ["some_thing"]) == "some thing"


# What no act names: kept by the portal for itself.
OWN = {
    "alert", "baz", "check_code", "client_id", "code", "completeness", "consent_giver",
    "created_at", "created_by", "decided_at", "decided_by", "digest", "disposisi", "file_name",
    "finished_at", "finished_by", "haz", "id", "imported", "is_daily", "is_demo", "issued_at",
    "issued_by", "known_haz", "known_haz_on", "known_whz", "known_whz_on", "last_visit", "link",
    "measurement", "merged_into", "media_type", "month", "number", "opened_at", "opened_by",
    "output_name", "rank", "receipt", "received_at", "reporter", "revision", "rule_version",
    "run", "size", "standard_minutes", "started_at", "submission", "superseded", "t_run",
    "token_hash", "user", "waz", "weight_gain", "whz", "year",
}  # fmt: skip


def _silent(name: str) -> bool:
    return name in OWN or name.startswith("made_") or name.endswith(("_key", "_index", "_tail",
                                                                     "_flag", "_hash"))  # fmt: skip


def test_every_column_an_act_may_name_has_its_words() -> None:
    models = {model._meta.model_name: model for model in apps.get_models()}
    bare = [
        f"{kind}.{field.name}"
        for kind in KINDS
        for field in models[kind]._meta.concrete_fields
        if not _silent(field.name) and field.name not in NAMES and field._verbose_name is None
    ]
    assert bare == [], "give these a verbose_name or a word in accounts/log_words.py"


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("n=25 of 66", "25 dari 66 baris"),
        ("2026-11-20 n=7", "20 November 2026: 7 anak"),
        ("2026-11-20", "20 November 2026"),
        ("diukur_ulang", "Diukur ulang"),
        ("final", "Final"),
        ("new=3 update=0", "3 baru, 0 diperbarui"),
        ("kata orang", "kata orang"),
    ],
)
def test_what_stands_under_an_act_is_read_in_words(kept: str, words: str) -> None:
    assert why_of(kept) == words


def test_a_chain_of_seals_holds(acts: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    made = sealing.seal_events()
    assert [seal.last_id for seal in made] == [acts[2].pk, acts[5].pk, acts[6].pk]
    assert sealing.check() is None
    assert sealing.seal_events() == [], "nothing new, nothing sealed"
    assert len({seal.digest for seal in made}) == 3


def test_young_events_wait(cast: SimpleNamespace, acts: list[Event]) -> None:
    record(cast.petugas, "approve")
    sealing.seal_events()
    assert Seal.objects.get().last_id == acts[-1].pk


# --- Who may not --------------------------------------------------------------------------------


def test_the_other_programme_and_the_clerks_do_not_read_it(
    cast: SimpleNamespace, acts: list[Event]
) -> None:
    page = signed_in(cast.gasken.camat).get("/jejak/")
    assert page.context["rows"] == []
    assert signed_in(cast.gasken.camat).get("/jejak/?kode=kode1").context["rows"] == []
    assert signed_in(cast.petugas).get("/jejak/").status_code == 403


# --- What is refused ----------------------------------------------------------------------------


def test_the_model_refuses_change_and_removal(acts: list[Event]) -> None:
    acts[0].verb = "reject"
    for act in (
        acts[0].save,
        acts[0].delete,
        lambda: Event.objects.update(verb="reject"),
        Event.objects.all().delete,
    ):
        with pytest.raises(Untouchable):
            act()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_event SET verb = 'reject'", "DELETE FROM accounts_event"],
)
def test_the_database_refuses_it_too(statement: str, acts: list[Event]) -> None:
    with (
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.filter(verb="approve").count() == 7


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE accounts_event SET verb = 'reject' WHERE id = %s",
        "UPDATE accounts_event SET fields = '[\"weight_kg\"]' WHERE id = %s",
        "UPDATE accounts_event SET user_id = NULL WHERE id = %s",
        "DELETE FROM accounts_event WHERE id = %s",
    ],
)
def test_tampering_breaks_the_first_batch_it_touches(
    tampering: str, acts: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    seals = sealing.seal_events()
    unguarded(tampering, acts[4].pk)
    broken = sealing.check()
    assert broken is not None and broken.seal == seals[1]
    with pytest.raises(CommandError, match=f"{acts[3].pk}–{acts[5].pk}"):
        call_command("seal_events", "--check", stdout=StringIO())


def test_an_event_slipped_into_a_sealed_batch_is_found(acts: list[Event]) -> None:
    unguarded("DELETE FROM accounts_event WHERE id = %s", acts[3].pk)
    sealing.seal_events()
    Event.objects.create(pk=acts[3].pk, verb="approve", at=acts[3].at)
    assert sealing.check() is not None


def test_a_batch_taken_out_with_its_seal_breaks_the_next(
    acts: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    seals = sealing.seal_events()
    for act in acts[3:6]:
        unguarded("DELETE FROM accounts_event WHERE id = %s", act.pk)
    seals[1].delete()
    broken = sealing.check()
    assert broken is not None and broken.seal == seals[2]


def test_the_command_seals_and_says_where_it_stands(acts: list[Event]) -> None:
    out = StringIO()
    call_command("seal_events", stdout=out)
    assert Seal.objects.get().digest in out.getvalue()
    call_command("seal_events", "--check", stdout=out)
    assert "1 batches hold" in out.getvalue()


# --- Words --------------------------------------------------------------------------------------


def _verbs_in_the_code() -> set[str]:
    """Every verb recorded: second word of record(…), and the keys of transition tables."""
    found = set()
    for path in Path(settings.BASE_DIR).glob("*/**/*.py"):
        if path.relative_to(settings.BASE_DIR).parts[0] in {"tests", ".venv", "benchmarks"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called == "record" and len(node.args) > 1:
                found |= {a.value for a in ast.walk(node.args[1]) if isinstance(a, ast.Constant)}
            if called == "Transitions" and isinstance(node.args[0], ast.Dict):
                found |= {key.value for key in node.args[0].keys if isinstance(key, ast.Constant)}
    return {verb for verb in found if isinstance(verb, str)}


def test_every_verb_has_its_words() -> None:
    assert len(_verbs_in_the_code()) > 20
    assert _verbs_in_the_code() - set(VERBS) == set(), "add these to accounts/verbs.py"
