"""What search engines read."""

from lxml import etree

from feeds.publish import sitemap
from tests.publish.samples import NOON, SITE

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_pages_with_their_dates():
    root = etree.fromstring(sitemap.render(SITE, [("world/index.html", NOON), ("sources.html", None)]).data)
    assert [(e.findtext(f"{NS}loc"), e.findtext(f"{NS}lastmod")) for e in root] == [
        ("https://wire.example.org/world/", "2026-01-08T12:00:00+00:00"),
        ("https://wire.example.org/sources.html", None),
    ]


def test_the_protocols_bound_is_kept():
    pages = ((f"article/00/{n}.html", None) for n in range(sitemap.MAX_PAGES + 5))
    assert len(etree.fromstring(sitemap.render(SITE, pages).data)) == sitemap.MAX_PAGES


def test_robots_may_read_everything():
    assert sitemap.robots(SITE).data == b"User-agent: *\nDisallow:\n\nSitemap: https://wire.example.org/sitemap.xml\n"
