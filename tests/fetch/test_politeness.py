"""How often a host is asked."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from feeds.fetch.politeness import REMEMBERED, Hosts, host_of, wished

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Mon, 05 Jan 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 05 Jan 2026 11:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(days=7)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=7)),
        ("soon", timedelta(minutes=15)),
        ("-5", timedelta(minutes=15)),
        ("1.5", timedelta(minutes=15)),
        ("²", timedelta(minutes=15)),
        ("", timedelta(minutes=15)),
    ],
)
def test_how_long_a_429_asks_to_be_left_alone(said, wish):
    assert wished({"retry-after": said}, NOW) == wish


def test_a_429_that_says_nothing_is_left_alone_for_a_while():
    assert wished({}, NOW) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://wire.example/feed", "wire.example"),
        ("https://WIRE.example:8443/feed", "wire.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://localhost/", "localhost:80"),
        ("http://[::1]:81/", "::1:81"),
        ("http://10.0.0.1:81/", "10.0.0.1"),
    ],
)
def test_what_counts_as_a_host(url, host):
    assert host_of(url) == host


def test_a_busy_host_is_never_free():
    hosts = Hosts(2, timedelta(0))
    hosts.start("a", 1.0)
    hosts.start("a", 1.0)
    assert (hosts.free_at("a"), hosts.free_at("b")) == (inf, 0.0)


def test_a_host_is_free_again_after_the_spacing():
    hosts = Hosts(1, timedelta(seconds=2))
    hosts.start("a", 10.0)
    hosts.end("a")
    assert hosts.free_at("a") == 12.0


def test_hosts_of_long_ago_are_forgotten():
    hosts = Hosts(1, timedelta(seconds=1))
    for n in range(3 * REMEMBERED):
        hosts.start(str(n), float(n))
        hosts.end(str(n))
    assert len(hosts._next) <= REMEMBERED + 1


def test_a_host_may_ask_for_a_longer_pause_than_ours():
    hosts = Hosts(per_host=1, spacing=timedelta(seconds=2))
    hosts.start("a", 100.0, timedelta(seconds=30))
    hosts.end("a")
    hosts.start("b", 100.0, timedelta(seconds=1))
    hosts.end("b")
    assert (hosts.free_at("a"), hosts.free_at("b")) == (130.0, 102.0)
