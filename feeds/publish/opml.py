"""Lists of feeds for readers to subscribe to; OPML 2.0."""

from collections.abc import Iterable

from lxml import etree

from feeds.model import Document, Section, Site, Source
from feeds.publish import paths
from feeds.publish.secrecy import is_private
from feeds.publish.text import legible, web_url

MEDIA_TYPE = "text/x-opml"
OURS = "urn:copydesk:opml"  # what `parse.opml` reads again, and other readers pass over


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


def export(site: Site, sections: Iterable[Section], sources: Iterable[Source]) -> bytes:
    """The feeds that we read, section by section and then those of none, to be imported elsewhere or here.

    All that is handed in is told: whoever calls leaves out what nobody may see.
    """
    root, body = _open(f"Sources of {site.title}", {"copydesk": OURS})
    sources = list(sources)
    for section in sections:
        name = legible(section.title)
        shelf = etree.SubElement(body, "outline", {f"{{{OURS}}}section": section.name}, text=name, title=name)
        for source in sources:
            if section.name in source.sections:
                _entry(shelf, source)
    for source in sources:
        if not source.sections:
            _entry(body, source)
    return _bytes(root)


def _entry(parent: etree._Element, source: Source) -> None:
    """A source with its name, which is its identity; `title` only where it has one."""
    outline = _outline(parent, source.title or source.name, legible(source.url), source.home)
    outline.set(f"{{{OURS}}}name", source.name)
    if source.title is None:
        del outline.attrib["title"]
    if source.language:
        outline.set("language", source.language)
    if source.disabled:
        outline.set(f"{{{OURS}}}disabled", "true")
    if source.kind != "auto":
        outline.set(f"{{{OURS}}}kind", source.kind)


def _open(title: str, namespaces: dict[str, str] | None = None) -> tuple[etree._Element, etree._Element]:
    root = etree.Element("opml", version="2.0", nsmap=namespaces)
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = legible(title)
    return root, etree.SubElement(root, "body")


def _outline(body: etree._Element, title: str, feed: str, page: str | None) -> etree._Element:
    outline = etree.SubElement(body, "outline", type="rss", text=legible(title), title=legible(title), xmlUrl=feed)
    if page:
        outline.set("htmlUrl", page)
    return outline


def _document(path: str, root: etree._Element) -> Document:
    return Document(path=path, media_type=MEDIA_TYPE, data=_bytes(root))


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
