"""The admin's page "Kunci baca": which other systems may read, what, and until when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import tokens
from accounts.access import allowed, who
from accounts.key_forms import KeyForm
from accounts.models import ApiToken
from accounts.paging import PARAMETER, Order
from accounts.transitions import Refused

PAGE = 50
NEWEST_FIRST = Order("kunci baca", ("id",), descending=True)
TONES = {"alive": "hijau", "expired": "kuning", "revoked": "netral"}


@require_safe
@allowed("manage_keys")
def keys(request: HttpRequest) -> HttpResponse:
    found = ApiToken.objects.in_scope(who(request))
    page = NEWEST_FIRST.page(found, request.GET.get(PARAMETER, ""), PAGE)
    context = {
        "title": "Kunci baca", "rows": [(token, TONES[token.standing]) for token in page.rows],
        "pager": page.pager(request.GET),
    }  # fmt: skip
    return render(request, "accounts/keys.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("manage_keys")
def make(request: HttpRequest) -> HttpResponse:
    """The key stands on the answer itself: on its way to another page it would have to be kept."""
    admin = who(request)
    programme = admin.grants_for("manage_keys")[0].programme
    if programme is None:
        raise PermissionDenied
    form = KeyForm(programme.today(), request.POST or None)
    context = {"title": "Buat kunci baca", "crumbs": [("Kunci baca", reverse("accounts:keys"))]}
    if request.method == "POST" and form.is_valid():
        made, key = tokens.make(admin, programme, **form.cleaned_data)
        return render(request, "accounts/key_made.html", context | {"made": made, "key": key})
    status = 422 if form.errors else 200
    return render(request, "accounts/key_form.html", context | {"form": form}, status=status)


@require_POST
@allowed("manage_keys")
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    admin = who(request)
    found = get_object_or_404(ApiToken.objects.in_scope(admin), code=code)
    try:
        tokens.revoke(admin, found)
        messages.success(request, f"Kunci {found} dicabut. Mulai sekarang tidak dapat dipakai.")
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("accounts:keys")
