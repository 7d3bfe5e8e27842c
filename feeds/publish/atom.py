"""A section as an Atom feed; RFC 4287."""

from lxml import etree

from feeds.model import Document, Edition
from feeds.publish import feedgen_door as door
from feeds.publish import paths
from feeds.publish.items import FeedItem, feed_items, feed_language
from feeds.publish.text import iri

MEDIA_TYPE = "application/atom+xml"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def render(edition: Edition, items: tuple[FeedItem, ...] | None = None) -> Document:
    """The section's `atom.xml`; `items` are those of the edition, where the caller has them already."""
    feed = door.open_feed(edition, paths.ATOM, MEDIA_TYPE)
    for item in feed_items(edition) if items is None else items:
        _add(feed, item, feed_language(edition))
    return Document(
        path=paths.section_path(edition.section.name, paths.ATOM),
        media_type=MEDIA_TYPE,
        data=feed.atom_str(pretty=True),
    )


def _add(feed: object, item: FeedItem, language: str) -> None:
    entry = door.add_entry(feed, item, lambda element: _extend(element, item, language))
    entry.published(item.published)
    entry.author([{"name": p.name, "email": p.email, "uri": p.uri} for p in item.authors])
    if item.summary:
        entry.summary(item.summary, type="text")
    entry.content(item.html, type="html")
    if item.rights:
        entry.rights(item.rights)
    for category in item.categories:
        door.add_category(entry, category, iri(category.scheme))


def _extend(entry: etree._Element, item: FeedItem, language: str) -> None:
    if item.language and item.language != language:
        entry.set(_LANG, item.language)
    _links(entry, item)
    _source(entry, item)
    door.add_media(entry, item)
    for file in item.enclosures:
        if file.seconds:
            door.add_file(entry, file)
    door.add_place(entry, item)


def _links(entry: etree._Element, item: FeedItem) -> None:
    door.element(entry, "link", rel="alternate", type="text/html", href=item.link)
    if item.original:
        door.element(entry, "link", rel="via", href=item.original)
    for url in item.related:
        door.element(entry, "link", rel="related", href=url)
    door.add_story(entry, item)
    for one in item.more:
        named = {"type": "text/html", "hreflang": one.language, "title": one.title}
        door.element(entry, "link", rel="related", href=one.url, **named)
    if item.comments:
        door.element(entry, "link", rel="replies", href=item.comments)
    for file in item.enclosures:
        length = None if file.length is None else str(file.length)
        door.element(entry, "link", rel="enclosure", href=file.url, type=file.type, length=length, title=file.title)


def _source(entry: etree._Element, item: FeedItem) -> None:
    """RFC 4287, section 4.2.11; `updated` is the item's, as the source feed's own is not kept."""
    source = door.element(entry, "source")
    door.element(source, "id", item.source_id)
    door.element(source, "title", item.source.title)
    door.element(source, "updated", item.updated.isoformat())
    if item.source.home:
        door.element(source, "link", rel="alternate", href=item.source.home)
