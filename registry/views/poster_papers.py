"""What is printed for a report link: posters and stickers, alone or as a set; the form on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from accounts.access import allowed
from accounts.models import record
from regions import posters
from regions.models import ReportLink
from registry import paper_form, places
from registry.views.places import programme_of


@allowed("manage_posters")
@require_GET
def poster_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The poster or its stickers (``?ukuran=``), to look at and print; as often as wanted."""
    link, size = get_object_or_404(places.links_of(request.user), code=code), _size(request)
    if not places.state_of(link, timezone.now()).alive:
        messages.error(request, places.REVOKED)
        return redirect("registry:posters")
    made = posters.poster(link, size)
    places.note_prints(request.user, [link], size)
    return _pdf(made, f"poster {size} {link.programme.short_name} {link.place}")


@allowed("manage_posters")
@require_GET
def poster_set(request: HttpRequest) -> HttpResponse:
    """All posyandu of a desa (``?desa=``) or of the kecamatan in one PDF."""
    programme, size = programme_of(request), _size(request)
    desa = next((d for d in programme.desa() if d.code == request.GET.get("desa")), None)
    rows = list(places.posyandu_links(request.user, desa))
    if not rows:
        messages.error(request, "Belum ada posyandu dengan poster di sini.")
        return redirect("registry:posters")
    title = f"Posyandu {desa.title if desa else f'Kecamatan {programme.kecamatan_name}'}"
    made = posters.posters(rows, title, size)
    places.note_prints(request.user, rows, size)
    return _pdf(made, f"poster {size} {programme.short_name} {title}")


@allowed("manage_posters")
@require_GET
def paper_form_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The report form on paper, with the place of this link on it."""
    link = get_object_or_404(places.links_of(request.user), code=code)
    if not places.state_of(link, timezone.now()).alive:
        messages.error(request, places.REVOKED)
        return redirect("registry:posters")
    return _paper_form(request, link)


@allowed("manage_posters")
@require_GET
def blank_form(request: HttpRequest) -> HttpResponse:
    """The report form on paper for the whole programme; desa and posyandu are written by hand."""
    return _paper_form(request, paper_form.blank_link(programme_of(request)))


def _paper_form(request: HttpRequest, link: ReportLink) -> HttpResponse:
    made = paper_form.paper_form(link, request.GET.get("kertas", ""))
    thing = link if link.pk else link.programme
    record(request.user, "print_paper_form", thing, action="manage_posters")
    return _pdf(made, f"formulir {link.programme.short_name} {link.place}")


def _size(request: HttpRequest) -> str:
    """The size asked for; A4 when it is none we have."""
    size = request.GET.get("ukuran", "")
    return size if size in posters.SIZES else "a4"


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slugify(name)}.pdf"'
    return response
