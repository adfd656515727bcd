"""The columns a list may have: what we call them, and how lists call them (domain.md §6.1).

``FIELDS`` names every column that can be read, in the order in which a person maps them.
"""

import re

CHILD_FIELDS = {
    "child_name": "Nama anak",
    "sex": "Jenis kelamin",
    "birth_date": "Tanggal lahir",
    "age_months": "Umur (bila tanggal lahir tidak ada)",
    "age_in_months": "Umur dalam bulan, ditulis dengan angka saja",
    "nik": "NIK anak",
    "kk": "Nomor KK",
    "mother_name": "Nama ibu",
    "father_name": "Nama ayah",
    "parents": "Nama ayah dan ibu dalam satu sel",
    "parents_mother_first": "Nama ibu dan ayah dalam satu sel",
    "mother_nik": "NIK ibu",
    "father_nik": "NIK ayah",
    "parent_nik": "NIK ibu atau ayah",
    "phone": "Nomor HP",
    "parent_job": "Pekerjaan orang tua",
    "address": "Alamat",
    "rt": "RT",
    "rw": "RW",
    "rt_rw": "RT dan RW dalam satu sel",
    "desa": "Desa/kelurahan",
    "posyandu": "Posyandu",
    "puskesmas": "Puskesmas",
    "kecamatan": "Kecamatan",
    "birth_order": "Anak ke",
    "birth_weight_g": "Berat lahir",
    "birth_length_cm": "Panjang lahir",
    "gestation_weeks": "Usia kehamilan saat lahir",
    "reported_at": "Waktu laporan",
    "reporter_name": "Nama kader",
    "document_url": "Tautan foto KK atau akta",
}
VISIT_FIELDS = {
    "measured_on": "Tanggal ukur",
    "weight_kg": "Berat",
    "length_height_cm": "Tinggi",
    "measure": "Cara ukur",
    "lila_cm": "LiLA",
    "gain": "Naik berat badan (N/T/O/B)",
}
# What the list itself says of a visit: only for the comparison, never stored as ours.
TOLD_FIELDS = {
    "told_age": "Umur menurut daftar",
    "told_bb_u": "Status BB/U menurut daftar",
    "told_waz": "Z-skor BB/U menurut daftar",
    "told_tb_u": "Status TB/U menurut daftar",
    "told_haz": "Z-skor TB/U menurut daftar",
    "told_bb_tb": "Status BB/TB menurut daftar",
    "told_whz": "Z-skor BB/TB menurut daftar",
}
FIELDS = CHILD_FIELDS | VISIT_FIELDS | TOLD_FIELDS

# As lists write it, without units; case, dots and blanks do not matter. Typos are the national
# application's own.
_SYNONYMS = {
    "child_name": "nama, nama anak, nama balita, nama bayi, nama bayi/balita, nama lengkap, "
    "nama lengkap anak, nama anak balita, nama sasaran, nama baduta",
    "sex": "jk, jenis kelamin, l/p, kelamin, gender, sex, jenis kelamin anak, jenis kel",
    "birth_date": "tgl lahir, tanggal lahir, tgl lahir anak, tanggal lahir anak, tanggal lahir "
    "balita, tgl lhr, tanggal kelahiran",
    "age_months": "umur, usia, umur anak, usia anak, umur balita, usia balita, "
    "usia saat ukur, usia saat pengukuran, umur saat ukur",
    "age_in_months": "umur bulan, usia bulan, umur bln, usia bln, umur dalam bulan, "
    "usia dalam bulan, umur anak bulan, usia anak bulan, umur balita bulan",
    "nik": "nik, nik anak, nik balita, no nik, nomor nik, nik bayi, nomor induk kependudukan",
    "kk": "no kk, nomor kk, kk, no kartu keluarga, nomor kartu keluarga, nkk",
    "mother_name": "nama ibu, ibu, nama ibu kandung, ibu kandung, ibu nama, orang tua ibu, "
    "nama orang tua ibu, nama ortu ibu",
    "father_name": "nama ayah, ayah, nama bapak, bapak, ayah nama, nama ayah kandung, "
    "orang tua ayah, nama orang tua ayah, nama ortu ayah",
    "parents": "nama ortu, nama orang tua, orang tua, ortu, nama orangtua, nama ayah/ibu, "
    "ayah/ibu, nama orang tua ayah/ibu, nama orang tua/wali, nama ayah dan ibu, orang tua nama",
    "parents_mother_first": "nama orang tua ibu/ayah, nama ibu/ayah, ibu/ayah, nama ibu dan ayah, "
    "nama ortu ibu/ayah",
    "mother_nik": "nik ibu, nik ibu kandung, ibu nik",
    "father_nik": "nik ayah, nik bapak, ayah nik",
    "parent_nik": "nik orang tua, nik ortu, nik orangtua",
    "phone": "no hp, nomor hp, no hp orang tua, nomor hp orang tua, no telp, no telepon, "
    "nomor telepon, no wa, nomor wa, nomor whatsapp, no hp ibu, hp, no hp/wa, no hp ortu",
    "parent_job": "pekerjaan, pekerjaan orang tua, pekerjaan ortu, pekerjaan ayah, pekerjaan ibu, "
    "pekerjaan orangtua, pekerjaan orang tua/wali",
    "address": "alamat, alamat lengkap, alamat rumah, alamat domisili, alamat orang tua",
    "rt": "rt",
    "rw": "rw",
    "rt_rw": "rt/rw, rt dan rw",
    "desa": "desa, kelurahan, desa/kel, kel/desa, kelurahan/desa, desa/kelurahan, nama desa, "
    "desa kelurahan, nama kelurahan, kel",
    "posyandu": "posyandu, nama posyandu",
    "puskesmas": "puskesmas, pukesmas, pkm, nama puskesmas",
    "kecamatan": "kecamatan, kec, nama kecamatan",
    "birth_order": "anak ke, anak ke-, urutan anak, anak ke berapa",
    "birth_weight_g": "bb lahir, berat lahir, berat badan lahir, bbl, berat lahir sasaran, "
    "bb lahir gram, berat lahir gram, bb lahir kg",
    "birth_length_cm": "tb lahir, pb lahir, panjang lahir, panjang badan lahir, tinggi lahir, "
    "panjang lahir sasaran, pbl",
    "gestation_weeks": "usia kehamilan, usia kehamilan saat lahir, umur kehamilan, "
    "usia kehamilan minggu, minggu kehamilan",
    "reported_at": "timestamp, stempel waktu, cap waktu, waktu pengisian, tanggal laporan, "
    "waktu laporan, tanggal pengisian",
    "reporter_name": "nama kader, kader, nama pelapor, pelapor, nama kader posyandu",
    "document_url": "link, tautan, url, dokumen, bukti, link dokumen, kk/akta",
    "measured_on": "tanggal pengukuran, tgl ukur, tanggal ukur, tanggal penimbangan, "
    "tgl penimbangan, tgl timbang, tanggal timbang, tgl pengukuran, tanggal kunjungan, "
    "tanggal ditimbang/diukur, tanggal periksa, tanggal ukur terakhir, terakhir diukur, "
    "diukur pada",
    "weight_kg": "berat, bb, berat badan, bb kg, berat kg, berat badan kg, timbang",
    "length_height_cm": "tinggi, tb, pb, pb/tb, tb/pb, tinggi badan, panjang badan, "
    "panjang/tinggi, panjang atau tinggi, tinggi/panjang, tb cm, pb cm, tinggi badan cm, "
    "panjang/tinggi badan, tinggi/panjang badan",
    "measure": "cara ukur, cara pengukuran, cara mengukur, posisi ukur, posisi pengukuran",
    "lila_cm": "lila, lingkar lengan atas, lla, lila cm",
    "gain": "naik berat badan, n/t, naik bb, status naik, kenaikan berat badan, n/t/o/b, "
    "status penimbangan, kenaikan bb",
    "told_age": "umur menurut daftar",
    "told_bb_u": "bb/u, status bb/u, bb/u status, kategori bb/u",
    "told_waz": "zs bb/u, z-score bb/u, zscore bb/u, z bb/u, z-skor bb/u, zs bbu",
    "told_tb_u": "tb/u, pb/u, tb/u atau pb/u, status tb/u, status pb/u, kategori tb/u, pb/u atau "
    "tb/u, tb/u status",
    "told_haz": "zs tb/u, zs pb/u, z-score tb/u, zscore tb/u, z tb/u, z-skor tb/u, zs pb/u tb/u",
    "told_bb_tb": "bb/tb, bb/pb, status bb/tb, status bb/pb, kategori bb/tb, bb/pb atau bb/tb, "
    "bb/tb status",
    "told_whz": "zs bb/tb, zs bb/pb, z-score bb/tb, zscore bb/tb, z bb/tb, z-skor bb/tb",
}
# Keys of ours or of somebody else: who a child is, is never told by them (security.md §1.2).
KEYS = frozenset(("id", "clientid", "clientuuid", "uuid", "kode", "kodeanak", "kodelaporan", "pk",
                  "code", "kodeibu", "kodekeluarga", "iddata", "idanak"))  # fmt: skip
BETWEEN = " · "  # a label of two rows: "Januari · BERAT"

_MONTHS = (
    "jan januari january", "feb februari february peb pebruari", "mar maret march mrt",
    "apr april", "mei may", "jun juni june", "jul juli july",
    "agu ags agt agus agust agustus aug august", "sep sept september", "okt oktober oct october",
    "nov november nop nopember", "des desember dec december",
)  # fmt: skip
MONTHS = {word: month for month, words in enumerate(_MONTHS, 1) for word in words.split()}
_NEITHER = re.compile(r"[^a-z0-9]")


def key_of(label: str) -> str:
    """``Tgl. Lahir*`` and ``TGL LAHIR`` are one label."""
    return _NEITHER.sub("", label.lower())


_CANONICAL = {key_of(word): name for name, words in _SYNONYMS.items() for word in words.split(",")}
_DOCUMENT = re.compile(r"(upload|unggah|foto|link|tautan|lampiran)")


def field_of(label: str) -> str:
    """The column of ours that a label names, "" when none is known."""
    for said in _said(label):
        if said in _CANONICAL:
            return _CANONICAL[said]
    return "document_url" if _DOCUMENT.match(key_of(label)) else ""


def _said(label: str) -> list[str]:
    """The ways to read it: whole, without what stands in brackets, its lower row alone."""
    bare = re.sub(r"\([^)]*\)", " ", label)
    return [key_of(text) for text in (label, bare, *(
        part.rpartition(BETWEEN)[2] for part in (label, bare) if BETWEEN in part))]  # fmt: skip


def is_key(label: str) -> bool:
    """Whether the column holds keys of some database: nobody may map it to anything."""
    return not KEYS.isdisjoint(_said(label))


def month_of(label: str) -> int:
    """1 to 12 for ``JANUARI`` or ``Jan 2026``, else 0."""
    word = re.fullmatch(r"([a-z]+)\.?[\s\-/]*([0-9]{2,4})?", label.strip().lower())
    return MONTHS.get(word[1], 0) if word else 0
