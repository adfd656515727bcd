"""The words all pillars share: how a help stands, and who pays for it."""

from django.db import models


class Status(models.TextChoices):
    PLANNED = "planned", "Direncanakan"
    RUNNING = "running", "Berjalan"
    COMPLETED = "completed", "Selesai"
    STOPPED = "stopped", "Dihentikan"


# Not ended: a person or family with an open help of a kind gets no second one of it.
OPEN = (Status.PLANNED, Status.RUNNING)
ENDED = (Status.COMPLETED, Status.STOPPED)
TONES = {
    Status.PLANNED: "netral",
    Status.RUNNING: "biru",
    Status.COMPLETED: "hijau",
    Status.STOPPED: "netral",
}


class Funding(models.TextChoices):
    DESA = "apbdes", "APBDes/Dana Desa"
    KABUPATEN = "apbd", "APBD Kabupaten"
    DAK = "dak", "DAK/BOK"
    MITRA = "mitra", "Mitra"
    SWADAYA = "swadaya", "Swadaya"
    OTHER = "lain", "Lainnya"
