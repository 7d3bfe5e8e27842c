"""The same promises over TLS. `data/tls.pem` is a self-made certificate for feeds.example and its key."""

import socket
import ssl
import time
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.fetch import wire
from feeds.model import Outcome

PEM = Path(__file__).parent / "data" / "tls.pem"
SOON = timedelta(seconds=0.3)


@pytest.fixture
def tls(server):
    """The server speaks TLS from here on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    server.wrap = lambda conn: context.wrap_socket(conn, server_side=True)
    return server


@pytest.fixture
def trusted(monkeypatch):
    context = ssl.create_default_context(cafile=str(PEM))
    monkeypatch.setattr(wire.Adapter, "_tls", context)


@pytest.fixture
def named(monkeypatch):
    """The system knows feeds.example, and other.example, at the loopback."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **options):
        return real("127.0.0.1" if host in ("feeds.example", "other.example") else host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def _url(server, path="/", host="feeds.example"):
    return server.url(path, host=host).replace("http:", "https:")


@pytest.mark.usefixtures("trusted", "named")
def test_a_certificate_counts_for_its_name(tls, ask, ok):
    tls.answers["/"] = ok()
    assert ask(_url(tls)).body == b"<rss/>"


@pytest.mark.usefixtures("trusted", "named")
def test_and_not_for_another_name(tls, ask):
    error = ask(_url(tls, host="other.example"))
    assert (error.kind, "certificate" in str(error)) == (Outcome.UNREACHABLE, True)


@pytest.mark.usefixtures("named")
def test_a_certificate_of_nobody_is_not_trusted(tls, ask):
    error = ask(_url(tls))
    assert error.kind is Outcome.UNREACHABLE
    assert str(error).startswith(f"feeds.example:{tls.port} has a TLS certificate that cannot be trusted: self")


@pytest.mark.usefixtures("trusted", "named")
@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["headers", "body"])
def test_what_drips_over_tls_ends_at_the_deadline(tls, ask, start):
    def drip(conn):
        conn.sendall(start)
        for _ in range(100):
            conn.sendall(b"X-A: 1\r\n")
            time.sleep(0.02)

    tls.answers["/"] = drip
    began = time.monotonic()
    error = ask(_url(tls), deadline=SOON)
    assert (error.kind, time.monotonic() - began < 1.0) == (Outcome.TIMEOUT, True)


@pytest.mark.usefixtures("trusted", "named")
def test_a_handshake_that_drips_ends_at_the_deadline(server, ask):
    def shake_hands(conn):
        conn.recv(65536)
        conn.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
        for _ in range(100):
            conn.sendall(b"\0")
            time.sleep(0.02)
        return conn

    server.wrap = shake_hands
    began = time.monotonic()
    error = ask(_url(server), deadline=SOON)
    assert (error.kind, time.monotonic() - began < 1.0) == (Outcome.TIMEOUT, True)


@pytest.mark.usefixtures("trusted", "named")
def test_a_body_cut_off_over_tls_is_not_a_body(tls, ask):
    tls.answers["/"] = lambda conn: conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss")
    assert ask(_url(tls)).kind is Outcome.BAD_RESPONSE
