"""Sixty synthetic children of one posyandu, made on a running portal by its own shell."""

import json
from typing import Any

# Runs inside the portal (manage.py shell -c): every child was measured last month.
_SCRIPT = """
import json, random
from datetime import timedelta
from decimal import Decimal
from accounts.models import User
from growth.lms import value_at
from growth.tables import BOY, GIRL, table
from registry.lookup import keys
from registry import visits
from registry.models import Child, Household, Mother
from registry.names import name_key

kader = User.objects.get(username="{username}")
place = kader.grants.get().posyandu
programme, today = place.programme, place.programme.today()
before = today.replace(day=1) - timedelta(days=4)
chance = random.Random("pagi posyandu")
made = []
for number in range({count}):
    born = today - timedelta(days=60 + number * 1600 // {count})
    name = f"Pagi {{number:02d}} Contoh"
    where = dict(programme=programme, desa=place.desa, posyandu=place)
    home = Household.objects.create(address="Jalan Contoh 1", **where)
    mother = Mother.objects.create(household=home, name="Ibu " + name,
                                   name_key=name_key("Ibu " + name), **where)
    child = Child.objects.create(household=home, mother=mother, name=name, name_key=name_key(name),
                                 sex="LP"[number % 2], birth_date=born, **where)
    z = chance.gauss(-1.2, 0.8)
    def at(day, index):
        sex = BOY if child.sex == "L" else GIRL
        return value_at(z, table(index).rows[sex][(day - born).days])
    posture = "l" if (before - born).days < 731 else "h"
    if before > born:
        visits.add_measurement(None, child, dict(
            measured_on=before, measure=posture, weight_kg=Decimal(f"{{at(before, 'wfa'):.1f}}"),
            length_height_cm=Decimal(f"{{at(before, 'lfa'):.1f}}")))
    made.append(dict(code=child.code, name=name, days=(today - born).days,
                     weight=f"{{at(today, 'wfa') + 0.05:.1f}}", length=f"{{at(today, 'lfa'):.1f}}"))
keys.refresh_many(Child.objects.of(programme), Mother.objects.of(programme))
print("MADE" + json.dumps(dict(posyandu=place.code, today=str(today), children=made,
                               day_before=str(today - timedelta(days=1)))))
"""


def make(server: Any, username: str, count: int) -> dict[str, Any]:
    """Make them in the posyandu of the kader; ``{posyandu, today, day_before, children}``."""
    script = _SCRIPT.format(username=username, count=count)
    printed = server.manage("shell", "-v", "0", "-c", script).stdout
    return json.loads(printed.split("MADE", 1)[1])
