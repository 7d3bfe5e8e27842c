"""Sections that merge stories: which entry shows the others, and what becomes of the rest of the rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Section
from feeds.pipeline.merging import standing, told_by
from feeds.sections import Listed, select

NOON = datetime(2026, 1, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def section(**changes):
    return Section(name="world", title="World", stories="merge", **changes)


def row(entry, hour=0, source="gazette", published=None):
    first = NOON + hour * HOUR
    return Listed(entry=entry, source=source, first=first, published=published or first)


def told(rows, together="abcdefgh", **changes):
    """Who shows whom, where these are one story."""
    return told_by(section(**changes), rows, dict.fromkeys(together, "a"))


@pytest.mark.parametrize(
    ("rows", "changes", "expected"),
    [
        ([row("a"), row("b", 1), row("c", 2)], {}, "aaa"),
        ([row("a"), row("b", 50)], {}, "aa"),
        ([row("a"), row("x", 49), row("b", 50)], {"limit": 1}, "axb"),
        ([row("a"), row("x", 49), row("b", 50)], {"limit": 2}, "axa"),
        ([row("a"), row("x", 1), row("b", 2)], {"limit": 1}, "axa"),
        ([row("a"), row("x", 49), row("b", 50), row("c", 51)], {"limit": 1}, "axbb"),
        ([row("a"), row("b", 1), row("x", 2), row("c", 3, "post")], {"per_source": 1}, "aaxc"),
        ([row("a"), row("b", 1), row("c", 3, "post")], {"per_source": 1}, "aaa"),
        ([row("a"), row("b", 3), row("c", 4)], {"max_age": 2 * HOUR}, "abb"),
        ([row("b", 0), row("a", 0)], {}, "aa"),
        ([row("a", 0), row("b", 0, published=NOON - HOUR)], {}, "bb"),
        ([row("a", 0), row("b", 100), row("x", 100), row("y", 100)], {"limit": 2}, "abxy"),
    ],
    ids=[
        "while it stands there",
        "as long as the limit keeps it",
        "opened anew when the window let go of it",
        "the limit counts it",
        "the window keeps it",
        "later ones go to whom opened it anew",
        "the cap of its source let go of it",
        "the cap counts a story once",
        "it grew too old",
        "of equals the first to be stored",
        "of one poll the first by its date",
        "what comes with it may push it out",
    ],
)
def test_who_shows_it(rows, changes, expected):
    shown = told(rows, **changes)
    assert "".join(shown[one.entry] for one in sorted(rows, key=lambda one: (one.first, one.entry))) == expected


def test_without_a_story_each_shows_itself():
    assert told([row("a"), row("b", 1)], together="") == {"a": "a", "b": "b"}


def test_nothing_is_nothing():
    assert told_by(section(), [], {}) == {}


hours = st.integers(0, 120)
lines = st.lists(st.tuples(st.integers(0, 4), hours, st.sampled_from("gph"), st.integers(0, 3)), max_size=40).map(
    lambda drawn: (
        [
            row(f"{n:03}", hour, source, NOON + (hour - early) * HOUR)
            for n, (_, hour, source, early) in enumerate(drawn)
        ],
        {f"{n:03}": str(story) for n, (story, *_) in enumerate(drawn) if story},
    )
)
sections = st.builds(
    section,
    limit=st.integers(1, 12),
    window=st.integers(1, 60).map(lambda n: n * HOUR),
    per_source=st.none() | st.integers(1, 4),
    max_age=st.none() | st.integers(1, 100).map(lambda n: n * HOUR),
)


def shown_then(which, rows, story_of, now):
    """(the entries that a feed holds then, who shows whom)."""
    rows = [one for one in rows if one.first <= now]
    by = told_by(which, rows, story_of)
    return select(which, standing(rows, by, story_of), now).entries, by


@given(which=sections, drawn=lines)
def test_what_comes_later_moves_nobody(which, drawn):
    rows, story_of = drawn
    by = told_by(which, rows, story_of)
    for now in {one.first for one in rows}:
        _, before = shown_then(which, rows, story_of, now)
        assert {entry: by[entry] for entry in before} == before


@given(which=sections, drawn=lines)
def test_nothing_new_is_missing(which, drawn):
    """Whatever would be in the feed by itself when it comes is there, or inside of what is."""
    rows, story_of = drawn
    for now in {one.first for one in rows}:
        entries, by = shown_then(which, rows, story_of, now)
        alone = select(which, [one for one in rows if one.first <= now], now).entries
        came = {one.entry for one in rows if one.first == now}
        assert {by[entry] for entry in came.intersection(alone)} <= set(entries)


@given(which=sections, drawn=lines)
def test_no_story_stands_there_twice(which, drawn):
    rows, story_of = drawn
    for now in {one.first for one in rows}:
        entries, _ = shown_then(which, rows, story_of, now)
        stories = [story_of[entry] for entry in entries if entry in story_of]
        assert len(stories) == len(set(stories))


@given(which=sections, drawn=lines)
def test_nothing_that_stands_there_makes_room_for_its_own_story(which, drawn):
    """What opens a story anew comes when the last that did has left, or is too old and only spared."""
    rows, story_of = drawn
    for now in {one.first for one in rows}:
        came = [one for one in rows if one.first == now]
        if len(came) == 1:
            earlier = [one for one in rows if one.first < now]
            by = told_by(which, earlier, story_of)
            here = [
                one
                for one in standing(earlier, by, story_of)
                if not which.max_age or one.published > now - which.max_age
            ]
            before = {one.entry for one in here}.intersection(select(which, here, now).entries)
            (new,) = came
            story = story_of.get(new.entry)
            opens = shown_then(which, rows, story_of, now)[1][new.entry] == new.entry
            assert not (opens and any(story_of.get(entry) == story for entry in before if story))
