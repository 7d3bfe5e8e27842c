"""Which addresses may be connected to: those of the open internet, whoever asks for another by name or redirect.

What counts is the address that the name resolves to, and the connection goes to the very address that was
checked: there is no second look-up that could give another answer.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from time import monotonic
from urllib.parse import urlsplit

from msgspec import Struct

from feeds.fetch.bounds import Cut
from feeds.model import Outcome

LOOKUP_SECONDS = 10.0
LOOKUPS = 64  # at the same time; a look-up cannot be stopped, only waited for no longer

# The bad ports of the Fetch standard (fetch.spec.whatwg.org, "port blocking"), and databases and the like that
# understand enough of a hostile HTTP request to do harm.
# fmt: off
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526,
    530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049,
    2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 6000, 6379, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 9042, 9200, 9300, 10080, 11211, 27017,
))
# fmt: on

_V6_GLOBAL = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out for unicast
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1
# What `is_global` of some Pythons lets through: 6to4 relays (RFC 7526), documentation (RFC 9637).
_ALSO = (ipaddress.IPv4Network("192.88.99.0/24"), ipaddress.IPv6Network("3fff::/20"))

# RFC 6761, RFC 6762, RFC 8375, and what ICANN keeps free for private use.
_LOCAL_NAMES = (".localhost", ".local", ".home.arpa", ".internal", ".lan", ".intranet", ".localdomain")


def forbidden(address: str) -> bool:
    """Whether an IP address (in its canonical spelling; a zone is passed over) is not of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _embedded(ip)
        if inner is not None:
            return any(_closed(one) for one in inner)
        if ip not in _V6_GLOBAL:
            return True
    return _closed(ip)


def _closed(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return True
    return any(ip in network for network in _ALSO if network.version == ip.version)


def _embedded(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...] | None:
    """The IPv4 addresses that a packet to `ip` would be carried to, if it is of a kind that has such."""
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    if ip.teredo is not None:
        return ip.teredo
    if ip in _NAT64:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return None


def is_local(url: str) -> bool:
    """Whether a URL says by its very host that it leads to no open internet: no name is looked up for this."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return True
    numeric = _numeric(host, 80)
    if numeric:
        return all(forbidden(address.ip) for address in numeric)
    return "." not in host or host.endswith(_LOCAL_NAMES)


class Address(Struct, frozen=True):
    """One address to connect to, as the resolver gave it."""

    family: int
    sockaddr: tuple[str, int] | tuple[str, int, int, int]

    @property
    def ip(self) -> str:
        """The bare IP address."""
        return self.sockaddr[0]


def check_port(port: int) -> None:
    """Raise Cut for a port that belongs to another protocol."""
    if port in BAD_PORTS:
        raise Cut(Outcome.FORBIDDEN_ADDRESS, f"is not asked: port {port} belongs to another service than the web")


def allowed(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Those of the open internet; raises Cut when there is none."""
    found = tuple(address for address in addresses if not forbidden(address.ip))
    if not found:
        raise Cut(
            Outcome.FORBIDDEN_ADDRESS,
            "is not asked: it has no public address; if it is a source of your own network, name it in the "
            "configuration with `private = true`",
        )
    return found


class Resolver:
    """Looks names up, each in bounded time; a name that is being looked up already is not looked up beside it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._going_on: dict[tuple[str, int], Future[tuple[Address, ...]]] = {}

    def addresses(self, host: str, port: int, seconds: float) -> tuple[Address, ...]:
        """All addresses of a host, in the resolver's order; raises Cut."""
        numeric = _numeric(host, port)
        if numeric:
            return numeric
        try:
            return self._look_up(host, port).result(min(seconds, LOOKUP_SECONDS))
        except TimeoutError as error:
            raise Cut(Outcome.UNREACHABLE, "cannot be found: the name look-up does not answer") from error
        except (OSError, UnicodeError, ValueError) as error:
            raise Cut(Outcome.UNREACHABLE, f"cannot be found: {_why(error)}; check the URL and the network") from error

    def _look_up(self, host: str, port: int) -> Future[tuple[Address, ...]]:
        key = (host, port)
        with self._lock:
            future = self._going_on.get(key)
            if future is None:
                if len(self._going_on) >= LOOKUPS:
                    raise Cut(Outcome.UNREACHABLE, f"was not looked up: {LOOKUPS} name look-ups do not answer")
                future = self._going_on[key] = Future()
                threading.Thread(target=self._run, args=(key, future), name="look-up", daemon=True).start()
        return future

    def _run(self, key: tuple[str, int], future: Future[tuple[Address, ...]]) -> None:
        try:
            future.set_result(_resolve(*key, flags=0))
        except BaseException as error:  # handed to whoever waits for it
            future.set_exception(error)
        finally:
            with self._lock:
                del self._going_on[key]


def _resolve(host: str, port: int, flags: int) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return tuple(dict.fromkeys(Address(family, sockaddr) for family, _, _, _, sockaddr in found))  # type: ignore[arg-type]


def _numeric(host: str, port: int) -> tuple[Address, ...]:
    """The address that a host spells out, in any of the spellings that the system knows (octal, one number, …)."""
    try:
        return _resolve(host, port, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError, ValueError):
        return ()


def _why(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else "it is not a valid name"


def connect(addresses: tuple[Address, ...], seconds: float) -> socket.socket:
    """A connection to the first address that answers, with all of `seconds` shared between them; raises Cut."""
    deadline = monotonic() + seconds
    last: OSError | None = None
    for nth, address in enumerate(addresses):
        share = (deadline - monotonic()) / (len(addresses) - nth)
        if share <= 0:
            break
        sock = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            sock.settimeout(share)
            sock.connect(address.sockaddr)
        except OSError as error:
            last = error
            sock.close()
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(max(deadline - monotonic(), 0.001))
            return sock
    if last is None or isinstance(last, TimeoutError):
        raise Cut(Outcome.TIMEOUT, "does not answer") from last
    raise Cut(Outcome.UNREACHABLE, f"cannot be reached: {last.strerror or last}") from last
