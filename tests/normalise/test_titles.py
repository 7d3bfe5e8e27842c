import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Item, ParsedFeed, Source, Text, Via
from feeds.normalise.titles import publishers, said_title, without_publisher

SOURCE = Source(name="harbour", url="https://news.example/feed", title="Harbour Wire")
FEED = ParsedFeed(title=Text(value="World | The Harbour"))
LINK = "https://www.theharbour.example/a"


def title(value, kind="text", **said):
    return said_title(Item(title=Text(value=value, type=kind), **said), FEED, SOURCE, LINK)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Ships come in - The Harbour", "Ships come in"),
        ("Ships come in | World | The Harbour", "Ships come in"),
        ("Ships come in – Harbour Wire", "Ships come in"),
        ("Ships come in — theharbour.example", "Ships come in"),
        ("Ships come in | TheHarbour", "Ships come in"),
        ("Ships come in - and go", "Ships come in - and go"),
        ("Ships come in - Another Paper", "Ships come in - Another Paper"),
        ("Ships - The Harbour", "Ships - The Harbour"),
        ("The Harbour", "The Harbour"),
        ("Ann&#8217;s ships", "Ann’s ships"),
        ("Le cafÃ© du port", "Le café du port"),
    ],
)
def test_a_title_goes_without_its_publisher(said, expected):
    assert title(said) == expected


def test_the_publisher_may_be_named_by_the_item_alone():
    assert title("Ships come in - Quay News", via=Via(title="Quay News")) == "Ships come in"


def test_markup_in_a_title_is_none():
    assert title("Ships &amp; <b>piers</b>\n again", "html") == "Ships & piers again"


def test_an_address_gives_no_names():
    assert publishers("", "", "203.0.113.7") == frozenset({"203.0.113.7".replace(".", "")})


@given(st.text("ab |-–The Harbour", max_size=60))
def test_taken_off_once_is_taken_off(text):
    names = publishers("World | The Harbour", "Harbour Wire", "www.theharbour.example")
    once = without_publisher(text, names)
    assert without_publisher(once, names) == once
