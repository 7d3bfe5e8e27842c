"""Names of titles in any script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.config.names import LONGEST, Names, slug


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Harbour Post", "the-harbour-post"),
        ("Zürich — Çığ & İş", "zurich-cig-is"),
        ("L'Écho d’Ostende", "lecho-dostende"),
        ("Новости мира", "novosti-mira"),
        ("Ειδήσεις", "eidiseis"),
        ("世界", "shijie"),
        ("ニュース", "niyusu"),
        ("대한민국", "daehanmingug"),
        ("  !? ", ""),
        ("", ""),
        ("The Daily Chronicle of Harbours and of Lighthouses", "the-daily-chronicle-of-harbours-and-of"),
        ("a" * 90, "a" * LONGEST),
    ],
)
def test_a_title_as_a_name(title, name):
    assert slug(title) == name


@given(st.text(max_size=300))
def test_whatever_the_title_it_is_a_name(title):
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(title)) and len(slug(title)) <= LONGEST


def test_collisions_are_numbered():
    names = Names(["post", "post-3"])
    assert [names.take("post") for _ in range(3)] + [names.take("herald")] == ["post-2", "post-4", "post-5", "herald"]


@given(st.lists(st.sampled_from(["a", "a-2", "a-2-2", "b"]), max_size=20))
def test_no_name_is_given_twice(wanted):
    names = Names(["a", "b-2"])
    given_ = [names.take(name) for name in wanted]
    assert (len(set(given_)), set(given_) & {"a", "b-2"}) == (len(wanted), set())
