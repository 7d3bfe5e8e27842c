import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from feeds.errors import ParseError
from feeds.parse import REASONS, Reason, parse
from feeds.parse.reasons import MAX_ITEMS
from tests.parse.reading import reading

DATA = Path(__file__).parent / "data"
DOCUMENTS = sorted(path for path in DATA.iterdir() if path.suffix != ".json")
URL = "https://feed.example/dir/feed"


def rss(items: str, head: str = "") -> bytes:
    return f"<rss version='2.0'><channel><title>T</title>{head}{items}</channel></rss>".encode()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert reading(parse(path.read_bytes(), URL, {})) == expected


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", "empty", "empty"),
        (b" \r\n\t ", "empty", "empty"),
        (b"<!DOCTYPE html><html><body><item>x</item></body></html>", "not a feed", "HTML page"),
        (b"<html><head><title>x</title></head></html>", "not a feed", "HTML page"),
        (b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "not a feed", "OPML"),
        (b"<urlset><url><loc>https://x.example/a</loc></url></urlset>", "not a feed", "without news"),
        (b"<note><to>you</to></note>", "not a feed", "neither RSS"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a feed", "neither XML nor JSON"),
        (b'{"items": "none"}', "not a feed", "not a JSON Feed"),
        (b"[1, 2]", "not a feed", "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "unparseable", "not JSON"),
        (b"<rss><channel>" + b"<item>" * 1000, "unparseable", "Excessive depth"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, kind: str, words: str) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        parse(body, URL, {})
    assert caught.value.kind == kind


def atom(entry: str) -> bytes:
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'>{entry}</feed>".encode()
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<content>&lt;div&gt;It &lt;b&gt;rained&lt;/b&gt;.&lt;/div&gt;</content>", "html"),
        ("<content type='text'>&lt;div&gt;It rained.&lt;/div&gt;</content>", "text"),
        ("<content>&lt;div&gt; is an element.</content>", "text"),
        ("<content>It &lt;b&gt;rained&lt;/b&gt;.</content>", "text"),
    ],
)
def test_markup_in_atom_whose_type_was_forgotten(content: str, expected: str) -> None:
    found = parse(atom(f"<entry><id>a</id>{content}</entry>"), URL, {}).items[0].content
    assert found is not None and found.type == expected


def test_a_picture_inside_the_link_to_the_page() -> None:
    picture = "<media:content><media:thumbnail url='https://x.example/a.jpg' width='144' height='81'/></media:content>"
    related = f"<link rel='related' href='/b'>{picture.replace('a.jpg', 'b.jpg')}</link>"
    item = parse(atom(f"<entry><id>a</id><link href='/a'>{picture}</link>{related}</entry>"), URL, {}).items[0]
    assert [(image.url, image.width) for image in item.images] == [("https://x.example/a.jpg", 144)]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [("", "tr"), (" xml:lang='az'", "az")],
)
def test_a_language_that_only_the_title_names(entry: str, expected: str) -> None:
    body = atom(f"<entry{entry}><id>a</id><title xml:lang='tr'>Liman sakin</title></entry>")
    assert parse(body, URL, {}).items[0].language == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "<copyright>&lt;a href='https://l.example/by'&gt;&lt;img src='b.png'/&gt;&lt;/a&gt;</copyright>",
            "https://l.example/by",
        ),
        ("<copyright>&lt;a href='https://l.example/by'&gt;CC BY&lt;/a&gt;</copyright>", "CC BY"),
        ("<copyright>&lt;img src='b.png'/&gt;</copyright>", None),
        (
            "<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='license' href='https://l.example/by'/>",
            "https://l.example/by",
        ),
    ],
)
def test_rights_that_are_only_a_badge(head: str, expected: str | None) -> None:
    assert parse(rss("<item><title>x</title></item>", head), URL, {}).rights == expected


def test_a_film_that_is_called_an_image_is_a_file() -> None:
    film = "<media:content url='https://x.example/a.mp4' type='video/mp4' medium='image'/>"
    item = parse(atom(f"<entry><id>a</id>{film}</entry>"), URL, {}).items[0]
    assert ([file.url for file in item.enclosures], item.images) == (["https://x.example/a.mp4"], ())


def test_content_type_is_not_believed() -> None:
    assert parse(rss("<item><title>x</title></item>"), URL, {"content-type": "text/html"}).path == "strict"


@pytest.mark.parametrize("item", ["<item><title>x</title></item>", "<item><title>x</b></title></item>"])
def test_items_beyond_the_bound_are_problems(item: str) -> None:
    feed = parse(rss(item * (MAX_ITEMS + 5)), URL, {})
    assert (len(feed.items), [p.reason for p in feed.problems]) == (MAX_ITEMS, [Reason.TOO_MANY] * 5)


def test_every_reason_is_a_word_of_the_closed_list() -> None:
    feed = parse((DATA / "jsonfeed11.feed").read_bytes(), URL, {})
    assert {problem.reason for problem in feed.problems} <= REASONS


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("T &amp; &lt;1&gt;", ("text", "T & <1>")),
        ("Use of &lt;vector&gt; in C++", ("text", "Use of <vector> in C++")),
        ("AT&amp;T; a name", ("text", "AT&T; a name")),
        ("AT&amp;T a name", ("text", "AT&T a name")),
        ("&lt;b&gt;Bold&lt;/b&gt;", ("html", "<b>Bold</b>")),
        ("Line&lt;br/&gt;break", ("html", "Line<br/>break")),
        ("Q&amp;amp;A", ("html", "Q&amp;A")),
        ("It&amp;#8217;s", ("html", "It&#8217;s")),
    ],
)
def test_title_of_rss_is_text_unless_it_holds_markup(title: str, expected: tuple[str, str]) -> None:
    found = parse(rss(f"<item><title>{title}</title></item>"), URL, {}).items[0].title
    assert found is not None and (found.type, found.value) == expected


@pytest.mark.parametrize(
    ("guid", "permalink"),
    [
        ("<guid>https://x.example/1</guid>", True),
        ("<guid isPermaLink='false'>https://x.example/1</guid>", False),
        ("<guid>abc-1</guid>", False),
        ("<guid isPermaLink='true'>abc-1</guid>", True),
    ],
)
def test_permalink_is_claimed_by_default_only_by_what_looks_like_one(guid: str, permalink: bool) -> None:
    assert parse(rss(f"<item>{guid}</item>"), URL, {}).items[0].permalink is permalink


def test_guid_is_the_same_on_every_path() -> None:
    item = "<item><guid>relative-1</guid><title>x</title></item>"
    strict, lenient = parse(rss(item), URL, {}), parse(rss(item, head="<image><b></image>"), URL, {})
    assert [(feed.path, feed.items[0].guid) for feed in (strict, lenient)] == [
        ("strict", "relative-1"),
        ("lenient", "relative-1"),
    ]


def test_what_two_elements_say_of_one_enclosure_is_put_together() -> None:
    media = (
        "<m:content xmlns:m='http://search.yahoo.com/mrss/' url='https://x.example/1.mp3' medium='audio' duration='9'/>"
    )
    item = f"<item>{media}<enclosure url='https://x.example/1.mp3' type='audio/mpeg' length='4'/></item>"
    (enclosure,) = parse(rss(item), URL, {}).items[0].enclosures
    assert (enclosure.type, enclosure.length, enclosure.seconds) == ("audio/mpeg", 4, 9)


def test_feedburner_names_the_original_link() -> None:
    burnt = "<o:origLink xmlns:o='http://rssnamespace.org/feedburner/ext/1.0'>https://x.example/1</o:origLink>"
    assert parse(rss(f"<item><link>https://burner.example/~r/1</link>{burnt}</item>"), URL, {}).items[0].link == (
        "https://x.example/1"
    )


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://news.example/dir/", "https://news.example/dir/a"),
        ("/other/", "https://feed.example/other/a"),
        ("", "https://feed.example/dir/a"),
        ("#top", "https://feed.example/dir/a"),
        ("http://localhost:4000/", "https://feed.example/dir/a"),
        ("file:///srv/www/", "https://feed.example/dir/a"),
        ("http://", "https://feed.example/dir/a"),
    ],
)
def test_a_base_that_no_reader_could_follow_is_none(base, expected):
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}"><entry><id>1</id><link href="a"/></entry></feed>'
    )
    item = parse(feed.encode(), URL, {}).items[0]
    assert urljoin(item.base or URL, item.link or "") == expected
