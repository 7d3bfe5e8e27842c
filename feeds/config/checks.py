"""What a single value may be: each check gives the value back or raises ValueError with a sentence for a person."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from feeds.sections import check_pattern

RESERVED = ("all", "archive", "article", "theme")  # folders of the output
MAX_URL = 2_000
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_CONTROL = re.compile("[\x00-\x20\x7f-\xa0]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # RFC 9110, section 5.6.2
_FIELD_VALUE = re.compile("[\t\x20-\x7e\xa1-\xff]{1,8000}")
_SECRET_PARAMETER = re.compile(
    r"(?:[a-z]{1,20}[_-])?(?:token|secret|password|passwd|pwd|auth|authkey|api-?_?key|private-?_?key|sig|signature)",
    re.I,
)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_OUR_HEADERS = re.compile(
    "accept-encoding|connection|content-(length|type)|host|if-(modified-since|none-match)|keep-alive|range|te|trailer|"
    "transfer-encoding|upgrade|user-agent"
)


def shown(text: str) -> str:
    """The text in quotes, on one line and not too long."""
    short = text if len(text) <= 80 else text[:77] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in f'"{short}"')


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "…"?`, or nothing."""
    close = get_close_matches(word[:80].casefold(), known, n=1, cutoff=0.6)
    return f"; did you mean {shown(close[0])}?" if close else ""


def name(value: str) -> str:
    """The name of a source or section: it is part of addresses and file names."""
    if not _NAME.fullmatch(value):
        raise ValueError(
            f"{shown(value)} is no name; use up to 64 of a-z, 0-9 and hyphens, beginning with a letter or figure"
        )
    return value


def section_name(value: str) -> str:
    """The name of a section: a folder of the output."""
    if value in RESERVED:
        raise ValueError(f"{shown(value)} is a folder of Copydesk's own; give the section another name")
    return name(value)


def prose(value: str) -> str:
    """Text that is printed; it may have lines."""
    if not value.strip():
        raise ValueError("is blank; write something or leave the key out")
    if len(value) > 1_000:
        raise ValueError("is longer than 1,000 characters; shorten it")
    if found := _NOT_XML.search(value):
        raise ValueError(f"holds the character U+{ord(found[0]):04X}, which no feed can carry; remove it")
    return value


def line(value: str) -> str:
    """Text of one line that is printed."""
    if "\n" in value or "\r" in value:
        raise ValueError("has more than one line; put it on one")
    return prose(value)


def seconds(text: str) -> timedelta:
    """The duration that a checked text means."""
    number, unit = text[:-1], text[-1]
    return timedelta(**{_UNITS[unit]: int(number)})


def duration(least: str, most: str) -> Callable[[str], str]:
    """A check of a duration that lies between two others."""

    def check(value: str) -> str:
        if not _DURATION.fullmatch(value):
            raise ValueError(f'{shown(value)} is no duration; write it as "90s", "15m", "48h" or "365d"')
        if not seconds(least) <= seconds(value) <= seconds(most):
            raise ValueError(f"{shown(value)} is out of bounds; write something from {shown(least)} to {shown(most)}")
        return value

    return check


def language(value: str) -> str:
    """A language tag; BCP 47."""
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f'{shown(value)} is no language tag; write one such as "en", "en-GB" or "zh-Hant"')
    return value


@lru_cache(maxsize=256)
def timezone(value: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        folded = {zone.casefold(): zone for zone in available_timezones()}
        close = get_close_matches(value.casefold(), folded, n=1, cutoff=0.6)
        hint = f"; did you mean {shown(folded[close[0]])}?" if close else ""
        raise ValueError(f'{shown(value)} is no time zone; write one such as "Europe/Istanbul"{hint}') from error
    return value


@lru_cache(maxsize=4096)
def _split(value: str) -> SplitResult | None:
    """The parts of an http(s) address, or None."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and (parts.hostname or "").strip(".") and parts.port != 0
    except ValueError:
        return None
    return parts if usable and not _CONTROL.search(value) and len(value) <= MAX_URL else None


def http_url(value: str) -> str:
    """An absolute http(s) address."""
    if _split(value) is None:
        raise ValueError(f'{shown(value)} is no http(s) address; write it in full, as "https://example.org/feed.xml"')
    return value


def base_url(value: str) -> str:
    """The address under which the output is published; given back with a slash at its end."""
    parts = _split(value)
    if parts is None or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f'{shown(value)} is no http(s) address of a site; write it as "https://wire.example.org/"')
    return value if value.endswith("/") else value + "/"


def same_place(value: str) -> str | None:
    """Equal for addresses that lead to the same place; None for what is no address."""
    parts = _split(value)
    if parts is None:
        return None
    port = parts.port if parts.port not in (None, 80, 443) else ""
    return f"{parts.hostname}:{port}{parts.path or '/'}?{parts.query}"


def credentials(value: str) -> tuple[str | None, str | None]:
    """User and password in a URL, as they stand there."""
    try:
        parts = urlsplit(value)
        return parts.username, parts.password
    except ValueError:
        return None, None


def tokens(value: str) -> tuple[str, ...]:
    """The values of parameters in a URL that are secrets by their names, as they stand there."""
    try:
        query = urlsplit(value).query
    except ValueError:
        return ()
    pairs = (part.partition("=") for part in query.split("&"))
    return tuple(said for name, _, said in pairs if said and _SECRET_PARAMETER.fullmatch(name))


def contact(value: str) -> str:
    """Where a publisher can complain: it is part of the User-Agent."""
    if len(value) > 200 or not (_EMAIL.fullmatch(value) or (value.isascii() and _split(value))):
        raise ValueError(f"{shown(value)} is neither an e-mail address nor an http(s) address; write one of them")
    return value


def selector(value: str) -> str:
    """A CSS selector."""
    from cssselect import HTMLTranslator, SelectorError

    if len(value) > 500:
        raise ValueError("is longer than 500 characters; shorten it")
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(
            f'{shown(value)} is no CSS selector ({error}); write one such as "article h2 a", without ::text or ::attr'
        ) from error
    return value


def database(value: str) -> str:
    """The URL of a store."""
    scheme, separator, rest = value.partition("://")
    if scheme not in DATABASES or not separator:
        raise ValueError(
            'is no URL of a store; write "sqlite:///FILE" or "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"'
            + did_you_mean(scheme, DATABASES)
        )
    if scheme == "sqlite" and (not rest.startswith("/") or rest in ("/", "/:memory:") or "\x00" in rest):
        raise ValueError('names no file that would stay; write it as "sqlite:///copydesk.db", with three slashes')
    return value


def folder(value: str) -> str:
    """A path, absolute or relative to the configuration."""
    if not value.strip() or "\x00" in value or value.startswith("~"):
        raise ValueError(f'{shown(value)} is no folder; write a path, absolute or relative to this file, as "public"')
    return value


def header_name(value: str) -> str:
    """The name of a request header that a source may need."""
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"{shown(value)} is no name of an HTTP header; use letters, figures and hyphens")
    if _OUR_HEADERS.fullmatch(value.lower()):
        raise ValueError(f"{shown(value)} is set by Copydesk itself; remove it")
    return value


def header_value(value: str) -> str:
    """The value of a request header; never shown, it may be a secret."""
    if not _FIELD_VALUE.fullmatch(value):
        raise ValueError("is no value of an HTTP header; write one line of Latin letters, figures and signs")
    return value


RuleKind = Literal["categories", "keywords", "urls"]


def pattern(kind: RuleKind) -> Callable[[str], str]:
    """A check of one pattern of a rule."""

    def check(value: str) -> str:
        wrong = check_pattern(kind, value)
        if wrong:
            raise ValueError(f"{shown(value)} {wrong}; correct or remove it")
        return value

    return check
