"""Which addresses are let through, in any spelling; and that the checked one is the one connected to."""

import ipaddress
import socket
import threading
import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.fetch import Fetcher
from feeds.fetch.bounds import Cut
from feeds.fetch.guard import BAD_PORTS, Resolver, forbidden, is_local
from feeds.model import Outcome, Request

CLOSED = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
        *("::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "3fff::/20", "5f00::/16"),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
V4_CLOSED = [network for network in CLOSED if network.version == 4]
OPEN = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]


def _inside(networks):
    return st.sampled_from(networks).flatmap(
        lambda network: st.integers(int(network[0]), int(network[-1])).map(type(network[0]))
    )


@given(_inside(CLOSED))
def test_what_is_not_of_the_open_internet_is_forbidden(address):
    assert forbidden(str(address))


@settings(max_examples=40)
@given(_inside(V4_CLOSED))
@pytest.mark.parametrize(
    "carry",
    [
        lambda ip: f"::ffff:{ip}",
        lambda ip: f"64:ff9b::{ip}",
        lambda ip: str(ipaddress.IPv6Address((0x2002 << 112) | (int(ip) << 80) | 1)),
        lambda ip: str(ipaddress.IPv6Address((0x20010000 << 96) | (0x08080808 << 64) | (int(ip) ^ 0xFFFFFFFF))),
        lambda ip: str(ipaddress.IPv6Address((0x20010000 << 96) | (int(ip) << 64) | (0x08080808 ^ 0xFFFFFFFF))),
    ],
    ids=["mapped", "NAT64", "6to4", "Teredo client", "Teredo server"],
)
def test_nor_is_it_when_carried_in_an_ipv6_address(carry, address):
    assert forbidden(carry(address))


@pytest.mark.parametrize("address", OPEN)
def test_the_open_internet_is_open(address):
    assert not forbidden(address)


@pytest.mark.parametrize("address", ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_an_open_address_may_be_carried(address):
    assert not forbidden(address)


def test_a_zone_does_not_hide_an_address():
    assert forbidden("fe80::1%eth0")


SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "017700000001"),
    *("0", "0.0.0.0"),
    *("127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "１２７.０.０.１", "①②⑦.0.0.1", "127。0。0。1"),
    *("169.254.169.254", "[fe80::1]", "[fd00::1]", "10.0.0.1", "192.168.1.1", "100.64.0.1", "user@127.0.0.1"),
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_host_reaches_a_private_server(server, ask, host):
    error = ask(server.url("/", host=host), private=False, deadline=timedelta(seconds=1))
    assert (error.kind in (Outcome.FORBIDDEN_ADDRESS, Outcome.UNREACHABLE), server.connections) == (True, 0)


@pytest.mark.parametrize("host", SPELLINGS)
def test_nor_does_it_by_a_redirect(server, other, ask, ok, host):
    server.answers["/"] = ok(b"", f"Location: {other.url('/', host=host)}".encode().decode("latin-1"), status="302 F")
    error = ask(server.url("/"), deadline=timedelta(seconds=1))
    assert (error.kind in (Outcome.FORBIDDEN_ADDRESS, Outcome.UNREACHABLE), other.connections) == (True, 0)


@pytest.mark.parametrize(
    "host", ["example.org\\@127.0.0.1", "127.0.0.1\\.example.org", "127.0.0.1%23.example.org", "%31%32%37.0.0.1"]
)
def test_a_confusing_url_reaches_nobody(server, ask, monkeypatch, host):
    _resolver_says(monkeypatch, {})
    error = ask(server.url("/", host=host), private=False, deadline=timedelta(seconds=1))
    assert (error.kind in (Outcome.FORBIDDEN_ADDRESS, Outcome.UNREACHABLE), server.connections) == (True, 0)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "example.org/feed", "//example.org/", "", "http:", "data:,x"]
)
def test_only_web_urls_are_asked(ask, url):
    assert ask(url, private=False).kind in (Outcome.FORBIDDEN_ADDRESS, Outcome.UNREACHABLE)


@pytest.mark.parametrize("port", [22, 25, 445, 6379, 11211])
def test_ports_of_other_services_are_not_asked(ask, port):
    assert ask(f"http://93.184.216.34:{port}/", private=False).kind is Outcome.FORBIDDEN_ADDRESS


def test_the_ports_of_the_web_are_not_among_them():
    assert BAD_PORTS.isdisjoint({80, 443, 8000, 8008, 8080, 8443, 8888})


# ---------------------------------------------------------------- names


def _resolver_says(monkeypatch, names, log=None):
    """The resolver gives what `names` says, and numbers what they are; anything else it does not know."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, flags=0, **options):
        if flags & socket.AI_NUMERICHOST:
            return real(host, port, *args, flags=flags, **options)
        if log is not None:
            log.append(host)
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_for_a_private_address_is_refused(server, ask, monkeypatch):
    _resolver_says(monkeypatch, {"feeds.example": ["127.0.0.1"]})
    error = ask(server.url("/", host="feeds.example"), private=False)
    assert (error.kind, server.connections) == (Outcome.FORBIDDEN_ADDRESS, 0)


def test_of_several_addresses_only_the_open_ones_are_tried(server, ask, monkeypatch):
    _resolver_says(monkeypatch, {"feeds.example": ["127.0.0.1", "93.184.216.34"]})
    tried = []
    monkeypatch.setattr(
        "feeds.fetch.guard.connect", lambda addresses, seconds: tried.extend(a.ip for a in addresses) or 1 / 0
    )
    ask(server.url("/", host="feeds.example"), private=False)
    assert tried == ["93.184.216.34"]


def test_a_name_is_looked_up_once_and_the_answer_connected_to(server, ask, ok, monkeypatch):
    asked: list[str] = []
    _resolver_says(monkeypatch, {"feeds.example": ["127.0.0.1"]}, asked)
    monkeypatch.setattr("feeds.fetch.guard.forbidden", lambda ip: False)
    server.answers["/"] = ok()
    response = ask(server.url("/", host="feeds.example"), private=False)
    assert (response.status, asked) == (200, ["feeds.example"])
    assert f"Host: feeds.example:{server.port}\r\n".encode() in server.asked[0]


def test_the_second_address_is_tried_when_the_first_refuses(server, ask, ok, monkeypatch):
    _resolver_says(monkeypatch, {"feeds.example": ["127.0.0.2", "127.0.0.1"]})
    server.answers["/"] = ok()
    assert ask(server.url("/", host="feeds.example")).status == 200


def test_without_a_network_it_says_so_in_a_sentence(ask, monkeypatch):
    _resolver_says(monkeypatch, {})
    error = ask("http://feeds.example/news.xml", private=False)
    assert (error.kind, str(error)) == (
        Outcome.UNREACHABLE,
        "feeds.example cannot be found: Name or service not known; check the URL and the network.",
    )


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "xn--\x80.example", "." * 5])
def test_an_impossible_name_is_a_sentence_too(ask, host):
    assert ask(f"http://{host}/", private=False).kind is Outcome.UNREACHABLE


def test_a_look_up_that_hangs_is_waited_for_no_longer_than_the_deadline(ask, monkeypatch):
    release = threading.Event()
    real = socket.getaddrinfo

    def hang(host, port, *args, flags=0, **options):
        if flags & socket.AI_NUMERICHOST:
            return real(host, port, *args, flags=flags, **options)
        release.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    error = ask("http://feeds.example/", private=False, deadline=timedelta(seconds=0.3))
    release.set()
    assert (error.kind, time.monotonic() - began < 0.8) == (Outcome.UNREACHABLE, True)


def test_hanging_look_ups_do_not_pile_up(monkeypatch):
    release = threading.Event()
    started = []

    def hang(host, port, *args, flags=0, **options):
        if flags & socket.AI_NUMERICHOST:
            raise socket.gaierror
        started.append(host)
        release.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    resolver = Resolver()
    kinds = []
    for n in range(200):
        try:
            resolver.addresses(f"h{n % 100}.example", 80, 0.001)
        except Cut as cut:
            kinds.append(cut.kind)
    release.set()
    assert (len(started), set(kinds), len(kinds)) == (64, {Outcome.UNREACHABLE}, 200)


def test_private_is_for_the_host_and_port_of_the_request_alone(server, ok):
    server.answers["/a"] = ok(b"", f"Location: {server.url('/b', host='localhost')}", status="302 Found")
    with Fetcher("x", spacing=timedelta(0)) as fetcher:
        ((_, error),) = fetcher.fetch([Request(key="a", url=server.url("/a"), private=True)])
    assert error.kind is Outcome.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "0177.1", "2130706433", "0x7f000001", "10.1.2.3:8080", "[::1]", "[fe80::1]", "0"),
        *(
            "localhost",
            "LOCALHOST.",
            "x.localhost",
            "nas.local",
            "router.home.arpa",
            "db.internal",
            "intranet",
            "",
            "[",
        ),
    ],
)
def test_hosts_that_are_local_by_their_very_name(host):
    assert is_local(f"http://ann@{host}/feed")


@pytest.mark.parametrize("host", [*OPEN[:3], "[2606:4700::1111]", "post.example", "local.example", "localhost.example"])
def test_hosts_that_may_be_of_the_open_internet(host):
    assert not is_local(f"https://{host}/feed")


def test_no_name_is_looked_up_to_say_so(monkeypatch):
    real = socket.getaddrinfo

    def numeric_only(*args, **kwargs):
        assert kwargs["flags"] & socket.AI_NUMERICHOST
        return real(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", numeric_only)
    assert not is_local("https://post.example/")
