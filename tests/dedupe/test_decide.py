"""Whether a new article joins another's entry; who leads."""

from datetime import timedelta

import pytest

from feeds.dedupe.decide import WINDOW, join, lead
from feeds.dedupe.keys import Head, draft
from tests.dedupe.sources import PAGE, SOURCES
from tests.newsroom import HOUR, LONG, MINUTE, NOON, OTHER, article, source

SHORT = "Nothing to report."


def head(one, row=1, **changes):
    values = {
        "row": row,
        "id": one.article.id,
        "source": one.article.source,
        "entry": row,
        "digest": one.article.digest,
        "guid_key": one.guid_key,
        "title_key": one.title_key,
        "text_key": one.text_key,
        "url_key": one.url_key,
        "words": one.words,
        "first_seen": NOON,
        "dropped": one.dropped is not None,
    }
    return Head(**(values | changes))


def rule(new, *old, now=NOON):
    joined = join(new, [head(one, row) for row, one in enumerate(old, 1)], SOURCES, now)
    return joined and joined.rule


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("gazette", {"text": LONG}), ("herald", {"text": LONG}), "same text"),
        (("gazette", {"text": LONG}), ("herald", {"text": LONG, "title": "Other"}), "same text"),
        (("gazette", {"text": LONG}), ("herald", {"text": OTHER}), None),
        (("gazette", {"text": SHORT}), ("herald", {"text": SHORT}), None),
        (("gazette", {"text": ""}), ("herald", {"text": ""}), None),
        (("gazette", {"text": "雨" * 50}), ("herald", {"text": "雨" * 50}), "same text"),
        (("gazette", {"text": "雨" * 40}), ("herald", {"text": "雨" * 40}), None),
        (("gazette", {"text": LONG}), ("gazette", {"text": LONG}), "same text"),
        (("gazette", {"text": LONG}), ("gazette", {"text": LONG, "title": "Other"}), None),
        (("gazette", {"text": LONG}), ("alone", {"text": LONG}), None),
        (("alone", {"text": LONG}), ("gazette", {"text": LONG}), None),
        (("gone", {"text": LONG}), ("gazette", {"text": LONG}), "same text"),
        (("world", {"url": PAGE, "text": LONG}), ("sport", {"url": PAGE, "text": OTHER}), "same url"),
        (("world", {"url": PAGE, "text": ""}), ("sport", {"url": PAGE, "text": ""}), "same url"),
        (("world", {"url": PAGE, "text": LONG}), ("world", {"url": PAGE, "text": OTHER}), None),
        (("world", {"url": PAGE, "text": LONG}), ("gazette", {"url": PAGE, "text": OTHER}), None),
        (("gazette", {"url": PAGE, "text": LONG}), ("world", {"url": PAGE, "text": OTHER}), None),
        (("gazette", {"url": PAGE, "text": SHORT}), ("herald", {"url": PAGE, "text": SHORT}), "same url"),
        (("gazette", {"url": PAGE, "text": SHORT}), ("herald", {"url": PAGE, "text": SHORT, "title": "Other"}), None),
        (
            ("world", {"url": "https://burner.example.org/a", "text": LONG}),
            ("sport", {"url": "https://burner.example.org/a", "text": OTHER}),
            None,
        ),
        (
            ("world", {"url": "https://x.example.com/", "text": ""}),
            ("sport", {"url": "https://x.example.com/", "text": ""}),
            None,
        ),
        (("gazette", {"guid": "tag:x:1", "text": LONG}), ("herald", {"guid": "tag:x:1", "text": OTHER}), None),
        (("gazette", {"title": "Weather", "text": LONG}), ("herald", {"title": "Weather", "text": OTHER}), None),
    ],
)
def test_join(old, new, expected):
    stored, one = (draft(article("same", by=name, **({"title": "Same"} | changes))) for name, changes in (old, new))
    assert rule(one, stored) == expected


def test_nothing_joins_after_the_window():
    old, new = (draft(article("a", by=by, text=LONG)) for by in ("gazette", "herald"))
    assert rule(new, old, now=NOON + WINDOW) == "same text"
    assert rule(new, old, now=NOON + WINDOW + timedelta(microseconds=1)) is None


def test_what_was_dropped_takes_no_part():
    old = draft(article("a", text=LONG))
    new = draft(article("b", by="herald", text=LONG))
    assert rule(new, draft(old.article, "dropped")) is None
    assert rule(draft(new.article, "dropped"), old) is None


def test_the_oldest_entry_is_joined():
    new = draft(article("a", by="herald", text=LONG, title="Third"))
    old = [head(draft(article(n, text=LONG, title=n)), row) for row, n in ((7, "b"), (3, "c"), (5, "d"))]
    assert join(new, old, SOURCES, NOON).entry == 3


def test_an_equal_title_counts_before_age():
    new = draft(article("a", by="herald", text=LONG, title="d"))
    old = [head(draft(article(n, text=LONG, title=n)), row) for row, n in ((7, "b"), (3, "c"), (5, "d"))]
    assert join(new, old, SOURCES, NOON).entry == 5


# ---------------------------------------------------------------- lead


def member(by, row, **changes):
    return head(draft(article(by, by=by, text=LONG)), row, **changes)


@pytest.mark.parametrize(
    ("first", "second", "leads"),
    [
        ({}, {}, 1),
        ({"content": "headline"}, {}, 2),
        ({}, {"content": "headline"}, 1),
        ({}, {"content": "full"}, 2),
        ({}, {"priority": 1}, 2),
        ({"priority": 1}, {}, 1),
        ({"priority": 5}, {"content": "full"}, 2),
        ({"paywall": True, "content": "full", "priority": 9}, {"content": "headline"}, 2),
        ({}, {"paywall": True, "content": "full"}, 1),
    ],
)
def test_lead(first, second, leads):
    sources = {"a": source("a", **first), "b": source("b", **second)}
    assert lead([member("a", 1), member("b", 2)], sources, 1, NOON, NOON + HOUR) == leads


@pytest.mark.parametrize(("first", "second", "leads"), [(True, False, 2), (False, True, 1), (True, True, 1)])
def test_an_open_article_leads_before_one_whose_page_asks_for_money(first, second, leads):
    sources = {"a": source("a"), "b": source("b")}
    members = [member("a", 1, paywall=first), member("b", 2, paywall=second)]
    assert lead(members, sources, 1, NOON, NOON) == leads


def test_much_more_text_leads_within_one_publisher():
    sources = {n: SOURCES[n] for n in ("world", "sport")}
    page = {"url_key": 5}
    short, long = member("world", 1, words=100, text_key=1, **page), member("sport", 2, words=150, text_key=2, **page)
    assert lead([short, long], sources, 1, NOON, NOON) == 2
    assert lead([short, member("sport", 2, words=149, text_key=2, **page)], sources, 1, NOON, NOON) == 1


def test_other_words_do_not_take_the_lead():
    sources = {"a": source("a"), "b": source("b", content="full", priority=9)}
    assert lead([member("a", 1), member("b", 2, text_key=77, words=9000)], sources, 1, NOON, NOON) == 1


def test_another_publishers_page_does_not_take_the_lead():
    sources = {"a": source("a"), "b": source("b", content="full")}
    mine, theirs = member("a", 1, url_key=5), member("b", 2, url_key=5, text_key=77)
    assert lead([mine, theirs], sources, 1, NOON, NOON) == 1


@pytest.mark.parametrize(("age", "leads"), [(2 * HOUR, 2), (2 * HOUR + MINUTE, 1)])
def test_after_two_hours_the_lead_stays(age, leads):
    sources = {"a": source("a"), "b": source("b", content="full")}
    assert lead([member("a", 1), member("b", 2)], sources, 1, NOON, NOON + age) == leads


def test_a_dropped_copy_does_not_lead():
    sources = {"a": source("a"), "b": source("b", content="full")}
    assert lead([member("a", 1), member("b", 2, dropped=True)], sources, 1, NOON, NOON) == 1
    assert lead([member("a", 1, dropped=True), member("b", 2)], sources, 1, NOON, NOON + 9 * HOUR) == 2
    assert lead([member("a", 1, dropped=True)], sources, 1, NOON, NOON) == 1


def test_a_source_that_is_gone_leads_last():
    assert lead([member("gone", 1), member("b", 2)], {"b": source("b", content="headline")}, 1, NOON, NOON) == 2


def test_the_order_of_the_members_decides_nothing():
    sources = {n: source(n, priority=i) for i, n in enumerate("abc")}
    members = [member(n, i) for i, n in enumerate("abc")]
    assert {lead(some, sources, 0, NOON, NOON) for some in (members, members[::-1])} == {2}
