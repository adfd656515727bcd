"""The places of a programme and the posters that hang there: who may see them, what is done.

``ReportLink`` and ``Posyandu`` live in regions, which knows no users; so their scope stands here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.models import User, reach_programme, record
from accounts.transitions import Refused
from regions import links
from regions.codes import new_code
from regions.models import Posyandu, Programme, Puskesmas, Region, ReportLink, ReportLinkQuerySet
from regions.words import long_date
from registry.families import homes
from registry.names import clean_text

REVOKED = "Kode ini sudah dicabut. Buat poster baru untuk tempat ini."
CHANGED = "Kode ini baru saja diganti. Lihat keadaannya sekarang, lalu putuskan lagi."


def links_of(user: Any) -> ReportLinkQuerySet:
    """The report links whose posters this person may print, with what a poster says.

    Those for practice too; ``.real()`` leaves them out.
    """
    rows = ReportLink.objects.filter(reach_programme(user, "manage_posters"))
    return rows.select_related("programme__region", "desa", "posyandu__desa")


def posyandu_of(user: Any) -> QuerySet[Posyandu]:
    """The posyandu this person looks after."""
    rows = Posyandu.objects.filter(reach_programme(user, "manage_places"))
    return rows.select_related("programme", "desa", "puskesmas")


# --- Posters ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinkState:
    """How a link stands, as the list shows it."""

    tone: str
    label: str
    note: str = ""
    alive: bool = True


def state_of(link: ReportLink, now: datetime) -> LinkState:
    """Dicabut, habis masa, or berlaku; with the day the code before it ends."""
    programme = link.programme
    if link.revoked_at:
        return LinkState("netral", "Dicabut", long_date(link.revoked_at, programme), False)
    if link.valid_until and link.valid_until <= now:
        return LinkState("netral", "Habis masa", long_date(link.valid_until, programme), False)
    if link.overlap_until and link.overlap_until > now:
        until = long_date(link.overlap_until, programme)
        return LinkState("biru", "Berlaku", f"Poster lama masih bisa dipakai sampai {until}")
    return LinkState("hijau", "Berlaku")


def without_poster(programme: Programme, desa: Region | None = None) -> QuerySet[Posyandu]:
    """The active posyandu that have no living link, of one desa or of all."""
    served = ReportLink.objects.of(programme).real().alive().filter(posyandu__isnull=False)
    rows = Posyandu.objects.of(programme).active().exclude(pk__in=served.values("posyandu"))
    return rows.filter(desa=desa) if desa else rows


def posyandu_links(user: Any, desa: Region | None = None) -> ReportLinkQuerySet:
    """The living links of active posyandu, of one desa or of all: one set of posters."""
    rows = links_of(user).real().alive().filter(posyandu__is_active=True)
    return rows.filter(posyandu__desa=desa) if desa else rows


def make_link(
    user: User, programme: Programme, desa: Region | None = None, posyandu: Posyandu | None = None
) -> ReportLink:
    """The living link of this place, made when there is none."""
    with transaction.atomic():
        before = ReportLink.objects.of(programme).count()
        link = links.make(programme, desa=desa, posyandu=posyandu)
        if ReportLink.objects.of(programme).count() > before:
            record(user, "make_link", link, action="manage_posters")
    return link


def make_practice_link(user: User, programme: Programme) -> ReportLink:
    """The link kader practise with, made when the programme has none that lives."""
    with transaction.atomic():
        before = ReportLink.objects.of(programme).count()
        link = links.make_practice(programme)
        if ReportLink.objects.of(programme).count() > before:
            record(user, "make_practice_link", link, action="manage_posters")
    return link


def make_missing_links(user: User, programme: Programme, desa: Region | None = None) -> int:
    """A link for every posyandu without one, of one desa or of all; returns how many were made."""
    with transaction.atomic():
        missing = list(without_poster(programme, desa))
        for posyandu in missing:
            make_link(user, programme, posyandu=posyandu)
    return len(missing)


def note_prints(user: User, rows: Iterable[ReportLink], size: str) -> None:
    """Write that these posters were printed, one event a link."""
    with transaction.atomic():
        for link in rows:
            record(user, "print_poster", link, why=f"ukuran={size}", action="manage_posters")


def rotate_link(user: User, link: ReportLink, seen: str) -> None:
    """Give the link a new code; the old one stays good for the overlap.

    ``seen`` is the generation the person saw: a second click would end the posters just hung.
    Raises Refused when the link is revoked or was rotated meanwhile.
    """
    with transaction.atomic():
        now = ReportLink.objects.select_for_update().get(pk=link.pk)
        _alive(now)
        if str(now.generation) != seen:
            raise Refused(CHANGED)
        links.rotate(now)
        record(user, "rotate_link", now, fields=["generation"], action="manage_posters")


def revoke_link(user: User, link: ReportLink) -> None:
    """Kill the link at once. Raises Refused when it is already revoked."""
    with transaction.atomic():
        now = ReportLink.objects.select_for_update().get(pk=link.pk)
        _alive(now)
        links.revoke(now)
        record(user, "revoke_link", now, fields=["revoked_at"], action="manage_posters")


def _alive(link: ReportLink) -> None:
    if link.revoked_at:
        raise Refused(REVOKED)


# --- Desa -------------------------------------------------------------------------------------


def set_settings(user: User, programme: Programme, wanted: dict[str, str]) -> list[Region]:
    """Say of desa whether they are perkotaan or perdesaan ("" = not known); ``wanted`` by code.

    The latrine ladder hangs on it, so the ladders of their families are worked out anew. Returns
    the desa that became something else.
    """
    changed = []
    with transaction.atomic():
        for desa in programme.desa().select_for_update():
            setting = wanted.get(desa.code, desa.setting)
            if setting == desa.setting:
                continue
            desa.setting = setting
            desa.save(update_fields=["setting"])
            homes.settle_desa(desa)
            record(user, "set_desa_setting", desa, programme=programme, fields=["setting"],
                   action="manage_places")  # fmt: skip
            changed.append(desa)
    return changed


# --- Posyandu ---------------------------------------------------------------------------------


def posyandu_name(typed: str) -> str:
    """The name alone: the word Posyandu before it is put there by those who show it."""
    return re.sub(r"^posyandu\b\s*", "", clean_text(typed), flags=re.IGNORECASE)


def known_posyandu(desa: Region, name: str) -> Posyandu | None:
    """The posyandu of this name in this desa, however it was typed."""
    same = Q(name__iexact=name) | Q(name__iexact=f"Posyandu {name}")
    return Posyandu.objects.filter(same, desa=desa).first()


def add_posyandu(
    user: User, programme: Programme, desa: Region, name: str, puskesmas: Puskesmas | None
) -> Posyandu:
    """A new posyandu. Raises ValidationError with the sentence when the desa has it already."""
    told = ValidationError({"name": f"Posyandu {name} sudah ada di {desa.title}."})
    if known_posyandu(desa, name):
        raise told
    try:
        with transaction.atomic():
            posyandu = Posyandu.objects.create(
                programme=programme, desa=desa, puskesmas=puskesmas, name=name, code=new_code()
            )
            record(user, "add_posyandu", posyandu, action="manage_places")
    except IntegrityError as error:  # two people added it at once
        raise told from error
    return posyandu
