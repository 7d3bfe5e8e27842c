"""A section as an RSS 2.0 feed, by the profile of the RSS Advisory Board."""

from functools import partial
from html import escape

from lxml import etree

from feeds.model import Document, Edition
from feeds.publish import feedgen_door as door
from feeds.publish import paths
from feeds.publish.items import FeedItem, feed_items
from feeds.publish.text import unmistakable

MEDIA_TYPE = "application/rss+xml"
TTL = 15  # minutes


def render(edition: Edition, items: tuple[FeedItem, ...] | None = None) -> Document:
    """The section's `rss.xml`; `items` are those of the edition, where the caller has them already."""
    feed = door.open_feed(edition, paths.RSS, MEDIA_TYPE)
    feed.ttl(TTL)
    updated = door.rfc822(edition.updated.replace(microsecond=0))
    feed.copydesk.extend = lambda channel: _extend_channel(channel, updated)
    for item in feed_items(edition) if items is None else items:
        _add(feed, item)
    return Document(
        path=paths.section_path(edition.section.name, paths.RSS),
        media_type=MEDIA_TYPE,
        data=feed.rss_str(pretty=True),
    )


def _extend_channel(channel: etree._Element, updated: str) -> None:
    door.element(channel, "lastBuildDate", updated)


def _add(feed: object, item: FeedItem) -> None:
    entry = door.add_entry(feed, item, partial(_extend, item=item))
    entry.title(unmistakable(item.title))
    entry.link(href=item.link)
    if item.summary:
        entry.description(escape(item.summary))
    entry.content(item.html)
    if item.comments:
        entry.comments(item.comments)
    if item.enclosures:
        first = item.enclosures[0]
        entry.enclosure(first.url, first.length or 0, first.type)
    for category in item.categories:
        door.add_category(entry, category, category.scheme)
    if item.source.home:
        entry.source(item.source.home, item.source.title)


def _extend(entry: etree._Element, item: FeedItem) -> None:
    door.element(entry, "pubDate", door.rfc822(item.published))
    door.element(entry, f"{{{door.ATOM_NS}}}updated", item.updated.isoformat())
    for person in item.authors:
        door.element(entry, f"{{{door.DC_NS}}}creator", person.name)
    if item.language:
        door.element(entry, f"{{{door.DC_NS}}}language", item.language)
    if item.rights:
        door.element(entry, f"{{{door.DC_NS}}}rights", item.rights)
    for category in item.categories:
        if category.label:
            scheme = category.scheme
            door.element(entry, f"{{{door.MEDIA_NS}}}category", category.term, scheme=scheme, label=category.label)
    door.add_story(entry, item)
    door.add_media(entry, item)
    for place, file in enumerate(item.enclosures):
        if place or file.seconds or file.title:  # RSS has room for one, and not for all of it
            door.add_file(entry, file)
    if not item.source.home:  # the source of RSS has an address
        source = door.element(entry, f"{{{door.ATOM_NS}}}source")
        door.element(source, f"{{{door.ATOM_NS}}}title", item.source.title)
    door.add_place(entry, item)
