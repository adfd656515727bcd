"""URLs of reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("laporan-bulanan/", views.months, name="months"),
    path("laporan-bulanan/susun/", views.compose, name="compose"),
    path("laporan-bulanan/<slug:code>/", views.month, name="month"),
    path("laporan-bulanan/<slug:code>/tulis/", views.write, name="write"),
    path("laporan-bulanan/<slug:code>/ajukan/", views.submit, name="submit"),
    path("laporan-bulanan/<slug:code>/kembalikan/", views.send_back, name="return"),
    path("laporan-bulanan/<slug:code>/sahkan/", views.finalise, name="finalise"),
    path("laporan-bulanan/<slug:code>/revisi/", views.revise, name="revise"),
    path("laporan-bulanan/<slug:code>/unduh/", views.pdf, name="pdf"),
    path("cek/", views.check_any, name="check-any"),
    path("cek/<slug:code>/", views.check, name="check"),
]
