"""The portal's own pages: home by role, the public pages, health."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from regions.models import Programme


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the portal serves and its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def brand(request: HttpRequest, code: str) -> HttpResponse:
    """The programme's two colours as CSS properties: brand is data, and CSP allows no inline."""
    programme = get_object_or_404(Programme.objects.visible(), code=code)
    css = f":root{{--brand:{programme.colour_brand};--accent:{programme.colour_accent}}}\n"
    return HttpResponse(css, content_type="text/css")


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"programmes": Programme.objects.visible()})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was kept too long or cookies are off: say so, and how to go on."""
    return render(request, "403_csrf.html", status=403)
