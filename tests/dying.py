"""The portal as it dies at the worst moment: all is committed, nothing is answered.

Tests serve this in place of ``kempling.wsgi``; the product knows nothing of it. While the file
named by ``DIE_ON_POST`` exists, the next POST ends its process (the file says ``worker``) or the
whole server (``server``) with SIGKILL, after the portal made its answer and before a byte of it
is sent. The file is taken away first: one death each.
"""

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kempling.wsgi import application as portal

ORDER = Path(os.environ["DIE_ON_POST"])


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    answer = portal(environ, start_response)
    if environ["REQUEST_METHOD"] == "POST":
        _obey()
    return answer


def _obey() -> None:
    try:
        who = ORDER.read_text()
        ORDER.unlink()  # of two threads, one dies
    except FileNotFoundError:
        return
    if who == "server":
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
