"""Agencies and datelines of some 2,100 labelled leads and credits in 67 languages."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from feeds.model import Dateline, Item, ParsedFeed, Person, Source, Text
from feeds.normalise import normalise
from feeds.normalise.dateline import read

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 1, 9, tzinfo=UTC)
SOURCE = Source(name="harbour", url="https://news.example/feed.xml")


class Row(NamedTuple):
    language: str
    said: str
    agency: str
    place: str
    country: str
    date: str
    mark: str


def rows(name):
    lines = [line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return [Row(*line, *[""] * (7 - len(line))) for line in lines if line[0] != "body"]


def bodies():
    lines = [
        line for name in ("labelled.tsv", "held_out.tsv") for line in (DATA / name).read_text("utf-8").splitlines()
    ]
    return dict(line.split("\t")[1:] for line in lines if line.startswith("body\t"))


BODIES = bodies()
LABELLED = rows("labelled.tsv")
HELD_OUT = rows("held_out.tsv")
EVERY = LABELLED + HELD_OUT


def item(row):
    body = BODIES.get(row.language.partition("-")[0], "")  # the seventh set has texts of its own
    said = [part.partition(":") for part in row.said.split(" ‖ ")]
    named = {field: name for field, _, name in said if field in ("author", "credit")}
    text = body if len(named) == len(said) else row.said.rpartition(" ‖ ")[2]
    return Item(
        authors=(Person(name=named["author"]),) if "author" in named else (),
        credit=named.get("credit"),
        content=Text(value=text.replace("\\n", "\n").replace("{}", body)),
    )


def article(row):
    return normalise(item(row), ParsedFeed(language=row.language), SOURCE, SOURCE.url, NOW)


def found(row):
    made = article(row)
    line = made.dateline or Dateline()
    agency = made.agency
    return (
        "; ".join((agency.name, *agency.also)) if agency else "",
        line.place or "",
        line.country or "",
        line.date or "",
    )


def wanted(row):
    return row[2:6]


def names(row):
    return f"{row.language} {row.said[:50]}"


@pytest.mark.parametrize("row", [row for row in EVERY if not row.mark], ids=names)
def test_found_as_labelled(row):
    assert found(row) == wanted(row)


@pytest.mark.parametrize("row", [row for row in EVERY if row.mark], ids=names)
def test_a_known_miss_is_one(row):
    assert found(row) != wanted(row)


@pytest.mark.parametrize("row", [row for row in EVERY if row.mark], ids=names)
def test_a_miss_finds_nothing_wrong(row):
    assert [
        one for one, right in zip(found(row), wanted(row), strict=True) if one not in ("", *right.split("; "), right)
    ] == []


@pytest.mark.parametrize(
    "row", [row for row in EVERY if any(wanted(row)) and not row.mark and "{}" in row.said], ids=names
)
def test_what_remains_is_the_body(row):
    assert article(row).match_text == BODIES[row.language]


@pytest.mark.parametrize("language", sorted(BODIES))
def test_a_body_alone_is_left_alone(language):
    assert read(BODIES[language], language) == (BODIES[language], None, None)


def share(rows, field):
    labelled = [row for row in rows if row[2 + field]]
    return sum(found(row)[field] == row[2 + field] for row in labelled) / len(labelled)


@pytest.mark.parametrize("rows", [LABELLED, HELD_OUT], ids=["labelled", "held out"])
def test_95_percent_of_agencies_and_places_are_right(rows):
    assert min(share(rows, 0), share(rows, 1)) >= 0.95


@pytest.mark.parametrize("rows", [LABELLED, HELD_OUT], ids=["labelled", "held out"])
def test_at_most_1_percent_of_look_alikes_are_taken(rows):
    nothing = [row for row in rows if not any(wanted(row))]
    assert sum(any(found(row)) for row in nothing) / len(nothing) <= 0.01


def test_the_set_is_as_large_as_it_says():
    nothing = sum(not any(wanted(row)) for row in LABELLED)
    assert (len(LABELLED) >= 300, nothing >= 100, len({row.language for row in LABELLED}) >= 12) == (True, True, True)
