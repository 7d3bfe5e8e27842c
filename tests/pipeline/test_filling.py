"""Filling articles with the text of their pages, on both engines."""

import pytest

from feeds.normalise.revision import filled
from tests.newsroom import HOUR, LONG, OTHER, Desk, article, read, source
from tests.pipeline.rehearsing import rehearsed
from tests.values import replace

GAZETTE, HERALD = source("gazette"), source("herald")
TEASER = article("a", text="The ferry sails.", match_text="The ferry sails.", summary="The ferry sails.")
PAGE = article("page", text=LONG, match_text=LONG, summary=LONG[:80], content=f"<p>{LONG}</p>")


@pytest.fixture
def desk(store):
    desk = Desk(store, GAZETTE, HERALD)
    desk.poll("gazette", TEASER)
    return desk.later(HOUR)


def fill(desk, *articles, page=PAGE, digest=TEASER.digest, token=0):
    (claim,) = desk.claim("gazette")
    one = replace(read(replace(claim, token=claim.token + token), GAZETTE, articles), late=((digest, page),))
    return desk.settle(one)


def test_the_text_is_the_pages_and_nothing_else_moves(desk):
    (before,) = desk.entries()
    fill(desk)
    (after,) = desk.entries()
    assert after.lead == replace(before.lead, text=LONG, match_text=LONG, content=PAGE.content)
    assert after.entry == before.entry


def test_it_is_rendered_again(desk):
    with desk.store.reading() as shelf:
        before = shelf.version()
    fill(desk)
    with desk.store.reading() as shelf:
        assert shelf.version() == before + 1


def test_a_copy_that_comes_later_joins_by_the_text(desk):
    fill(desk)
    desk.later(HOUR).poll("herald", article("copy", by="herald", title="Another headline", text=LONG, match_text=LONG))
    assert [len(entry.copies) for entry in desk.entries()] == [2]


def test_a_rehearsal_of_the_same_rules_takes_what_was_decided_before_as_given(desk):
    desk.poll("herald", article("copy", by="herald", title="Another headline", text=LONG, match_text=LONG))
    desk.later(HOUR).poll("gazette", article("b", text="The tide is late.", match_text="The tide is late.", digest=5))
    fill(desk.later(HOUR), digest=5)
    assert rehearsed(desk).differences == ()


@pytest.mark.parametrize(
    "how",
    [{"digest": 1}, {"token": 1}, {"page": replace(PAGE, text="Short.")}],
    ids=["another item", "lost lease", "shorter"],
)
def test_left_alone(desk, how):
    (before,) = desk.entries()
    fill(desk, **how)
    assert desk.entries() == [before]


def test_what_the_source_changes_in_the_same_poll_counts(desk):
    fill(desk, replace(TEASER, text=OTHER, match_text=OTHER, digest=2))
    assert [entry.lead.text for entry in desk.entries()] == [OTHER]


def test_of_a_page_that_must_be_paid_for_only_that_is_taken():
    assert filled(TEASER, replace(PAGE, paywall=True)) == replace(TEASER, paywall=True)
