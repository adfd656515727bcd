"""WSGI entry for gunicorn."""

import os
import re
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kempling.settings")

BOUNDARY = re.compile(r';\s*boundary\s*=\s*("[^"]*"|[^;\s]+)', re.IGNORECASE)
portal = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The portal; whatever a request claims about its letters, it is read as UTF-8.

    Django believes this header before any middleware runs: ``charset=utf-7`` would let lone
    surrogates in, ``charset=hex`` stops it (security.md §1.11). Only the boundary is needed.
    """
    kind, _, rest = environ.get("CONTENT_TYPE", "").partition(";")
    boundary = BOUNDARY.search(f";{rest}")
    environ["CONTENT_TYPE"] = kind + (f"; boundary={boundary[1]}" if boundary else "")
    return portal(environ, start_response)
