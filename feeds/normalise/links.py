"""URLs: what a source said, made absolute and honest; and the key under which copies of a page meet."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from feeds.domains import registrable

LONGEST = 4096  # characters; a longer URL is no link

_PLAIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::(?:[0-5]?\d{1,4}|6[0-4]\d{3}))?(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*)?", re.A
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):", re.A)
_SLASHES = re.compile(r"(https?):[/\\]*", re.I)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff\u200b]")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})", re.A)
_PARTS = re.compile(r"https?://([^/?#]+)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.S)
_USUAL_PATH = re.compile(r"[A-Za-z0-9\-._~/!$&'()*+,;=:@]*", re.A)
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})", re.A)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TWINS = ("www.", "m.", "mobile.", "amp.")
_SUFFIXES = ("/", "/index.html", "/index.htm", "/amp", ".amp")
_COUNTED = re.compile(r"\.(?:gif|png)", re.I)
_COUNTER = re.compile(
    r"/(?:[\w-]{0,40}[-_])?(?:pixel|tracker|spacer|blank|1x1|clear|transparent|webbug|counter)\.(?:gif|png)(?:[?#]|$)",
    re.A | re.I,
)
_FEEDBURNER = re.compile(r"https?://(?:feeds|rss)\d?\.[^/?#]{1,200}/[^?#]{1,200}\?[gi]=\w{1,40}", re.A)
_AMP_CACHE = re.compile(
    r"(?:www\.google\.[a-z.]{2,6}/amp/|[a-z0-9-]{1,80}\.cdn\.ampproject\.org/[cv]/)(s/)?([^/]+)", re.I
)
_AMP_QUERY = frozenset({"amp", "amp=1", "amp=true", "outputtype=amp"})


class Tracking(NamedTuple):
    """What `data/tracking.txt` says."""

    names: frozenset[str]
    prefixes: tuple[str, ...]
    pairs: frozenset[str]
    pixels: tuple[str, ...]
    redirectors: dict[str, tuple[str, ...]]  # host and path: the parameters that hold where it leads


@cache
def tracking() -> Tracking:
    """The known tracking parameters, and the addresses of pictures that only count readers."""
    lines = (Path(__file__).parent / "data" / "tracking.txt").read_text("utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    words = [line for line in lines if " " not in line]
    redirectors = [line.split()[1:] for line in lines if line.startswith("redirect ")]
    return Tracking(
        names=frozenset(word for word in words if "=" not in word and not word.endswith("*")),
        prefixes=tuple(word[:-1] for word in words if word.endswith("*")),
        pairs=frozenset(word for word in words if "=" in word),
        pixels=tuple(line.removeprefix("pixel ") for line in lines if line.startswith("pixel ")),
        redirectors={place: tuple(names) for place, *names in redirectors},
    )


def resolve(base: str | None, url: str | None) -> str | None:
    """An absolute http or https URL of ASCII characters, or None: other schemes, junk, nothing to be relative to."""
    if not url or len(url) > LONGEST:
        return None
    if _PLAIN.fullmatch(url) and not _BARE_PERCENT.search(url):
        return url
    try:
        return _resolve(base, url)
    except ValueError:  # urllib on odd brackets, the codec on an impossible host
        return None


def _resolve(base: str | None, url: str) -> str | None:
    url = _CONTROL.sub("", url).strip()
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() in ("http", "https"):
        url = _SLASHES.sub(lambda match: f"{match[1].lower()}://", url, count=1)
    elif not url or (scheme and not _looks_like_port(url, scheme)):
        return None
    elif url.lower().startswith("www."):
        url = f"http://{url}"
    elif base is None or not base.lower().startswith(("http://", "https://")):
        return None
    else:
        url = urljoin(base, url)
    return _encode(url)


def _looks_like_port(url: str, scheme: re.Match[str]) -> bool:
    """Whether "www.example.org:8080/…" was meant, and no scheme."""
    return "." in scheme[1] and url[scheme.end() : scheme.end() + 1].isdigit()


def _encode(url: str) -> str | None:
    """RFC 3987 section 3.1: the host in punycode, everything else in percent-encoded UTF-8."""
    from w3lib.url import safe_url_string  # 50 ms to import, and only odd URLs need it

    encoded: str = safe_url_string(_BARE_PERCENT.sub("%25", url), quote_path=True)
    if not _PLAIN.fullmatch(encoded):  # user:password@, [::1] and host names with "_" come this way too
        parts = urlsplit(encoded)
        if parts.scheme not in ("http", "https") or not parts.hostname or not encoded.isascii() or " " in parts.netloc:
            return None
        _ = parts.port  # raises when it is none
    return encoded if len(encoded) <= LONGEST else None


def clean(url: str) -> str:
    """The URL without known tracking parameters; nothing else of it changes."""
    if "?" not in url and "#" not in url:
        return url
    rest, hash_mark, fragment = url.partition("#")
    path, question_mark, query = rest.partition("?")
    if question_mark:
        kept = _untracked(query)
        rest = f"{path}?{kept}" if kept else path if kept != query else rest
    if hash_mark and "=" in fragment and not _untracked(fragment):
        return rest
    return rest + hash_mark + fragment


def unwrapped(url: str) -> str:
    """Where a known redirector leads that says so in its own address, AMP's caches among them; else the URL."""
    place = url.partition("?")[0].partition("://")[2]
    if (match := _AMP_CACHE.match(place)) and "." in match[2]:
        inside = f"{'https' if match[1] else 'http'}://{url.partition('://')[2][match.start(2) :]}"
        return resolve(None, inside) or url
    names = tracking().redirectors.get(place.lower().rstrip("/"))
    if not names:
        return url
    said = dict(parse_qsl(urlsplit(url).query, max_num_fields=50) if url.count("&") < 50 else ())
    found = next((said[name] for name in names if said.get(name, "").lower().startswith(("http://", "https://"))), None)
    return resolve(None, found) or url


@lru_cache(maxsize=1024)
def _untracked(query: str) -> str:
    return "&".join(part for part in query.split("&") if not _tracks(part.lower()))


def _tracks(part: str) -> bool:
    rules = tracking()
    return (
        part.partition("=")[0] in rules.names
        or part in rules.pairs
        or f"{part}=" in rules.pairs
        or part.startswith(rules.prefixes)
    )


@lru_cache(maxsize=256)
def is_pixel(url: str) -> bool:
    """Whether a picture's address is known to count readers, or says that it does; it shows nothing."""
    counts = url.partition("://")[2].startswith(tracking().pixels) or (_COUNTED.search(url) and _COUNTER.search(url))
    return bool(counts or _FEEDBURNER.fullmatch(url))


def canonical(url: str) -> str | None:
    """The key of a page: the same for its http, www, mobile and AMP twins. Never printed, perhaps not fetchable.

    Idempotent; the registrable domain stays. None when the URL is no http(s) URL.
    """
    match = _PARTS.fullmatch(url)
    host = _host(match[1]) if match else None
    if not match or not host:
        return None
    path, query, fragment = match[2], match[3], match[4]
    key = f"https://{host}{_path(path)}"
    if query and (kept := _query(query)):
        key = f"{key}?{kept}"
    return f"{key}#{_escapes(fragment)}" if fragment and fragment.startswith("!") else key


@lru_cache(maxsize=4096)
def _host(authority: str) -> str | None:
    name, _, port = authority.rpartition("@")[2].partition(":")
    if "[" in authority or not name:  # IPv6: as it is
        return authority.rpartition("@")[2].lower() or None
    name = _ascii_host(name.rstrip(".").lower())
    port = port.lstrip("0") if port.isascii() and port.isdigit() else ""
    if not name:
        return None
    while twin := _without_twin(name):
        name = twin
    return f"{name}:{port}" if port and port not in ("80", "443") else name


def _ascii_host(name: str) -> str:
    """Punycode, RFC 3492; "" for a host that cannot be."""
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _without_twin(name: str) -> str | None:
    """The name without "www." and the like, if it keeps its registrable domain."""
    if not name.startswith(_TWINS):
        return None
    rest = name.partition(".")[2]
    domain = registrable(name)
    return rest if domain and registrable(rest) == domain else None


def _path(path: str) -> str:
    if not _USUAL_PATH.fullmatch(path):
        path = _escapes(path)
    if "/." in path:
        path = _without_dots(path)
    while (suffix := next((s for s in _SUFFIXES if path.endswith(s)), None)) and path != suffix:
        path = path.removesuffix(suffix)
    if path.endswith(".amp.html"):
        path = path.removesuffix(".amp.html") + ".html"
    return "" if path in ("/", "/index.html", "/index.htm") else path


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _query(query: str) -> str:
    parts = (part for part in _untracked(query).split("&") if part and part.lower() not in _AMP_QUERY)
    return "&".join(sorted(map(_escapes, parts)))


def _escapes(text: str) -> str:
    """RFC 3986 section 6.2.2: unreserved characters plain, hex digits in capitals, everything odd escaped."""
    if _USUAL_PATH.fullmatch(text):
        return text
    decoded = _ESCAPED.sub(_unescape, text)
    return quote(decoded, safe="%-._~/!$&'()*+,;=:@?[]|", errors="replace")


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code in _UNRESERVED else match[0].upper()
