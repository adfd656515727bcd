"""Every child stands by its last counted visit and the rank of its alert (registry/measuring.py)."""

from django.db import migrations
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

RANK = {"merah": 0, "oranye": 1, "kuning": 2, "biru": 3, "hijau": 4}  # growth.classify.ALERT_RANK


def stand(apps, schema_editor):
    child, visit = (apps.get_model("registry", name) for name in ("Child", "Measurement"))
    counted = visit.objects.filter(child=OuterRef("pk"), superseded=False)
    newest = counted.order_by("-measured_on").values("pk")[:1]
    child.objects.update(last_visit=Subquery(newest))
    levels = [When(alert=level, then=Value(rank)) for level, rank in RANK.items()]
    last = visit.objects.filter(pk=OuterRef("last_visit"))
    rank = last.annotate(rank=Case(*levels, default=Value(RANK["kuning"]))).values("rank")
    child.objects.update(rank=Coalesce(Subquery(rank), Value(RANK["kuning"])))


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0004_every_family_once"),
    ]

    operations = [
        migrations.RunPython(stand, migrations.RunPython.noop),
    ]
