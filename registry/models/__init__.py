"""Data: families, children, measurements, and the reports they come from."""

from registry.models.alerts import AlertAnswer
from registry.models.children import Child
from registry.models.events_of_life import LifeEvent
from registry.models.families import (
    Breastfeeding,
    ExclusiveMonth,
    Household,
    Mother,
    Pregnancy,
    PregnancyCheck,
)
from registry.models.homes import HomeCheck
from registry.models.imports import Import, ImportLayout, ImportRow
from registry.models.lookups import LookupKey, Merge, NotSame
from registry.models.reports_held import HeldReport, PracticeReport
from registry.models.reports_in import (
    Consent,
    CorrectionLink,
    Decision,
    Document,
    Submission,
    SubmissionVersion,
)
from registry.models.visits import Absence, Measurement

__all__ = [
    "NotSame",
    "Merge",
    "LookupKey",
    "LifeEvent",
    "ImportRow",
    "ImportLayout",
    "Import",
    "Absence",
    "AlertAnswer",
    "Breastfeeding",
    "Child",
    "Consent",
    "CorrectionLink",
    "Decision",
    "Document",
    "ExclusiveMonth",
    "HeldReport",
    "HomeCheck",
    "Household",
    "Measurement",
    "Mother",
    "PracticeReport",
    "Pregnancy",
    "PregnancyCheck",
    "Submission",
    "SubmissionVersion",
]
