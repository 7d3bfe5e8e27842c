"""A small HTTP server on loopback: what to answer is a pure function, the rest is the standard library."""

import gzip
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread

from msgspec import Struct

# Nothing but our own style sheets and pictures; sent with errors too.
_SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_COMPRESSIBLE_FROM = 500  # bytes


class Resource(Struct, frozen=True, kw_only=True):
    """Something to serve, with the time at which it changed last."""

    media_type: str
    body: bytes
    modified: datetime

    @property
    def etag(self) -> str:
        """A weak validator, because the gzipped bytes carry it as well; RFC 9110, section 8.8.3."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class Moved(Struct, frozen=True, kw_only=True):
    """Where a folder's page is, when its address came without the slash."""

    path: str


Find = Callable[[str], Resource | Moved | None]


class Answer(Struct, frozen=True, kw_only=True):
    """A response, ready to send."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes = b""


def answer(found: Resource | Moved | None, asked: Mapping[str, str]) -> Answer:
    """The response to a GET for what was found; None is a 404. `asked` has its names in lower case."""
    match found:
        case None:
            return _plain(HTTPStatus.NOT_FOUND)
        case Moved():
            return Answer(status=HTTPStatus.FOUND, headers={**_SAFE_HEADERS, "Location": found.path})
        case Resource():
            return _resource(found, asked)


def _resource(resource: Resource, asked: Mapping[str, str]) -> Answer:
    headers = {
        **_SAFE_HEADERS,
        "ETag": resource.etag,
        "Last-Modified": format_datetime(resource.modified.astimezone(UTC), usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if _unchanged(resource, asked):
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Type"] = resource.media_type
    if len(resource.body) < _COMPRESSIBLE_FROM or "gzip" not in asked.get("accept-encoding", ""):
        return Answer(status=HTTPStatus.OK, headers=headers, body=resource.body)
    headers["Content-Encoding"] = "gzip"
    return Answer(status=HTTPStatus.OK, headers=headers, body=gzip.compress(resource.body, mtime=0))


def _unchanged(resource: Resource, asked: Mapping[str, str]) -> bool:
    """Whether the client has it already; If-None-Match goes first, RFC 9110, section 13.2.2."""
    if (tags := asked.get("if-none-match")) is not None:
        opaque = resource.etag.removeprefix("W/")
        return tags.strip() == "*" or opaque in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
        return resource.modified.replace(microsecond=0) <= since
    except (KeyError, ValueError, TypeError):  # not sent, no date, or one without a zone
        return False


def _plain(status: HTTPStatus) -> Answer:
    headers = {**_SAFE_HEADERS, "Content-Type": "text/plain; charset=utf-8"}
    return Answer(status=status, headers=headers, body=f"{status.value} {status.phrase}\n".encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10  # of one read: an idle connection ends

    server: "Server"

    def do_GET(self) -> None:
        """The resource, its validators, or a 404."""
        self._send(answer(self.server.find(self.path), {name.lower(): value for name, value in self.headers.items()}))

    def do_HEAD(self) -> None:
        """The same without a body."""
        self.do_GET()

    def _send(self, reply: Answer) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """For what the standard library refuses by itself, such as another method."""
        self.close_connection = True
        self._send(_plain(HTTPStatus(code)))

    def version_string(self) -> str:
        """The name of the server, without the version of Python."""
        return "copydesk-demo"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the demo's own words stand on the terminal."""


class Server(ThreadingHTTPServer):
    """Answers with what `find` finds for a path with its query; at first with 404 to everything."""

    daemon_threads = True
    find: Find

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.find = lambda _: None

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Nothing for a client that went away; a fault of ours is shown as ever."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def listen(port: int) -> Server:
    """A server on the port of 127.0.0.1, or on a free one when that is taken."""
    try:
        return Server(port)
    except OSError:
        if port == 0:
            raise
        return Server(0)


@contextmanager
def serving(server: Server, find: Find) -> Iterator[None]:
    """Answer with what `find` finds, in the background, for as long as the context lasts."""
    server.find = find
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
