"""The access table: every URL of the portal, who may open it, and over which rows.

One module per app gives ``ROWS``; ``tests/test_access.py`` walks the URL resolver against them.
A URL without a row fails the suite.
"""

from tests.access import (
    accounts,
    alerts,
    api,
    exports,
    growth,
    households,
    imports,
    interventions,
    merging,
    people,
    places,
    portal,
    posyandu_day,
    quality,
    registry,
    reports,
    sop,
    timelines,
)

ROWS = [
    *portal.ROWS,
    *accounts.ROWS,
    *registry.ROWS,
    *people.ROWS,
    *places.ROWS,
    *posyandu_day.ROWS,
    *growth.ROWS,
    *households.ROWS,
    *alerts.ROWS,
    *exports.ROWS,
    *quality.ROWS,
    *merging.ROWS,
    *imports.ROWS,
    *interventions.ROWS,
    *timelines.ROWS,
    *sop.ROWS,
    *reports.ROWS,
    *api.ROWS,
]
