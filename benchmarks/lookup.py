"""How long it takes to look somebody up among 1,000 children, and among 100,000.

    .venv/bin/python benchmarks/lookup.py [--children 100000]

One programme, sixteen desa, synthetic families of tests/noisy_people.py. Three questions, asked
in turn in five rounds, medians of one each: may this child be there already (``candidates.find``),
a name searched with a mistake, a name begun. Prints the queries of each, how many times longer the
many take than the few, and the plan of the database; ends with 1 when a question takes other
numbers of queries, or when a plan scans a table of people or keys. ``TEST_DATABASE_URL`` names a
PostgreSQL server (script/postgres.sh starts one); else SQLite.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import tests.environment  # noqa: E402, F401 - a temporary folder, before the settings load

os.environ["DJANGO_SETTINGS_MODULE"] = "kempling.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from kempling import programmes  # noqa: E402
from registry.lookup import candidates, search  # noqa: E402
from registry.models import Child  # noqa: E402
from tests import noisy_people  # noqa: E402

ROUNDS = 5
