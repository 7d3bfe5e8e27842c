"""Sections that merge stories, in rehearsal: what goes inside another entry, comes out, or goes elsewhere."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.model import Rules, Section
from tests.databases import empty
from tests.newsroom import HOUR, SPORT, WORLD, Desk, configure
from tests.pipeline.printing import Printer
from tests.pipeline.rehearsing import changed, rehearsed
from tests.pipeline.test_grouping import EVENT, SOURCES, tell, told
from tests.pipeline.test_merged_sections import FIRST, MERGED, SECOND, THIRD
from tests.pipeline.test_rehearsal import moves, steps
from tests.values import replace

FEW = settings.default.max_examples // 10
TO_MERGE, TO_GROUP = {"world": {"stories": "merge"}}, {"world": {"stories": "group"}}


def desk_of(store, world=WORLD, sources=SOURCES):
    return Desk(store, *sources, sections=(world, SPORT))


def test_a_section_that_comes_to_merge(store):
    found = rehearsed(tell(desk_of(store)), sections=TO_MERGE)
    rule = "stories = merge (was group)"
    assert (steps(found), moves(found)) == (
        {},
        {f"world {SECOND}: inside {FIRST}": rule, f"world {THIRD}: inside {FIRST}": rule},
    )


def test_and_one_that_ceases_to(store):
    found = rehearsed(tell(desk_of(store, MERGED)), sections=TO_GROUP)
    rule = "stories = group (was merge)"
    assert moves(found) == {f"world {one}: not inside {FIRST}": rule for one in (SECOND, THIRD)}


def test_the_same_rules_differ_in_nothing(store):
    assert rehearsed(tell(desk_of(store, MERGED)), sections={"world": {"title": "The world"}}).differs is False


def test_room_that_a_story_leaves(store):
    found = rehearsed(tell(desk_of(store, replace(WORLD, limit=5, window=0 * HOUR))), sections=TO_MERGE)
    told_of = (f"+world {FIRST}", f"+world {SECOND}: inside {FIRST}", f"world {THIRD}: inside {FIRST}")
    assert moves(found) == dict.fromkeys(told_of, "stories = merge (was group)")


def test_places_that_a_story_takes_when_it_falls_apart(store):
    found = rehearsed(tell(desk_of(store, replace(MERGED, limit=5, window=0 * HOUR))), sections=TO_GROUP)
    assert moves(found) == {
        f"world {THIRD}: not inside {FIRST}": "stories = group (was merge)",
        f"-world {FIRST}": "beyond limit = 5 and window = 0d",
        f"-world {SECOND}": "beyond limit = 5 and window = 0d",
    }


def test_with_more_room_it_is_told_in_its_first(store):
    """It stood by itself, as it came when its story had left the feed."""
    desk = desk_of(store, replace(MERGED, limit=1, window=HOUR))
    desk.poll("tribune", told(*EVENT[4]))
    desk.later(2 * HOUR).poll("gazette", told("gazette", "Bells may ring", "A court in Orvel let bells ring."))
    desk.later(HOUR / 2).poll("ledger", told(*EVENT[5]))
    found = rehearsed(desk, sections={"world": {"limit": 9}})
    assert moves(found)[f"world {THIRD}: inside {SECOND}"] == "limit = 9 (was 1)"


def test_when_what_shows_it_leaves_the_section_the_next_one_does(store):
    desk = tell(desk_of(store, MERGED))
    found = rehearsed(desk, sections={"world": {"exclude": Rules(keywords=("reopen ferry",))}})
    assert (steps(found), moves(found)) == (
        {f"-world {FIRST}": 'excluded by keyword "reopen ferry"'},
        {
            f"world {SECOND}: not inside {FIRST}": "what showed it leaves the section",
            f"world {THIRD}: inside {SECOND}": "what showed it leaves the section",
        },
    )


def test_what_enters_while_its_story_stands_there_says_so(store):
    sources = [replace(one, sections=("sport",)) if one.name == "ledger" else one for one in SOURCES]
    desk = tell(desk_of(store, MERGED, sources))
    found = rehearsed(desk, sources={"ledger": {"sections": ("world", "sport")}})
    assert moves(found)[f"world {THIRD}: inside {FIRST}"] == "it comes while its story stands there"


def test_a_new_section_that_merges(store):
    sea = Section(name="sea", title="Sea", stories="merge", match=Rules(keywords=("ferry", "ships")))
    found = rehearsed(tell(desk_of(store)), more=(sea,))
    (head,) = {move.after for move in found.feeds}
    inside = {move.entry for move in found.feeds}
    assert (len(inside), {step.entry for step in found.steps} >= inside | {head}) == (2, True)


shapes = st.fixed_dictionaries(
    {},
    optional={
        "stories": st.sampled_from(("group", "merge", "off")),
        "limit": st.integers(1, 9),
        "window": st.sampled_from((timedelta(0), 5 * timedelta(minutes=1), 48 * HOUR)),
        "per_source": st.sampled_from((None, 1, 2)),
        "max_age": st.sampled_from((None, HOUR, 48 * HOUR)),
        "exclude": st.sampled_from((Rules(), Rules(keywords=("reopen ferry",)), Rules(keywords=("bells", "ships")))),
    },
)


@given(before=shapes, after=shapes, listed=st.sets(st.sampled_from([one.name for one in SOURCES])))
@settings(
    max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_what_is_said_of_feeds_is_what_they_show(store, tmp_path_factory, before, after, listed):
    """From any shape to any other, and whatever enters and leaves the section: a full feed may not show it all."""
    empty(store)
    root = tmp_path_factory.mktemp("public")
    desk = tell(Printer(store, root, *SOURCES, sections=(replace(WORLD, **before), SPORT)))
    desk.later(HOUR).publish()
    changes = {
        "sections": {"world": {"stories": "group", "exclude": Rules()} | after},
        "sources": {name: {"sections": ("sport",)} for name in listed},
    }
    found = rehearsed(desk, **changes)
    promised = played(found, shown(root))
    desk.book = changed(desk.book, **changes)
    configure(store, desk.book, desk.now)
    desk.publish()
    now = shown(root)
    full = {found.entries[step.entry].id for step in found.steps if step.enters} - now.keys()
    assert {entry: head for entry, head in promised.items() if entry not in full} == now


def shown(root):
    """Which entry shows which, by the feed of the section."""
    items = json.loads((root / "world" / "feed.json").read_text())["items"]
    inside = {other["id"]: one["id"] for one in items for other in one["_copydesk"].get("story", ())}
    return {one["id"]: one["id"] for one in items} | inside


def played(found, places):
    """What a feed would show once all that was said of it comes true."""
    ids = {number: named.id for number, named in found.entries.items()}
    after = dict(places)
    for step in (s for s in found.steps if s.section == "world" and s.at_once):
        after.pop(ids[step.entry], None)
        after |= {ids[step.entry]: ids[step.entry]} if step.enters else {}
    for move in (m for m in found.feeds if m.section == "world"):
        after.pop(ids[move.entry], None)
        after |= {ids[move.entry]: ids[move.after]} if move.after else {}
    return after


@pytest.fixture(autouse=True)
def _many(monkeypatch):
    monkeypatch.setattr("feeds.sections.KEPT_AT_ANY_AGE", 1)
