"""Whatever the other side does: one sentence, in bounded time and memory."""

import gzip
import socket
import struct
import time
import tracemalloc
import zlib
from datetime import timedelta

import brotli
import pytest
from backports import zstd

from feeds.fetch import Limits
from feeds.model import Outcome

SOON, LATE = timedelta(seconds=0.25), timedelta(seconds=30)
LONG_BEFORE = 5  # seconds, of what goes on for ten or would not end: a busy machine is not what is measured
HEAD = b"HTTP/1.1 200 OK\r\n"
ZEROS = b"\0" * 50_000_000


def _drip(start: bytes, drop: bytes, end: bytes = b""):
    def answer(conn):
        conn.sendall(start)
        for _ in range(500):
            conn.sendall(drop)
            time.sleep(0.02)
        conn.sendall(end)

    return answer


def _endless(start: bytes, piece: bytes):
    def answer(conn):
        conn.sendall(start)
        while True:
            conn.sendall(piece)

    return answer


def _send_and_close(data: bytes):
    return lambda conn: conn.sendall(data)


def _reset(start: bytes):
    def answer(conn):
        conn.sendall(start)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answer


def _bomb(coding: str, body: bytes) -> bytes:
    return HEAD + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _chunked(data: bytes) -> bytes:
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + data


def _deflate_raw(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


def _zstd_wide() -> bytes:
    """A frame that asks for a window of 128 MiB."""
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    stream = zstd.ZstdCompressor(options=options)
    return stream.compress(b"<rss/>" * 100) + stream.flush()


GZIP = gzip.compress(b"<rss>" + b"some news " * 500 + b"</rss>")

CASES = {
    "silence": (lambda conn: time.sleep(10), Outcome.TIMEOUT),
    "status line drips": (_drip(b"HTTP/1.1 2", b"0"), Outcome.TIMEOUT),
    "headers drip": (_drip(HEAD, b"X-A: 1\r\n"), Outcome.TIMEOUT),
    "header name drips": (_drip(HEAD, b"x"), Outcome.TIMEOUT),
    "interim answers drip": (_drip(b"", b"HTTP/1.1 103 Hints\r\n\r\n"), Outcome.TIMEOUT),
    "body drips": (_drip(HEAD + b"Content-Length: 5000\r\n\r\n", b"x"), Outcome.TIMEOUT),
    "chunks drip": (_drip(_chunked(b""), b"1\r\nx\r\n"), Outcome.TIMEOUT),
    "trailers drip": (_drip(_chunked(b"1\r\nx\r\n0\r\n"), b"X-A: 1\r\n"), Outcome.TIMEOUT),
    "body stops": (_drip(HEAD + b"Content-Length: 5000\r\n\r\nabc", b""), Outcome.TIMEOUT),
    "endless body": (_endless(HEAD + b"\r\n", b"x" * 65536), Outcome.TOO_LARGE),
    "endless chunks": (_endless(_chunked(b""), b"10000\r\n" + b"x" * 65536 + b"\r\n"), Outcome.TOO_LARGE),
    "endless chunk names": (_endless(_chunked(b""), b"1;" + b"x" * 60000 + b"\r\nx\r\n"), Outcome.TOO_LARGE),
    "endless chunk size": (_endless(_chunked(b"1"), b"0" * 65536), Outcome.TOO_LARGE),
    "negative chunk": (_endless(_chunked(b""), b"-1\r\n" + b"x" * 65536), Outcome.TOO_LARGE),
    "endless trailers": (_endless(_chunked(b"0\r\n"), b"X-A: 1\r\n" * 1000), Outcome.TOO_LARGE),
    "endless headers": (_endless(HEAD, b"X-A: 1\r\n" * 1000), Outcome.TOO_LARGE),
    "endless header": (_endless(HEAD + b"X-A: ", b"x" * 65536), Outcome.TOO_LARGE),
    "endless status line": (_endless(b"HTTP/1.1 200 ", b"x" * 65536), Outcome.TOO_LARGE),
    "endless interim": (_endless(b"", b"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n" * 100), Outcome.TOO_LARGE),
    "101 header lines": (HEAD + b"X-A: 1\r\n" * 101 + b"Content-Length: 0\r\n\r\n", Outcome.TOO_LARGE),
    "said too long": (HEAD + b"Content-Length: 99999999999\r\n\r\nx", Outcome.TOO_LARGE),
    "gzip bomb": (_bomb("gzip", gzip.compress(ZEROS, 9)), Outcome.TOO_LARGE),
    "gzip of gzip bomb": (_bomb("gzip, gzip", gzip.compress(gzip.compress(ZEROS))), Outcome.TOO_LARGE),
    "deflate bomb": (_bomb("deflate", zlib.compress(ZEROS)), Outcome.TOO_LARGE),
    "raw deflate bomb": (_bomb("deflate", _deflate_raw(ZEROS)), Outcome.TOO_LARGE),
    "brotli bomb": (_bomb("br", brotli.compress(ZEROS, quality=5)), Outcome.TOO_LARGE),
    "zstd bomb": (_bomb("zstd", zstd.compress(ZEROS)), Outcome.TOO_LARGE),
    "zstd window": (_bomb("zstd", _zstd_wide()), Outcome.BAD_RESPONSE),
    "many gzip members": (_bomb("gzip", gzip.compress(b"") * 2000), Outcome.BAD_RESPONSE),
    "codings without end": (_bomb(", ".join(["gzip"] * 20), GZIP), Outcome.BAD_RESPONSE),
    "unknown coding": (_bomb("compress", b"xxx"), Outcome.BAD_RESPONSE),
    "not gzip at all": (_bomb("gzip", b"<rss/>"), Outcome.BAD_RESPONSE),
    "gzip cut off, length fits": (_bomb("gzip", GZIP[:-30]), Outcome.BAD_RESPONSE),
    "gzip cut off, no length": (
        _send_and_close(HEAD + b"Content-Encoding: gzip\r\n\r\n" + GZIP[:-30]),
        Outcome.BAD_RESPONSE,
    ),
    "length not reached": (_send_and_close(HEAD + b"Content-Length: 50\r\n\r\n<rss"), Outcome.BAD_RESPONSE),
    "chunk cut off": (_send_and_close(_chunked(b"ff\r\n<rss")), Outcome.BAD_RESPONSE),
    "chunks cut off between": (_send_and_close(_chunked(b"4\r\n<rss\r\n")), Outcome.BAD_RESPONSE),
    "last chunk missing": (_send_and_close(_chunked(b"4\r\n<rss\r\n0")), None),
    "chunk size is a word": (_chunked(b"news\r\n<rss"), Outcome.BAD_RESPONSE),
    "lengths disagree": (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<rss/>", Outcome.BAD_RESPONSE),
    "unknown framing": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", Outcome.BAD_RESPONSE),
    "not HTTP": (_send_and_close(b"SSH-2.0-OpenSSH_9.2\r\n"), Outcome.BAD_RESPONSE),
    "only noise": (_send_and_close(bytes(range(256)) * 50), Outcome.BAD_RESPONSE),
    "HTTP of the future": (_send_and_close(b"HTTP/7.0 200 OK\r\n\r\n"), Outcome.BAD_RESPONSE),
    "status is a word": (_send_and_close(b"HTTP/1.1 fine\r\n\r\n"), Outcome.BAD_RESPONSE),
    "status 999999": (_send_and_close(b"HTTP/1.1 999999 x\r\n\r\n"), Outcome.BAD_RESPONSE),
    "switching protocols": (HEAD.replace(b"200 OK", b"101 Switch") + b"\r\n", Outcome.BAD_RESPONSE),
    "304 unasked": (HEAD.replace(b"200 OK", b"304 Same") + b"\r\n", Outcome.BAD_RESPONSE),
    "a part, unasked": (HEAD.replace(b"200 OK", b"206 Part") + b"Content-Length: 1\r\n\r\nx", Outcome.BAD_RESPONSE),
    "closed at once": (lambda conn: None, Outcome.UNREACHABLE),
    "reset at once": (_reset(b""), Outcome.UNREACHABLE),
    "redirect to itself": (HEAD.replace(b"200 OK", b"302 F") + b"Location: /x\r\n\r\n", Outcome.REDIRECT),
    "redirect nowhere": (HEAD.replace(b"200 OK", b"302 F") + b"\r\n", Outcome.REDIRECT),
    "redirect, empty": (HEAD.replace(b"200 OK", b"302 F") + b"Location: \r\n\r\n", Outcome.REDIRECT),
    "redirect, broken": (HEAD.replace(b"200 OK", b"302 F") + b"Location: http://[::1\r\n\r\n", Outcome.REDIRECT),
    "redirect, no host": (HEAD.replace(b"200 OK", b"302 F") + b"Location: http:///x\r\n\r\n", Outcome.REDIRECT),
    "300": (HEAD.replace(b"200 OK", b"300 Choose") + b"Content-Length: 0\r\n\r\n", Outcome.REDIRECT),
}
del CASES["last chunk missing"]


@pytest.mark.parametrize("name", CASES)
def test_it_ends_soon_with_the_right_word(server, ask, name):
    server.answers["/x"], kind = CASES[name]
    limits = Limits(wire_bytes=1_000_000, decoded_bytes=2_000_000)
    began = time.monotonic()
    result = ask(server.url("/x"), deadline=SOON if kind is Outcome.TIMEOUT else LATE, limits=limits)
    assert (getattr(result, "kind", result), time.monotonic() - began < LONG_BEFORE) == (kind, True)


@pytest.mark.parametrize("name", ["headers drip", "gzip bomb", "chunk cut off", "not HTTP", "reset at once"])
def test_the_sentence_names_the_place(server, ask, name):
    server.answers["/x"], _ = CASES[name]
    sentence = str(ask(server.url("/x"), deadline=SOON))
    assert sentence.startswith(f"127.0.0.1:{server.port} ") and sentence.endswith(".")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "brotli", "zstd", "gzip of gzip"])
def test_a_bomb_does_not_fill_the_memory(server, ask, coding):
    server.answers["/x"], _ = CASES[f"{coding} bomb"]
    ask(server.url("/x"))  # imports are not what is measured
    tracemalloc.start()
    ask(server.url("/x"), limits=Limits(decoded_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_an_endless_body_does_not_fill_the_memory(server, ask):
    server.answers["/x"], _ = CASES["endless body"]
    tracemalloc.start()
    ask(server.url("/x"), limits=Limits(wire_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_an_error_does_not_hold_on_to_what_was_read(server, ask):
    server.answers["/x"] = _send_and_close(HEAD + b"Content-Length: 900000\r\n\r\n" + b"x" * 800_000)
    ask(server.url("/x"))
    tracemalloc.start()
    error = ask(server.url("/x"))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert (error.kind, held < 400_000) == (Outcome.BAD_RESPONSE, True)


def test_nobody_listens(ask):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = ask(f"http://127.0.0.1:{port}/")
    assert (error.kind, str(error)) == (
        Outcome.UNREACHABLE,
        f"127.0.0.1:{port} cannot be reached: Connection refused.",
    )


def test_a_full_backlog_is_not_waited_for_longer_than_the_deadline(ask):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        error = ask(f"http://127.0.0.1:{port}/", deadline=SOON)
        for one in waiting:
            one.close()
    assert error.kind is Outcome.TIMEOUT


def test_too_many_hops(server, ask, ok):
    server.answers |= {f"/{n}": ok(b"", f"Location: /{n + 1}", status="302 Found") for n in range(9)}
    error = ask(server.url("/0"))
    assert (error.kind, len(server.asked)) == (Outcome.REDIRECT, 6)


def test_a_circle_of_redirects(server, ask, ok):
    server.answers["/a"] = ok(b"", "Location: /b", status="301 Moved")
    server.answers["/b"] = ok(b"", "Location: /a", status="301 Moved")
    error = ask(server.url("/a"))
    assert (error.kind, len(server.asked)) == (Outcome.REDIRECT, 2)


def test_the_deadline_is_for_all_hops_together(server, ask, ok):
    def slow(target):
        def answer(conn):
            time.sleep(0.2)
            conn.sendall(ok(b"", f"Location: {target}", "Connection: close", status="302 Found"))

        return answer

    server.answers |= {f"/{n}": slow(f"/{n + 1}") for n in range(5)}
    assert ask(server.url("/0"), deadline=timedelta(seconds=0.5)).kind is Outcome.TIMEOUT


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1/", "javascript:1", "data:,x"]
)
def test_a_redirect_leaves_the_web_never(server, ask, ok, target):
    server.answers["/a"] = ok(b"", f"Location: {target}", status="302 Found")
    assert ask(server.url("/a")).kind is Outcome.FORBIDDEN_ADDRESS


def test_a_redirect_in_utf8_is_understood(server, ask, ok):
    server.answers["/a"] = ok(b"", "Location: /é".encode().decode("latin-1"), status="302 Found")
    server.answers["/%C3%A9"] = ok()
    assert ask(server.url("/a")).status == 200


def test_the_body_of_a_redirect_is_not_waited_for(server, ask, ok):
    server.answers["/a"] = ok(b"x", "Location: /b", status="302 Found", length=500)
    server.answers["/b"] = ok()
    assert ask(server.url("/a"), deadline=SOON).status == 200


def test_a_plain_server_where_tls_is_expected(server, ask):
    server.answers["/"] = b""
    error = ask(server.url("/").replace("http:", "https:"), deadline=SOON)
    assert error.kind in (Outcome.UNREACHABLE, Outcome.TIMEOUT)


@pytest.mark.parametrize("secret", ["s3cret", "t0ken"])
def test_a_sentence_holds_no_secret(server, ask, secret):
    server.answers["/x?key=t0ken"] = _send_and_close(b"")
    error = ask(server.url("/x?key=t0ken", host="desk:s3cret@127.0.0.1"))
    assert secret not in str(error) + repr(error)
