"""The newsroom's feeds and the configuration that reads them: templates, filled for one address and one moment."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

FOLDER = files("feeds.demo") / "newsroom"


class Wire(Struct, frozen=True, kw_only=True):
    """One source of the newsroom: its template, and how it goes over the wire."""

    name: str
    file: str
    path: str
    media_type: str
    encoding: str = "utf-8"


WIRES = (
    Wire(name="harbour-post", file="harbour-post.rss.xml", path="rss.xml", media_type="application/rss+xml"),
    Wire(name="meridian", file="meridian.atom.xml", path="atom.xml", media_type="application/atom+xml"),
    Wire(name="straits-ledger", file="straits-ledger.json", path="feed.json", media_type="application/feed+json"),
    Wire(name="orrery", file="orrery.rdf.xml", path="index.rdf", media_type="application/rdf+xml"),
    Wire(name="touchline", file="touchline.rss.xml", path="feed", media_type="text/xml"),
    Wire(
        name="bogaz-postasi",
        file="bogaz-postasi.rss.xml",
        path="rss.xml",
        media_type="application/rss+xml",
        encoding="windows-1254",
    ),
    Wire(
        name="minato-shimpo",
        file="minato-shimpo.rss.xml",
        path="rss.xml",
        media_type="text/xml",
        encoding="Shift_JIS",
    ),
    Wire(name="quay-exchange", file="quay-exchange.rss.xml", path="news.rss", media_type="application/rss+xml"),
)

# {{base}}, {{size:images/ferry.svg}}, {{hours_ago:5|rfc822}}, {{hours_ago:5|rfc822|+3}} (hours east of Greenwich)
_PLACEHOLDER = re.compile(r"\{\{(\w+)(?::([^|{}]+))?(?:\|(\w+))?(?:\|([+-]\d+))?\}\}")

_FORMATS: dict[str, Callable[[datetime], str]] = {
    "rfc822": format_datetime,
    "rfc3339": lambda time: time.isoformat(timespec="seconds"),
    "weekday": lambda time: f"{time:%A}",
    "day": lambda time: f"{time:%B} {time.day}",
    "short_day": lambda time: f"{time:%b}. {time.day}",
}


def body(wire: Wire, base: str, now: datetime) -> bytes:
    """The feed as it is sent, in its own encoding; `base` is the newsroom's address without a slash at the end."""

    def value(found: re.Match[str]) -> str:
        word, argument, style, east = found.groups()
        match word:
            case "base":
                return base
            case "encoding":
                return wire.encoding
            case "size":
                return str(len((FOLDER / argument).read_bytes()))
            case "hours_ago":
                zone = timezone(timedelta(hours=int(east or 0)))
                return _FORMATS[style]((now - timedelta(hours=float(argument))).astimezone(zone))
        raise KeyError(word)

    return _PLACEHOLDER.sub(value, (FOLDER / wire.file).read_text("utf-8")).encode(wire.encoding)


def configuration(base_url: str, folder: Path, port: int) -> str:
    """The demo's configuration as TOML, its paths relative to the file.

    `base_url` is the newsroom's address; the pages are to be served from `port` of this machine.
    """
    template = (FOLDER / "copydesk.toml").read_text("utf-8")
    # As a literal, because the name of a folder may hold a line break.
    words = {"base": base_url.rstrip("/"), "folder": repr(str(folder)), "port": str(port)}
    for word, value in words.items():
        template = template.replace(f"{{{{{word}}}}}", value)
    return template
