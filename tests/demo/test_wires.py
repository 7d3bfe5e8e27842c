import tomllib
from datetime import UTC, datetime
from pathlib import Path
from xml.sax import SAXParseException, make_parser
from xml.sax.handler import ContentHandler

import pytest

from feeds.config import load
from feeds.demo import configuration
from feeds.demo.wires import FOLDER, WIRES, body
from feeds.normalise.dateline import read
from feeds.normalise.dates import parse_date
from feeds.normalise.markup import to_text
from feeds.parse import parse

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BASE = "http://127.0.0.1:8080"


def said(wire):
    return parse(body(wire, BASE, NOW), f"{BASE}/{wire.name}/{wire.path}", {"content-type": wire.media_type})


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_every_placeholder_is_filled(wire):
    assert b"{{" not in body(wire, BASE, NOW)


@pytest.mark.parametrize(
    ("name", "format", "path", "items"),
    [
        ("harbour-post", "rss20", "strict", 5),
        ("meridian", "atom10", "strict", 3),
        ("straits-ledger", "json11", "json", 4),
        ("orrery", "rss10", "strict", 4),
        ("bogaz-postasi", "rss20", "strict", 3),
        ("minato-shimpo", "rss20", "strict", 3),
        ("quay-exchange", "rss20", "strict", 3),
    ],
)
def test_each_source_is_what_it_is_there_for(name, format, path, items):
    feed = said(next(wire for wire in WIRES if wire.name == name))
    assert (feed.format, feed.path, len(feed.items)) == (format, path, items)


def test_one_source_is_not_well_formed():
    touchline = next(wire for wire in WIRES if wire.name == "touchline")
    reader = make_parser()
    reader.setContentHandler(ContentHandler())
    with pytest.raises(SAXParseException):
        reader.feed(body(touchline, BASE, NOW))
        reader.close()


def test_and_all_of_it_is_read_nevertheless():
    feed = said(next(wire for wire in WIRES if wire.name == "touchline"))
    assert (len(feed.items), feed.title.value, feed.items[1].title.value.partition(",")[0]) == (
        4,
        "Touchline & Track",
        "Café owner",
    )


@pytest.mark.parametrize(("name", "title"), [("bogaz-postasi", "Boğaz Postası"), ("minato-shimpo", "みなと新報")])
def test_other_encodings_arrive_whole(name, title):
    assert said(next(wire for wire in WIRES if wire.name == name)).title.value == title


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_nothing_is_from_the_future_or_too_old_for_a_first_poll(wire):
    ages = [(NOW - parse_date(item.published or item.updated, UTC)).total_seconds() / 3600 for item in said(wire).items]
    assert [age for age in ages if not 0 < age < 47] == []


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_guids_do_not_depend_on_the_port(wire):
    assert [item.guid for item in said(wire).items if not item.guid or "127.0.0.1" in item.guid] == []


CARRIERS = [wire for wire in WIRES if wire.name in ("harbour-post", "meridian", "straits-ledger")]


def council(wire):
    """The story of which three sources carry a copy: always their newest."""
    return read(to_text(said(wire).items[0].content))


def test_three_carry_the_same_story_under_their_own_headlines():
    assert (
        len({council(wire).text.casefold() for wire in CARRIERS}),
        len({said(w).items[0].title for w in CARRIERS}),
    ) == (
        1,
        3,
    )


def test_the_story_is_long_enough_to_be_compared():
    assert len(council(CARRIERS[0]).text.split()) >= 120


@pytest.mark.parametrize("wire", CARRIERS, ids=lambda wire: wire.name)
def test_each_copy_names_place_and_agency(wire):
    reading = council(wire)
    place = reading.dateline.place.casefold()
    assert (place, reading.agency.name, reading.agency.quoted) == ("ankara", "Xinhua News Agency", ("Bernama",))


def test_the_configuration_reads_every_source():
    config = tomllib.loads(configuration(BASE, Path("demo\n[x]"), 8001))
    assert (
        sorted((name, source["url"]) for name, source in config["sources"].items()),
        config["site"]["base_url"],
    ) == (sorted((wire.name, f"{BASE}/{wire.name}/{wire.path}") for wire in WIRES), "http://127.0.0.1:8001/")


def test_every_template_is_a_source():
    assert sorted(file.name for file in FOLDER.iterdir() if file.is_file()) == sorted(
        ["copydesk.toml", *(wire.file for wire in WIRES)]
    )


def test_copydesk_itself_takes_the_configuration(tmp_path):
    file = tmp_path / "copydesk.toml"
    file.write_text(configuration(BASE, tmp_path, 8001), "utf-8")
    config = load(file, {})
    assert (len(config.sources), [section.title for section in config.sections], config.output) == (
        len(WIRES),
        ["World", "Business", "Science", "Sport"],
        tmp_path / "public",
    )
