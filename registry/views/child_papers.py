"""A child's papers: the card on one page, and why another program shows another result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import allowed, who
from accounts.models import record
from registry.children import comparison, paper
from registry.forms.compare import CompareForm
from registry.models import Child


def _child(request: HttpRequest, code: str) -> Child:
    rows = Child.objects.in_scope(request.user).select_related(
        "programme__region", "household__desa", "mother", "desa", "posyandu"
    )
    return get_object_or_404(rows, code=code)


@allowed("see_children")
@require_safe
def child_print(request: HttpRequest, code: str) -> HttpResponse:
    """The card as a PDF of one page."""
    found, user = _child(request, code), who(request)
    rows = list(found.measurements.all())
    made = paper.card_pdf(found, rows, str(user), timezone.now())
    record(user, "print_child", found, action="see_children")
    headers = {
        "Content-Disposition": f'inline; filename="kartu-{found.code}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@allowed("see_children")
@require_safe
def child_compare(request: HttpRequest, code: str) -> HttpResponse:
    """Mengapa berbeda dengan e-PPGBM?: one visit judged in other ways."""
    found = _child(request, code)
    record(request.user, "compare_child", found, action="see_children")
    visits = list(found.measurements.current())
    form = CompareForm(request.GET or None, visits=visits)
    asked = form.asked()
    context = {
        "child": found,
        "form": form,
        "compared": comparison.page(found, asked) if asked.visit else None,
    }
    return render(request, "registry/growth/compare.html", context)
