"""What waited on a phone that was reported lost: kept for staff, once, with a receipt.

The reports may be true, and nobody knows who held the phone: none of them goes into the queue of
its own accord, staff look at each (docs/keputusan.md 48).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import Resolver404, resolve

from accounts.models import Device, record
from accounts.roles import Role
from accounts.transitions import Refused
from regions import links
from regions.codes import grouped
from regions.models import ReportLink
from registry import held, practice, receipts, workflow
from registry.documents import CleanFile
from registry.forms.report import ReportForm
from registry.models import Child, HeldReport, Submission

MOST = 500  # held reports of one phone: a finder may not fill the staff's list for ever
FULL = "Terlalu banyak laporan dari HP ini. Hubungi kantor kecamatan."
Kept = tuple[str, bool]  # the receipt, and whether it is new


def take(
    device: Device,
    fields: Mapping[str, Any],
    *,
    client_id: str,
    url: str,
    receipt: str = "",
    papers: list[CleanFile],
) -> Kept:
    """Keep one waiting item of a revoked phone. Raises Refused when there are far too many.

    A report that had arrived, only its answer had not, keeps its first receipt; with ``receipt``
    the item is only the photos of a report that was received before.
    """
    sent = receipts.of_sender(receipt, client_id) if receipt else None
    if sent is not None:
        return _photos_of(sent, papers), False
    link = _link(device, url)
    if link and link.is_practice:
        practised, is_new = practice.send(link, dict(fields), client_id, len(papers))
        return practised.receipt_text, is_new
    arrived = _arrived(link, fields, client_id)
    if arrived:
        return _photos_of(arrived, papers), False
    if HeldReport.objects.filter(device=device, why=HeldReport.Why.LOST_PHONE).count() >= MOST:
        raise Refused(FULL)
    return _held(device, _with_place(device, link, fields, url), client_id, link, papers)


def _held(
    device: Device,
    texts: Mapping[str, Any],
    client_id: str,
    link: ReportLink | None,
    papers: list[CleanFile],
) -> Kept:
    """One row however often it comes; each photo beside it."""
    news = []
    for paper in [*papers, None]:
        kept, is_new = held.hold(
            device.programme, HeldReport.Why.LOST_PHONE, texts,
            client_id=client_id, link=link, device=device, document=paper,
        )  # fmt: skip
        news.append(is_new)
    if any(news):
        record(None, "quarantine_reports", device)
    return grouped(kept.receipt), any(news)


def _photos_of(sent: Any, papers: list[CleanFile]) -> str:
    """Photos of a report that is here already; one that comes too late is not needed."""
    for paper in papers:
        if isinstance(sent, Submission):
            try:
                workflow.attach_part(sent, paper, paper.sha256)
            except Refused:
                break
        elif isinstance(sent, HeldReport) and sent.settled_at is None:
            held.hold(
                sent.programme, sent.why, sent.answers, client_id=sent.client_id,
                link=sent.link, device=sent.device, document=paper,
            )  # fmt: skip
    return str(sent.receipt_text)


def _link(device: Device, url: str) -> ReportLink | None:
    """The poster the report was begun on, also one that ended lately; only the programme's own."""
    token = url.removeprefix("/l/").rstrip("/") if url.startswith("/l/") else ""
    ended = None if not token else links.closed(token)
    link = (links.find(token) or (ended[0] if ended else None)) if token else None
    return link if link and link.programme_id == device.programme_id else None


def _arrived(
    link: ReportLink | None, fields: Mapping[str, Any], client_id: str
) -> Submission | None:
    """This report, when it came in before and only its answer was lost."""
    if link is None:
        return None
    same = Submission.objects.filter(programme=link.programme, client_id=client_id)
    if not same.exists():
        return None
    form = ReportForm({**fields, "confirmed": "1", "client_id": client_id}, link=link)
    if not form.is_valid():
        return None
    return same.filter(digest=workflow.digest_of(form.answers())).first()


def _with_place(
    device: Device, link: ReportLink | None, fields: Mapping[str, Any], url: str
) -> dict[str, Any]:
    """The texts, with what only the address or the phone's kader tells: child, day, posyandu."""
    if link or url.startswith("/l/"):
        return dict(fields)
    known = {"reporter_name": device.user.full_name, "asal": url, **_child(device, url)}
    grant = device.user.grants.filter(role=Role.KADER, programme=device.programme).last()
    if grant and grant.posyandu:
        known.setdefault("posyandu", grant.posyandu.code)
    return {**known, **fields}


def _child(device: Device, url: str) -> dict[str, str]:
    """Of an entry on the posyandu day: the child of its address, and the day."""
    try:
        named = resolve(url).kwargs
    except Resolver404:
        return {}
    day = {"measured_on": str(named["on"])} if isinstance(named.get("on"), date) else {}
    code = named.get("child") or "-"
    child = (
        Child.everyone.filter(programme=device.programme, code=code)
        .select_related("mother", "posyandu")
        .first()
    )
    if child is None:
        return day
    child = child.merged_into or child  # the list lay on the phone before the merge
    return day | {
        "child_name": child.name, "sex": child.sex, "birth_date": str(child.birth_date),
        "mother_name": child.mother.name if child.mother else "",
        "posyandu": child.posyandu.code if child.posyandu else "",
    }  # fmt: skip
