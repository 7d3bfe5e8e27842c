"""requests and urllib3, made to keep the door's promises; nothing else in the house imports them.

- A deadline: their time-outs are per read, and even `urllib3.Timeout(total=…)` lets headers drip for ever. Here
  every read of the socket, header or body, waits no longer than what is left of the whole.
- Caps: http.client takes 100 header lines of 64 KiB each and any number of interim answers. Here bytes are
  counted where they come off the socket.
- The guard: urllib3 resolves and connects in one go. Here it connects to an address that was checked.
"""

import http.client
import io
import logging
import socket
import ssl
from collections.abc import Iterator, Mapping
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, IncompleteRead
from urllib3.util import Timeout

from feeds.fetch import guard
from feeds.fetch.bounds import Cut, Limits, size
from feeds.fetch.hops import Step, headers
from feeds.model import Outcome

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from urllib3.response import BaseHTTPResponse

IDLE_SECONDS = 30.0  # a connection that rested longer may be dead without a sign
POOLS = 100  # hosts with connections kept
BLOCK = 256 * 1024

# What urllib3 warns of (odd headers, full pools) ends in our own sentences, or does not matter.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class Meter(io.RawIOBase):
    """A socket to read from, until a deadline and up to so many bytes; then it raises Cut."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float, cap: int, what: str) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline
        self.grant(cap, what)

    def grant(self, cap: int, what: str) -> None:
        """Allow so many bytes from here on."""
        self._left, self._cap, self._what = cap, cap, what

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what there is, as `io.RawIOBase` says."""
        left = self._deadline - monotonic()
        if left <= 0:
            raise Cut(Outcome.TIMEOUT, "did not finish in time")
        self._sock.settimeout(left)
        try:
            # One byte more than allowed tells an answer that ends there from one that goes on.
            count = self._raw.readinto(memoryview(buffer)[: self._left + 1])
        except TimeoutError as error:
            raise Cut(Outcome.TIMEOUT, "did not finish in time") from error
        self._left -= count
        if self._left < 0:
            raise Cut(Outcome.TOO_LARGE, f"sent more than {size(self._cap)} of {self._what}")
        return int(count)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class Reply(http.client.HTTPResponse):
    """An answer that is read through a meter. The deadline is what urllib3 left on the socket's time-out."""

    limits: ClassVar[Limits]

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None) -> None:
        super().__init__(sock, debuglevel, method)
        deadline = monotonic() + (sock.gettimeout() or 0.0)
        cap = self.limits.header_bytes
        self._meter = Meter(self.fp.detach(), sock, deadline, cap, "headers")
        self.fp = io.BufferedReader(self._meter)

    def begin(self) -> None:
        """Read up to the body; interim answers other than 100 are passed over too (RFC 9110, section 15.2)."""
        super().begin()
        while 102 <= self.status < 200:
            self.headers = None  # type: ignore[assignment]
            super().begin()
        self._meter.grant(self.limits.wire_bytes, "body")


class _Guarded:
    """What both kinds of connection have of their own."""

    guarded: ClassVar[bool]
    resolver: ClassVar[guard.Resolver]
    _dns_host: str
    port: int
    timeout: float
    _used: float = 0.0

    def _new_conn(self) -> socket.socket:
        deadline = monotonic() + self.timeout
        if self.guarded:
            guard.check_port(self.port)
        addresses = self.resolver.addresses(self._dns_host, self.port, self.timeout)
        if self.guarded:
            addresses = guard.allowed(addresses)
        self._used = monotonic()
        return guard.connect(addresses, deadline - self._used)

    @property
    def is_connected(self) -> bool:
        """Whether the connection can be used once more."""
        rested = monotonic() - self._used
        self._used += rested
        return rested < IDLE_SECONDS and bool(super().is_connected)  # type: ignore[misc]


def pool_classes(limits: Limits, resolver: guard.Resolver, guarded: bool) -> dict[str, type[HTTPConnectionPool]]:
    """Pools by scheme whose connections keep the limits and, if `guarded`, go to public addresses only."""
    reply = type("_Reply", (Reply,), {"limits": limits})
    own = {"response_class": reply, "resolver": resolver, "guarded": guarded}
    return {
        "http": _pool(HTTPConnectionPool, HTTPConnection, own),
        "https": _pool(HTTPSConnectionPool, HTTPSConnection, own),
    }


def _pool(
    pool: type[HTTPConnectionPool], connection: type[HTTPConnection], own: Mapping[str, object]
) -> type[HTTPConnectionPool]:
    guarded = type(connection.__name__, (_Guarded, connection), dict(own))
    return type(pool.__name__, (pool,), {"ConnectionCls": guarded})


class Adapter(HTTPAdapter):
    """One for all threads; keeps connections, but no cookies."""

    def __init__(self, limits: Limits, resolver: guard.Resolver, *, guarded: bool, per_host: int) -> None:
        super().__init__(pool_connections=POOLS, pool_maxsize=per_host)
        self.poolmanager.pool_classes_by_scheme = pool_classes(limits, resolver, guarded)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Shared: urllib3 would read the certificates again for each connection, 10 ms each."""
        context = ssl.create_default_context(cafile=certifi.where())
        context.load_default_certs()  # an office's own authority
        return context

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Any, Any]:
        """As the base class says, with our TLS context."""
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https":
            options["ssl_context"] = self._tls
        return host, options

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing: the context does it."""

    def build_response(self, req: requests.PreparedRequest, resp: "BaseHTTPResponse") -> requests.Response:
        """As the base class does, but cookies are not even looked at."""
        response = requests.Response()
        response.status_code = resp.status
        response.raw = resp
        response.request = req
        return response


def ask(adapter: Adapter, step: Step, user_agent: str) -> "BaseHTTPResponse":
    """Send one step and read up to the body; raises Cut."""
    prepared = requests.PreparedRequest()
    prepared.method = step.method
    prepared.headers = CaseInsensitiveDict(headers(step, user_agent))
    prepared.body = step.body
    try:
        prepared.prepare_url(step.url, None)
        return adapter.send(prepared, stream=True, timeout=Timeout(total=step.left)).raw  # type: ignore[arg-type]
    except (requests.RequestException, HTTPError) as error:
        raise _translated(error) from error


def read(raw: "BaseHTTPResponse") -> bytes:
    """The whole body, as encoded; raises Cut when it is not whole. The connection goes back to its pool."""
    blocks = []
    try:
        while block := raw.read(BLOCK, decode_content=False):
            blocks.append(block)
    except (HTTPError, ValueError) as error:  # http.client gives ValueError for a chunk of negative size
        raise _translated(error) from error
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)


def read_some(raw: "BaseHTTPResponse", most: int) -> bytes:
    """The beginning of a body, or nothing when that is hard to get."""
    try:
        block = raw.read(most, decode_content=False)
        if raw.read(1, decode_content=False):
            raw.close()
    except (HTTPError, ValueError, Cut):
        return b""
    return block


def leave(raw: "BaseHTTPResponse") -> None:
    """Do without the body."""
    if raw.length_remaining == 0:
        raw.read()
    else:
        raw.close()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _translated(error: Exception) -> Cut:
    """What went wrong below, by the first cause in the chain that says it best."""
    causes = tuple(_chain(error))
    if any(type(cause) is http.client.HTTPException for cause in causes):  # it raises the bare class for just this
        return Cut(Outcome.TOO_LARGE, "sent more than 100 header lines")
    for kinds, outcome, what in _MEANINGS:
        for cause in causes:
            if isinstance(cause, kinds):
                return Cut(outcome, what.format(_reason(cause)))
    return Cut(Outcome.BAD_RESPONSE, f"gave an answer that is not valid HTTP: {_reason(causes[-1])}")


def _reason(error: BaseException) -> str:
    said = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or str(error)
    if isinstance(error, ssl.SSLError) and error.reason and not isinstance(error, ssl.SSLCertVerificationError):
        said = error.reason.replace("_", " ").lower()
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:120] or type(error).__name__


_Meaning = tuple[tuple[type[BaseException], ...], Outcome, str]
_MEANINGS: tuple[_Meaning, ...] = (
    ((TimeoutError, requests.Timeout), Outcome.TIMEOUT, "did not finish in time"),
    (
        (ssl.SSLCertVerificationError,),
        Outcome.UNREACHABLE,
        "has a TLS certificate that cannot be trusted: {}",
    ),
    ((ssl.SSLError,), Outcome.UNREACHABLE, "cannot be reached over TLS: {}"),
    (
        (http.client.IncompleteRead, IncompleteRead),
        Outcome.BAD_RESPONSE,
        "broke off its answer before the end",
    ),
    ((http.client.RemoteDisconnected,), Outcome.UNREACHABLE, "closed the connection without an answer"),
    ((ConnectionError,), Outcome.UNREACHABLE, "broke the connection: {}"),
    (
        (requests.exceptions.InvalidURL, http.client.InvalidURL),
        Outcome.UNREACHABLE,
        "cannot be asked: its URL is not valid",
    ),
    ((http.client.LineTooLong,), Outcome.TOO_LARGE, "sent a line of more than 64 KiB"),
)
