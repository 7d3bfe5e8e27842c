"""A loopback server that is as hostile as a test wants it, and the door to ask it with."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from feeds.errors import FetchError
from feeds.fetch import Fetcher, Limits
from feeds.model import Request, Response

Answer = bytes | Callable[[socket.socket], None]


class Server:
    """Answers each path with bytes, or with a function of the socket; a path it does not know gets a 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[bytes] = []  # whole requests, as they came
        self.connections = 0
        self.ended = threading.Event()
        self.wrap: Callable[[socket.socket], socket.socket] = lambda conn: conn  # TLS
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self.ended.set()
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                conn, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        with suppress(OSError), plain, self.wrap(plain) as conn:
            while asked := _request(conn):
                self.asked.append(asked)
                path = asked.split(b" ", 2)[1].decode()
                answer = self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                if callable(answer):
                    answer(conn)
                    return
                conn.sendall(answer)
                if b"onnection: close" in answer:
                    return


def _request(conn: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]):
                body += conn.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def other() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


Ask = Callable[..., Response | FetchError]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Fetch one URL; `limits` and any field of Request may be given. Loopback is allowed unless `private=False`."""
    opened: list[Fetcher] = []

    def one(url: str, *, limits: Limits | None = None, **fields: object) -> Response | FetchError:
        fetcher = Fetcher("Copydesk/test (+mailto:desk@example.org)", spacing=timedelta(0), limits=limits)
        opened.append(fetcher)
        given = {"private": True, "deadline": timedelta(seconds=2)} | fields
        ((_, result),) = fetcher.fetch([Request(key="one", url=url, **given)])  # type: ignore[arg-type]
        return result

    yield one
    for fetcher in opened:
        fetcher.close()


@pytest.fixture
def ok() -> Callable[..., bytes]:
    """An answer of 200 with a body and headers."""

    def make(body: bytes = b"<rss/>", *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    return make
