"""Our pages about people under ``accounts:``; allauth's views under the names allauth calls.

Only what is used is mounted: no sign-up, no e-mail, no reset by e-mail (the superior resets).
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from accounts.views import devices, keys, log, own, people, phone

app_name = "accounts"
urlpatterns = [
    path("undangan/<slug:token>/", own.accept, name="accept"),
    path("pindah-program/", own.switch_programme, name="switch-programme"),
    path("orang/", people.people, name="people"),
    path("orang/undang/", people.invite, name="invite"),
    path("orang/<slug:code>/", people.person, name="person"),
    path("orang/<slug:code>/peran/", people.add_grant, name="add-grant"),
    path("orang/<slug:code>/peran/<slug:grant>/akhiri/", people.end_grant, name="end-grant"),
    path("orang/<slug:code>/alamat-baru/", people.reset, name="reset"),
    path("orang/<slug:code>/nonaktifkan/", people.deactivate, name="deactivate"),
    path("kunci-baca/", keys.keys, name="keys"),
    path("kunci-baca/buat/", keys.make, name="make-key"),
    path("kunci-baca/<slug:code>/cabut/", keys.revoke, name="revoke-key"),
    path("jejak/", log.log, name="log"),
    path("hp/", devices.devices, name="devices"),
    path("hp/keadaan/", phone.state, name="device-state"),
    path("hp/pin/", phone.change_pin, name="change-pin"),
    path("hp/daftar/<slug:token>/", phone.enrol, name="enrol"),
    path("hp/kader/<slug:code>/", devices.kader_devices, name="kader-devices"),
    path("hp/kader/<slug:code>/daftarkan/", devices.make_enrolment, name="make-enrolment"),
    path("hp/<slug:code>/cabut/", devices.revoke, name="device-revoke"),
    path("hp/<slug:code>/akhiri-sesi/", devices.end_session, name="device-end-session"),
]

signin = [
    path("masuk/", own.sign_in, name="account_login"),
    path("masuk/pin/", phone.pin, name="pin"),
    path("masuk/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("keluar/", own.sign_out, name="account_logout"),
    path("akun/kata-sandi/", own.change_password, name="account_change_password"),
    path("akun/pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/pastikan/kode/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("akun/pengaman/", mfa.index, name="mfa_index"),
    path("akun/pengaman/pasang/", totp.activate_totp, name="mfa_activate_totp"),
    path("akun/pengaman/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("akun/pengaman/cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "akun/pengaman/cadangan/baru/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/pengaman/cadangan/unduh/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
