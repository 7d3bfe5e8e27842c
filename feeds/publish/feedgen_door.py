"""feedgen, with all that has to be known about version 1.0.0 of it.

- Its Atom entries lose a link's rel, type and length, its `source` has no id: both come from our extension.
- Atom `updated` and RSS `lastBuildDate` are "now" unless set.
- The RSS channel's link is whichever feed link was given last.
- Entries are prepended unless told otherwise.
- RSS dates call `setlocale`, which is the process's: every date of RSS is ours.
- RSS has no author without an e-mail address: `dc:creator` is ours.
- An RSS category with a label loses its term: `media:category` is ours.
- Prefixes are clean only for namespaces that an extension declares on the root.
- A character outside XML `Char` raises: `text.legible` comes first.
"""

from collections.abc import Callable
from email.utils import format_datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.model import Category, Edition, Enclosure
from feeds.publish import paths
from feeds.publish.items import FeedItem, feed_description, feed_language, feed_title
from feeds.publish.text import legible

ATOM_NS = "http://www.w3.org/2005/Atom"
DC_NS = "http://purl.org/dc/elements/1.1/"
MEDIA_NS = "http://search.yahoo.com/mrss/"
GEORSS_NS = "http://www.georss.org/georss"

Extend = Callable[[etree._Element], None]


class _FeedExtension(BaseExtension):  # type: ignore[misc]
    extend: Extend | None = None

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC_NS, "media": MEDIA_NS}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        return feed

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        if self.extend:
            self.extend(feed[0])
        return feed


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    extend: Extend

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        self.extend(entry)
        return entry

    extend_rss = extend_atom


def open_feed(edition: Edition, file: str, media_type: str) -> Any:
    """A generator for one of a section's feeds, with everything but its entries."""
    site, section = edition.site, edition.section
    address = paths.url(site, paths.section_path(section.name, file))
    feed = FeedGenerator()
    feed.id(uuid5(NAMESPACE_URL, paths.url(site, paths.section_path(section.name, paths.ATOM))).urn)
    feed.title(feed_title(edition))
    feed.subtitle(feed_description(edition))
    feed.updated(edition.updated.replace(microsecond=0))
    # The only way past `setlocale`, short of writing the channel ourselves: the extension adds the date.
    feed._FeedGenerator__rss_lastBuildDate = None
    feed.link(href=address, rel="self", type=media_type)
    feed.link(href=paths.url(site, paths.section_path(section.name)), rel="alternate", type="text/html")
    feed.author(name=legible(site.title))
    feed.generator("Copydesk")
    feed.language(feed_language(edition))
    if site.rights:
        feed.rights(legible(site.rights))
    feed.register_extension("copydesk", _FeedExtension, _EntryExtension)
    return feed


def add_entry(feed: Any, item: FeedItem, extend: Extend) -> Any:
    """A new last entry with what both formats print alike; `extend` gets its element when it is rendered."""
    entry: FeedEntry = feed.add_entry(order="append")
    entry.copydesk.extend = extend
    entry.id(item.id)
    entry.title(item.title)
    entry.updated(item.updated)
    return entry


def add_category(entry: Any, category: Category, scheme: str | None) -> None:
    """A category under a scheme that the format allows."""
    said = {"term": category.term, "scheme": scheme, "label": category.label}
    entry.category({key: value for key, value in said.items() if value})


def rfc822(when: Any) -> str:
    """A date as RSS 2.0 asks for it."""
    return format_datetime(when)


def element(parent: etree._Element, name: str, text: str | None = None, **attributes: str | None) -> etree._Element:
    """A new last child; attributes that are None or empty are left out."""
    child = etree.SubElement(parent, name, {key: value for key, value in attributes.items() if value})
    child.text = text
    return child


def add_file(parent: etree._Element, file: Enclosure) -> None:
    """Media RSS for a file: for all that an enclosure has no room for."""
    medium = (file.type or "").partition("/")[0]
    content = element(parent, f"{{{MEDIA_NS}}}content", url=file.url, type=file.type, fileSize=str(file.length or ""),
                      medium=medium if medium in ("audio", "video", "image") else "document",
                      duration=str(file.seconds or ""))  # fmt: skip
    if file.title:
        element(content, f"{{{MEDIA_NS}}}title", file.title, type="plain")


def add_story(parent: etree._Element, item: FeedItem) -> None:
    """Links to what else of its story an entry shows; Atom's, in either format."""
    space = f"{{{ATOM_NS}}}" if parent.tag == "item" else ""
    for one in item.inside:
        named = {"type": "text/html", "hreflang": one.language, "title": one.title}
        element(parent, f"{space}link", rel="related", href=one.link, **named)


def add_place(parent: etree._Element, item: FeedItem) -> None:
    """GeoRSS for the place that an entry is about."""
    if not item.geo:
        return
    if item.geo.latitude is not None and item.geo.longitude is not None:
        point = etree.SubElement(parent, f"{{{GEORSS_NS}}}point", nsmap={"georss": GEORSS_NS})
        point.text = f"{item.geo.latitude} {item.geo.longitude}"
    if item.geo.name:
        name = etree.SubElement(parent, f"{{{GEORSS_NS}}}featureName", nsmap={"georss": GEORSS_NS})
        name.text = item.geo.name


def add_media(parent: etree._Element, item: FeedItem) -> None:
    """Media RSS for the agency and the pictures, in either format; readers that keep one credit keep the first."""
    if item.agency:
        element(parent, f"{{{MEDIA_NS}}}credit", item.agency)
    for image in item.images:
        content = element(parent, f"{{{MEDIA_NS}}}content", url=image.url, medium="image",
                          width=str(image.width or ""), height=str(image.height or ""))  # fmt: skip
        if image.alt:
            element(content, f"{{{MEDIA_NS}}}description", legible(image.alt), type="plain")
        if image.credit:
            element(content, f"{{{MEDIA_NS}}}credit", legible(image.credit))
