"""The children born of a pregnancy: registered with their mother's data, or linked when known."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed
from accounts.transitions import Refused
from registry.families import births
from registry.forms.births import MOST, BirthForms, born_words
from registry.models import Child, Mother, Pregnancy
from registry.views.mothers import mother_in_scope
from registry.views.people import asked, seen, told

REGISTER = "register_person"
NO_BIRTH = "Catat dahulu akhir kehamilannya dengan hasil lahir hidup."


@allowed(REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def birth_new(request: HttpRequest, code: str) -> HttpResponse:
    """Register the child or the twins of the last birth; ``?anak=2`` asks for two."""
    found = mother_in_scope(request, code, REGISTER)
    pregnancy = births.last_birth(found)
    if pregnancy is None:
        return _no_birth(request, found)
    count = _count(request)
    forms, status = BirthForms(asked(request), pregnancy, count), 200
    if request.method == "POST":
        status = 422
        if forms.is_valid():
            try:
                made = _register(request, pregnancy, forms)
            except Refused as refused:
                status = told(forms.about, refused)
            else:
                return _done(request, found, made)
    seen(request, found, REGISTER)
    return _page(request, pregnancy, forms, count, status)


def _register(request: HttpRequest, pregnancy: Pregnancy, forms: BirthForms) -> list[Child]:
    said = forms.about.cleaned_data
    return births.register_births(
        request.user, pregnancy, [form.child() for form in forms.babies],
        consent=forms.consent(), nursing=said["nursing"], known=said["known"],
    )  # fmt: skip


def _done(request: HttpRequest, found: Mother, made: list[Child]) -> HttpResponse:
    names = " dan ".join(child.name for child in made)
    messages.success(request, f"{names} terdaftar.")
    if len(made) == 1:
        return redirect("registry:child", code=made[0].code)
    return redirect("registry:mother", code=found.code)


def _page(
    request: HttpRequest, pregnancy: Pregnancy, forms: BirthForms, count: int, status: int
) -> HttpResponse:
    visible = Child.objects.in_scope(request.user)
    context: dict[str, Any] = {
        "mother": pregnancy.mother,
        "born": born_words(pregnancy),
        "forms": forms,
        "count": count,
        "counts": range(1, MOST + 1),
        "known": list(visible.filter(pregnancy=pregnancy)),
        "perhaps": births.perhaps_registered(pregnancy),
    }
    return render(request, "registry/people/birth.html", context, status=status)


@allowed(REGISTER)
@require_POST
def birth_link(request: HttpRequest, code: str, child: str) -> HttpResponse:
    """A child registered before is the one that was born."""
    found = mother_in_scope(request, code, REGISTER)
    pregnancy = births.last_birth(found)
    if pregnancy is None:
        return _no_birth(request, found)
    rows = Child.objects.in_scope(request.user, REGISTER).filter(mother=found)
    known = get_object_or_404(rows, code=child)
    try:
        births.link_birth(request.user, pregnancy, known)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{known.name} ditautkan dengan kehamilan ini.")
    return redirect("registry:mother", code=found.code)


def _count(request: HttpRequest) -> int:
    """How many children the page asks for."""
    told_count = request.POST.get("anak") or request.GET.get("anak", "1")
    known = {str(n): n for n in range(1, MOST + 1)}
    return known.get(told_count, 1)


def _no_birth(request: HttpRequest, found: Mother) -> HttpResponse:
    messages.error(request, NO_BIRTH)
    return redirect("registry:mother", code=found.code)
