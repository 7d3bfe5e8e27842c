"""What is asked for a source."""

import pytest

from feeds.model import Claim, Rules, SourceState
from feeds.pipeline.read import request
from feeds.pipeline.rules import Manner
from tests.newsroom import HOUR, MINUTE, NOON, source

MANNER = Manner(drop=Rules(), interval=HOUR, deadline=MINUTE)


@pytest.mark.parametrize(
    ("url", "says_so", "private"),
    [
        ("http://127.0.0.1:81/feed", False, True),
        ("http://intranet/feed", False, True),
        ("https://wiki.post.example/feed", False, False),
        ("https://wiki.post.example/feed", True, True),
    ],
)
def test_the_own_network_is_asked_where_the_address_or_the_source_says_so(url, says_so, private):
    claim = Claim(state=SourceState(name="post", url=url), token=1, until=NOON)
    assert request(claim, source("post", url=url, private=says_so), MANNER).private == private


def test_where_a_source_moved_to_is_of_the_open_internet():
    claim = Claim(state=SourceState(name="post", url="http://127.0.0.1:81/moved"), token=1, until=NOON)
    assert not request(claim, source("post", url="http://127.0.0.1:81/feed", private=True), MANNER).private
