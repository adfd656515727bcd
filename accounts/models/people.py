"""Siapa, boleh apa: users, their grants, their invitations."""

import functools
import hashlib
import operator
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.roles import ACTIONS, SECOND_FACTOR, Role
from regions.codes import new_code
from regions.models import Posyandu, Programme, Puskesmas, Region


class PeopleQuerySet(models.QuerySet["User"]):
    def in_scope(self, admin: Any, action: str = "manage_accounts") -> "PeopleQuerySet":
        """The people with a grant, past or present, that this admin looks after."""
        mine = Grant.objects.in_scope(admin, action)
        return self.filter(pk__in=mine.values("user"))

    def named(self, text: str) -> "PeopleQuerySet":
        """Whose name or user name holds the words."""
        return self.filter(Q(full_name__icontains=text) | Q(username__icontains=text))

    def with_role(self, role: str, admin: Any) -> "PeopleQuerySet":
        grants = Grant.objects.in_scope(admin).valid().filter(role=role)
        return self.filter(pk__in=grants.values("user"))

    def with_password(self) -> "PeopleQuerySet":
        """Who has accepted an invitation and was not reset since."""
        return self.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def without_password(self) -> "PeopleQuerySet":
        """Who was invited, or reset, and has not set a password since."""
        return self.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def admins(self) -> "PeopleQuerySet":
        """Whose account is active and who hold an admin grant in force."""
        grants = Grant.objects.valid().filter(role=Role.ADMIN)
        return self.filter(is_active=True, pk__in=grants.values("user"))


class PeopleManager(UserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class User(AbstractUser):
    """A person who signs in. What they may do stands in their grants, nowhere else.

    ``programme`` is the one they are working in now; a person with grants in two programmes
    switches between them and never sees both at once.
    """

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    full_name = models.CharField("nama lengkap", max_length=120, blank=True)
    is_demo = models.BooleanField(default=False)
    chosen_programme_id: int | None = None

    objects: ClassVar[PeopleManager] = PeopleManager()

    UNNAMED = "undangan-"  # begins the user name of somebody who has not chosen one yet

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    class Standing(models.TextChoices):
        ACTIVE = "active", "Aktif"
        INVITED = "invited", "Undangan belum dibuka"
        CLOSED = "closed", "Nonaktif"

    @property
    def standing(self) -> "User.Standing":
        """Where this account stands, derived: it is never stored."""
        if not self.is_active:
            return self.Standing.CLOSED
        return self.Standing.ACTIVE if self.has_usable_password() else self.Standing.INVITED

    @property
    def has_chosen_name(self) -> bool:
        return not self.username.startswith(self.UNNAMED)

    @functools.cached_property
    def all_grants(self) -> list["Grant"]:
        """Every grant valid today, in every programme."""
        return list(self.grants.with_area())

    @functools.cached_property
    def programme(self) -> Programme | None:
        """The programme this person works in now; None for a kabupaten or a stranger."""
        programmes = {g.programme_id: g.programme for g in self.all_grants if g.programme}
        chosen = programmes.get(self.chosen_programme_id)
        return chosen or next(iter(programmes.values()), None)

    @functools.cached_property
    def active_grants(self) -> list["Grant"]:
        """The grants that count now: those of the programme worked in, and the kabupaten's."""
        mine = self.programme
        return [g for g in self.all_grants if g.programme is None or g.programme == mine]

    @property
    def roles(self) -> set[str]:
        return {grant.role for grant in self.active_grants}

    @property
    def title(self) -> str:
        """The offices held now, in words: ``Plt. Camat, Kepala Seksi``."""
        return ", ".join(dict.fromkeys(str(grant) for grant in self.active_grants))

    @property
    def owes_second_factor(self) -> bool:
        """Whether a role of this person, in any programme, asks for a second factor."""
        return any(grant.role in SECOND_FACTOR for grant in self.all_grants)

    def programmes(self) -> list[Programme]:
        """The programmes this person may switch between."""
        return list({g.programme_id: g.programme for g in self.all_grants if g.programme}.values())

    def may(self, action: str) -> bool:
        """Whether one of this person's roles may do the action; KeyError on an unknown word."""
        return bool(self.roles & ACTIONS[action])

    def grants_for(self, action: str) -> list["Grant"]:
        """The grants by which this person may do the action."""
        return [grant for grant in self.active_grants if grant.role in ACTIONS[action]]

    def grant_used(self, action: str) -> "Grant | None":
        """The grant an event names as the ground of an act."""
        return next(iter(self.grants_for(action)), None)


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_scope(self, admin: Any, action: str = "manage_accounts") -> "GrantQuerySet":
        """The grants an admin looks after: the programme's, and the kabupaten's above it."""
        if not getattr(admin, "is_authenticated", False):
            return self.none()
        mine = [g.programme for g in admin.grants_for(action) if g.programme]
        above = [prefix for programme in mine for prefix in programme.region.prefixes]
        return self.filter(
            Q(programme__in=mine) | Q(programme__isnull=True, region_prefix__in=above)
        )

    def with_area_name(self) -> "GrantQuerySet":
        """Add ``area_name``: what the region prefix of a kabupaten is called."""
        region = Region.objects.filter(code=OuterRef("region_prefix"))
        return self.annotate(area_name=Subquery(region.values("name")[:1]))

    def valid(self, on: date | None = None) -> "GrantQuerySet":
        """Grants in force on the day (today when not given)."""
        on = on or timezone.localdate()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on)

    def with_area(self) -> "GrantQuerySet":
        """Those in force today, with what tells where they count."""
        return self.valid().select_related("programme__region", "posyandu")


class Grant(models.Model):
    """One role of one person in one area, for a time; several per person.

    The area: a kader's posyandu, a bidan's desa, a puskesmas' posyandu, a kabupaten's region
    prefix (totals only), a mitra's own help (through ``Partner.users``), else the programme.
    """

    class Acting(models.TextChoices):
        NO = "", "–"
        PLT = "Plt", "Plt."
        PLH = "Plh", "Plh."

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("peran", max_length=12, choices=Role)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="grants", null=True, blank=True
    )
    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, null=True, blank=True)
    puskesmas = models.ForeignKey(Puskesmas, on_delete=models.PROTECT, null=True, blank=True)
    desa = models.ManyToManyField(Region, blank=True, related_name="+")
    region_prefix = models.CharField("awalan kode wilayah", max_length=13, blank=True)
    acting = models.CharField("pejabat", max_length=3, choices=Acting, blank=True, default="")
    valid_from = models.DateField("berlaku dari", default=timezone.localdate)
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        title = f"{self.acting}. " if self.acting else ""
        return f"{title}{self.get_role_display()}"

    @property
    def place(self) -> str:
        """Where the grant counts, in words; "" when it is the whole programme."""
        if self.role == Role.KADER and self.posyandu:
            return f"Posyandu {self.posyandu.name}, {self.posyandu.desa.title}"
        if self.role == Role.PUSKESMAS and self.puskesmas:
            return self.puskesmas.name
        if self.role == Role.BIDAN:
            return ", ".join(desa.name for desa in self.desa.all())
        return getattr(self, "area_name", None) or self.region_prefix

    def is_valid(self, on: date | None = None) -> bool:
        on = on or timezone.localdate()
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    @functools.cached_property
    def desa_ids(self) -> list[int]:
        return list(self.desa.values_list("id", flat=True))

    def area(self, path: str = "") -> Q:
        """The rows this grant reaches, for a table with programme, desa and posyandu columns.

        ``path`` leads from the queried table to that one, e.g. ``"child__"``.
        """
        here = Q(**{f"{path}programme": self.programme_id})
        if self.programme_id is None or self.role in {Role.MITRA, Role.KABUPATEN, Role.ADMIN}:
            return NOTHING
        if self.role == Role.KADER:
            return here & Q(**{f"{path}posyandu": self.posyandu_id or 0})
        if self.role == Role.BIDAN:
            return here & Q(**{f"{path}desa__in": self.desa.all()})
        if self.role == Role.PUSKESMAS:
            return here & Q(**{f"{path}posyandu__puskesmas": self.puskesmas_id or 0})
        return here


NOTHING = Q(pk__in=[])


def reach(user: Any, action: str, path: str = "") -> Q:
    """The rows the user may do the action to: the union of the areas of the granting roles.

    Everybody's ``in_scope`` is built on this. Anonymous users reach nothing. What lies within the
    whole programme is left out: a database reads along an index for one condition, not for "or".
    """
    if not getattr(user, "is_authenticated", False):
        return NOTHING
    areas = [grant.area(path) for grant in user.grants_for(action)]
    programme = Q(**{f"{path}programme": user.programme.pk if user.programme else 0})
    return programme if programme in areas else functools.reduce(operator.or_, areas, NOTHING)


def reach_programme(user: Any, action: str) -> Q:
    """As ``reach``, for tables that belong to a programme as a whole (SOP, reports, partners)."""
    if not getattr(user, "is_authenticated", False):
        return NOTHING
    programmes = [g.programme_id for g in user.grants_for(action) if g.programme_id]
    return Q(programme__in=programmes) if programmes else NOTHING


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_for(self, token: str) -> "Invitation | None":
        """The invitation of this token while it is unused and in time, else None."""
        digest = Invitation.digest(token)
        return self.waiting().filter(token_hash=digest).select_related("user").first()

    def waiting(self) -> "InvitationQuerySet":
        """Unused, and in time."""
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A one-time address by which a person sets user name and password for prepared grants."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    @staticmethod
    def digest(token: str) -> str:
        return hashlib.sha256(token.encode(errors="replace")).hexdigest()
