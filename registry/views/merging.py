"""Catatan ganda: probable pairs, two cards side by side, merges done and how to take them back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from regions.words import long_date
from registry.forms.merging import FindForm, MergeForm
from registry.merging import found, undoing, workflow
from registry.merging import pairs as finder
from registry.merging import review as reviews
from registry.merging.workflow import ACTION
from registry.models import Merge, NotSame
from registry.views.people import asked, told

PER_PAGE = 25
MERGED = "Salah satu kartu ini sudah digabung."


@allowed(ACTION)
@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """The cards that may be one person, most alike first."""
    kind = reviews.BY_WORD.get(request.GET.get("jenis", ""), "child")
    rows = finder.pairs(request.user.programme, request.user, kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    record(request.user, "list_pairs", why=f"n={len(page.object_list)}", action=ACTION)
    page.object_list = finder.shown(kind, page.object_list)
    context = {"page": page, "kind": kind, "word": reviews.KIND_WORDS[kind],
               "tabs": reviews.KIND_WORDS}  # fmt: skip
    return render(request, "registry/merging/pairs.html", context)


@allowed(ACTION)
@require_safe
def pick(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Look for the other card of this person by hand."""
    name = _kind(kind)
    person = get_object_or_404(_people(request, name).filter(merged_into=None), code=code)
    form = FindForm(request.GET or None)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    near = [] if typed else [
        pair for pair in finder.pairs(person.programme, request.user, name) if code in pair.codes
    ]  # fmt: skip
    context = {
        "kind": name, "word": kind, "person": person, "form": form, "typed": typed,
        "rows": found.others(request.user, person, typed)
        or [p.second if p.first == person else p.first for p in finder.shown(name, near)],
        "url": found.card_url(name, code),
    }  # fmt: skip
    return render(request, "registry/merging/pick.html", context)


@allowed(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, kind: str, code: str, other: str) -> HttpResponse:
    """Two cards side by side; sent, they become one."""
    name = _kind(kind)
    kept, gone = _pair(request, name, code, other)
    if kept.merged_into_id or gone.merged_into_id:
        return _merged_before(request)
    seen = reviews.review(name, kept, gone)
    form, status = MergeForm(asked(request), review=seen), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                done = workflow.merge(request.user, kept, gone, form.choices())
            except Refused as refused:
                status = told(form, refused)
            else:
                messages.success(request, "Kedua kartu digabung.")
                return redirect("registry:merge", code=done.code)
    return _review_page(request, seen, form, status)


def _review_page(
    request: HttpRequest, seen: reviews.Review, form: MergeForm, status: int
) -> HttpResponse:
    for person in (seen.kept, seen.gone):
        record(request.user, "compare_pair", person, action=ACTION)
    context = {
        "review": seen, "form": form, "word": seen.own.word,
        "apart": _told_apart(seen),
        "kept_url": found.card_url(seen.kind, seen.kept.code),
        "gone_url": found.card_url(seen.kind, seen.gone.code),
    }  # fmt: skip
    return render(request, "registry/merging/review.html", context, status=status)


def _told_apart(seen: reviews.Review) -> str:
    """Who told these two apart before, and when; "" when nobody did."""
    first, second = sorted((seen.kept.code, seen.gone.code))
    rows = NotSame.objects.filter(programme=seen.kept.programme, first_code=first)
    row = rows.filter(second_code=second).select_related("by").first()
    if row is None:
        return ""
    by = f"Oleh {row.by}, " if row.by else ""
    return f"{by}{long_date(row.at, seen.kept.programme)}. Gabungkan hanya kalau itu keliru."


@allowed(ACTION)
@require_POST
def apart(request: HttpRequest, kind: str, code: str, other: str) -> HttpResponse:
    """These two are two: the pair is not shown again."""
    name = _kind(kind)
    first, second = _pair(request, name, code, other)
    if first.merged_into_id or second.merged_into_id:
        return _merged_before(request)
    workflow.tell_apart(request.user, first, second)
    messages.success(request, "Tercatat: bukan orang yang sama. Pasangan ini tidak muncul lagi.")
    return redirect(_list_of(kind))


# --- What was merged ---------------------------------------------------------------------------


@allowed(ACTION)
@require_safe
def merges(request: HttpRequest) -> HttpResponse:
    """The merges of the programme, newest first."""
    rows = Merge.objects.in_scope(request.user, ACTION).defer("moved").select_related("by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    record(request.user, "list_merges", why=f"n={len(page.object_list)}", action=ACTION)
    context = {"page": page, "rows": found.rows(page)}
    return render(request, "registry/merging/merges.html", context)


@allowed(ACTION)
@require_safe
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """One merge: what it did, and what taking it back would mean."""
    return _merge_page(request, _merge(request, code))


def _merge(request: HttpRequest, code: str) -> Merge:
    rows = Merge.objects.in_scope(request.user, ACTION).select_related("by", "undone_by")
    return get_object_or_404(rows.select_related("programme"), code=code)


def _merge_page(request: HttpRequest, one: Merge, status: int = 200) -> HttpResponse:
    later = None if one.undone_at else undoing.later_one(one)
    outlook = undoing.look(one) if one.undone_at is None and later is None else None
    context = {
        **found.rows([one])[0], **found.done(one), "later": later, "outlook": outlook,
        "family": [reviews.KIND_WORDS[kind] for kind, *_ in one.moved["parts"] if kind != one.kind],
        "card_url": found.card_url(one.kind, one.kept_code),
        "list_word": reviews.KIND_WORDS[one.kind],
    }  # fmt: skip
    return render(request, "registry/merging/merge.html", context, status=status)


@allowed(ACTION)
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take a merge back."""
    one = _merge(request, code)
    try:
        stays = workflow.undo_merge(request.user, one, apart="apart" in request.POST)
    except Refused as refused:
        if refused.stranger:
            raise PermissionDenied(refused.sentence) from refused
        messages.error(request, refused.sentence)
        return _merge_page(request, _merge(request, code), 409)
    messages.success(request, "Penggabungan dibatalkan. Kedua kartu berdiri sendiri lagi.")
    if stays:
        kept = ", ".join(stays)
        messages.info(request, f"Tetap pada kartu yang dipertahankan: {kept}.")
    return redirect("registry:merge", code=code)


# --- Fetching ----------------------------------------------------------------------------------


def _kind(word: str) -> str:
    if word not in reviews.BY_WORD:
        raise Http404
    return reviews.BY_WORD[word]


def _people(request: HttpRequest, kind: str) -> Any:
    """Every card of the kind in the area, merged ones too: an old address is answered in words."""
    model: Any = reviews.MODELS[kind]
    related = {"child": ("mother__household__desa", "household__desa"),
               "mother": ("household__desa",), "household": ()}[kind]  # fmt: skip
    rows = model.everyone.in_scope(request.user, ACTION)
    return rows.select_related("programme", "desa", "posyandu", *related)


def _pair(request: HttpRequest, kind: str, code: str, other: str) -> tuple[Any, Any]:
    if code == other:
        raise Http404
    rows = _people(request, kind)
    return get_object_or_404(rows, code=code), get_object_or_404(rows, code=other)


def _merged_before(request: HttpRequest) -> HttpResponse:
    messages.info(request, MERGED)
    return redirect("registry:merges")


def _list_of(word: str) -> str:
    return f"{reverse('registry:pairs')}?jenis={word}"
