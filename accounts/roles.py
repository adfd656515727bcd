"""Who may do what: one table a Camat could read aloud.

Where a role may do it (its area) is ``Grant``'s business and ``in_scope``'s; when (from which
state) is the transition tables'. There is no fourth place (design.md §4).
"""

from django.db import models


class Role(models.TextChoices):
    KADER = "kader", "Kader posyandu"
    BIDAN = "bidan", "Bidan desa"
    PUSKESMAS = "puskesmas", "Petugas puskesmas"
    PETUGAS = "petugas", "Petugas kecamatan (verifikator)"
    TIM = "tim", "Tim Pelaksana"
    KASI = "kasi", "Kepala Seksi"
    SEKCAM = "sekcam", "Sekretaris Camat"
    CAMAT = "camat", "Camat"
    MITRA = "mitra", "Mitra"
    KABUPATEN = "kabupaten", "Kabupaten"
    ADMIN = "admin", "Admin portal"


# What the role does here, in one line: read by the admin who gives it.
DUTIES = {
    Role.KADER: "Mengirim laporan, mengukur dan melihat anak di posyandunya.",
    Role.BIDAN: "Mengukur dan mencatat anak serta ibu di desanya.",
    Role.PUSKESMAS: "Mengukur dan memantau anak serta ibu di posyandu binaan puskesmas.",
    Role.PETUGAS: "Memeriksa laporan kader dan mencatat keluarga.",
    Role.TIM: "Melihat rumah, merencanakan bantuan, mencatat kegiatan, menulis laporan bulanan.",
    Role.KASI: "Memeriksa laporan kader dan menggerakkan Tim Pelaksana.",
    Role.SEKCAM: "Membaca semua data kecamatan dan mengatur SOP.",
    Role.CAMAT: "Memberi disposisi dan mengesahkan laporan bulanan.",
    Role.MITRA: "Melihat bantuan yang disalurkannya, tanpa nama anak.",
    Role.KABUPATEN: "Melihat jumlah per program, tanpa nama.",
    Role.ADMIN: "Mengundang orang dan mengatur peran. Tidak melihat data anak.",
}

R = Role
OFFICE = {R.PETUGAS, R.TIM, R.KASI, R.SEKCAM, R.CAMAT}
HEALTH = {R.BIDAN, R.PUSKESMAS}
# Who owes a second factor where it is a duty: everybody but the volunteers and the partners, who
# see one posyandu or their own help, mostly on a borrowed phone.
SECOND_FACTOR = frozenset(Role) - {R.KADER, R.MITRA}

# action -> roles. The order is the order of the road: report, verify, help, instruct, report.
ACTIONS: dict[str, frozenset[Role]] = {
    action: frozenset(roles)
    for action, roles in {
        "see_children": OFFICE | HEALTH | {R.KADER},
        "see_mothers": OFFICE | HEALTH | {R.KADER},
        "export_lists": OFFICE | HEALTH,
        "see_own_reports": {R.KADER},
        "see_queue": OFFICE,
        "verify_report": {R.PETUGAS, R.KASI},
        "open_document": {R.PETUGAS, R.KASI, R.TIM},
        "reveal_nik": {R.PETUGAS, R.KASI, R.PUSKESMAS, R.BIDAN},
        "import_lists": {R.PETUGAS, R.KASI},
        "register_person": {R.PETUGAS, R.KASI, R.BIDAN, R.PUSKESMAS},
        "note_home": HEALTH | {R.PETUGAS, R.TIM, R.KASI},
        "merge_people": {R.PETUGAS, R.KASI},
        "measure_child": {R.PETUGAS, R.KASI, R.BIDAN, R.PUSKESMAS, R.KADER},
        "hold_posyandu": {R.PETUGAS, R.KASI, R.BIDAN, R.PUSKESMAS, R.KADER},
        "answer_alert": HEALTH | {R.KADER, R.PETUGAS, R.TIM, R.KASI},
        "see_quality": HEALTH | {R.PETUGAS, R.KASI},
        "check_pregnancy": {R.PETUGAS, R.KASI, R.BIDAN, R.PUSKESMAS},
        "see_interventions": OFFICE | HEALTH,
        "run_interventions": {R.TIM, R.KASI},
        "record_delivery": {R.TIM, R.KASI, R.BIDAN, R.PUSKESMAS},
        "see_own_help": {R.MITRA},
        "see_sop": OFFICE,
        "issue_disposisi": {R.CAMAT},
        "work_sop": {R.CAMAT, R.SEKCAM, R.KASI, R.TIM, R.PETUGAS},
        "arrange_sop": {R.SEKCAM, R.CAMAT, R.ADMIN},
        "see_reports": OFFICE | {R.PUSKESMAS},
        "write_report": {R.TIM, R.KASI},
        "finalise_report": {R.CAMAT},
        "see_totals": {R.KABUPATEN},
        "manage_posters": {R.PETUGAS, R.KASI, R.TIM, R.SEKCAM, R.ADMIN},
        "manage_places": {R.PETUGAS, R.KASI, R.SEKCAM, R.ADMIN},
        "manage_accounts": {R.ADMIN},
        "manage_keys": {R.ADMIN},
        "manage_devices": {R.PETUGAS, R.KASI, R.ADMIN},
        "manage_programme": {R.ADMIN, R.SEKCAM},
        "see_log": {R.ADMIN, R.CAMAT, R.SEKCAM},
    }.items()
}
