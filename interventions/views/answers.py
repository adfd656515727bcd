"""How every page of this app answers a form and a refusal."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.transitions import Refused

BOARD = ("Tindakan", "interventions:board")


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    submit: str,
    back: str,
    template: str = "interventions/form.html",
    status: int | None = None,
    **extra: Any,
) -> HttpResponse:
    """A page with one form: 200 when fresh, 422 when something has to be mended."""
    context = {
        "form": form, "title": title, "submit": submit, "back": back,
        "crumbs": [(BOARD[0], reverse(BOARD[1]))], **extra,
    }  # fmt: skip
    status = status or (422 if getattr(form, "errors", None) else 200)
    return render(request, template, context, status=status)


def sent(request: HttpRequest) -> dict[str, Any]:
    """``data`` and ``files`` for a form; none of both while the page is only asked for."""
    posted = request.method == "POST"
    return {"data": request.POST, "files": request.FILES} if posted else {}


def told(form: Any, refused: Refused) -> int:
    """Put the sentence of a refusal on the form; 403 for strangers, else 409 to answer with."""
    if refused.stranger:
        raise PermissionDenied(refused.sentence)
    form.add_error(None, refused.sentence)
    return 409
