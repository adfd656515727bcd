"""URLs of children and mothers."""

from django.urls import path

from registry.views import alike
from registry.views import births as birth_views
from registry.views import mothers as mother_views
from registry.views import people as child_views
from registry.views import pregnancies as pregnancy_views

children = [
    path("anak/", child_views.children, name="children"),
    path("anak/baru/", child_views.child_new, name="child-new"),
    path("anak/baru/mirip/", alike.child_alike, name="child-alike"),
    path("anak/<slug:code>/", child_views.child, name="child"),
    path("anak/<slug:code>/ukur/", child_views.child_measure, name="child-measure"),
    path(
        "anak/<slug:code>/ukur/<slug:visit>/perbaiki/",
        child_views.measurement_correct,
        name="measurement-correct",
    ),
    path("anak/<slug:code>/perbaiki/", child_views.child_correct, name="child-correct"),
    path("anak/<slug:code>/nik/", child_views.child_nik, name="child-nik"),
]
mothers = [
    path("ibu/", mother_views.mothers, name="mothers"),
    path("ibu/baru/", mother_views.mother_new, name="mother-new"),
    path("ibu/baru/mirip/", alike.mother_alike, name="mother-alike"),
    path("ibu/<slug:code>/", mother_views.mother, name="mother"),
    path("ibu/<slug:code>/perbaiki/", mother_views.mother_correct, name="mother-correct"),
    path("ibu/<slug:code>/nik/", mother_views.mother_nik, name="mother-nik"),
    path("ibu/<slug:code>/hamil/", pregnancy_views.pregnancy_new, name="pregnancy-new"),
    path(
        "ibu/<slug:code>/hamil/perbaiki/",
        pregnancy_views.pregnancy_correct,
        name="pregnancy-correct",
    ),
    path("ibu/<slug:code>/hamil/selesai/", pregnancy_views.pregnancy_end, name="pregnancy-end"),
    path(
        "ibu/<slug:code>/hamil/batal-selesai/",
        pregnancy_views.pregnancy_reopen,
        name="pregnancy-reopen",
    ),
    path("ibu/<slug:code>/lahir/", birth_views.birth_new, name="birth-new"),
    path("ibu/<slug:code>/lahir/<slug:child>/", birth_views.birth_link, name="birth-link"),
    path("ibu/<slug:code>/periksa/", pregnancy_views.pregnancy_check, name="pregnancy-check"),
    path(
        "ibu/<slug:code>/periksa/<slug:day>/perbaiki/",
        pregnancy_views.check_correct,
        name="check-correct",
    ),
    path("ibu/<slug:code>/menyusui/", mother_views.breastfeeding_new, name="breastfeeding-new"),
    path(
        "ibu/<slug:code>/menyusui/selesai/",
        mother_views.breastfeeding_end,
        name="breastfeeding-end",
    ),
    path("anak/<slug:code>/asi/", mother_views.exclusive_note, name="exclusive-note"),
]
urls = [*children, *mothers]
