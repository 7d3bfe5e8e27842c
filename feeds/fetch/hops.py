"""A fetch on its way from place to place: what is asked next, and what a redirect makes of it. Pure."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from feeds.fetch.bounds import Cut
from feeds.fetch.coding import ACCEPTED
from feeds.model import Hop, Outcome, Request

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/json;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PORTS = {"http": 80, "https": 443}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
Origin = tuple[str, str, int]


class Step(Struct, frozen=True, kw_only=True):
    """One question to one place; `left` is what remains of the request's deadline, in seconds."""

    request: Request
    url: str  # without userinfo and fragment
    method: Literal["GET", "POST"]
    body: bytes | None
    secrets: tuple[tuple[str, str], ...]  # the source's own headers, as long as we are at its own origin
    left: float
    hops: tuple[Hop, ...] = ()

    @property
    def private(self) -> bool:
        """Whether this place may be at a private address."""
        return self.request.private and origin(self.url)[1:] == origin(self.request.url)[1:]

    @property
    def conditional(self) -> bool:
        """Whether an answer of 304 would make sense."""
        names = {name.lower() for name, _ in self.secrets}
        own = bool(names & {"if-none-match", "if-modified-since"})
        return own or any(name in ("If-None-Match", "If-Modified-Since") for name, _ in _validators(self.request))


def first(request: Request) -> Step:
    """The first step of a request; raises Cut for a URL that cannot be asked."""
    url, credentials = _split_credentials(_checked(request.url.strip()))
    for name, value in request.headers:
        if not (_TOKEN.fullmatch(name) and value.isprintable() and value.strip() == value and _is_latin(value)):
            raise Cut(Outcome.UNREACHABLE, f"is not asked: its header {name!r} cannot be sent; check the configuration")
    return Step(
        request=request,
        url=url,
        method=request.method,
        body=request.body if request.method == "POST" else None,
        secrets=credentials + request.headers,
        left=request.deadline.total_seconds(),
    )


@lru_cache(maxsize=1024)
def origin(url: str) -> Origin:
    """Scheme, host and port of an http(s) URL; raises Cut."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Cut(Outcome.UNREACHABLE, f"cannot be asked: its URL is not valid ({error})") from error
    if parts.scheme not in _PORTS:
        raise Cut(Outcome.FORBIDDEN_ADDRESS, f"is not asked: {parts.scheme or 'no scheme'}: is not http or https")
    if not parts.hostname:
        raise Cut(Outcome.UNREACHABLE, "cannot be asked: its URL names no host")
    return parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port


def place(url: str) -> str:
    """Where a URL leads, for a person, without what may be secret in it: host, and port when it is not the usual."""
    try:
        scheme, host, port = origin(url)
    except Cut:
        return "The source"
    host = f"[{host}]" if ":" in host else host
    return host if port == _PORTS[scheme] else f"{host}:{port}"


def headers(step: Step, user_agent: str) -> Iterator[tuple[str, str]]:
    """What is sent, in order; a later one replaces an earlier one of the same name."""
    yield "User-Agent", user_agent
    yield "Accept", step.request.accept or FEED_TYPES
    yield "Accept-Encoding", ACCEPTED
    yield from _validators(step.request)
    if step.body is not None:
        yield "Content-Type", "application/x-www-form-urlencoded"
        yield "Content-Length", str(len(step.body))
    yield from step.secrets


def _validators(request: Request) -> Iterator[tuple[str, str]]:
    """Opaque, as they came; sent to every hop, for they are the last one's."""
    if request.etag and request.etag.isprintable():
        yield "If-None-Match", request.etag
    if request.last_modified and request.last_modified.isprintable():
        yield "If-Modified-Since", request.last_modified


def follow(step: Step, status: int, answer: Mapping[str, str], most: int) -> Step:
    """The step that a redirect asks for (RFC 9110, section 15.4); raises Cut when it is not to be taken."""
    target = _target(step.url, answer.get("location", ""))
    if len(step.hops) >= most:
        raise Cut(Outcome.REDIRECT, f"redirects more than {most} times; check the URL of the source")
    if target == step.url or any(target == hop.url for hop in step.hops):
        raise Cut(Outcome.REDIRECT, "redirects in a circle; check the URL of the source")
    same = origin(target) == origin(step.url)
    keeps = step.method == "GET" or status in (307, 308)
    if keeps and step.body is not None and not same:
        raise Cut(Outcome.REDIRECT, "redirects a POST to another origin, which is not followed")
    return replace(
        step,
        url=target,
        method=step.method if keeps else "GET",
        body=step.body if keeps else None,
        secrets=step.secrets if same else (),
        hops=(*step.hops, Hop(url=step.url, status=status, target=target)),
    )


def _target(base: str, location: str) -> str:
    location = _as_utf8(location).strip()
    if not location:
        raise Cut(Outcome.REDIRECT, "redirects without saying where to")
    try:
        return _split_credentials(_checked(urljoin(base, location)))[0]
    except ValueError as error:
        raise Cut(Outcome.REDIRECT, "redirects to a URL that is not valid") from error
    except Cut as cut:
        kind = Outcome.REDIRECT if cut.kind is Outcome.UNREACHABLE else cut.kind
        raise Cut(kind, f"redirects to a place that {cut.what}") from cut


def _is_latin(text: str) -> bool:
    return all(char <= "\xff" for char in text)


def _as_utf8(text: str) -> str:
    """Header bytes are read as Latin-1; what was sent in UTF-8 is made so again."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _checked(url: str) -> str:
    url = urldefrag(url).url
    origin(url)
    return url


def _split_credentials(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The URL without userinfo, and the header that says the same (RFC 7617)."""
    parts = urlsplit(url)
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ()
    name, _, password = userinfo.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    return urlunsplit(parts._replace(netloc=host)), (("Authorization", f"Basic {b64encode(pair).decode()}"),)
