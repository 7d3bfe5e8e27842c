"""Who would lead by rules that are not in force, on both engines."""

import pytest

from feeds.model import Rules
from tests.newsroom import DAY, HOUR, LONG, MINUTE, OTHER, Desk, article, source
from tests.pipeline.rehearsing import rehearsed


@pytest.fixture
def desk(store):
    """One text of three sources, a minute apart: the first leads."""
    desk = Desk(store, *map(source, ("gazette", "herald", "courier")))
    for name in desk.book.sources:
        desk.later(MINUTE).poll(name, article(name, by=name, text=LONG, match_text=LONG))
    return desk.later(HOUR)


def leads(found):
    """The leads in words: (who leads, who would, why)."""
    names = {n: one.title.removeprefix("Report ") for n, one in found.items.items()}
    return [(names[one.before], names[one.after], one.why) for one in found.leads]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"gazette": {"paywall": True}}, ("gazette", "herald", "gazette: paywall = true (was false)")),
        ({"courier": {"priority": 3}}, ("gazette", "courier", "courier: priority = 3 (was 0)")),
        ({"herald": {"content": "full"}}, ("gazette", "herald", "herald: content = full (was summary)")),
        (
            {"gazette": {"paywall": True}, "courier": {"priority": 3}},
            ("gazette", "courier", "courier: priority = 3 (was 0); gazette: paywall = true (was false)"),
        ),
    ],
    ids=["paywall", "priority", "content", "two of them"],
)
def test_another_lead(desk, changes, expected):
    found = rehearsed(desk, sources=changes)
    assert (leads(found), found.differs, found.differences, found.steps, found.feeds) == ([expected], True, (), (), ())


@pytest.mark.parametrize(
    "changes",
    [{}, {"herald": {"paywall": True}}, {"herald": {"content": "headline"}}, {"gazette": {"priority": 5}}],
    ids=["the same", "paywall", "headline", "first"],
)
def test_the_lead_that_stands(desk, changes):
    assert rehearsed(desk, sources=changes).differs is False


def test_what_came_after_two_hours_leads_nothing(store):
    desk = Desk(store, source("gazette"), source("herald"))
    for name in desk.book.sources:
        desk.poll(name, article(name, by=name, text=LONG, match_text=LONG))
        desk.later(3 * HOUR)
    assert rehearsed(desk, sources={"herald": {"priority": 9}}).differs is False


def test_a_lead_that_comes_to_stand_by_itself(desk):
    found = rehearsed(desk, sources={"gazette": {"dedupe": False}})
    assert (len(found.differences), leads(found)) == (2, [])


def test_a_lead_that_was_edited_away_is_no_news(desk):
    """As the articles stand, the same rules would give another lead than the stored one: that proves nothing."""
    desk.poll("gazette", article("gazette", text=OTHER, match_text=OTHER, digest=9))
    assert [e.lead.source for e in desk.entries()] == ["herald"]
    assert rehearsed(desk).differs is False


def test_a_lead_that_is_dropped_parts_and_another_leads(store):
    desk = Desk(store, source("gazette"), source("herald", priority=1))
    for name, title in (("gazette", "Rings"), ("herald", "Bells")):
        one = article(name, by=name, title=title, text=OTHER, match_text=OTHER, summary="Early.")
        desk.later(MINUTE).poll(name, one)
    found = rehearsed(desk, drop=Rules(keywords=("bells",)))
    assert leads(found) == [("Bells", "Rings", "the article that leads it goes elsewhere")]


def test_a_first_that_is_dropped_leaves_the_lead_to_what_a_person_joined_with_it(store):
    desk = Desk(store, source("gazette"), source("herald"))
    for name, title in (("gazette", "Rings"), ("herald", "Bells")):
        desk.later(MINUTE).poll(name, article(name, by=name, title=title, summary="Early."))
    desk.join("Rings", "Bells")
    found = rehearsed(desk, drop=Rules(keywords=("rings",)))
    assert leads(found) == [("Rings", "Bells", "the article that leads it is dropped")]


def test_what_came_before_the_window_is_left_alone(desk):
    found = rehearsed(desk.later(DAY), sources={"gazette": {"paywall": True}}, since=HOUR)
    assert (found.articles, found.leads) == (0, ())


def test_another_name_changes_no_lead(desk):
    found = rehearsed(desk, renamed={"gazette": "tribune"}, sources={"herald": {"priority": 0}})
    assert found.leads == ()
