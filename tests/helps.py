"""Helps for the tests, made by the workflow so that they stand as people would have left them."""

import io
import itertools
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from interventions import workflow
from interventions.models import Activity, PmtEpisode, SanitationWork
from registry import measuring
from registry.models import Child, Household, Measurement, Pregnancy, PregnancyCheck
from tests.cast import a_child, a_household

_number = itertools.count(1)
FUNDS: dict[str, Any] = {"funding": "apbdes"}


def days_ago(place: SimpleNamespace, days: int) -> date:
    return place.programme.today() - timedelta(days=days)


def a_visit(
    child: Child, ago: int = 10, *, haz: str = "-2.34", whz: str = "-1.00", waz: str = "-1.87",
    **more: Any,
) -> Measurement:  # fmt: skip
    """A counted measurement ``ago`` days back with these z-scores (made up, not computed)."""
    values: dict[str, Any] = {
        "measured_on": child.programme.today() - timedelta(days=ago),
        "weight_kg": Decimal("8.2"),
        "length_height_cm": Decimal("74"),
        "measure": "l",
        "haz": Decimal(haz),
        "whz": Decimal(whz),
        "waz": Decimal(waz),
        "alert": "oranye",
    }
    made = Measurement.objects.create(child=child, **(values | more))
    stand(child)
    return made


def stand(child: Child) -> None:
    """Let the child stand by its last counted visit, as every act leaves it."""
    measuring.stand(child, list(child.measurements.order_by("measured_on", "revision")))
    child.save(update_fields=measuring.STANDS)


def a_check(pregnancy: Pregnancy, ago: int = 10, **more: Any) -> PregnancyCheck:
    on = pregnancy.programme.today() - timedelta(days=ago)
    return PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=on, **more)


def a_pmt(
    place: SimpleNamespace, *, begun: int | None = None, child: Child | None = None,
    pregnancy: Pregnancy | None = None, **plan: Any,
) -> PmtEpisode:  # fmt: skip
    """A planned PMT of 14 days; with ``begun`` started that many days ago."""
    if child is None and pregnancy is None:
        child = a_child(place)
    values = FUNDS | {
        "indication": "stunting" if child else "kek",
        "menu": "Nasi, telur, bayam",
        "planned_days": 14,
        "planned_start": days_ago(place, begun or 0),
    }
    episode = workflow.plan_pmt(place.tim, child=child, pregnancy=pregnancy, **(values | plan))
    if begun is not None:
        workflow.start(place.tim, episode, days_ago(place, begun))
    return episode


def a_work(
    place: SimpleNamespace, *, begun: int | None = None, household: Household | None = None,
    **plan: Any,
) -> SanitationWork:  # fmt: skip
    values = FUNDS | {
        "kind": "jamban",
        "condition_before": "Buang air di kebun",
        "planned_start": days_ago(place, begun or 0),
        "planned_end": days_ago(place, -20),
    }
    work = workflow.plan_work(place.tim, household or a_household(place), **(values | plan))
    if begun is not None:
        workflow.start(place.tim, work, days_ago(place, begun))
    return work


def an_activity(place: SimpleNamespace, **plan: Any) -> Activity:
    values = FUNDS | {
        "kind": "parenting",
        "title": f"Kelas Contoh {next(_number)}",
        "desa": place.desa,
        "place": "Balai Contoh",
        "planned_start": place.programme.today(),
    }
    return workflow.plan_activity(place.tim, place.programme, **(values | plan))


def a_photo(name: str = "foto.jpg", content: bytes = b"") -> SimpleUploadedFile:
    """A small real picture as a phone sends it, or ``content`` in its place."""
    if not content:
        out = io.BytesIO()
        Image.new("RGB", (64, 48), (next(_number) % 256, 120, 80)).save(out, "JPEG")
        content = out.getvalue()
    return SimpleUploadedFile(name, content, "image/jpeg")
