"""What was done for the demo's families: PMT with its days, works, classes."""

import random
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from accounts.transitions import Refused
from interventions import workflow
from interventions.models import Activity, Partner, PmtDay
from kempling.demo.families import full_months
from regions.models import Programme
from registry.models import Child, Household, Mother, Pregnancy

MENUS = ("Telur rebus, bubur kacang hijau", "Nasi tim ayam dan wortel", "Bubur ikan dan bayam")


def load(programme: Programme, cast: dict[str, User]) -> None:
    """PMT for the shortest children and one pregnant woman, works, and a class a month."""
    chance = random.Random(f"bantuan {programme.code}")  # noqa: S311 - synthetic helps
    partner = Partner.objects.filter(programme=programme).first()
    _pmt(programme, cast, chance, partner)
    _pmt_for_mother(programme, cast, chance)
    _works(programme, cast, partner)
    _classes(programme, cast, chance, partner)


def _pmt(
    programme: Programme, cast: dict[str, User], chance: random.Random, partner: Partner | None
) -> None:
    """Ten of the children in need: some finished long ago, some running, some only planned."""
    today = programme.today()
    needy = Child.objects.of(programme).balita(today).with_latest(today).filter(latest_haz__lt=-2)
    starts = [150, 140, 120, 110, 70, 40, 30, 20, 10, -7]
    for child, ago in zip(needy.order_by("latest_haz", "id"), starts, strict=False):
        plan: dict[str, Any] = {
            "indication": "stunting",
            "menu": chance.choice(MENUS),
            "funding": "mitra" if partner and ago % 20 else "apbdes",
            "partner": partner if ago % 20 else None,
            "planned_start": today - timedelta(days=ago),
            "cost_planned": 840_000,
        }
        try:
            episode = workflow.plan_pmt(cast["tim"], child=child, **plan)
        except Refused:  # gizi buruk is referred, not fed
            continue
        if ago > 0:
            _feed(cast, episode, today - timedelta(days=ago), today, chance)


def _feed(
    cast: dict[str, User], episode: Any, begun: date, today: date, chance: random.Random
) -> None:
    workflow.start(cast["tim"], episode, begun)
    last = min(begun + timedelta(days=episode.planned_days - 1), today - timedelta(days=1))
    span = (last - begun).days + 1
    PmtDay.objects.bulk_create(
        PmtDay(
            episode=episode,
            day=begun + timedelta(days=number),
            given=(given := chance.random() > 0.06),
            eaten=chance.choice([4, 4, 4, 3, 3, 2, 1, 0]) if given else None,
            by=cast["tim"],
        )
        for number in range(span)
    )
    if span == episode.planned_days:
        workflow.complete(cast["tim"], episode, last, cost_real=820_000)


def _pmt_for_mother(programme: Programme, cast: dict[str, User], chance: random.Random) -> None:
    today = programme.today()
    thin = Pregnancy.objects.of(programme).filter(checks__lila_cm__lt=23.5).distinct().first()
    if thin is None:
        return
    episode = workflow.plan_pmt(
        cast["tim"], pregnancy=thin, indication="kek", menu="Nasi, telur, susu ibu hamil",
        funding="apbdes", planned_start=today - timedelta(days=45), cost_planned=2_400_000,
    )  # fmt: skip
    _feed(cast, episode, today - timedelta(days=45), today, chance)


def _works(programme: Programme, cast: dict[str, User], partner: Partner | None) -> None:
    """A latrine finished, a well being dug, a drain planned."""
    today = programme.today()
    homes = Household.objects.of(programme).filter(latrine__in=["terbuka", "belum_layak"])[:3]
    kinds = ("jamban", "sumur", "spal")
    for number, (home, kind) in enumerate(zip(homes, kinds, strict=False)):
        begun = today - timedelta(days=75 - 30 * number)
        work = workflow.plan_work(
            cast["tim"], home, kind=kind, condition_before="Belum ada jamban sehat di rumah.",
            volume="1 unit", funding="mitra" if partner else "apbdes", partner=partner,
            planned_start=begun, planned_end=begun + timedelta(days=30), cost_planned=4_500_000,
        )  # fmt: skip
        if number < 2:
            workflow.start(cast["tim"], work, begun)
        if number == 0:
            workflow.complete_work(
                cast["tim"], work, begun + timedelta(days=21), cost_real=4_350_000,
                condition_after="Jamban leher angsa dengan tangki septik.",
                bast_number="BAST/01/contoh", household={"latrine": "layak"},
            )  # fmt: skip


def _classes(
    programme: Programme, cast: dict[str, User], chance: random.Random, partner: Partner | None
) -> None:
    """One activity in each of the last six months, and one still to come."""
    today, desa = programme.today(), list(programme.desa())
    kinds = ("parenting", "sosialisasi", "pelatihan_pmt", "parenting", "penyuluhan", "parenting")
    for number, (month, kind) in enumerate(zip(full_months(today)[-6:], kinds, strict=True)):
        place = desa[number % len(desa)]
        activity = _plan(programme, cast, kind, place, month + timedelta(days=13), partner)
        mothers = Mother.objects.of(programme).filter(desa=place)
        came = [
            workflow.Came(name=m.name, mother=m, role="Ibu balita", pre_score=pre,
                          post_score=min(pre + chance.randint(5, 35), 100))
            for m, pre in ((m, chance.randint(40, 70)) for m in mothers)
        ]  # fmt: skip
        came.append(workflow.Came(name="Bapak Contoh", sex="L", role="Ayah balita"))
        workflow.hold(cast["tim"], activity, activity.planned_start, came, cost_real=650_000)
    _plan(programme, cast, "parenting", desa[0], today + timedelta(days=9), partner)


def _plan(
    programme: Programme,
    cast: dict[str, User],
    kind: str,
    place: Any,
    on: date,
    partner: Partner | None,
) -> Activity:
    title = f"{Activity.Kind(kind).label} di {place.title}"
    return workflow.plan_activity(
        cast["tim"], programme, desa=place, kind=kind, title=title, place="Balai desa/kelurahan",
        speaker="Petugas puskesmas (contoh)", material="Gizi seimbang dan makanan anak",
        funding="mitra" if partner else "apbdes", partner=partner, planned_start=on,
        cost_planned=700_000,
    )  # fmt: skip
