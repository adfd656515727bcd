"""URLs of the helps: Indonesian paths, English names."""

from django.urls import path

from interventions.views import activities, audit, board, life, partners, pmt, sanitation

app_name = "interventions"
PMT, WORK, ACTIVITY = ({"noun": noun} for noun in ("pmt", "sanitasi", "kegiatan"))

urlpatterns = [
    path("tindakan/", board.board, name="board"),
    path("tindakan/pmt/baru/anak/<slug:code>/", pmt.plan_for_child, name="plan-pmt-child"),
    path("tindakan/pmt/baru/hamil/<slug:code>/", pmt.plan_for_pregnancy, name="plan-pmt-pregnancy"),
    path("tindakan/pmt/<slug:code>/", pmt.show, name="pmt"),
    path("tindakan/pmt/<slug:code>/mulai/", life.start, PMT, name="start-pmt"),
    path("tindakan/pmt/<slug:code>/hari/", pmt.record_day, name="record-day"),
    path("tindakan/pmt/<slug:code>/minggu/", pmt.record_week, name="record-week"),
    path("tindakan/pmt/<slug:code>/selesai/", pmt.complete, name="complete-pmt"),
    path("tindakan/pmt/<slug:code>/berhenti/", life.stop, PMT, name="stop-pmt"),
    path("tindakan/sanitasi/keluarga/", sanitation.households, name="households"),
    path("tindakan/sanitasi/baru/<slug:code>/", sanitation.plan, name="plan-work"),
    path("tindakan/sanitasi/<slug:code>/", sanitation.show, name="work"),
    path("tindakan/sanitasi/<slug:code>/mulai/", life.start, WORK, name="start-work"),
    path("tindakan/sanitasi/<slug:code>/selesai/", sanitation.complete, name="complete-work"),
    path("tindakan/sanitasi/<slug:code>/berhenti/", life.stop, WORK, name="stop-work"),
    path("tindakan/kegiatan/baru/", activities.plan, name="plan-activity"),
    path("tindakan/kegiatan/<slug:code>/", activities.show, name="activity"),
    path("tindakan/kegiatan/<slug:code>/hadir/", activities.hold, name="hold-activity"),
    path("tindakan/kegiatan/<slug:code>/berhenti/", life.stop, ACTIVITY, name="stop-activity"),
    path("anak/usulan-aks.xlsx", audit.proposal, name="audit-proposal"),
    path("bantuan-saya/", partners.own_help, name="own-help"),
    path("mitra/", partners.index, name="partners"),
    path("mitra/baru/", partners.add, name="add-partner"),
]
