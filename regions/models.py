"""Di mana: wilayah, posyandu, puskesmas, the programme, and its report links."""

import functools
import operator
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


class RegionQuerySet(models.QuerySet["Region"]):
    def desa_of(self, kecamatan_code: str) -> "RegionQuerySet":
        """The desa and kelurahan whose code begins with the kecamatan's."""
        return self.filter(level=Region.Level.DESA, code__startswith=kecamatan_code + ".")


class Region(models.Model):
    """A kode wilayah Kemendagri; the dotted code itself is the tree (prefix = parent)."""

    class Level(models.IntegerChoices):
        PROVINSI = 1, "Provinsi"
        KABUPATEN = 2, "Kabupaten/Kota"
        KECAMATAN = 3, "Kecamatan"
        DESA = 4, "Desa/Kelurahan"

    class Setting(models.TextChoices):
        URBAN = "perkotaan", "Perkotaan"
        RURAL = "perdesaan", "Perdesaan"

    code = models.CharField("kode", max_length=13, unique=True)
    name = models.CharField("nama", max_length=100)
    level = models.PositiveSmallIntegerField(choices=Level)
    # Decides whether a pit is a proper latrine (domain.md §4); the office says it of each desa.
    setting = models.CharField("perkotaan/perdesaan", max_length=9, choices=Setting, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_kelurahan(self) -> bool:
        """The fourth part of the code begins with 1 for a kelurahan, 2 for a desa."""
        return self.level == self.Level.DESA and self.code.split(".")[3].startswith("1")

    @property
    def kind(self) -> str:
        """The word before the name: Desa or Kelurahan, else the level's own."""
        if self.level == self.Level.DESA:
            return "Kelurahan" if self.is_kelurahan else "Desa"
        return self.Level(self.level).label

    @property
    def title(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def prefixes(self) -> list[str]:
        """The codes above and including this one: ``33``, ``33.02``, ``33.02.20``."""
        parts = self.code.split(".")
        return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible(self) -> "ProgrammeQuerySet":
        return self.filter(is_active=True)

    def under(self, prefixes: list[str]) -> "ProgrammeQuerySet":
        """The programmes whose kecamatan lies under one of the region codes."""
        inside = [Q(region__code=p) | Q(region__code__startswith=f"{p}.") for p in prefixes]
        return self.filter(functools.reduce(operator.or_, inside, Q(pk__in=[])))


class Programme(models.Model):
    """A stunting programme of one kecamatan: the tenant. Loaded from ``programmes/*.toml``.

    ``texts`` holds what the public page says (lists of sentences), ``letterhead`` the kop,
    ``settings`` the numbers staff may change (PMT days, working hours, paper). ``loaded`` keeps
    what the file last said, so that a new load can tell staff's changes from its own.
    """

    code = models.SlugField("kode", unique=True)
    short_name = models.CharField("nama singkat", max_length=40)
    name = models.CharField("nama", max_length=160)
    region = models.OneToOneField(Region, on_delete=models.PROTECT, verbose_name="kecamatan")
    guideline_number = models.CharField("nomor pedoman", max_length=60, blank=True)
    colour_brand = models.CharField("warna utama", max_length=7, default="#0f6b4f")
    colour_accent = models.CharField("warna aksen", max_length=7, default="#e0a100")
    logo = models.CharField("berkas logo", max_length=80, blank=True)
    timezone_name = models.CharField(
        "zona waktu", max_length=40, default="Asia/Jakarta", choices=list(ZONE_LABELS.items())
    )
    letterhead = models.JSONField("kop surat", default=dict)
    contacts = models.JSONField("kontak", default=dict)
    texts = models.JSONField("isi halaman publik", default=dict)
    settings = models.JSONField("pengaturan", default=dict)
    loaded = models.JSONField("isi berkas terakhir", default=dict, editable=False)
    is_active = models.BooleanField("aktif", default=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.short_name

    @property
    def kecamatan_name(self) -> str:
        return self.region.name

    @property
    def tz(self) -> tzinfo:
        return ZoneInfo(self.timezone_name)

    @property
    def tz_label(self) -> str:
        """WIB, WITA or WIT; the three zones have no summer time."""
        return ZONE_LABELS[self.timezone_name]

    def local(self, moment: datetime) -> datetime:
        """The moment on this programme's clock."""
        return moment.astimezone(self.tz)

    def today(self) -> date:
        """The date it is now in this kecamatan."""
        return timezone.now().astimezone(self.tz).date()

    def desa(self) -> RegionQuerySet:
        return Region.objects.desa_of(self.region.code)

    def setting(self, name: str, default: object = None) -> object:
        return self.settings.get(name, default)


class Puskesmas(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="puskesmas")
    name = models.CharField("nama", max_length=100)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="puskesmas_once")]
        verbose_name_plural = "puskesmas"

    def __str__(self) -> str:
        return self.name


class PosyanduQuerySet(models.QuerySet["Posyandu"]):
    def of(self, programme: Programme) -> "PosyanduQuerySet":
        return self.filter(programme=programme)

    def active(self) -> "PosyanduQuerySet":
        return self.filter(is_active=True)


class Posyandu(models.Model):
    """A row staff can add, or paste as a list; the demo's are marked as examples."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="posyandu")
    desa = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="posyandu")
    puskesmas = models.ForeignKey(
        Puskesmas, on_delete=models.PROTECT, related_name="posyandu", null=True, blank=True
    )
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField("nama", max_length=100)
    is_example = models.BooleanField("contoh", default=False)
    is_active = models.BooleanField("aktif", default=True)

    objects = PosyanduQuerySet.as_manager()

    class Meta:
        ordering = ["desa__code", "name"]
        constraints = [models.UniqueConstraint(fields=["desa", "name"], name="posyandu_once")]
        verbose_name_plural = "posyandu"

    def __str__(self) -> str:
        return self.name


class ReportLinkQuerySet(models.QuerySet["ReportLink"]):
    def of(self, programme: Programme) -> "ReportLinkQuerySet":
        return self.filter(programme=programme)

    def real(self) -> "ReportLinkQuerySet":
        """Links whose reports count: none that is for practice."""
        return self.filter(is_practice=False)

    def practice(self) -> "ReportLinkQuerySet":
        return self.filter(is_practice=True)

    def reaching(self, posyandu: Posyandu) -> "ReportLinkQuerySet":
        """The links its reports may come in by: its own, its desa's, the programme's."""
        own, desa = Q(posyandu=posyandu), Q(posyandu=None, desa=posyandu.desa_id)
        return self.real().filter(
            own | desa | Q(posyandu=None, desa=None), programme=posyandu.programme_id
        )

    def by_place(self) -> "ReportLinkQuerySet":
        """Add ``desa_code`` and ``posyandu_name``, "" where a link knows none: its place in a
        list."""
        return self.annotate(
            desa_code=Coalesce("desa__code", "posyandu__desa__code", Value("")),
            posyandu_name=Coalesce("posyandu__name", Value("")),
        )

    def alive(self, at: datetime | None = None) -> "ReportLinkQuerySet":
        """Links neither revoked nor outside their time."""
        at = at or timezone.now()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=at), revoked_at__isnull=True
        )


class ReportLink(models.Model):
    """What a QR poster carries. It knows its programme and perhaps its desa or posyandu.

    The token itself is never stored, only its SHA-256; posters are reprinted by recomputing it
    (see ``regions/links.py``). A rotation raises ``generation``; the token of the generation
    before stays good until ``overlap_until``.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="links")
    desa = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True)
    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, null=True, blank=True)
    code = models.CharField(max_length=24, unique=True)
    generation = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True, db_index=True)
    overlap_until = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField("berlaku sampai", null=True, blank=True)
    revoked_at = models.DateTimeField("dicabut", null=True, blank=True)
    is_practice = models.BooleanField("latihan", default=False)
    scans = models.PositiveIntegerField("dibuka", default=0)
    last_scan_on = models.DateField("terakhir dibuka", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportLinkQuerySet.as_manager()

    class Meta:
        ordering = ["desa__code", "posyandu__name"]

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        """What the poster is for, from the narrowest it knows."""
        if self.is_practice:
            return "Latihan kader"
        if self.posyandu:
            return self.posyandu.name
        if self.desa:
            return self.desa.title
        return f"Kecamatan {self.programme.region.name}"
