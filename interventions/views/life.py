"""Starting and stopping, the same for every pillar."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.transitions import Refused
from interventions import workflow
from interventions.forms.plain import StartForm, StopForm
from interventions.models import Activity, PmtEpisode, SanitationWork
from interventions.views import activities, pmt, sanitation

# noun of the URL -> the model, and the card that shows one
NOUNS: dict[str, tuple[Any, Any]] = {
    "pmt": (PmtEpisode, pmt.card),
    "sanitasi": (SanitationWork, sanitation.card),
    "kegiatan": (Activity, activities.card),
}


@allowed("run_interventions")
@require_POST
def start(request: HttpRequest, noun: str, code: str) -> HttpResponse:
    """Begin what was planned, today or on a day before."""
    thing, card = _found(request, noun, code)
    form = StartForm(request.POST)
    if not form.is_valid():
        return card(request, thing, status=422, start_form=form)
    try:
        workflow.start(request.user, thing, form.cleaned_data["on"])
    except Refused as refused:
        return _told(request, noun, code, refused, start_form=form)
    messages.success(request, "Sudah dimulai.")
    return redirect(thing)


@allowed("run_interventions")
@require_POST
def stop(request: HttpRequest, noun: str, code: str) -> HttpResponse:
    """End a help before its time, with the reason."""
    thing, card = _found(request, noun, code)
    form = StopForm(request.POST)
    if not form.is_valid():
        return card(request, thing, status=422, stop_form=form)
    try:
        workflow.stop(request.user, thing, form.cleaned_data["reason"], thing.programme.today())
    except Refused as refused:
        return _told(request, noun, code, refused, stop_form=form)
    messages.success(request, "Sudah dihentikan. Alasannya tersimpan.")
    return redirect(thing)


def _found(request: HttpRequest, noun: str, code: str) -> tuple[Any, Any]:
    model, card = NOUNS[noun]
    rows = model.objects.in_scope(request.user, "run_interventions").select_related("programme")
    return get_object_or_404(rows, code=code), card


def _told(
    request: HttpRequest, noun: str, code: str, refused: Refused, **forms: Any
) -> HttpResponse:
    """The card as it stands now, with the sentence why the act was refused."""
    if refused.stranger:
        raise PermissionDenied(refused.sentence)
    messages.error(request, refused.sentence)
    thing, card = _found(request, noun, code)
    return card(request, thing, status=409, **forms)
