"""Where every published file lies, and its address. One place, for links must never disagree with files."""

import re
from collections.abc import Iterable

from feeds.model import Site

FRONT = "index.html"
SOURCES = "sources.html"
OPML = "opml.xml"
SOURCES_OPML = "sources.opml"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
STYLE = "theme/copydesk.css"
ICON = "theme/icon.svg"

ATOM = "atom.xml"
RSS = "rss.xml"
JSON = "feed.json"

SEGMENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
_ID = re.compile(r"urn:uuid:([0-9a-f]{2}[0-9a-f]{6}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def entry_path(entry_id: str) -> str:
    """The path of an entry's page, for ever; spread over 256 folders by the first byte of the id."""
    found = _ID.fullmatch(entry_id)
    if found is None:
        raise ValueError(f"not an entry's id: {entry_id!r}")
    name = found[1]
    return f"article/{name[:2]}/{name}.html"


def section_path(section: str, file: str = FRONT) -> str:
    """The path of one of a section's files."""
    return f"{section}/{file}"


def page_file(number: int) -> str:
    """The file name of a section's page; they count from 1."""
    return FRONT if number == 1 else f"page-{number}.html"


def url(site: Site, path: str) -> str:
    """The public address of a path; an index page's is that of its folder."""
    folder, _, name = path.rpartition("/")
    if name != FRONT:
        return site.base_url + path
    return f"{site.base_url}{folder}/" if folder else site.base_url


def to_root(path: str) -> str:
    """The relative way from a page to the root of the output: "", "../", "../../", …"""
    return "../" * path.count("/")


def all_safe(segments: Iterable[str]) -> bool:
    """Whether every segment may be the name of a published file or folder."""
    return all(SEGMENT.fullmatch(segment) for segment in segments)
