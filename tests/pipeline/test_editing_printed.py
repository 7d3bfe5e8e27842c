"""What readers see of a join and of a split: no dead link, no ghost, the same rows the same bytes."""

import contextlib
import json

import pytest
from lxml import html as lxml_html

from feeds.publish.files import Output
from feeds.store import open_store
from tests.newsroom import HOUR, MINUTE, NOON, source
from tests.pipeline.printing import Printer, snapshot
from tests.pipeline.test_editing import copy, entry
from tests.values import replace


@pytest.fixture
def desk(tmp_path):
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/store.db", "desk-1")) as store:
        desk = Printer(store, tmp_path / "public", *map(source, ("gazette", "herald", "courier")))
        desk.poll("gazette", copy("first", "gazette"))
        desk.later(MINUTE).poll("herald", copy("second", "herald", "court"))
        desk.publish()
        yield desk


@pytest.fixture
def joined(desk):
    """The second went into the first; gives its id as well."""
    desk.second = entry(desk, "second").entry.id
    desk.first = entry(desk, "first").entry.id
    desk.before = desk.files()
    desk.later(HOUR).join("first", "second")
    desk.publish()
    return desk


def feed(desk, section="world"):
    return {item["id"]: item for item in json.loads((desk.root / section / "feed.json").read_text())["items"]}


def page(desk, entry_id):
    return lxml_html.fromstring(desk.page(entry_id).read_text())


def test_one_is_left_in_the_feeds_and_no_other_is_reported_gone(joined):
    assert (set(feed(joined)), "deleted-entry" in (joined.root / "world/atom.xml").read_text()) == (
        {joined.first},
        False,
    )


def test_it_names_who_else_carried_it(joined):
    assert "https://herald.example/second" in (joined.root / "world/atom.xml").read_text()


def test_dates_and_link_stay(joined):
    before = next(i for i in json.loads(joined.before["world/feed.json"])["items"] if i["id"] == joined.first)
    after = feed(joined)[joined.first]
    assert [after.get(k) for k in ("date_published", "date_modified", "url")] == [
        before.get(k) for k in ("date_published", "date_modified", "url")
    ]


def test_the_alias_keeps_its_page_which_leads_on(joined):
    alias = page(joined, joined.second)
    target = joined.page(joined.second).parent / alias.xpath("//p[@class='notice']/a/@href")[0]
    assert (alias.xpath("//h1/text()"), target.resolve()) == (["second"], joined.page(joined.first).resolve())


def test_no_link_anywhere_leads_to_the_alias(joined):
    name = joined.second.removeprefix("urn:uuid:")
    others = {p for p, data in joined.files().items() if name.encode() in data}
    assert others == set()


def test_regenerated_the_bytes_are_the_same(joined, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    joined.later(HOUR).publish(regenerate=True, output=Output(elsewhere), folder=str(elsewhere))
    again = snapshot(elsewhere)
    assert (again, joined.publish(regenerate=True).written) == (joined.files(), ())


def test_another_headline_of_the_survivor_is_told_on_the_page_of_the_alias(joined):
    joined.later(HOUR).poll("gazette", replace(copy("first", "gazette", updated=NOON), title="Karsa is open"))
    joined.publish()
    assert page(joined, joined.second).xpath("//p[@class='notice']/a/text()") == ["Karsa is open"]


def test_an_alias_of_an_alias_names_the_one_that_lives(joined):
    joined.later(MINUTE).poll("courier", copy("third", "courier", "mill"))
    joined.publish()
    third = entry(joined, "third").entry.id
    joined.split("second")
    joined.join("second", "third")
    joined.join("first", "second")
    joined.publish()
    names = [page(joined, i).xpath("//p[@class='notice']/a/text()") for i in (joined.second, third)]
    assert names == [["first"], ["first"]]


def test_split_brings_back_every_byte(joined):
    joined.split("second")
    joined.publish()
    assert {p for p, data in joined.files().items() if joined.before.get(p) != data} == set()


def test_a_copy_that_is_split_off_is_shown_with_a_page(desk):
    desk.later(MINUTE).poll("courier", copy("third", "courier"))
    desk.publish()
    desk.later(MINUTE).split("third")
    desk.publish()
    third = entry(desk, "third").entry.id
    assert (feed(desk)[third]["title"], page(desk, third).xpath("//h1/text()")) == ("third", ["third"])


def test_a_source_that_looks_otherwise_is_told_on_the_page_of_an_alias(joined):
    joined.change(sources=joined.book.sources | {"herald": source("herald", title="The Herald of Karsa")})
    joined.publish()
    assert "The Herald of Karsa" in joined.page(joined.second).read_text()
