"""The words of the event log: what each verb, kind and field is called in Bahasa."""

import functools
from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

VERBS = {
    # people
    "sign_in": "Masuk",
    "sign_out": "Keluar",
    "sign_in_failed": "Gagal masuk",
    "invite": "Mengundang orang",
    "accept_invitation": "Membuka undangan",
    "give_role": "Memberi peran",
    "end_role": "Mengakhiri peran",
    "reset_account": "Membuat alamat masuk baru",
    "deactivate_account": "Menonaktifkan akun",
    "switch_programme": "Pindah program",
    "change_programme": "Mengubah pengaturan program",
    # reports that come in
    "submit": "Mengirim",
    "correct": "Memperbaiki laporan",
    "approve": "Memverifikasi laporan",
    "send_back": "Mengembalikan laporan",
    "reject": "Menolak laporan",
    "undo": "Membatalkan keputusan",
    "renew_correction": "Membuat tautan perbaikan baru",
    "list_reports": "Melihat daftar laporan",
    "list_own_reports": "Melihat laporan sendiri",
    "view_report": "Membuka laporan",
    "open_document": "Membuka dokumen",
    "forget_document": "Menghapus berkas dokumen",
    # families
    "link_child": "Menautkan anak",
    "register_household": "Mencatat keluarga",
    "register_mother": "Mencatat ibu",
    "register_child": "Mencatat anak",
    "list_children": "Melihat daftar anak",
    "view_child": "Membuka kartu anak",
    "list_mothers": "Melihat daftar ibu",
    "view_mother": "Membuka kartu ibu",
    "reveal_nik": "Menampilkan NIK dan nomor KK",
    "begin_pregnancy": "Mencatat kehamilan",
    "check_pregnancy": "Mencatat pemeriksaan hamil",
    "correct_check": "Memperbaiki pemeriksaan hamil",
    "correct_pregnancy": "Memperbaiki data kehamilan",
    "begin_breastfeeding": "Mencatat ibu menyusui",
    "end_pregnancy": "Mencatat akhir kehamilan",
    "end_breastfeeding": "Mencatat akhir menyusui",
    "correct_household": "Memperbaiki data keluarga",
    "measure": "Mencatat pengukuran",
    "correct_measurement": "Memperbaiki pengukuran",
    "correct_child": "Memperbaiki data anak",
    "recompute": "Menghitung ulang hasil ukur",
    "view_posyandu_day": "Membuka hari posyandu",
    "print_posyandu_day": "Mencetak daftar hari posyandu",
    "note_absence": "Mencatat anak tidak hadir",
    "note_exclusive": "Mencatat ASI eksklusif",
    "list_priority": "Melihat daftar prioritas",
    "answer_alert": "Menjawab tanda",
    "view_quality": "Melihat mutu data",
    "print_child": "Mencetak kartu anak",
    "compare_child": "Membandingkan dengan e-PPGBM",
    # places and posters
    "add_posyandu": "Menambah posyandu",
    "paste_posyandu": "Menempel daftar posyandu",
    "make_link": "Membuat tautan laporan",
    "rotate_link": "Mengganti tautan laporan",
    "revoke_link": "Mencabut tautan laporan",
    "print_poster": "Mencetak poster",
    # help
    "plan": "Merencanakan bantuan",
    "start": "Memulai bantuan",
    "record_day": "Mencatat hari makan",
    "complete": "Menyelesaikan bantuan",
    "stop": "Menghentikan bantuan",
    "hold": "Mencatat pelaksanaan kegiatan",
    "add_partner": "Menambah mitra",
    "improve_household": "Mencatat perbaikan rumah",
    "view_help": "Membuka kartu bantuan",
    "list_help": "Melihat daftar bantuan",
    "list_households": "Melihat daftar keluarga",
    "list_own_help": "Melihat bantuan sendiri",
    # SOP
    "issue_disposisi": "Memberi disposisi",
    "open_month": "Membuka bulan SOP",
    "start_step": "Memulai langkah SOP",
    "finish_step": "Menyelesaikan langkah SOP",
    "note_day": "Mencatat kegiatan harian SOP",
    "read_step": "Membaca langkah SOP",
    "arrange_sop": "Mengatur lembar SOP",
    "stop_repeating": "Menghentikan pengulangan disposisi",
    "open": "Membuka",
    "print": "Mencetak",
    # monthly reports
    "compose": "Menyusun laporan bulanan",
    "write": "Menulis laporan bulanan",
    "return": "Mengembalikan laporan bulanan",
    "finalise": "Mengesahkan laporan bulanan",
    "download_report": "Mengunduh laporan bulanan",
    "revise": "Membuat revisi laporan bulanan",
}

KINDS = {
    "user": "Akun",
    "programme": "Program",
    "submission": "Laporan",
    "document": "Dokumen",
    "child": "Anak",
    "mother": "Ibu",
    "household": "Keluarga",
    "pregnancy": "Kehamilan",
    "measurement": "Pengukuran",
    "alertanswer": "Tindak lanjut tanda",
    "posyandu": "Posyandu",
    "reportlink": "Tautan laporan",
    "partner": "Mitra",
    "pmtepisode": "PMT",
    "sanitationwork": "Sanitasi",
    "activity": "Kegiatan",
    "disposisi": "Disposisi",
    "run": "SOP",
    "steprecord": "Langkah SOP",
    "sopstep": "Lembar SOP",
    "monthlyreport": "Laporan bulanan",
}


def words_of(verb: str) -> str:
    return VERBS.get(verb, "Tindakan lain")


def kind_of(kind: str) -> str:
    return KINDS.get(kind, "")


def fields_of(kind: str, names: Iterable[str]) -> str:
    """The changed fields by the labels their forms carry."""
    return ", ".join(_label(kind, name) for name in names)


def _label(kind: str, name: str) -> str:
    model = _models().get(kind)
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        field = None
    return str(getattr(field, "verbose_name", name)).replace("_", " ")


@functools.cache
def _models() -> dict[str, type[Model]]:
    return {str(model._meta.model_name): model for model in apps.get_models()}
