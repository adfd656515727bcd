"""What a page weighs on the wire, first load, nothing kept: bytes and requests (P13, P14).

Counted from a real server with its packed static files, answers unpacked by gzip at most: a phone
that reads brotli too gets less. Headers count. Photos of the page are part of it, and the scripts
that run after the first drawing; what is fetched only after a tap is not. What the service worker
lays down for the next visit is held in tests/test_browser_late.py.
"""

import gzip
import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest

from kempling.light_files import without_comments
from tests.servers import REPOSITORY, Server
from tests.test_race import Phone, form_of

pytestmark = pytest.mark.live

CRITICAL, WHOLE, REQUESTS = 30_000, 45_000, 6  # a kader's page
STYLE, SCRIPT = 10_000, 15_000
OFFICER = 100_000


@dataclass(frozen=True)
class Piece:
    """One answer of a page's first load."""

    kind: str  # page, style, script, deferred, picture, or carried: a sheet inside the page
    address: str
    bytes: int
    headers: dict[str, str]


class _Links(HTMLParser):
    """Everything a browser fetches by itself for a page, as ``(kind, address)``."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.carried: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self.carried.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        late = "defer" in given or "async" in given or given.get("type") == "module"
        kind = {"script": "deferred" if late else "script", "img": "picture"}.get(tag, "")
        if tag == "link":
            kind = {"stylesheet": "style", "icon": "picture", "manifest": "deferred"}.get(
                given.get("rel", ""), ""
            )
        address = given.get("src") or given.get("href", "")
        if kind and address and given.get("loading") != "lazy":
            self.found.append((kind, address))
        later = [given.get(f"data-{name}", "") for name in ("first", "then", "last")]
        if tag == "script":  # start.js runs them after the first drawing
            self.found += [("deferred", one) for one in later if one.startswith("/")]


def fetch(base: str, address: str, cookie: str = "") -> tuple[int, bytes, dict[str, str]]:
    """Bytes on the wire (head and body), the unpacked body, the headers."""
    asked = urlsplit(base)
    line = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=60)
    headers = {"Accept-Encoding": "gzip", "Accept": "text/html,*/*", "Cookie": cookie}
    line.request("GET", address, headers=headers)
    answer = line.getresponse()
    packed = answer.read()
    line.close()
    assert answer.status == 200, (address, answer.status)
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    given = {name.lower(): value for name, value in answer.getheaders()}
    body = gzip.decompress(packed) if given.get("content-encoding") == "gzip" else packed
    return head + len(packed), body, given


def first_load(server: Server, address: str, cookie: str = "") -> list[Piece]:
    """The page and all it fetches by itself, each address once."""
    weight, body, headers = fetch(server.url, address, cookie)
    links = _Links()
    links.feed(body.decode())
    pieces = [Piece("page", address, weight, headers)]
    for kind, link in dict.fromkeys(links.found):
        assert link.startswith("/"), f"{address} fetches {link}"
        weight, _, headers = fetch(server.url, link, cookie)
        pieces.append(Piece(kind, link, weight, headers))
    carried = [Piece("carried", address, len(gzip.compress(s.encode())), {}) for s in links.carried]
    return pieces + carried


def of(pieces: list[Piece], *kinds: str) -> int:
    kinds = kinds or ("page", "style", "script", "deferred", "picture")
    return sum(piece.bytes for piece in pieces if piece.kind in kinds)


def asked_for(pieces: list[Piece]) -> int:
    return len([piece for piece in pieces if piece.kind != "carried"])


def table(pieces: list[Piece]) -> str:
    """The pieces, heaviest first, for whoever has to find the weight."""
    rows = [
        f"{p.bytes:>8}  {p.kind:<9} {p.address}" for p in sorted(pieces, key=lambda p: -p.bytes)
    ]
    return "\n".join(["", *rows, f"{of(pieces):>8}  in {asked_for(pieces)} requests"])


def hold(pieces: list[Piece], what: str, measured: int, budget: int) -> None:
    assert measured <= budget, f"{what}: {measured}, at most {budget}{table(pieces)}"


def hold_kader(pieces: list[Piece]) -> None:
    """The budget of every page a kader opens (performance.md P13)."""
    critical = of(pieces, "page", "style", "script")
    hold(pieces, "bytes before the page can be used", critical, CRITICAL)
    hold(pieces, "bytes in all", of(pieces), WHOLE)
    hold(pieces, "requests", asked_for(pieces), REQUESTS)
    hold(pieces, "scripts that hold up the page", of(pieces, "script"), 0)


def hold_public(pieces: list[Piece]) -> None:
    """What anybody may open is lighter still."""
    hold_kader(pieces)
    hold(pieces, "bytes of style sheets", of(pieces, "style", "carried"), STYLE)
    hold(pieces, "bytes of scripts", of(pieces, "deferred"), SCRIPT)


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.mark.parametrize("programme", ["kempling", "gasken"])
def test_the_form_is_light(server: Server, programme: str) -> None:
    pieces = first_load(server, path_of(form_of(server, programme)))
    hold_public(pieces)
    kinds = [piece.kind for piece in pieces]
    assert kinds.count("carried") == 1 and "style" not in kinds, "drawn without another trip"
    assert kinds.count("deferred") == 3, table(pieces)


@pytest.mark.parametrize(
    "page",
    ["/status/", "/kotak-kirim/", "/laporan-hp/", "/privasi/", "/", "/program/kempling/", "/cek/"],
)
def test_public_pages_are_light(server: Server, page: str) -> None:
    hold_public(first_load(server, page))


def test_words_travel_packed_and_files_are_kept(server: Server) -> None:
    """Every word of the form is packed; its files may be kept for a year, a change renames them."""
    for piece in first_load(server, path_of(form_of(server, "kempling"))):
        if piece.kind == "carried":
            continue
        assert piece.headers.get("content-encoding") == "gzip", piece
        if piece.kind != "page":
            assert "immutable" in piece.headers["cache-control"], piece


def test_the_style_sheet_of_a_programme_follows_it(server: Server) -> None:
    """On the posyandu day one file: the sheet and two colours; an old address gets today's."""
    sheets = {}
    for programme in ("kempling", "gasken"):
        cookie = cookie_of(server, f"kader.{programme}")
        day = first_link(server, "/", r"/hari-posyandu/[^/]+/[0-9-]{10}/", cookie)
        page = first_load(server, day, cookie)
        (address,) = (p.address for p in page if p.address.startswith("/merek/"))
        _, body, _ = fetch(server.url, address)
        sheets[address] = body.decode()
        _, body, headers = fetch(server.url, address.partition("=")[0] + "=lama")
        assert body.decode() == sheets[address] and "immutable" not in headers["cache-control"]
        source = (REPOSITORY / "static/css/kader.css").read_text()
        assert sheets[address].startswith(without_comments(source))
        assert ":root{--brand:#" in sheets[address]
    assert len(set(sheets.values())) == 2


# --- Signed in ------------------------------------------------------------------------------------


def cookie_of(server: Server, username: str) -> str:
    account = next(a for a in server.demo["accounts"] if a["username"] == username)
    phone = Phone(server.url)
    phone.sign_in(server.url, username, account["password"])
    return phone.cookies


def first_link(server: Server, page: str, pattern: str, cookie: str) -> str:
    """The first link of ``page`` that is ``pattern`` in full."""
    html = fetch(server.url, page, cookie)[1].decode()
    found = [link for link in re.findall(r'href="([^"#?]+)', html) if re.fullmatch(pattern, link)]
    assert found, f"{page} has no link {pattern}"
    return found[0]


def test_the_posyandu_day_is_light(server: Server) -> None:
    """The list of the day and the page of one child."""
    cookie = cookie_of(server, "kader.kempling")
    day = first_link(server, "/", r"/hari-posyandu/[^/]+/[0-9-]{10}/", cookie)
    child = first_link(server, day, re.escape(day) + r"(?!isi/)[^/]+/", cookie)
    for page in (day, child):
        hold_kader(first_load(server, page, cookie))


@pytest.fixture(scope="module")
def desk(server: Server) -> Iterator[dict[str, Any]]:
    """An officer's sign-in and one object of each kind to open."""
    cookie = cookie_of(server, "petugas.kempling")
    yield {
        "cookie": cookie,
        "report": first_link(server, "/laporan/", r"/laporan/(?!baru|tertahan)[^/]+/", cookie),
        "child": first_link(server, "/anak/", r"/anak/(?!baru/)[^/]+/", cookie),
        "mother": first_link(server, "/ibu/", r"/ibu/(?!baru/)[^/]+/", cookie),
    }


@pytest.mark.parametrize(
    "page",
    [
        "/", "/laporan/", "report", "/anak/", "child", "/ibu/", "mother", "/prioritas/", "/mutu/",
        "/tindakan/", "/sop/", "/laporan-bulanan/",
    ],
)  # fmt: skip
def test_officer_pages_are_bearable(server: Server, desk: dict[str, Any], page: str) -> None:
    pieces = first_load(server, desk.get(page, page), desk["cookie"])
    hold(pieces, "bytes in all", of(pieces), OFFICER)
