from datetime import UTC, datetime

import pytest

from feeds.model import Image, Item, Person, Text
from feeds.pipeline.pages import Pages, _newest, completed

NOW = datetime(2026, 1, 10, tzinfo=UTC)
SHORT, LONG = Text(value="Two words"), Text(value="<p>A text of six words, all told</p>", type="html")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("2026-01-01", "2026-01-03", "2026-01-02"), [1, 2, 0]),
        (("2026-01-01", None, "2026-01-02"), [1, 2, 0]),
        (("nonsense", None, "2026-01-02"), [0, 1, 2]),
        (("2026-01-01",) * 3, [0, 1, 2]),
    ],
)
def test_the_newest_come_first(dates, expected):
    assert _newest([Item(published=date) for date in dates], range(3)) == expected


def test_the_longer_text_counts():
    page = Item(content=LONG, base="https://a.example/1")
    assert completed(Item(summary=SHORT), page) == Item(summary=SHORT, content=LONG, base="https://a.example/1")


def test_a_page_that_says_less_gives_no_text():
    item = Item(content=LONG, base="https://a.example/feed")
    assert completed(item, Item(content=SHORT, base="https://a.example/1")) == item


def test_what_the_feed_says_is_kept():
    said = {"authors": (Person(name="Ann"),), "images": (Image(url="/a.jpg"),), "published": "2026-01-01"}
    told = {"authors": (Person(name="Bo"),), "images": (Image(url="/b.jpg"),), "published": "2026-01-02"}
    assert (completed(Item(**said), Item(**told)), completed(Item(), Item(**told))) == (Item(**said), Item(**told))


def test_what_went_wrong_is_one_sentence():
    pages = Pages(items=[], now=NOW, asked=3, troubles=["https://a.example/1: the server answered 404", "another"])
    assert pages.error == "2 of 3 articles' pages not read; https://a.example/1: the server answered 404"
