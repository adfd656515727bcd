"""A browser notes the title of every page in its history, which outlives signing out: no names."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.cast import a_child, a_mother, signed_in
from tests.test_posyandu_day import url_of, weighed

NAME = "Embun Contoh"


def title_of(html: str) -> str:
    found = re.search("<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("name", ["child", "correct"])
@pytest.mark.parametrize("measured", [False, True])
def test_the_posyandu_day_names_no_child_in_a_title(
    cast: SimpleNamespace, name: str, measured: bool
) -> None:
    child = a_child(cast, name=NAME)
    if measured:
        weighed(child, cast.programme.today(), "8.2")
    html = signed_in(cast.kader).get(url_of(cast, child, name), follow=True).content.decode()
    assert NAME in html and NAME not in title_of(html)


def test_the_cards_name_nobody_in_a_title(cast: SimpleNamespace) -> None:
    child, mother = a_child(cast, name=NAME), a_mother(cast, name=f"Ibu {NAME}")
    weighed(child, cast.programme.today(), "8.2")
    names = ("child", "child-measure", "child-correct", "child-compare", "alert-answer")
    urls = [reverse(f"registry:{name}", args=[child.code]) for name in names]
    for url in [*urls, reverse("registry:mother", args=[mother.code])]:
        html = signed_in(cast.bidan).get(url).content.decode()
        assert NAME in html and NAME not in title_of(html), url
