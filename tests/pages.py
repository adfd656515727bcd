"""Walking a list from page to page, as a person does."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from django.test import Client


def walk(client: Client, url: str, way: str = "next_url") -> Iterator[Any]:
    """The answers of a list's pages, from this one on, forward or backward."""
    while True:
        answer = client.get(url)
        assert answer.status_code == 200, url
        yield answer
        more = answer.context["pager"].get(way)
        if not more:
            return
        url = urljoin(url, more)
