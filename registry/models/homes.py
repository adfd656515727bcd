"""How a family lives: the three ladders, what they follow from, and each look at the house."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from accounts.models import reach
from regions.codes import new_code


class Home(models.Model):
    """Water, latrine and house: the ladders, and the answers they follow from.

    What follows from what is ``registry/families/ladders.py``; an empty ladder is not known.
    """

    class Water(models.TextChoices):
        AMAN = "aman", "Aman"
        DASAR = "dasar", "Layak dasar"
        TERBATAS = "terbatas", "Layak terbatas"
        TIDAK_LAYAK = "tidak_layak", "Tidak layak"
        TIDAK_ADA = "tidak_ada", "Tidak ada akses"

    class Latrine(models.TextChoices):
        AMAN = "aman", "Aman"
        LAYAK = "layak", "Layak sendiri"
        BERSAMA = "bersama", "Layak bersama"
        BELUM_LAYAK = "belum_layak", "Belum layak"
        TERBUKA = "terbuka", "BABS terbuka"

    class House(models.TextChoices):
        LAYAK = "layak", "Layak huni"
        TIDAK_LAYAK = "tidak_layak", "Tidak layak huni"

    class Source(models.TextChoices):
        """Where the drinking water comes from (domain.md §2.3, §4)."""

        BOTTLED = "kemasan", "Air kemasan atau isi ulang"
        PIPED = "ledeng", "Ledeng atau PAM"
        BOREHOLE = "bor", "Sumur bor atau pompa"
        WELL = "sumur", "Sumur terlindung"
        SPRING = "mata_air", "Mata air terlindung"
        RAIN = "hujan", "Air hujan"
        OPEN_WELL = "sumur_terbuka", "Sumur tidak terlindung"
        OPEN_SPRING = "mata_air_terbuka", "Mata air tidak terlindung"
        SURFACE = "permukaan", "Sungai, kolam, atau air permukaan lain"

    class LatrineUse(models.TextChoices):
        OWN = "sendiri", "Milik sendiri"
        SHARED = "bersama", "Bersama keluarga tertentu"
        PUBLIC = "umum", "Fasilitas umum"
        NONE = "tidak_ada", "Tidak ada"

    class LatrineBowl(models.TextChoices):
        SWAN_NECK = "leher_angsa", "Leher angsa"
        SLOPE = "plengsengan", "Plengsengan"
        PIT = "cubluk", "Cubluk atau cemplung"

    class LatrineDrain(models.TextChoices):
        SEWER = "spal", "Jaringan air limbah (SPALD-T)"
        SEPTIC = "tangki", "Tangki septik"
        HOLE = "lubang", "Lubang tanah"
        WATER = "air", "Sungai, kolam, sawah, atau tempat terbuka"

    water = models.CharField("air minum", max_length=12, choices=Water, blank=True)
    latrine = models.CharField("jamban", max_length=12, choices=Latrine, blank=True)
    house = models.CharField("kondisi rumah", max_length=12, choices=House, blank=True)
    water_source = models.CharField("sumber air minum", max_length=16, choices=Source, blank=True)
    latrine_use = models.CharField("jamban dipakai", max_length=9, choices=LatrineUse, blank=True)
    latrine_bowl = models.CharField("bentuk kloset", max_length=11, choices=LatrineBowl, blank=True)
    latrine_drain = models.CharField(
        "tempat akhir tinja", max_length=6, choices=LatrineDrain, blank=True
    )
    septic_emptied = models.BooleanField("tangki disedot dalam 5 tahun", null=True)
    building_sound = models.BooleanField("atap, lantai, dinding kokoh", null=True)
    floor_area_m2 = models.PositiveSmallIntegerField("luas lantai (m²)", null=True, blank=True)
    residents = models.PositiveSmallIntegerField("jumlah penghuni", null=True, blank=True)

    class Meta:
        abstract = True


class HomeCheckQuerySet(models.QuerySet["HomeCheck"]):
    def in_scope(self, user: Any, action: str = "see_children") -> Self:
        return self.filter(reach(user, action, "household__"))

    def oldest_first(self) -> Self:
        """In the order in which one outweighs the other: by day, then as they were written."""
        return self.order_by("seen_on", "id")


class HomeCheck(Home):
    """One observation of a family's home: somebody looked, or a work was finished. Append-only.

    An empty answer says nothing. Of each ladder the newest observation wins: the columns of the
    household follow from these rows (``registry/families/homes.py``).
    """

    class Reach(models.TextChoices):
        HOME = "rumah", "Ada di rumah atau halaman"
        NEAR = "dekat", "Sampai 30 menit pulang-pergi"
        FAR = "jauh", "Lebih dari 30 menit pulang-pergi"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    household = models.ForeignKey(
        "registry.Household", on_delete=models.PROTECT, related_name="home_checks"
    )
    seen_on = models.DateField("rumah dilihat pada")
    water_reach = models.CharField("mengambil air", max_length=5, choices=Reach, blank=True)
    water_safe = models.BooleanField("air diuji aman dan selalu ada", null=True)
    by_work = models.BooleanField("hasil pekerjaan", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = HomeCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_on", "-id"]

    def __str__(self) -> str:
        return f"{self.household} {self.seen_on}"
