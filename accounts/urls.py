"""Sign-in at addresses of ours: allauth's views under allauth's names."""

from allauth.account import views as account
from django.urls import path

urlpatterns = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
]
