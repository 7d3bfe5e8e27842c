"""What search engines read: `sitemap.xml` (sitemaps.org, protocol 0.9) and `robots.txt` (RFC 9309)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from lxml import etree

from feeds.model import Document, Site
from feeds.publish import paths

MAX_PAGES = 50_000  # the protocol's bound on one file
_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def render(site: Site, pages: Iterable[tuple[str, datetime | None]]) -> Document:
    """`sitemap.xml` of (path, updated); give the newest first: what is over the bound is left out."""
    root = etree.Element(f"{{{_NS}}}urlset", nsmap={None: _NS})  # type: ignore[dict-item]
    for path, updated in islice(pages, MAX_PAGES):
        entry = etree.SubElement(root, f"{{{_NS}}}url")
        etree.SubElement(entry, f"{{{_NS}}}loc").text = paths.url(site, path)
        if updated:
            etree.SubElement(entry, f"{{{_NS}}}lastmod").text = updated.isoformat(timespec="seconds")
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return Document(path=paths.SITEMAP, media_type="application/xml", data=data)


def robots(site: Site) -> Document:
    """`robots.txt`: everything may be read."""
    text = f"User-agent: *\nDisallow:\n\nSitemap: {paths.url(site, paths.SITEMAP)}\n"
    return Document(path=paths.ROBOTS, media_type="text/plain; charset=utf-8", data=text.encode())
