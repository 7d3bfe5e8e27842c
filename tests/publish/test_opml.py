"""Lists of feeds."""

from lxml import etree

from feeds.model import Source
from feeds.publish import opml
from tests.publish.samples import SECTIONS, SITE

GAZETTE = Source(
    name="gazette", title="The Gazette & Co", url="https://gazette.example/rss", home="https://gazette.example/"
)


def outlines(document):
    return [dict(e.attrib) for e in etree.fromstring(document.data).iter("outline")]


def test_our_own_feeds():
    assert outlines(opml.sections(SITE, SECTIONS))[0] == {
        "type": "rss",
        "text": "Harbour Wire: World",
        "title": "Harbour Wire: World",
        "xmlUrl": "https://wire.example.org/world/atom.xml",
        "htmlUrl": "https://wire.example.org/world/",
    }


def test_the_feeds_that_we_read():
    assert outlines(opml.sources(SITE, [GAZETTE])) == [
        {
            "type": "rss",
            "text": "The Gazette & Co",
            "title": "The Gazette & Co",
            "xmlUrl": "https://gazette.example/rss",
            "htmlUrl": "https://gazette.example/",
        }
    ]


def test_secrets_and_disabled_sources_are_left_out():
    hidden = [
        Source(name="a", url="https://a.example/", private=True),
        Source(name="b", url="https://user:word@b.example/"),
        Source(name="c", url="https://c.example/", headers=(("Authorization", "Bearer x"),)),
        Source(name="d", url="https://d.example/", disabled=True),
        Source(name="e", url="file:///srv/e.xml"),
    ]
    assert outlines(opml.sources(SITE, hidden)) == []


def test_the_order_of_the_configuration_changes_no_byte():
    other = Source(name="courier", url="https://courier.example/rss")
    assert opml.sources(SITE, [GAZETTE, other]).data == opml.sources(SITE, [other, GAZETTE]).data


def test_an_export_has_a_section_for_each_and_what_is_in_none_last():
    free = Source(name="free", url="https://free.example/rss")
    listed = Source(
        name="listed", url="https://listed.example/", sections=("world", "sport"), language="tr", disabled=True
    )
    body = etree.fromstring(opml.export(SITE, SECTIONS, [free, listed])).find("body")
    told = [(one.get("text"), [inner.get("xmlUrl") for inner in one]) for one in body]
    assert told == [
        ("World", ["https://listed.example/"]),
        ("Sport", ["https://listed.example/"]),
        ("free", []),
    ]
