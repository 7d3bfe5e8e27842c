"""A megabyte of one thing in every field: it must end, and what comes out is bounded. Regular expressions that look
at the same text again and again would need hours here, not seconds."""

from datetime import UTC, datetime

import pytest

from feeds.model import Category, Enclosure, Geo, Image, Item, ParsedFeed, Person, Source, Text, Via
from feeds.normalise import language, normalise, people
from tests.values import replace

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
SOURCE = Source(name="harbour", url="https://news.example/feed.xml", title="Harbour - Wire")
UNITS = [
    "a ",
    "((((",
    "<a href='",
    '<a href="https://twitter.com/share">',
    "<p>Read more",
    "</p>",
    "<iframe>",
    "<img src=data: srcset='a 1w, b",
    "<img data-src=",
    "&amp;#39;",
    "&amp;amp;",
    "Ã©â€",
    "ã\x81\x82",
    " - Wire",
    " | ",
    "The post … appeared first on ",
    "Read more. ",
    "[…] ",
    "1/2/",
    "2026-01-08 ",
    "๘ ม.ค. ",
    "by and , ",
    "Ann Lee, reporter; ",
    "港。",
    ". ",
    "\n",
    "\n \t",
    "ab\n",
    "by\nAFP\n",
    "https://a.example/?url=https://",
    "-100x100",
    "[.(",
    "//../",
    "%zz",
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_of_one_thing_in_every_field_ends(unit):
    much = unit * (1_000_000 // len(unit))
    text, short = Text(value=much, type="html"), much[:4000]
    item = Item(
        guid=much,
        link=f"https://news.example/{short}",
        title=text,
        summary=Text(value=much),
        content=text,
        authors=(Person(name=much, email=much, uri=much),) * 3,
        categories=(Category(term=much, scheme=much, label=much),) * 3,
        enclosures=(Enclosure(url=short, type=much, title=much),) * 3,
        images=(Image(url=f"https://news.example/{short}.jpg", alt=much, credit=much),) * 3,
        published=much,
        updated=much[:100],
        language=much,
        rights=much,
        comments=short,
        geo=Geo(name=much),
        credit=much,
        via=Via(title=much, url=short),
        base=short,
    )
    feed = ParsedFeed(items=(item,) * 8, title=Text(value=much), language=None)
    for one in (item, replace(item, content=Text(value=much), images=())):
        made = normalise(one, feed, SOURCE, SOURCE.url, NOW)
        assert (len(made.title) <= 1000, len(made.summary) <= 1000, len(made.authors) <= 20) == (True, True, True)


def test_what_is_long_is_not_remembered():
    caches = (language._tag, people._authors)
    before = [cache.cache_info().currsize for cache in caches]
    much = "x" * 100_000
    normalise(Item(authors=(Person(name=much),), language=much), ParsedFeed(), SOURCE, SOURCE.url, NOW)
    assert [cache.cache_info().currsize for cache in caches] == before
