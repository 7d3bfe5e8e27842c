from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Category, Enclosure, Geo, Image, Item, Person, Related, Text, Via
from feeds.normalise import digest
from feeds.normalise.identity import _NAMESPACE, identity
from tests.values import names, replace

WHOLE = Item(
    guid="g",
    permalink=True,
    link="https://e.example/a",
    title=Text(value="t"),
    summary=Text(value="s"),
    content=Text(value="c", type="html"),
    authors=(Person(name="Ann"),),
    categories=(Category(term="world"),),
    enclosures=(Enclosure(url="/a.mp3"),),
    images=(Image(url="/a.jpg"),),
    published="p",
    updated="u",
    language="en",
    rights="r",
    comments="/c",
    geo=Geo(latitude=1.0, longitude=2.0),
    credit="cr",
    via=Via(title="v"),
    base="https://e.example/",
)


@pytest.mark.parametrize("name", [name for name in names(Item) if name not in ("base", "related")])
def test_everything_that_is_said_counts(name):
    whole = replace(WHOLE, paywall=True)
    assert digest(replace(whole, **{name: getattr(Item(), name)})) != digest(whole)


@pytest.mark.parametrize("changed", [{"base": None}, {"related": (Related(url="https://e.example/b"),)}])
def test_where_links_are_relative_to_and_the_teasers_around_do_not_count(changed):
    assert digest(replace(WHOLE, **changed)) == digest(WHOLE)


def test_a_digest_is_for_ever():
    assert (digest(Item()), digest(WHOLE)) == (4423564433885548480, 6084721272308479455)


def test_an_id_is_for_ever():
    assert identity("bbc-world", "https://e.example/a") == "urn:uuid:1897ab0a-ba44-5d64-8f07-d86195e22742"


@given(st.text(max_size=20), st.text(max_size=60))
def test_an_id_is_the_uuid_of_source_and_words(source, words):
    assert identity(source, words) == uuid5(_NAMESPACE, f"{source}\n{words}").urn


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Item(guid="ab"), Item(guid="a", link="b")),
        (Item(guid="a\0b"), Item(guid="a", link="b")),
        (Item(guid="a\0"), Item(guid="a")),
        (Item(content=Text(value="x\0author\0a\0\0")), Item(content=Text(value="x"), authors=(Person(name="a"),))),
        (Item(title=Text(value="x")), Item(summary=Text(value="x"))),
        (Item(title=Text(value="x")), Item(title=Text(value="x", type="html"))),
        (Item(categories=(Category(term="a", scheme="b"),)), Item(categories=(Category(term="a", label="b"),))),
        (Item(authors=(Person(name="a"), Person(name="b"))), Item(authors=(Person(name="b"), Person(name="a")))),
        (Item(published="x"), Item(updated="x")),
    ],
)
def test_what_is_said_differently_has_another_digest(one, other):
    assert digest(one) != digest(other)


words = st.none() | st.text(st.characters(codec=None), max_size=8)


@given(words, words, words, words)
def test_two_items_share_a_digest_only_when_they_say_the_same(guid, link, other_guid, other_link):
    same = ((guid or ""), (link or "")) == ((other_guid or ""), (other_link or ""))
    assert (digest(Item(guid=guid, link=link)) == digest(Item(guid=other_guid, link=other_link))) is same
