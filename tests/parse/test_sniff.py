import pytest

from feeds.parse.sniff import Kind, lists_items, sniff


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<rss version='2.0'>", (Kind.RSS, 0)),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- c --><?pi x?>\n<RSS>", (Kind.RSS, 0)),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", (Kind.RSS, 0)),
        (b"<rdf:RDF xmlns:rdf='x'>", (Kind.RDF, 0)),
        (b"<atom:feed xmlns:atom='x'>", (Kind.ATOM, 0)),
        (b"<feed>", (Kind.ATOM, 0)),
        (b" \n{", (Kind.JSON, 0)),
        (b"<sitemapindex>", (Kind.SITEMAP, 0)),
        (b"<opml>", (Kind.OPML, 0)),
        (b"<!doctype HTML><p>", (Kind.HTML, 0)),
        (b"<html><p>about <rss > feeds", (Kind.HTML, 0)),
        (b"<other/>", (Kind.XML, 0)),
        (b"plain words", (Kind.OTHER, 0)),
        (b"Warning: x<br /><rss>", (Kind.RSS, 16)),
        (b"<br />Notice<?xml version='1.0'?><feed>", (Kind.ATOM, 12)),
    ],
)
def test_kind_and_start(body: bytes, expected: tuple[Kind, int]) -> None:
    assert sniff(body) == expected


@pytest.mark.parametrize(("body", "expected"), [(b"<x><Item a='1'>", True), (b"<x><items>", False)])
def test_items_in_unknown_xml(body: bytes, expected: bool) -> None:
    assert lists_items(body) is expected
