"""What waits for this person among the helps: the home page's list."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from interventions import targets
from interventions.models import Activity, Partner, PmtEpisode, SanitationWork

SILENT = timedelta(days=3)  # a running PMT without a word for longer is asked about
Item = dict[str, Any]


def todo(user: Any) -> list[Item]:
    """``[{title, text, url, count, tone}]``, most pressing first; only what is this person's."""
    if user.programme is None:
        return []
    today = user.programme.today()
    items: list[Item | None] = []
    if user.may("run_interventions"):
        items += [_targets(user, today), _families(user)]
    if user.may("record_delivery"):
        items.append(_silent(user, today))
    if user.may("run_interventions"):
        items += [_gone(user, today), _late(user, today)]
    if user.may("see_own_help"):
        items.append(_own_help(user))
    return [item for item in items if item]


def _item(count: int, title: str, text: str, url: str, tone: str) -> Item | None:
    if not count:
        return None
    return {"count": count, "title": title, "text": text, "url": url, "tone": tone}


def _board(query: str) -> str:
    return f"{reverse('interventions:board')}?{query}"


def _targets(user: Any, today: date) -> Item | None:
    children = targets.children(user, today).count()
    mothers = targets.pregnancies(user, today).count()
    return _item(
        children + mothers,
        "Rencanakan bantuan untuk sasaran",
        f"{children} anak dan {mothers} ibu hamil belum ada tindakan",
        _board("pilar=pmt&status=butuh"),
        "oranye",
    )


def _families(user: Any) -> Item | None:
    return _item(
        targets.households(user).count(),
        "Rencanakan air dan sanitasi",
        "Keluarga dengan air, jamban, atau rumah belum layak",
        reverse("interventions:households"),
        "kuning",
    )


def _silent(user: Any, today: date) -> Item | None:
    silent = PmtEpisode.objects.in_scope(user, "record_delivery").unrecorded_since(
        today - SILENT, today
    )
    return _item(
        silent.count(),
        "Catat hari makan PMT",
        f"Lebih dari {SILENT.days} hari belum dicatat",
        _board("pilar=pmt&status=berjalan"),
        "oranye",
    )


def _gone(user: Any, today: date) -> Item | None:
    """Open PMT of people who moved out or died: somebody must end them."""
    rows = PmtEpisode.objects.in_scope(user, "run_interventions").open().of_the_gone(today)
    return _item(
        rows.count(),
        "Hentikan PMT orang yang sudah tidak di sini",
        "Pindah ke luar kecamatan atau meninggal",
        _board("pilar=pmt"),
        "oranye",
    )


def _late(user: Any, today: date) -> Item | None:
    late = {
        pillar: model.objects.in_scope(user, "run_interventions").late(today).count()
        for pillar, model in (
            ("pmt", PmtEpisode), ("sanitasi", SanitationWork), ("kegiatan", Activity),
        )
    }  # fmt: skip
    first = next((pillar for pillar, count in late.items() if count), "pmt")
    return _item(
        sum(late.values()),
        "Selesaikan atau mulai yang lewat rencana",
        f"{late['pmt']} PMT, {late['sanitasi']} pekerjaan, {late['kegiatan']} kegiatan",
        _board(f"pilar={first}"),
        "merah",
    )


def _own_help(user: Any) -> Item | None:
    running = sum(
        model.objects.of_partners(Partner.objects.own(user)).running().count()
        for model in (PmtEpisode, SanitationWork, Activity)
    )
    text = f"{running} bantuan sedang berjalan" if running else "Belum ada yang sedang berjalan"
    url = reverse("interventions:own-help")
    return {"count": None, "title": "Lihat bantuan Anda", "text": text, "url": url, "tone": "biru"}
