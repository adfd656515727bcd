"""Data: families, children, measurements, and the reports they come from."""

from registry.models.children import Child, Measurement
from registry.models.families import (
    Breastfeeding,
    Household,
    Mother,
    Pregnancy,
    PregnancyCheck,
)
from registry.models.reports_in import (
    Consent,
    CorrectionLink,
    Decision,
    Document,
    Submission,
    SubmissionVersion,
)

__all__ = [
    "Breastfeeding",
    "Child",
    "Consent",
    "CorrectionLink",
    "Decision",
    "Document",
    "Household",
    "Measurement",
    "Mother",
    "Pregnancy",
    "PregnancyCheck",
    "Submission",
    "SubmissionVersion",
]
