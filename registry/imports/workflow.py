"""The road of a list: handed in → analysed → written, all of it or nothing → undone; or dropped.

Only this module writes the state of an ``Import``. What takes longer than a page may take is a
job of the worker; each begins with what stands in the row, so it may be begun twice.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import jobs
from accounts.models import User, record
from accounts.transitions import Refused, Step, Transitions
from registry.imports import analyse, files, mapping, reports, undoing
from registry.imports.analyse import chunks
from registry.imports.judge import Outcome
from registry.imports.writing import Writer
from registry.models import Import, ImportRow
from registry.reconcile import comparing

ACTION = "import_lists"
State = Import.State
NO_DECREE = "Tulis nomor surat keputusan yang menjadi dasar pencatatan ini."
NOTHING_TO_WRITE = "Tidak ada baris yang dapat dimasukkan."
NUMBER_TAKEN = (
    "Sejak dianalisis, NIK, nomor KK, atau pengukuran di daftar ini sudah dicatat orang lain. "
    "Belum ada yang dimasukkan. Unggah dan analisis sekali lagi."
)
NOTHING_RUNS = "Tidak ada yang sedang dikerjakan untuk daftar ini."
ONLY_COMPARED = "Daftar ini hanya dibandingkan: tidak ada yang dimasukkan ke portal."
BUSY = "Daftar ini sedang dikerjakan. Tunggu sampai selesai, atau batalkan dahulu."

TABLE = Transitions(
    {
        "map_list": Step(
            frozenset({State.UPLOADED, State.ANALYSED}), State.UPLOADED, ACTION, "Periksa kolomnya"
        ),
        "analyse_list": Step(frozenset({State.UPLOADED}), State.ANALYSED, ACTION, "Analisis"),
        "import_list": Step(frozenset({State.ANALYSED}), State.WRITTEN, ACTION, "Masukkan"),
        "undo_import": Step(frozenset({State.WRITTEN}), State.UNDONE, ACTION, "Batalkan impor"),
        "drop_list": Step(
            frozenset({State.UPLOADED, State.ANALYSED}), State.DROPPED, ACTION, "Buang"
        ),
    },
    moved="Daftar ini sudah berubah keadaannya. Muat ulang halaman untuk melihatnya.",
    column="state",
)


# --- What a person does ---------------------------------------------------------------------------


def hand_in(user: Any, **columns: Any) -> Import:
    """Keep a list that was handed in; ``columns`` of ``Import``, its file is stored already."""
    with transaction.atomic():
        source = Import.objects.create(programme=user.programme, created_by=user, **columns)
        record(user, "hand_in_list", source, action=ACTION)
    return source


def put_columns(user: User, source: Import, columns: dict[str, Any], header_row: int) -> None:
    """Keep the columns of another sheet, or below another row of labels."""
    with transaction.atomic():
        _map(user, _held(source), columns=columns, header_row=header_row)


def map_columns(user: User, source: Import, columns: dict[str, Any], layout: str) -> None:
    """Keep how a person mapped the columns, remember it, and begin the analysis."""
    with transaction.atomic():
        held = _held(source)
        _map(user, held, columns=columns, layout=layout)
        mapping.remember(held)
        _begin(user, held, "analyse_import")


def _map(user: User, held: Import, **columns: Any) -> None:
    """What was analysed by other columns does not count any more, also if nobody goes on."""
    TABLE.move(user, held, "map_list", counts={}, **columns)
    held.rows.all().delete()


def decide(user: User, source: Import, decisions: dict[int, str]) -> int:
    """Keep what a person decided of rows: row number → a child's code, baru or lewati, "" for
    not yet; how many were kept. What was not offered for a row is passed over."""
    with transaction.atomic():
        held = _held(source)
        _guard_import(user, held)
        rows = held.rows.filter(outcome=Outcome.ASK, number__in=decisions)
        chosen = [row for row in rows if _offered(row, decisions[row.number])]
        for row in chosen:
            row.decision = decisions[row.number]
        ImportRow.objects.bulk_update(chosen, ["decision"])
        record(user, "decide_rows", held, why=f"n={len(chosen)}", action=ACTION)
    return len(chosen)


def _offered(row: ImportRow, decision: str) -> bool:
    return decision in {"", *row.choices}


def begin_write(user: User, source: Import, decree: str) -> None:
    """Put the writing in line. Raises Refused without a decree, with nothing to write, or for a
    list that is only compared."""
    if source.is_compared:
        raise Refused(ONLY_COMPARED)
    if source.layout != mapping.REPORTS and not decree.strip():
        raise Refused(NO_DECREE)
    with transaction.atomic():
        held = _held(source)
        _guard_import(user, held)
        if not held.rows.accepted().exists():
            raise Refused(NOTHING_TO_WRITE)
        Import.objects.filter(pk=held.pk).update(decree=decree.strip()[:80])
        _begin(user, held, "write_import")


def begin_undo(user: User, source: Import) -> None:
    """Put the undo in line. Raises Refused when its time is over."""
    with transaction.atomic():
        held = _held(source)
        TABLE.guard(user, held, "undo_import")
        if not held.can_be_undone:
            raise Refused("Pembatalan hanya bisa dalam 30 hari sesudah dimasukkan.")
        _begin(user, held, "undo_import")


def stop(user: User, source: Import) -> None:
    """Ask the task at hand to stop: what it wrote goes back."""
    if source.job is None or source.job.is_over:
        raise Refused(NOTHING_RUNS)
    jobs.ask_to_stop(source.job)
    record(user, "stop_import", source, action=ACTION)


def begin_again(user: User, source: Import) -> None:
    """Put a task in line again whose worker gives no sign. Raises Refused when it does."""
    if source.job is None:
        raise Refused(NOTHING_RUNS)
    jobs.begin_again(source.job)
    record(user, "begin_import_again", source, action=ACTION)


def drop(user: User, source: Import) -> None:
    """Put a list away that was not written: its file and its rows go."""
    with transaction.atomic():
        held = _held(source)
        TABLE.move(user, held, "drop_list")
        held.rows.all().delete()
    files.forget(source)


def _held(source: Import) -> Import:
    """The row, for one hand at a time. Raises Refused while a job works on it."""
    held = Import.objects.select_for_update(of=("self",)).select_related("job", "programme__region")
    row = held.get(pk=source.pk)
    if row.job and not row.job.is_over:
        raise Refused(BUSY)
    return row


def _guard_import(user: User, held: Import) -> None:
    TABLE.guard(user, held, "import_list")
    if held.is_compared:
        raise Refused(ONLY_COMPARED)


def _begin(user: User, source: Import, kind: str) -> None:
    Import.objects.filter(pk=source.pk).update(job=jobs.begin(kind, user, source.programme))


# --- What the worker does -------------------------------------------------------------------------


@jobs.work("analyse_import")
def analyse_job(task: jobs.Task) -> str:
    """Look what the list would do, or how it differs, and keep it row by row."""
    source, user = _work(task)
    if source.state != State.UPLOADED:  # begun again after a kill that came too late
        return _analysed(source.counts)
    if source.is_compared:
        counts = comparing.compare(task, source)
    elif source.layout == mapping.REPORTS:
        counts = reports.analyse(task, source)
    else:
        counts = analyse.analyse(task, source)
    with transaction.atomic():
        why = f"n={sum(counts.values())}"
        TABLE.move(user, source, "analyse_list", why=why, counts=dict(counts))
    return _analysed(counts)


def _analysed(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values())} baris dianalisis."


@jobs.work("write_import")
def write_job(task: jobs.Task) -> str:
    """Write the accepted rows in one transaction: after a kill there are all of them, or none."""
    source, user = _work(task)
    if source.state == State.WRITTEN:  # begun again after a kill that came too late
        return "Sudah dimasukkan."
    try:
        with transaction.atomic():
            _one_at_a_time(source)
            _guard_import(user, source)
            counts = _write(task, source, user)
            why = f"new={counts[Outcome.NEW]} update={counts[Outcome.CHANGED]}"
            now = timezone.now()
            TABLE.move(
                user, source, "import_list", why=why, counts=dict(counts), written_at=now,
                written_by=user,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(NUMBER_TAKEN) from error
    files.forget(source)
    return f"{counts[Outcome.NEW]} baru, {counts[Outcome.CHANGED]} berubah."


def _write(task: jobs.Task, source: Import, user: User) -> Any:
    rows = source.rows.readable().order_by("number")
    total, done = rows.count(), 0
    writer = (
        reports.Writer(source, user) if source.layout == mapping.REPORTS else Writer(source, user)
    )
    for some in chunks(rows.iterator(chunk_size=500)):
        task.step(done, total, "Menyimpan; sampai selesai belum ada yang berubah")
        writer.chunk(some)
        done += len(some)
    return analyse.count(source)


@jobs.work("undo_import")
def undo_job(task: jobs.Task) -> str:
    """Take back all that the import made and nothing else hangs on."""
    source, user = _work(task)
    if source.state == State.UNDONE:
        return "Sudah dibatalkan."
    with transaction.atomic():
        _one_at_a_time(source)
        TABLE.guard(user, source, "undo_import")
        is_of_reports = source.layout == mapping.REPORTS
        undone, stays = reports.undo(source) if is_of_reports else undoing.undo(task, source, user)
        why = f"n={undone} of {undone + stays}"
        TABLE.move(user, source, "undo_import", why=why, undone_at=timezone.now())
    return f"{undone} baris dibatalkan, {stays} tetap."


def _work(task: jobs.Task) -> tuple[Import, User]:
    """The import of a job, and who began it, working in its programme. Raises Refused when the
    person may no longer."""
    source = Import.objects.select_related("programme__region").get(job=task.job)
    user = task.job.started_by
    if user is None:
        raise Refused("Tidak diketahui siapa yang memulai.")
    user.chosen_programme_id = source.programme_id
    if user.programme != source.programme or not user.may(ACTION):
        raise Refused("Anda tidak lagi berwenang memasukkan daftar.")
    return source, user


def _one_at_a_time(source: Import) -> None:
    """Two imports of one programme follow each other; whoever types is not kept waiting for it."""
    others = type(source.programme).objects.select_for_update(of=("self",), no_key=True)
    others.get(pk=source.programme_id)


def forget_old() -> int:
    """Delete what is only kept while it may still be wanted: files and rows of lists that were
    handed in, written, undone or dropped more than 30 days ago. What came of them stays."""
    old = Import.objects.over()
    for source in old:
        files.forget(source)
        source.rows.all().delete()
    return len(old)
