"""The timeline of a child, mother or household: what happened, newest first, from every app.

Apps above the registry hang their part on the two lists when the portal starts
(``kempling/apps.py``), because the registry may not import them.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from django.urls import reverse

from accounts.models import Event
from regions.models import Programme
from regions.words import date_and_clock, long_date
from registry.history import WORDS as DECISIONS
from registry.models import Child, Consent, Document, Household, Mother

Item = dict[str, Any]
Known = Child | Mother | Household
Source = Callable[[Any, Known], list[Item]]

# Each is called with (user, child, mother or household) and returns items
# {"when": date or aware datetime, "title", "text"?, "who"?, "tone"?, "icon"?, "url"?, "kinds"?}.
timeline_sources: list[Source] = []
# Each is called with (user, child, mother or household) and returns buttons {"label", "url"}.
action_sources: list[Source] = []

LONGEST = 200
# What a timeline can be narrowed to (``?jenis=``). An item names its kinds, ``data`` when none.
KINDS = {
    "laporan": "Laporan dan keputusan",
    "ukur": "Ukur dan periksa",
    "tanda": "Tanda",
    "kunjungan": "Kunjungan dan rujukan",
    "bantuan": "Bantuan",
    "dokumen": "Dokumen",
    "kejadian": "Pindah, lahir, menyusui",
    "data": "Perubahan data",
}
FORGOTTEN = "Sudah diperiksa. Berkasnya dihapus sesuai aturan privasi."
EVENTS = {
    "reveal_nik": "NIK dan nomor KK ditampilkan",
    "correct_child": "Data anak diperbaiki",
    "link_child": "Ditautkan dengan laporan kader",
    "begin_pregnancy": "Kehamilan dicatat",
    "correct_pregnancy": "Data kehamilan diperbaiki",
    "correct_mother": "Data ibu diperbaiki",
    "reopen_pregnancy": "Akhir kehamilan dibatalkan",
    "begin_breastfeeding": "Dicatat sebagai ibu menyusui",
    "correct_household": "Data keluarga diperbaiki",
    "link_birth": "Ditautkan dengan kehamilan ibunya",
    "merge": "Digabung dengan kartu lain",
    "undo_merge": "Penggabungan dibatalkan",
}
CORRECTIONS = ("correct_child", "correct_mother", "correct_household")
COLUMNS = {
    "name": "nama", "sex": "jenis kelamin", "birth_date": "tanggal lahir", "nik": "NIK",
    "father_name": "nama ayah", "posyandu": "posyandu",
    "birth_weight_g": "berat lahir", "birth_length_cm": "panjang lahir",
    "gestation_weeks": "usia kehamilan saat lahir", "phone": "nomor HP", "job": "pekerjaan",
    "birth_order": "anak ke", "education": "pendidikan", "births": "pernah melahirkan",
    "kk": "nomor KK", "head_name": "kepala keluarga", "address": "alamat", "rt": "RT", "rw": "RW",
    "desa": "desa", "dasawisma": "dasawisma", "resident": "warga kecamatan",
    "resident_reason": "alasan pengecualian",
}  # fmt: skip


def timeline(user: Any, person: Known, items: Iterable[Item]) -> list[Item]:
    """The newest items of the registry and of every source, with ``at`` in words."""
    return whole(user, person, items)[:LONGEST]


def whole(user: Any, person: Known, items: Iterable[Item]) -> list[Item]:
    """As ``timeline``, all of them."""
    found = [*items]
    for source in timeline_sources:
        found += source(user, person)
    programme = person.programme
    found.sort(key=lambda item: _moment(item["when"], programme), reverse=True)
    return [item | {"at": _at(item["when"], programme)} for item in found]


def kinds_of(item: Item) -> tuple[str, ...]:
    kinds: tuple[str, ...] = item.get("kinds", ("data",))
    return kinds


def of_kind(items: Iterable[Item], kind: str) -> list[Item]:
    """The items of one kind; "" takes them all."""
    return [item for item in items if not kind or kind in kinds_of(item)]


def about(items: Iterable[Item], name: str) -> list[Item]:
    """The items of one of a family: each says whom it is about."""
    return [item | {"title": f"{name}: {_small(item['title'])}"} for item in items]


def _small(title: str) -> str:
    return title if title[1:2].isupper() else title[0].lower() + title[1:]


def actions(user: Any, person: Known) -> list[Item]:
    """The buttons that other apps hang on a card."""
    return [button for source in action_sources for button in source(user, person)]


def made_item(person: Known, title: str) -> Item:
    """The day the card itself was made."""
    return {"when": person.created_at, "title": title, "who": str(person.created_by or "")}


def event_items(person: Known) -> list[Item]:
    """What the event log knows of this person, and of who was merged into it, that no row of its
    own tells."""
    merged = type(person).everyone.filter(merged_into=person).values("code")
    mine = Event.objects.about(person.code) | Event.objects.filter(object_code__in=merged)
    events = mine.filter(verb__in=EVENTS).select_related("user")
    return [
        {"when": event.at, "title": EVENTS[event.verb], "text": _changed(event),
         "who": str(event.user or "")}
        for event in events.order_by("-id")[:LONGEST]
    ]  # fmt: skip


def consent_items(consents: Iterable[Consent]) -> list[Item]:
    return [
        {"when": c.given_at, "title": "Persetujuan diberikan",
         "text": f"{c.get_giver_display()}, {c.get_method_display().lower()}",
         "who": str(c.recorded_by or ""), "kinds": ("dokumen",)}
        for c in consents
    ]  # fmt: skip


def report_items(submissions: Iterable[Any], *, named: bool = False) -> list[Item]:
    """The reports that came in, with every decision on them and its reason; ``named``: of a
    family, with the child each is about."""
    items: list[Item] = []
    for report in submissions:
        about = f" tentang {report.child_name}" if named else ""
        items.append(
            {"when": report.received_at, "title": f"Laporan kader{about} diterima",
             "text": report.reason,
             "who": report.reporter_name, "tone": "biru", "kinds": ("laporan",)}
        )  # fmt: skip
        for decision in report.decisions.all():
            title, tone = DECISIONS[decision.verb]
            items.append(
                {"when": decision.at, "title": f"Laporan: {title.lower()}", "tone": tone,
                 "text": decision.reason, "who": str(decision.by or ""), "kinds": ("laporan",)}
            )  # fmt: skip
    return items


def paper_items(papers: Iterable[Document]) -> list[Item]:
    """The documents that came with reports; one whose time is over tells only that it was there."""
    return [
        {"when": paper.created_at, "title": f"{paper} diterima",
         "text": FORGOTTEN if paper.forgotten_at else "",
         "url": "" if paper.forgotten_at else _open(paper),
         "who": str(paper.created_by or ""), "kinds": ("dokumen",)}
        for paper in papers
    ]  # fmt: skip


def _open(paper: Document) -> str:
    seen = "?lihat" if paper.is_picture else ""
    return reverse("registry:document", args=[paper.code]) + seen


def _changed(event: Event) -> str:
    named = [COLUMNS[name] for name in event.fields if name in COLUMNS]
    return f"Yang diubah: {', '.join(named)}." if named and event.verb in CORRECTIONS else ""


def _moment(when: date | datetime, programme: Programme) -> datetime:
    """A day without an hour stands after what was written down on it."""
    if isinstance(when, datetime):
        return when
    return datetime.combine(when, time.max, programme.tz)


def _at(when: date | datetime, programme: Programme) -> str:
    return date_and_clock(when, programme) if isinstance(when, datetime) else long_date(when)
