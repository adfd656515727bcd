"""The bad line of the delivery tests: carries every byte, breaks when told, loses an answer."""

import http.server
import threading
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

import pytest

from tests.proxy import Line, Proxy

pytestmark = pytest.mark.live
BODY = bytes(range(256)) * 200


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what it got; counts what it did."""

    done = 0

    def do_POST(self) -> None:
        type(self).done += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Echo.done = 0
    yield server.server_port
    server.shutdown()
    server.server_close()


def post(url: str) -> bytes:
    with urllib.request.urlopen(url, BODY, timeout=30) as answer:
        return answer.read()


def test_every_byte_arrives(echo: int) -> None:
    with Proxy(echo, Line(kbits=20_000, round_trip=0.01, loss=0.05)) as proxy:
        assert post(proxy.url) == BODY
        assert proxy.line.up > len(BODY) and proxy.line.down > len(BODY)
        assert proxy.line.stalls


def test_a_lost_answer_is_lost_after_the_work(echo: int) -> None:
    with Proxy(echo, Line(kbits=20_000, round_trip=0.01, loss=0)) as proxy:
        proxy.lose_answers(1)
        with pytest.raises((OSError, HTTPException)):
            post(proxy.url)
        assert Echo.done == 1 and proxy.line.answers_lost == 1
        assert post(proxy.url) == BODY


def test_without_a_signal_nothing_passes_and_afterwards_all(echo: int) -> None:
    with Proxy(echo, Line(kbits=20_000, round_trip=0.01, loss=0)) as proxy:
        with proxy.no_signal():
            tried = threading.Thread(target=lambda: pytest.raises(OSError, post, proxy.url))
            tried.start()
            tried.join(timeout=0.3)
            assert tried.is_alive() and not Echo.done
        tried.join(timeout=30)
        assert not tried.is_alive() and not Echo.done
        assert post(proxy.url) == BODY
