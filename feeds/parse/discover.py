"""Where a page says that its feeds are: bytes, URL and headers become candidates, the most trusted first. Pure.

Whether a candidate is a feed, only fetching it can tell. Our own code: trafilatura and its like fetch by themselves,
past our guard, and keep neither titles nor languages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml import etree
from msgspec import Struct
from w3lib.encoding import html_to_unicode

How = Literal["typed", "header", "link", "anchor", "known", "robots", "page"]

MOST = 200  # candidates of one page
WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
PAGE_TYPES = "text/html, application/xhtml+xml"

_MAX_URL, _MAX_TITLE = 2_000, 200
_TRUST: dict[How, int] = {"typed": 0, "header": 1, "link": 2, "anchor": 3, "known": 4, "robots": 5}
_FEED_TYPE = re.compile(r"(?:application|text)/(?:x\.|x-)?(?:(?:rss|atom|rdf)(?:\+xml)?|feed\+json|rss\+atom)", re.I)
_PLAIN_TYPE = re.compile(r"(?:application|text)/(?:xml|json)", re.I)  # also of interfaces that are no feeds
_SPEAKS_OF_FEEDS = re.compile(r"(?<![a-z])(?:rss|atom|rdf|feeds?|json ?feed)(?![a-z])", re.I)
_FEED_PATH = re.compile(
    r"\.(?:rss|rdf|atom)$|/(?:feeds?|rss2?|atom|rdf)(?:\.(?:xml|json|php|aspx?))?/?$"
    r"|(?<![a-z])(?:feeds?|rss|atom|index)[\w.-]{0,40}\.xml$|feed\.json$|/feeds?/(?:[\w.-]{1,80}/?){0,2}$",
    re.I,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|alt|output)=(?:rss|atom|rdf|feed)", re.I)
_FEED_HOST = re.compile(r"(?:feeds?|rss)\d?\.", re.I)
_LABEL = re.compile(r"\W*(?:rss|atom|xml|feeds?|web ?feed)(?:[ /-]?(?:2\.0|1\.0|feeds?|rss|atom))?\W*", re.I)
_OTHERS = re.compile(r"[?&/=](?:https?:|https?%3a|feed/http)", re.I)  # a reader's "subscribe" button: not a feed
# The comments' feed as the usual systems name it; "Comment" and "Kommentare" alone are sections of newspapers.
_COMMENTS = re.compile(
    r"(?<![a-z])comments(?![a-z])|comment[ -]feed|kommentar-?feed|kommentare (?:zu|für)|kommentarer|commentaires|"
    r"coment[aá]rios|commenti(?![a-z])|reacties|komentarz[ey]|yorum(?:lar|u)|коммент|комент|σχόλια|تعليقات|نظرات|"
    r"תגובות|टिप्पणि|ความเห็น|bình luận|コメント|评论|評論|留言|댓글",
    re.I,
)
_COMMENTS_PATH = re.compile(r"/comments(?:[/.]|$)", re.I)
_LINK = re.compile(r'<([^<>]{1,2000})>((?:\s*+;\s*+[\w*!-]{1,40}(?:\s*+=\s*+(?:"[^"]*+"|[^\s",;]*+))?+)*+)')
_PARAMETER = re.compile(r';\s*+([\w*!-]{1,40})\s*+=\s*+(?:"([^"]*+)"|([^\s",;]*+))')  # RFC 8288, section 3


class Candidate(Struct, frozen=True, kw_only=True):
    """An address that may be a feed's, and what the page says of it."""

    url: str
    how: How
    title: str | None = None
    type: str | None = None
    language: str | None = None  # hreflang

    @property
    def comments(self) -> bool:
        """Whether it looks like the feed of readers' comments."""
        path = urlsplit(self.url).path
        return _COMMENTS.search(self.title or "") is not None or _COMMENTS_PATH.search(path) is not None


def discover(body: bytes, url: str, headers: Mapping[str, str]) -> tuple[Candidate, ...]:
    """The candidates of a page: most trusted first, then in its order, comments last; each address once."""
    found = [*_of_header(headers.get("link", ""), url), *islice(_of_page(body, url, headers), 5 * MOST)]
    once = {one.url: one for one in sorted(found, key=_rank, reverse=True)}
    return tuple(sorted(once.values(), key=_rank))[:MOST]


def well_known(url: str) -> tuple[Candidate, ...]:
    """Where feeds often are, though no page says so: below this very page, then at the root of its site."""
    parts = urlsplit(url)
    page = parts.path.rstrip("/")
    own = (f"{page}/feed",) if page.count("/") in (1, 2) and "." not in page else ()
    root = f"{parts.scheme}://{parts.netloc}"
    return tuple(Candidate(url=root + path, how="known") for path in dict.fromkeys((*own, *WELL_KNOWN)))


def web_address(base: str, said: str) -> str | None:
    """An absolute http(s) URL, also of `feed:` ones; None for everything else.

    Made to be written into a configuration: there `${NAME}` would stand for a secret of ours.
    """
    said = re.sub(
        r"^\s*feed:(?:(?=https?:)|//)", lambda m: "" if m[0].endswith(":") else "http://", said[: _MAX_URL + 9]
    )
    try:
        found = urljoin(base, said.strip())
        parts = urlsplit(found)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    if not usable or len(found) > _MAX_URL or not found.isprintable() or " " in found:
        return None
    return found.replace("${", "%24%7B")


def _rank(one: Candidate) -> tuple[bool, int]:
    return one.comments, _TRUST[one.how]


def _of_header(said: str, url: str) -> Iterator[Candidate]:
    """RFC 8288; repeated headers come joined by commas."""
    for target, parameters in _LINK.findall(said[:65536]):
        values = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters)}
        rel, media, title = values.get("rel", ""), values.get("type", ""), values.get("title", "")
        if _is_declared(rel, media, target, title):
            yield from _candidate(url, target, "header", title, media, values.get("hreflang"))


def _of_page(body: bytes, url: str, headers: Mapping[str, str]) -> Iterator[Candidate]:
    root = _tree(body, headers)
    if root is None:
        return
    base = next((b for e in root.iter("base") if (b := web_address(url, e.get("href", "")))), url)
    for element in root.iter("link", "a"):
        target, title = element.get("href", ""), element.get("title", "")
        if not target:
            continue
        if element.tag == "link":
            media = element.get("type", "")
            if _is_declared(element.get("rel", ""), media, target, title):
                yield from _candidate(base, target, "link", title, media, element.get("hreflang"))
        elif _looks_like_feed(element, base, target):
            label = title or _text(element)
            yield from _candidate(base, target, "anchor", label, element.get("type", ""), element.get("hreflang"))


def _tree(body: bytes, headers: Mapping[str, str]) -> etree._Element | None:
    """The HTML tree of anything at all; None when there is none."""
    _, text = html_to_unicode(headers.get("content-type"), body, default_encoding="utf-8")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _is_declared(rel: str, media: str, target: str, title: str) -> bool:
    rels = rel.lower().split()
    if "feed" in rels:
        return True
    media = media.partition(";")[0].strip()
    if "alternate" not in rels or "stylesheet" in rels:
        return False
    return _FEED_TYPE.fullmatch(media) is not None or (
        _PLAIN_TYPE.fullmatch(media) is not None and _SPEAKS_OF_FEEDS.search(f"{title} {target}") is not None
    )


def _looks_like_feed(element: etree._Element, base: str, target: str) -> bool:
    if target[:5].lower() == "feed:":
        return True
    address = web_address(base, target)
    if address is None or _OTHERS.search(address, 8):
        return False
    parts = urlsplit(address)
    if _FEED_PATH.search(parts.path[-200:]) or _FEED_QUERY.search(parts.query):
        return True
    if _FEED_HOST.match(parts.netloc) and parts.path.strip("/"):
        return True
    return _LABEL.fullmatch(_short_text(element)) is not None


def _short_text(element: etree._Element) -> str:
    """What a link is called; "" for one that says more than a label would."""
    said = _text(element) or element.get("title", "") or element.get("aria-label", "")
    return said if len(said) <= 20 else ""


def _text(element: etree._Element) -> str:
    """The first words in an element."""
    return " ".join("".join(map(str, islice(element.itertext(), 10))).split())


def _candidate(base: str, target: str, how: How, title: str, media: str, language: str | None) -> Iterator[Candidate]:
    address = web_address(base, target)
    if address is not None:
        yield Candidate(
            url=address.partition("#")[0],
            how=how,
            title=" ".join(title.split())[:_MAX_TITLE] or None,
            type=media.strip().lower()[:100] or None,
            language=(language or "").strip()[:35] or None,
        )


def sitemaps(robots: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (RFC 9309, section 2.2.4), those of news first; `url` is its own."""
    said = re.findall(
        r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*([^\s#]{1,2000})", robots[: 512 * 1024].decode("utf-8", "replace")
    )
    return tuple(sorted(_addresses(url, said), key=lambda found: "news" not in found.lower()))[:MOST]


def _addresses(base: str, said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found for one in said if (found := web_address(base, one))))
