"""What is asked next."""

from datetime import timedelta

import pytest

from feeds.fetch.bounds import Cut
from feeds.fetch.hops import first, follow, headers, place
from feeds.model import Outcome, Request


def _step(url="https://wire.example/feed", **fields):
    return first(Request(key="wire", url=url, **fields))


@pytest.mark.parametrize(
    ("base", "location", "target"),
    [
        ("https://wire.example/a/feed", "b", "https://wire.example/a/b"),
        ("https://wire.example/a/feed", "/b?c#d", "https://wire.example/b?c"),
        ("https://wire.example/a/feed", "//other.example/b", "https://other.example/b"),
        ("https://wire.example/a/feed", "  http://other.example/b  ", "http://other.example/b"),
        ("https://wire.example/a/feed", "http://desk:pass@other.example/b", "http://other.example/b"),
        ("https://wire.example/a/feed", "HTTPS://wire.example/b", "https://wire.example/b"),
        ("https://wire.example/a/feed", "?page=2", "https://wire.example/a/feed?page=2"),
    ],
)
def test_where_a_location_leads(base, location, target):
    assert follow(_step(base), 302, {"location": location}, 5).url == target


@pytest.mark.parametrize(
    ("status", "method", "after"),
    [
        (301, "GET", "GET"),
        (302, "GET", "GET"),
        (303, "GET", "GET"),
        (307, "GET", "GET"),
        (308, "GET", "GET"),
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
    ],
)
def test_the_method_after_a_redirect(status, method, after):
    step = follow(_step(method=method, body=b"x"), status, {"location": "/b"}, 5)
    assert (step.method, step.body) == (after, b"x" if after == "POST" else None)


def test_the_body_of_a_post_does_not_cross_to_another_origin():
    with pytest.raises(Cut) as caught:
        follow(_step(method="POST", body=b"secret"), 307, {"location": "https://other.example/"}, 5)
    assert caught.value.kind is Outcome.REDIRECT


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/b", True),
        ("https://wire.example:443/b", True),
        ("https://WIRE.example/b", True),
        ("http://wire.example/b", False),
        ("https://wire.example:8443/b", False),
        ("https://wire.example.evil.example/b", False),
        ("https://sub.wire.example/b", False),
    ],
)
def test_which_redirects_stay_within_the_origin(target, kept):
    step = follow(_step(headers=(("Authorization", "Bearer x"),)), 301, {"location": target}, 5)
    assert bool(step.secrets) == kept


def test_secrets_do_not_come_back_after_they_were_dropped():
    away = follow(_step(headers=(("X-Key", "x"),)), 302, {"location": "https://other.example/"}, 5)
    assert follow(away, 302, {"location": "https://wire.example/b"}, 5).secrets == ()


def test_a_source_s_own_header_takes_the_place_of_ours():
    sent = dict(headers(_step(headers=(("User-Agent", "Special"),)), "Copydesk"))
    assert sent["User-Agent"] == "Special"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://wire.example/feed?key=x", "wire.example"),
        ("https://desk:pass@wire.example/feed", "wire.example"),
        ("http://wire.example:8080/", "wire.example:8080"),
        ("http://[2001:db8::1]:81/", "[2001:db8::1]:81"),
        ("https://wire.example:443/", "wire.example"),
        ("nonsense", "The source"),
        ("http://[", "The source"),
    ],
)
def test_how_a_place_is_named(url, said):
    assert place(url) == said


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Key", "a\r\nX-Evil: 1"), ("X-Key", "ключ"), ("X-Key", " a"), ("X Key", "a"), ("X-Key:", "a"), ("", "a")],
)
def test_a_header_that_cannot_be_sent_is_said_to_be_one(name, value):
    with pytest.raises(Cut) as caught:
        _step(headers=((name, value),))
    assert caught.value.kind is Outcome.UNREACHABLE


def test_a_header_that_cannot_be_sent_stays_secret():
    with pytest.raises(Cut) as caught:
        _step(headers=(("X-Key", "s3cret\n"),))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "conditional"),
    [
        ({}, False),
        ({"etag": '"a"'}, True),
        ({"last_modified": "Mon, 05 Jan 2026 10:00:00 GMT"}, True),
        ({"headers": (("if-none-match", "*"),)}, True),
        ({"etag": ""}, False),
        ({"etag": "a\nb"}, False),
    ],
)
def test_when_a_304_makes_sense(fields, conditional):
    assert _step(**fields).conditional == conditional


def test_the_first_step_has_the_whole_deadline():
    assert _step(deadline=timedelta(seconds=7)).left == 7.0
