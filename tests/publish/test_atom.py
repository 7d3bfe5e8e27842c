"""Atom: what a reader sees, and what the element order and feedgen must not take away."""

from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree

from feeds.model import Category, Geo
from feeds.publish import atom
from tests.publish.samples import NOON, RICH, article, carrier, edition, rich_view, urn, view
from tests.values import replace

A = "{http://www.w3.org/2005/Atom}"


def entry_of(*views, **changes):
    return etree.fromstring(atom.render(edition(*views, **changes)).data).find(f"{A}entry")


def links(entry):
    return {(e.get("rel"), e.get("href")) for e in entry.findall(f"{A}link")}


def test_the_document_goes_to_the_sections_folder():
    document = atom.render(edition(view()))
    assert (document.path, document.media_type) == ("world/atom.xml", "application/atom+xml")


def test_the_same_edition_gives_the_same_bytes():
    assert atom.render(edition(rich_view(), view())).data == atom.render(edition(rich_view(), view())).data


def test_the_feed_says_when_it_was_updated_and_never_now():
    root = etree.fromstring(atom.render(edition(view(), updated=datetime(2020, 2, 3, tzinfo=UTC))).data)
    assert root.findtext(f"{A}updated") == "2020-02-03T00:00:00+00:00"


def test_an_empty_section_is_a_feed_without_entries():
    root = etree.fromstring(atom.render(edition()).data)
    assert (root.findtext(f"{A}title"), root.findall(f"{A}entry")) == ("Harbour Wire: World", [])


def test_entries_keep_the_order_of_the_edition():
    seen = feedparser.parse(atom.render(edition(view(article("x")), view(article("y")), view(article("z")))).data)
    assert [e.id for e in seen.entries] == [urn("x"), urn("y"), urn("z")]


def test_links_keep_their_relations():
    assert links(entry_of(rich_view())) == {
        ("alternate", "https://gazette.example/rich"),
        ("via", "https://gazette.example/rich"),
        ("related", "https://courier.example/a"),
        ("related", f"https://wire.example.org/article/6b/{urn('rich').removeprefix('urn:uuid:')}.html"),
        ("replies", "https://gazette.example/rich#comments"),
        ("enclosure", "https://gazette.example/a.mp3"),
        ("enclosure", "https://gazette.example/b.pdf"),
    }


def test_an_enclosure_keeps_type_length_and_title():
    enclosure = entry_of(rich_view()).find(f"{A}link[@rel='enclosure']")
    assert (enclosure.get("type"), enclosure.get("length"), enclosure.get("title")) == ("audio/mpeg", "1234", "Listen")


def test_the_page_policy_makes_our_page_the_alternate_and_names_the_original():
    seen = entry_of(view(link_policy="page"))
    page = f"https://wire.example.org/article/e1/{urn('a').removeprefix('urn:uuid:')}.html"
    assert links(seen) == {("alternate", page), ("via", "https://gazette.example/a")}


def test_a_private_sources_address_is_not_printed():
    data = atom.render(edition(view(carrier=carrier(url=None)))).data
    assert b"https://gazette.example/a" not in data


def test_the_source_is_named_with_a_stable_id():
    source = entry_of(view()).find(f"{A}source")
    assert [(e.tag.removeprefix(A), e.text) for e in source] == [
        ("id", "urn:uuid:85d6e0a5-b618-5c31-92ab-1c3c35d6863d"),
        ("title", "The Gazette"),
        ("updated", "2026-01-08T12:00:00+00:00"),
        ("link", None),
    ]


def test_authors_are_named_with_their_source():
    names = [e.text for e in entry_of(rich_view()).findall(f"{A}author/{A}name")]
    assert names == ["Jane Doe, The Gazette", "Can Demir, The Gazette"]


def test_an_unsigned_entry_is_the_sources():
    assert [e.text for e in entry_of(view()).findall(f"{A}author/{A}name")] == ["The Gazette"]


@pytest.mark.parametrize(
    ("language", "expected"), [("tr", "tr"), ("en", None), (None, None), ("not a tag", None)], ids=str
)
def test_the_language_is_marked_where_it_differs(language, expected):
    entry = entry_of(view(replace(article(), language=language)))
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == expected


def test_pictures_and_agency_are_media_rss():
    media = "{http://search.yahoo.com/mrss/}"
    entry = entry_of(rich_view())
    assert [(e.tag, e.get("url"), e.text and e.text.strip()) for e in entry if e.tag.startswith(media)] == [
        (f"{media}credit", None, "Xinhua"),
        (f"{media}content", "https://gazette.example/f.jpg", ""),
        (f"{media}content", "https://gazette.example/a.mp3", ""),
    ]


def test_a_place_is_georss():
    georss = "{http://www.georss.org/georss}"
    entry = entry_of(view(article(geo=Geo(latitude=38.4, longitude=27.1, name="Izmir"))))
    assert (entry.findtext(f"{georss}point"), entry.findtext(f"{georss}featureName")) == ("38.4 27.1", "Izmir")


@pytest.mark.parametrize(
    ("scheme", "printed"),
    [("https://cv.example/", "https://cv.example/"), ("urn:cv:topics", "urn:cv:topics"), ("nyt_geo", None)],
)
def test_the_scheme_of_a_category_is_an_iri(scheme, printed):
    entry = entry_of(view(article(categories=(Category(term="a", scheme=scheme),))))
    assert entry.find(f"{A}category").get("scheme") == printed


def test_prefixes_are_clean():
    assert b"ns0" not in atom.render(edition(rich_view())).data


def test_there_is_no_doctype():
    assert b"<!DOCTYPE" not in atom.render(edition(rich_view())).data


def test_microseconds_are_not_printed():
    lead = replace(RICH, published=NOON.replace(microsecond=5), updated=NOON.replace(microsecond=7))
    assert b".0000" not in atom.render(edition(view(lead))).data
