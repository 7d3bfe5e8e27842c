"""What a page says of itself in its head: OpenGraph, `article:*`, Twitter cards, Dublin Core, and plain `meta`."""

from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from feeds.model import Image, Person
from feeds.normalise.markup import line
from feeds.parse.page.said import Said

_MOST = 1_000
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title")
_SUMMARIES = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date", "sailthru.date",
    "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "publishdate", "publish-date",
    "publish_date", "pubdate", "publication_date", "date_published", "article.published", "citation_publication_date",
    "cxenseparse:recs:publishtime", "citation_date", "dc.date", "dcterms.date", "date", "timestamp", "datepublished",
    "article_date_original", "originalpublicationdate", "rnews:datepublished", "shareaholic:article_published_time",
    "displaydate", "ptime", "article:create_at", "pub_date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "dcterms.modified", "dc.date.modified",
    "last-modified", "lastmod", "article:updated_time", "datemodified", "revised",
)  # fmt: skip
_AUTHORS = (
    "article:author_name", "parsely-author", "sailthru.author", "author", "dc.creator", "dcterms.creator", "dc.author",
    "article:author", "og:article:author", "og:author", "byl", "citation_author", "rbauthors", "twitter:data1",
)  # fmt: skip
_SECTIONS = ("article:section", "og:article:section", "parsely-section", "section", "category", "dc.subject")
_KEYWORDS = ("article:tag", "og:article:tag", "parsely-tags", "news_keywords", "keywords", "sailthru.tags")
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone", "dc.publisher")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "parsely-image-url")


class Head(NamedTuple):
    """The layer of the head, and what says which page this is and of what sort."""

    said: Said
    kind: str  # og:type
    canonical: str
    title: str  # of the `title` element


def head(root: etree._Element) -> Head:
    """What the elements `meta`, `link` and `title` say."""
    values = _values(root)
    title = root.find(".//head/title")
    canonical = _canonical(root)

    def first(names: Iterable[str]) -> str:
        return next((values[name][0] for name in names if name in values), "")

    def listed(names: Iterable[str]) -> list[str]:
        return next((values[name] for name in names if name in values), [])

    people = (_names(values[name], turned=name == "citation_author") for name in _AUTHORS if name in values)
    said = Said(
        title=first(_TITLES),
        link=canonical or first(("og:url",)),
        summary=first(_SUMMARIES),
        published=first(_PUBLISHED),
        updated=first(_UPDATED),
        authors=next(filter(None, people), ()),
        sections=tuple(word for word in listed(_SECTIONS)[:5] if len(word) <= 80),
        keywords=_keywords(listed(_KEYWORDS)),
        images=_images(values),
        language=root.get("lang") or first(("language", "content-language", "dc.language", "og:locale")),
        rights=first(("dcterms.rights", "dc.rights", "copyright", "rights")),
        site=first(_SITES),
        paywall=first(("article:content_tier", "og:article:content_tier")).lower() in ("locked", "metered"),
    )
    shown = line("".join(map(str, title.itertext()))) if title is not None else ""
    return Head(said, first(("og:type",)).lower(), said.link, shown)


def _values(root: etree._Element) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for meta in list(root.iter("meta"))[:_MOST]:
        content = line(meta.get("content") or meta.get("value") or "")
        for attribute in ("property", "name", "http-equiv", "itemprop"):
            for name in (meta.get(attribute) or "").lower().replace("dc:", "dc.").split()[:3]:
                if content and (attribute != "itemprop" or meta.get("itemscope") is None):
                    values.setdefault(name, []).append(content[:5000])
    return values


def _canonical(root: etree._Element) -> str:
    for link in list(root.iter("link"))[:_MOST]:
        if "canonical" in (link.get("rel") or "").lower().split() and (href := (link.get("href") or "").strip()):
            return href
    return ""


def _names(said: list[str], *, turned: bool) -> tuple[Person, ...]:
    """People; an address in the place of a name is none, nor is the firm that made the site. `turned`: "Sand, Mira"."""
    names = dict.fromkeys(one for one in said[:20] if not one.startswith(("http://", "https://", "/", "@")))
    people = (" ".join(reversed(name.split(", "))) if turned and name.count(", ") == 1 else name for name in names)
    return tuple(Person(name=name) for name in people if len(name) <= 200 and "www." not in name)


def _keywords(said: list[str]) -> tuple[str, ...]:
    words = said if len(said) > 1 else (said or [""])[0].replace(";", ",").split(",")
    return tuple(dict.fromkeys(word.strip() for word in words[:50] if 0 < len(word.strip()) <= 80))


def _images(values: dict[str, list[str]]) -> tuple[Image, ...]:
    url = next((values[name][0] for name in _IMAGES if name in values), "")
    if not url:
        return ()
    width, height = ((values.get(f"og:image:{side}") or [""])[0] for side in ("width", "height"))
    alt = (values.get("og:image:alt") or [""])[0] or None
    return (Image(url=url, width=_pixels(width), height=_pixels(height), alt=alt),)


def _pixels(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else None
