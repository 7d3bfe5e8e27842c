import pytest

from feeds.errors import ParseError
from feeds.parse import parse

RSS = b"<rss version='2.0'><channel><title>T</title><item><title>x</title></item></channel></rss>"
JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'
MAP = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>"
HTML = b"<!doctype html><title>x</title>"
OPML = b"<opml version='2.0'><body/></opml>"


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("auto", HTML, 'an HTML page, not a feed; .*kind = "page"'),
        ("auto", OPML, "import it instead"),
        ("feed", HTML, "`copydesk add` finds the feeds"),
        ("feed", MAP, 'a sitemap, not a feed; set kind = "sitemap"'),
        ("sitemap", RSS, "a feed, not a sitemap; leave kind out"),
        ("sitemap", JSON, "a feed, not a sitemap"),
        ("sitemap", HTML, "an HTML page, not a sitemap"),
        ("sitemap", b"<x><item/></x>", "neither RSS"),
        ("page", RSS, "a feed, not an HTML page"),
        ("page", MAP, "a sitemap, not an HTML page"),
        ("page", OPML, "import it instead"),
    ],
)
def test_a_document_of_another_kind_is_refused_with_what_to_do(kind, body, words) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        parse(body, "https://x.example/", {}, kind)
    assert caught.value.kind == "not a feed"


@pytest.mark.parametrize("kind", ["auto", "feed"])
def test_a_feed_is_read_under_both_words(kind) -> None:
    assert len(parse(RSS, "https://x.example/", {}, kind).items) == 1
