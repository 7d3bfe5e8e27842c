"""Lists of feeds for readers to subscribe to; OPML 2.0."""

from collections.abc import Iterable

from lxml import etree

from feeds.model import Document, Section, Site, Source
from feeds.publish import paths
from feeds.publish.secrecy import is_private
from feeds.publish.text import legible, web_url

MEDIA_TYPE = "text/x-opml"


def sections(site: Site, sections: Iterable[Section]) -> Document:
    """`opml.xml`: our own feeds, one per section."""
    root, body = _open(site.title)
    for section in sections:
        _outline(
            body,
            f"{site.title}: {section.title}",
            paths.url(site, paths.section_path(section.name, paths.ATOM)),
            paths.url(site, paths.section_path(section.name)),
        )
    return _document(paths.OPML, root)


def sources(site: Site, sources: Iterable[Source]) -> Document:
    """`sources.opml`: the feeds that we read, by name; private and disabled ones are left out."""
    root, body = _open(f"Sources of {site.title}")
    for source in sorted(sources, key=lambda s: s.name):
        address = web_url(source.url)
        if address and not source.disabled and not is_private(source):
            _outline(body, source.title or source.name, address, web_url(source.home))
    return _document(paths.SOURCES_OPML, root)


def _open(title: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = legible(title)
    return root, etree.SubElement(root, "body")


def _outline(body: etree._Element, title: str, feed: str, page: str | None) -> None:
    outline = etree.SubElement(body, "outline", type="rss", text=legible(title), title=legible(title), xmlUrl=feed)
    if page:
        outline.set("htmlUrl", page)


def _document(path: str, root: etree._Element) -> Document:
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return Document(path=path, media_type=MEDIA_TYPE, data=data)
