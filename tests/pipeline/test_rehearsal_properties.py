"""What holds of a rehearsal for every stream of documents."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Item, Rules, Text
from feeds.pipeline.read import Manner
from tests.databases import dump
from tests.newsroom import HOUR, LONG, OTHER, configure, source
from tests.pipeline.rehearsing import changed, rehearsed
from tests.pipeline.test_properties import FEW, SOURCES, TITLES, Stream, items, kept, streams
from tests.values import replace

__all__ = ["kept"]

DROP = Rules(keywords=("bells",))
ALONE = source("alone", dedupe=False)
names = st.sampled_from([*(s.name for s in SOURCES), ALONE.name])
filled = st.lists(items, min_size=1, max_size=5)
mixed = st.lists(st.tuples(names, filled), min_size=1, max_size=6)
edited = st.builds(
    lambda guid, title, text: Item(guid=guid, title=Text(value=title), content=Text(value=text)),
    st.sampled_from(["tag:daily.example,2026:a", "tag:daily.example,2026:b"]),
    st.sampled_from(TITLES[:2]),
    st.sampled_from([LONG, OTHER, f"{LONG} More follows."]),
)
restless = st.lists(st.tuples(names, st.lists(edited, min_size=1, max_size=2)), min_size=4, max_size=8)
hours = st.integers(min_value=1, max_value=8)


class Newsroom(Stream):
    """A stream with a source that takes no part in merging, and a rule that drops."""

    manner = Manner(drop=DROP)

    def __init__(self, store):
        super().__init__(store)
        self.book = replace(self.book, sources=self.book.sources | {ALONE.name: ALONE})
        configure(store, self.book, self.now)

    def change(self, **changes):
        self.book = changed(self.book, **changes)
        configure(self.store, self.book, self.now)

    def told(self, since=8, **changes):
        return rehearsed(self, since=since * HOUR, drop=DROP, **changes)


@given(stream=st.one_of(mixed, restless), since=hours)
@settings(max_examples=2 * FEW)
def test_an_unchanged_configuration_changes_nothing(kept, stream, since):
    """Whatever was edited, dropped or listed anew on the way, and wherever the window begins."""
    desk = Newsroom(kept).play(stream)
    found = desk.told(since)
    assert (found.differences, found.steps, found.feeds) == ((), (), ())


@given(stream=mixed, since=hours)
@settings(max_examples=FEW // 2)
def test_nothing_is_written(kept, stream, since):
    desk = Newsroom(kept).play(stream)
    before = dump(desk.store)
    desk.told(since, sources={"world": {"dedupe": False, "sections": ("sport",)}})
    assert dump(desk.store) == before


@given(stream=mixed, since=hours)
@settings(max_examples=FEW // 2)
def test_another_name_changes_nothing(kept, stream, since):
    desk = Newsroom(kept).play(stream)
    found = desk.told(since, renamed={"world": "earth"})
    assert (found.renamed, found.differences, found.steps) == ((("world", "earth"),), (), ())


@given(stream=mixed)
@settings(max_examples=FEW // 2)
def test_without_merging_every_article_stands_alone(kept, stream):
    desk = Newsroom(kept).play(stream)
    joined = {c.id for e in desk.entries() for c in e.copies} - {e.entry.id for e in desk.entries()}
    found = desk.told(sources={s: {"dedupe": False} for s in desk.book.sources})
    assert {found.items[d.row].id for d in found.differences if d.parts} == joined


@given(stream=streams, rest=filled)
@settings(max_examples=FEW // 2)
def test_what_enters_and_leaves_at_once_is_what_comes_of_it(kept, stream, rest):
    """The promise: the table of who stands where, after the configuration was really put into force."""
    desk = Newsroom(kept).play([*stream, ("world", rest)])
    changes = {"sources": {"world": {"sections": ("sport",)}}, "sections": {"world": {"exclude": DROP}}}
    before = standing(desk)
    found = desk.told(**changes)
    promised = {(s.section, found.entries[s.entry].id, s.enters) for s in found.steps if s.at_once}
    desk.change(**changes)
    after = standing(desk)
    assert promised == {(*pair, True) for pair in after - before} | {(*pair, False) for pair in before - after}


def standing(desk):
    return {(name, e.entry.id) for e in desk.entries() for name in e.sections}


@pytest.fixture(autouse=True)
def _by_rules(monkeypatch):
    """The stream reads by its own manner."""
    monkeypatch.setattr("tests.pipeline.test_properties.Manner", lambda: Newsroom.manner)
