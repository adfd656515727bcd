"""The gate before a view: the action it needs, written above it.

Without the right a colleague gets 403; a stranger to the row gets 404 from ``in_scope``.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.roles import ACTIONS

View = Callable[..., HttpResponse]


def who(request: HttpRequest) -> User:
    """The person signed in; LoginRequiredMiddleware lets nobody else come this far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def allowed(action: str) -> Callable[[View], View]:
    """Let the view be opened only by people whose roles may do ``action``."""
    ACTIONS[action]  # an unknown word fails when the module is read, not when a user clicks

    def gate(view: View) -> View:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.may(action):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        inner.action = action  # type: ignore[attr-defined]
        return inner

    return gate
