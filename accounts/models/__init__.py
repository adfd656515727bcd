"""Siapa, boleh apa, dan siapa berbuat apa: users, grants, invitations, the event log, jobs."""

from accounts.models.devices import Device, DeviceQuerySet, Enrolment, digest_of
from accounts.models.jobs import Job
from accounts.models.log import Event, EventQuerySet, Seal, Untouchable, record, record_many
from accounts.models.people import (
    NOTHING,
    Grant,
    GrantQuerySet,
    Invitation,
    InvitationQuerySet,
    PeopleQuerySet,
    User,
    reach,
    reach_programme,
)
from accounts.models.tokens import ApiToken, ApiTokenQuerySet

__all__ = [
    "NOTHING",
    "ApiToken",
    "ApiTokenQuerySet",
    "Device",
    "DeviceQuerySet",
    "Enrolment",
    "Event",
    "EventQuerySet",
    "Grant",
    "GrantQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Job",
    "PeopleQuerySet",
    "Seal",
    "Untouchable",
    "User",
    "digest_of",
    "reach",
    "reach_programme",
    "record",
    "record_many",
]
