"""What is asked for a source."""

from datetime import timedelta

import pytest

from feeds.fetch.robots import Memory
from feeds.model import Claim, Response, Rules, SourceState
from feeds.pipeline.read import read, request
from feeds.pipeline.rules import Manner
from tests.newsroom import HOUR, MINUTE, NOON, run, source

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


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://post.example/", "https://post.example/"),
        ("/news", "https://post.example/news"),
        ("https://post.example/" + "x" * 5_000, None),  # it would stand on every page
        ("javascript:alert(1)", None),
    ],
)
def test_what_a_feed_says_of_itself_is_kept_in_bounds(link, kept):
    head = f"<title>Post</title><link>{link}</link>"
    body = f"<rss version='2.0'><channel>{head}<item><title>A</title></item></channel></rss>"
    one = source("post")
    claim = Claim(state=SourceState(name="post", url=one.url), token=1, until=NOON + HOUR)
    answer = Response(
        url=one.url, status=200, headers={}, body=body.encode(), fetched_at=NOON, elapsed=timedelta(seconds=1)
    )
    state = run(read(claim, one, MANNER, Memory(), NOON), [answer]).state
    assert state.home == kept


def test_an_item_that_trips_over_a_fault_of_ours_is_lost_alone(monkeypatch, caplog):
    from feeds.pipeline import teased

    normalise = teased.normalise

    def faulty(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(teased, "normalise_all", faulty)
    monkeypatch.setattr(
        teased, "normalise", lambda item, *rest: (faulty if item.guid == "two" else normalise)(item, *rest)
    )
    items = "".join(f"<item><guid>{name}</guid><title>{name}</title></item>" for name in ("one", "two", "three"))
    one = source("post")
    claim = Claim(state=SourceState(name="post", url=one.url), token=1, until=NOON + HOUR)
    body = f"<rss version='2.0'><channel><title>Post</title>{items}</channel></rss>".encode()
    answer = Response(url=one.url, status=200, headers={}, body=body, fetched_at=NOON, elapsed=timedelta(seconds=1))
    came = run(read(claim, one, MANNER, Memory(), NOON), [answer])
    assert [d.article.guid for d in came.drafts] == ["three", "one"]
    assert [problem.reason for problem in came.poll.skipped] == ["crashed"]
